"""Python source made from the vocabulary."""

from __future__ import annotations

from stack_pipeline.sample.vocabulary import FieldType, Thing, ThingField

_HINTS: dict[FieldType, str] = {
    "text": "str",
    "whole": "int",
    "number": "float",
    "flag": "bool",
    "date": "date",
}
_READERS: dict[FieldType, str] = {
    "text": "{0}.strip()",
    "whole": "int({0})",
    "number": "float({0})",
    "flag": '{0} == "yes"',
    "date": "date.fromisoformat({0})",
}


def record_module(thing: Thing) -> str:
    """Return a module with a record type, its text form, and questions to ask of many records."""
    attributes = "\n".join(f"        {field.name}: {field.description}." for field in thing.fields)
    declarations = "\n".join(f"    {field.name}: {_HINTS[field.type]}" for field in thing.fields)
    checks = "".join(_check(field) for field in thing.fields)
    readers = "\n".join(
        f"        {field.name}={_READERS[field.type].format(f'cells[{position}]')},"
        for position, field in enumerate(thing.fields)
    )
    questions = "\n\n".join(_question(thing, field) for field in thing.fields)
    return f'''"""{thing.sentence} This module reads, checks and sums up {thing.words} records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class {thing.pascal}:
    """{thing.sentence}

    Attributes:
{attributes}
    """

{declarations}

    def problems(self) -> list[str]:
        """Say what is implausible about this {thing.words}."""
        found = []
{checks}        return found


def read_{thing.name}(row: str) -> {thing.pascal}:
    """Read a {thing.words} from a row of {len(thing.fields)} cells with semicolons between them."""
    cells = row.split(";")
    return {thing.pascal}(
{readers}
    )


{questions}
'''


def _check(field: ThingField) -> str:
    what = field.name.replace("_", " ")
    if field.type == "text":
        return f'        if not self.{field.name}:\n            found.append("the {what} is empty")\n'
    if field.type in ("whole", "number"):
        low = 0 if field.type == "whole" else -field.limit
        return (
            f"        if not {low} <= self.{field.name} <= {field.limit}:\n"
            f'            found.append(f"{what} of {{self.{field.name}}} is out of range")\n'
        )
    return ""


def _question(thing: Thing, field: ThingField) -> str:
    many = f"{thing.plural}: Iterable[{thing.pascal}]"
    one, all_ = thing.name, thing.plural
    if field.type == "text":
        return f'''def {all_}_by_{field.name}({many}) -> dict[str, list[{thing.pascal}]]:
    """Group {all_.replace("_", " ")} by {field.description.lower()}."""
    groups: dict[str, list[{thing.pascal}]] = {{}}
    for {one} in {all_}:
        groups.setdefault({one}.{field.name}.casefold(), []).append({one})
    return groups
'''
    if field.type == "flag":
        return f'''def share_{field.name}({many}) -> float:
    """Return the share of those that are {field.name.replace("_", " ")}; 0 for no {thing.words} at all."""
    flags = [{one}.{field.name} for {one} in {all_}]
    return sum(flags) / len(flags) if flags else 0.0
'''
    if field.type == "date":
        return f'''def not_{field.name}_since({many}, *, day: date) -> list[{thing.pascal}]:
    """Return those {field.name.replace("_", " ")} before a day, the longest waiting first."""
    waiting = [{one} for {one} in {all_} if {one}.{field.name} < day]
    return sorted(waiting, key=lambda {one}: {one}.{field.name})
'''
    if field.type == "whole":
        return f'''def total_{field.name}({many}) -> int:
    """Add up the {field.name.replace("_", " ")} of all {all_.replace("_", " ")}."""
    return sum({one}.{field.name} for {one} in {all_})
'''
    return median_function(thing, field)


def median_function(thing: Thing, field: ThingField) -> str:
    """Return a function that computes the median of a number over many things."""
    one, all_ = thing.name, thing.plural
    return f'''def median_{field.name}({all_}: Iterable[{thing.pascal}]) -> float | None:
    """Return the median of the {field.name.replace("_", " ")}; None without any {thing.words}."""
    ordered = sorted({one}.{field.name} for {one} in {all_})
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
'''


def test_module(thing: Thing, *, package: str) -> str:
    """Return tests for a record module."""
    cells = {"text": "north", "whole": "3", "number": "1.5", "flag": "yes", "date": "2021-04-30"}
    row = ";".join(cells[field.type] for field in thing.fields)
    number = next(iter(thing.of_type("number", "whole")))
    lines = "\n".join(f"    assert {thing.name}.{field.name} == {_expected(field)}" for field in thing.fields)
    return f'''from datetime import date

from {package}.{thing.name} import {thing.pascal}, read_{thing.name}

ROW = "{row}"


def test_a_{thing.name}_is_read_cell_by_cell():
    {thing.name} = read_{thing.name}(ROW)
{lines}


def test_a_plausible_{thing.name}_has_no_problems():
    assert read_{thing.name}(ROW).problems() == []


def test_{number.name}_beyond_{number.limit}_is_a_problem():
    {thing.name} = read_{thing.name}(ROW)
    strange = {thing.pascal}(**{{**vars({thing.name}), "{number.name}": {number.limit + 1}}})
    assert "{number.name.replace("_", " ")}" in strange.problems()[0]
'''


def _expected(field: ThingField) -> str:
    values: dict[FieldType, str] = {
        "text": '"north"', "whole": "3", "number": "1.5", "flag": "True", "date": "date(2021, 4, 30)"
    }  # fmt: skip
    return values[field.type]
