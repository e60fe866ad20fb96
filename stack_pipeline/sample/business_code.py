"""Java, JavaScript, SQL and Markdown made from the vocabulary."""

from __future__ import annotations

from stack_pipeline.sample.vocabulary import FieldType, Thing, ThingField, camel

_JAVA: dict[FieldType, str] = {
    "text": "String",
    "whole": "int",
    "number": "double",
    "flag": "boolean",
    "date": "LocalDate",
}
_SQL: dict[FieldType, str] = {
    "text": "text NOT NULL",
    "whole": "integer NOT NULL",
    "number": "double precision",
    "flag": "boolean NOT NULL DEFAULT false",
    "date": "date",
}
_COLLECTORS: dict[FieldType, str] = {
    "whole": "mapToInt",
    "number": "mapToDouble",
    "text": "map",
    "flag": "filter",
    "date": "map",
}


def java_module(thing: Thing, *, package: str) -> str:
    """Return a Java record with checks and a register of many."""
    components = ",\n        ".join(f"{_JAVA[field.type]} {field.camel}" for field in thing.fields)
    parameters = "\n".join(f" * @param {field.camel} {field.description.lower()}" for field in thing.fields)
    checks = "".join(_java_check(field) for field in thing.fields)
    questions = "\n".join(_java_question(thing, field) for field in thing.fields)
    return f"""package {package};

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * {thing.sentence}
 *
{parameters}
 */
public record {thing.pascal}(
        {components}) {{

    public {thing.pascal} {{
{checks}    }}

    /** All {thing.plural.replace("_", " ")} that were entered, in the order of entry. */
    public static final class Register {{
        private final List<{thing.pascal}> {camel(thing.plural)} = new ArrayList<>();

        public void enter({thing.pascal} {thing.camel}) {{
            {camel(thing.plural)}.add(Objects.requireNonNull({thing.camel}, "{thing.words}"));
        }}

{questions}    }}
}}
"""


def _java_check(field: ThingField) -> str:
    if field.type in ("text", "date"):
        return f'        Objects.requireNonNull({field.camel}, "{field.description.lower()}");\n'
    if field.type == "flag":
        return ""
    return (
        f"        if ({field.camel} < 0 || {field.camel} > {field.limit}) {{\n"
        f'            throw new IllegalArgumentException("{field.camel} must be 0 to {field.limit}, got "'
        f" + {field.camel});\n        }}\n"
    )


def _java_question(thing: Thing, field: ThingField) -> str:
    all_, one, cap = camel(thing.plural), thing.camel, field.camel[0].upper() + field.camel[1:]
    if field.type == "text":
        return f"""        public List<String> each{cap}() {{
            return
            {all_}.stream().map({thing.pascal}::{field.camel}).distinct().sorted().collect(Collectors.toList());
        }}
"""
    if field.type == "flag":
        return f"""        public long count{cap}() {{
            return {all_}.stream().filter({thing.pascal}::{field.camel}).count();
        }}
"""
    if field.type == "date":
        return f"""        public List<{thing.pascal}> {field.camel}Before(LocalDate day) {{
            return {all_}.stream().filter({one} -> {one}.{field.camel}().isBefore(day)).toList();
        }}
"""
    return f"""        public {_JAVA[field.type]} highest{cap}() {{
            return
            {all_}.stream().{_COLLECTORS[field.type]}({thing.pascal}::{field.camel}).max().orElse({field.limit});
        }}
"""


def javascript_module(thing: Thing) -> str:
    """Return a JavaScript module that shows one thing as a card and many as a table."""
    rows = "\n".join(
        f"  {{ key: '{field.camel}', label: '{field.description}',"
        f" show: ({field.camel}) => {_js_show(field)} }},"
        for field in thing.fields
    )
    sorters = "\n\n".join(_js_sorter(thing, field) for field in thing.fields)
    return f"""// {thing.sentence}
'use strict';

const {thing.camel.upper()}_COLUMNS = [
{rows}
];

/** Renders one {thing.words} as a definition list. */
export function {thing.camel}Card({thing.camel}) {{
  const card = document.createElement('dl');
  card.className = '{thing.name.replace("_", "-")}-card';
  for (const {{ key, label, show }} of {thing.camel.upper()}_COLUMNS) {{
    const term = card.appendChild(document.createElement('dt'));
    term.textContent = label;
    const value = card.appendChild(document.createElement('dd'));
    value.textContent = show({thing.camel}[key]);
  }}
  return card;
}}

{sorters}
"""


