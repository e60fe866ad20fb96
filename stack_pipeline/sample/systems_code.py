"""C, Rust and Go source made from the vocabulary."""

from __future__ import annotations

from stack_pipeline.sample.vocabulary import FieldType, Thing, ThingField

_C: dict[FieldType, str] = {
    "text": "char {0}[48]",
    "whole": "long {0}",
    "number": "double {0}",
    "flag": "bool {0}",
    "date": "time_t {0}",
}
_C_FORMATS: dict[FieldType, str] = {
    "text": "%s",
    "whole": "%ld",
    "number": "%.3f",
    "flag": "%d",
    "date": "%lld",
}
_RUST: dict[FieldType, str] = {
    "text": "String",
    "whole": "u32",
    "number": "f64",
    "flag": "bool",
    "date": "i64",
}
_GO: dict[FieldType, str] = {
    "text": "string",
    "whole": "int",
    "number": "float64",
    "flag": "bool",
    "date": "time.Time",
}


def c_module(thing: Thing) -> str:
    """Return a C file with a struct, its printing, its checks and a small table of it."""
    members = "\n".join(
        f"    {_C[field.type].format(field.name)}; /* {field.description.lower()} */"
        for field in thing.fields
    )
    formats = " ".join(f"{field.name}={_C_FORMATS[field.type]}" for field in thing.fields)
    values = ",\n                   ".join(_c_value(thing, field) for field in thing.fields)
    checks = "".join(
        f"    if ({thing.name}->{field.name} < 0 || {thing.name}->{field.name} > {field.limit})\n"
        f"        return {number};\n"
        for number, field in enumerate(thing.of_type("whole", "number"), start=1)
    )
    sums = "\n".join(_c_sum(thing, field) for field in thing.of_type("whole", "number"))
    key = thing.of_type("text")[0]
    return f"""/* {thing.sentence} */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct {thing.name} {{
{members}
}};

/* Returns 0 for a plausible {thing.words}, else the number of the first field that is not. */
int {thing.name}_check(const struct {thing.name} *{thing.name})
{{
    if ({thing.name}->{key.name}[0] == '\\0')
        return -1;
{checks}    return 0;
}}

int {thing.name}_print(FILE *out, const struct {thing.name} *{thing.name})
{{
    return fprintf(out, "{formats}\\n",
                   {values});
}}

/* Finds a {thing.words} by its {key.name.replace("_", " ")}; NULL if there is none. */
const struct {thing.name} *
{thing.name}_find(const struct {thing.name} *{thing.plural}, size_t n, const char *{key.name})
{{
    for (size_t i = 0; i < n; i++)
        if (strcmp({thing.plural}[i].{key.name}, {key.name}) == 0)
            return &{thing.plural}[i];
    return NULL;
}}

{sums}"""


def _c_value(thing: Thing, field: ThingField) -> str:
    value = f"{thing.name}->{field.name}"
    return f"(long long) {value}" if field.type == "date" else value


def _c_sum(thing: Thing, field: ThingField) -> str:
    kind = "long" if field.type == "whole" else "double"
    return f"""{kind} {thing.plural}_{field.name}(const struct {thing.name} *{thing.plural}, size_t n)
{{
    {kind} {field.name} = 0;
    while (n-- > 0)
        {field.name} += {thing.plural}[n].{field.name};
    return {field.name};
}}
"""


def rust_module(thing: Thing) -> str:
    """Return a Rust file with a struct, a parser and questions to ask of a slice of it."""
    members = "\n".join(
        f"    /// {field.description}.\n    pub {field.name}: {_RUST[field.type]}," for field in thing.fields
    )
    readers = "\n".join(f"            {field.name}: {_rust_reader(field)}," for field in thing.fields)
    questions = "\n\n".join(_rust_question(thing, field) for field in thing.fields)
    return f"""//! {thing.sentence}

use std::fmt;

/// {thing.sentence}
#[derive(Clone, Debug, PartialEq)]
pub struct {thing.pascal} {{
{members}
}}

/// Why a line is not a {thing.words}.
#[derive(Debug, PartialEq)]
pub enum Bad{thing.pascal} {{
    Missing(&'static str),
    Unreadable(&'static str),
}}

impl fmt::Display for Bad{thing.pascal} {{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {{
        match self {{
            Self::Missing(field) => write!(out, "a {thing.words} needs {{field}}"),
            Self::Unreadable(field) => write!(out, "cannot read the {{field}} of a {thing.words}"),
        }}
    }}
}}

impl std::str::FromStr for {thing.pascal} {{
    type Err = Bad{thing.pascal};

    fn from_str(line: &str) -> Result<Self, Self::Err> {{
        let mut cells = line.split('\\t');
        let mut next = |field| cells.next().ok_or(Bad{thing.pascal}::Missing(field));
        Ok(Self {{
{readers}
        }})
    }}
}}

{questions}
"""


