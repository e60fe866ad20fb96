"""Licence files and notices, made from the vendored SPDX texts."""

from __future__ import annotations

import textwrap
from functools import lru_cache

_HOLDER_LINES = {
    "MIT": "Copyright (c) <year> <copyright holders>",
    "BSD-3-Clause": "Copyright (c) <year> <owner>. ",
}


@lru_cache(maxsize=64)
def license_file(spdx_id: str, *, holder: str = "", year: int = 2018) -> str:
    """Return the text of a licence file.

    Args:
        spdx_id: Licence; a text with a line for the holder gets `holder` and `year` filled in.
        holder: Who holds the copyright.
        year: Year of the notice.
    """
    from stack_pipeline.licenses.vendored import license_texts

    text = license_texts()[spdx_id].rstrip() + "\n"
    line = _HOLDER_LINES.get(spdx_id)
    return text if line is None else text.replace(line, f"Copyright (c) {year} {holder}", 1)


def gpl2_notice(prefix: str, *, program: str) -> str:
    """Return the notice that the GPL, version 2, asks for at the head of each file, as comment lines."""
    from stack_pipeline.licenses.vendored import license_texts

    text = license_texts()["GPL-2.0-only"]
    start = text.index("This program is free software; you can redistribute")
    notice = text[start : text.index("You should have received", start)]
    paragraphs = [part.strip() for part in notice.split("\n\n") if part.strip()]
    lines = [f"{program}"]
    for paragraph in paragraphs:
        lines += ["", *textwrap.wrap(" ".join(paragraph.split()), 76)]
    return "".join(f"{prefix} {line}".rstrip() + "\n" for line in lines)


PROPRIETARY = """Tollgate Grid Component Licence

All rights reserved. This component is confidential and proprietary to its makers. No permission is given to
use, copy, change or pass it on without a written agreement, and its source must not be published.
"""
"""A licence that permits nothing, written for the sample."""