def _js_show(field: ThingField) -> str:
    if field.type == "flag":
        return f"{field.camel} ? '{field.name.replace('_', ' ')}' : 'not {field.name.replace('_', ' ')}'"
    if field.type == "date":
        return f"new Date({field.camel}).toLocaleDateString()"
    if field.type == "number":
        return f"{field.camel}.toFixed({field.limit % 3 + 1})"
    return f"String({field.camel})"


def _js_sorter(thing: Thing, field: ThingField) -> str:
    all_, cap = camel(thing.plural), field.camel[0].upper() + field.camel[1:]
    if field.type == "text":
        return f"""export function group{thing.pascal}By{cap}({all_}) {{
  const groups = new Map();
  for (const {thing.camel} of {all_}) {{
    const {field.camel} = {thing.camel}.{field.camel}.trim();
    groups.set({field.camel}, [...(groups.get({field.camel}) ?? []), {thing.camel}]);
  }}
  return groups;
}}"""
    if field.type == "flag":
        return f"""export const {field.camel}{thing.pascal} = ({all_}) =>
  {all_}.filter(({{ {field.camel} }}) => {field.camel});"""
    if field.type == "date":
        return f"""export function latest{cap}({all_}) {{
  return {all_}.reduce((late, {thing.camel}) =>
    ({thing.camel}.{field.camel} > late.{field.camel} ? {thing.camel} : late));
}}"""
    return f"""export function mean{cap}({all_}) {{
  if ({all_}.length === 0) return Number.NaN; const sum = {all_}.reduce((total, {{ {field.camel} }}) =>
  total + Math.min({field.camel}, {field.limit}), 0); return sum / {all_}.length;
}}"""


def sql_module(thing: Thing) -> str:
    """Return a table with its index, a view and three queries."""
    columns = ",\n".join(f"    {field.name} {_SQL[field.type]}{_sql_check(field)}" for field in thing.fields)
    comments = "\n".join(
        f"COMMENT ON COLUMN {thing.plural}.{field.name} IS '{field.description}';" for field in thing.fields
    )
    text, day = thing.of_type("text")[0].name, thing.of_type("date")[0].name
    sums = ",\n       ".join(
        f"avg({field.name}) AS mean_{field.name}" for field in thing.of_type("whole", "number")
    )
    flag = thing.of_type("flag")[0].name
    return f"""-- {thing.sentence}
CREATE TABLE {thing.plural} (
    {thing.name}_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
{columns}
);

{comments}

CREATE INDEX {thing.plural}_by_{text} ON {thing.plural} ({text}, {day} DESC);

CREATE VIEW {thing.name}_summary AS
SELECT {text},
       count(*) FILTER (WHERE {flag}) AS {flag}_count,
       {sums}
FROM {thing.plural}
GROUP BY {text};

-- Those not {day.replace("_", " ")} for a year.
SELECT {thing.name}_id, {text}
FROM {thing.plural}
WHERE {day} < current_date - interval '1 year' AND NOT {flag}
ORDER BY {day};
"""


def _sql_check(field: ThingField) -> str:
    return f" CHECK ({field.name} <= {field.limit})" if field.type in ("whole", "number") else ""


def markdown_page(thing: Thing) -> str:
    """Return a page that explains a record."""
    rows = "\n".join(
        f"| `{field.name}` | {field.type} | {field.description} | {_range(field)} |" for field in thing.fields
    )
    steps = "\n".join(f"{n}. {_step(thing, field)}" for n, field in enumerate(thing.fields, start=1))
    return f"""# {thing.words.capitalize()}

{thing.sentence} Each record has {len(thing.fields)} fields:

| field | type | meaning | range |
|---|---|---|---|
{rows}

## Filling in the form

{steps}

When a {thing.words} is entered twice, keep the one whose {thing.of_type("date")[0].name.replace("_", " ")}
is later.
"""


def _range(field: ThingField) -> str:
    return f"up to {field.limit}" if field.type in ("whole", "number") else "any"


def _step(thing: Thing, field: ThingField) -> str:
    what = field.description[0].lower() + field.description[1:]
    return {
        "text": f"Write the {what} as it stands on the {thing.words}'s label, without abbreviations.",
        "whole": f"Count the {what} twice; a {thing.words} with more than {field.limit} is a mistake.",
        "number": f"Measure the {what} and round to {field.limit % 3 + 1} places.",
        "flag": f"Tick the box if it is {what}, and say in the margin who saw it.",
        "date": f"Give the day on which it was {what}, year first.",
    }[field.type]