def _rust_reader(field: ThingField) -> str:
    cell = f'next("{field.name}")?'
    if field.type == "text":
        return f"{cell}.to_owned()"
    if field.type == "flag":
        return f'{cell} == "{field.name}"'
    return f'{cell}.parse().map_err(|_| Self::Err::Unreadable("{field.name}"))?'


def _rust_question(thing: Thing, field: ThingField) -> str:
    head = f"(all: &[{thing.pascal}])"
    if field.type == "text":
        return f"""/// Every {field.name.replace("_", " ")}, once, in order.
pub fn distinct_{field.name}(all: &[{thing.pascal}]) -> Vec<&str> {{
    let mut {field.name}: Vec<&str> = all
        .iter()
        .map(|{thing.name}| {thing.name}.{field.name}.as_str())
        .collect();
    {field.name}.sort_unstable();
    {field.name}.dedup();
    {field.name}
}}"""
    if field.type == "flag":
        return f"""/// Those that are {field.name.replace("_", " ")}.
pub fn {field.name}_only{head} -> impl Iterator<Item = &{thing.pascal}> {{
    all.iter().filter(|{thing.name}| {thing.name}.{field.name})
}}"""
    if field.type == "date":
        return f"""/// The one {field.name.replace("_", " ")} last.
pub fn last_{field.name}{head} -> Option<&{thing.pascal}> {{
    all.iter().max_by_key(|{thing.name}| {thing.name}.{field.name})
}}"""
    if field.type == "whole":
        return f"""/// Sum of the {field.name.replace("_", " ")}, or `None` past {field.limit * 1000}.
pub fn sum_{field.name}{head} -> Option<u32> {{
    let sum = all.iter().try_fold(0u32, |sum, {thing.name}| sum.checked_add({thing.name}.{field.name}))?;
    (sum <= {field.limit * 1000}).then_some(sum)
}}"""
    return f"""/// {field.description}, mean of all.
pub fn mean_{field.name}{head} -> f64 {{
    all.iter().map(|{thing.name}| {thing.name}.{field.name}).sum::<f64>() / all.len().max(1) as f64
}}"""


def go_module(thing: Thing, *, package: str) -> str:
    """Return a Go file with a struct, its validation and an index over many."""
    members = "\n".join(
        f"\t// {_go_name(field)} is the {field.description.lower()}.\n\t{_go_name(field)} {_GO[field.type]}"
        for field in thing.fields
    )
    checks = "".join(
        f"\tif {thing.camel}.{_go_name(field)} > {field.limit} {{\n"
        f'\t\treturn fmt.Errorf("{thing.words}: {field.name.replace("_", " ")} %v is above {field.limit}",'
        f" {thing.camel}.{_go_name(field)})\n\t}}\n"
        for field in thing.of_type("whole", "number")
    )
    key, day = _go_name(thing.of_type("text")[0]), _go_name(thing.of_type("date")[0])
    one = thing.camel
    totals = "\n".join(_go_total(thing, field) for field in thing.of_type("whole", "number"))
    return f"""package {package}

import (
\t"fmt"
\t"sort"
\t"time"
)

// {thing.pascal}: {thing.sentence.lower()}
type {thing.pascal} struct {{
{members}
}}

// Validate tells the first implausible field of a {thing.words}.
func ({one} {thing.pascal}) Validate() error {{
\tif {one}.{key} == "" {{
\t\treturn fmt.Errorf("{thing.words}: no {key}")
\t}}
{checks}\treturn nil
}}

// {thing.pascal}Index finds every {thing.words} by its {key}.
type {thing.pascal}Index map[string][]{thing.pascal}

// New{thing.pascal}Index keeps each group in the order of {day}.
func New{thing.pascal}Index(all []{thing.pascal}) {thing.pascal}Index {{
\tindex := {thing.pascal}Index{{}}
\tfor _, {one} := range all {{
\t\tindex[{one}.{key}] = append(index[{one}.{key}], {one})
\t}}
\tfor _, group := range index {{
\t\tsort.Slice(group, func(i, j int) bool {{ return group[i].{day}.Before(group[j].{day}) }})
\t}}
\treturn index
}}

{totals}"""


def _go_name(field: ThingField) -> str:
    return field.camel[0].upper() + field.camel[1:]


def _go_total(thing: Thing, field: ThingField) -> str:
    name = _go_name(field)
    return f"""// Total{name} adds the {field.name.replace("_", " ")} of one group.
func (index {thing.pascal}Index) Total{name}(group string) (total {_GO[field.type]}) {{
\tfor _, {thing.camel} := range index[group] {{
\t\ttotal += {thing.camel}.{name}
\t}}
\treturn total
}}
"""
