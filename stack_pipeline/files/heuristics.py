"""Tell languages that share an extension apart by what a file contains: Linguist's heuristics.

The rules are vendored data. Each pattern was translated to a bounded one when the data was made, so searching
`language.CONSIDERED_BYTES` of any text ends soon and no clock is needed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from stack_pipeline.files.linguist_data import load_table
from stack_pipeline.files.modeline import MODELINE_LIMIT_CHARACTERS, vim_filetypes


def apply_heuristics(name: str, text: str) -> tuple[str, ...]:
    """Return the languages of the first rule that holds, none if there is no such rule.

    Args:
        name: File name; the first block of rules with an extension that it ends with is used.
        text: The part of the file to look at.
    """
    lowered = name.lower()
    for block in load_table("heuristics.json"):
        if lowered.endswith(tuple(block["extensions"])):
            for languages, conditions in block["rules"]:
                if all(_holds(kind, argument, text) for kind, argument in conditions):
                    return tuple(languages)
            return ()
    return ()


def _holds(kind: str, argument: Any, text: str) -> bool:
    if kind == "vim_filetype":
        return any(
            argument in vim_filetypes(line[:MODELINE_LIMIT_CHARACTERS])
            for line in text.split("\n")
            if f"={argument}" in line
        )
    found = any(_compiled(pattern).search(text) for pattern in argument)
    return found if kind == "any" else not found


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.ASCII)
