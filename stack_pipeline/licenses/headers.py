"""Read what a source file says about its own licence: SPDX tags and the leading comments.

Knows no language: a leading comment is whatever stands at the head of a file inside one of the comment signs
that programming languages use. All patterns are linear and look at the head of the file only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .matcher import LicenseMatch, LicenseMatcher

MAX_TAG_LINES = 60
"""An SPDX tag counts in these first lines of a file only."""

_MAX_HEAD_CHARS = 32_000
_MAX_COMMENT_LINES = 250
_MAX_CODE_LINES = 8
_MAX_TAG_LINE_CHARS = 1_000

_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*(.*)", re.I)
#: What may close a comment behind a tag, and what a tag value may be cut at.
_TAG_END = re.compile(
    r"\s*(?:\*+/|-->|\*\)|#\}|%\}|-\}|\]\]|\"\"\"|'''|--%?>|\*/\}|\\n|[\"'`]).*|[\s*#;%,.-]+$"
)
#: Quotes that begin a comment, not a string: docstrings, roff, Vim script and Visual Basic.
_QUOTED_PREFIX = re.compile(r"\s*(?:\"\"\"\s*|'{3}\s*|[.']?\\\"\s*|[\"']\s+)")
_LICENSE_WORDS = re.compile(
    r"licen[cs]|copyright|copyleft|permission|permitted|redistribut|\bgpl|\bmit\b|public\s+domain|proprietary|"
    r"confidential|commercial|warrant|\bnda\b|unauthori[sz]ed|prohibited|forbidden|do\s+not\s+(?:copy|distribute)",
    re.I,
)
_BLOCKS = {
    "/*": "*/",
    "<!--": "-->",
    "<%--": "--%>",
    "{-": "-}",
    "(*": "*)",
    '"""': '"""',
    "'''": "'''",
    "=begin": "=end",
    "=pod": "=cut",
    "--[[": "]]",
    "#|": "|#",
    "%{": "%}",
    "{#": "#}",
    "/+": "+/",
    "#[[": "]]",
    "<#": "#>",
}
_BLOCK_STARTS = tuple(sorted(_BLOCKS, key=len, reverse=True))
_LINE = re.compile(
    r"\s*(?://|#|;|--|%|'|!|\*|\"(?!\"\")|\.\\\"|\\|dnl\b|rem\b|::|@c(?:omment)?\s|c\s{1,4}|!!|\|\|)(.*)",
    re.I,
)
_PREPROCESSOR = re.compile(
    r"\s*#\s*(?:include|define|if|ifdef|ifndef|endif|else|elif|pragma|undef|error|import|region|nullable|line|warning)\b"
)
_SKIPPED = re.compile(
    r"\s*(?:#!|<\?(?:php|xml|hh|=)?|<%@?|<!doctype\b|<html\b|<head\b|@charset\b|[\"']use strict[\"']|"
    r"package\s|module\s|"
    r"<script\b|<style\b|<template\b|\{%|%YAML|---\s*$|\?>)",
    re.I,
)


def spdx_statement(text: str) -> str | None:
    """Return what the SPDX tags in the first 60 lines state, joined by AND, or None if there is no tag.

    The result is what the file says, not yet an expression: it may be unreadable, which is a statement all
    the same. A tag inside a string literal ("…" before it on its line) is no statement.

    Examples:
        >>> spdx_statement("// SPDX-License-Identifier: MIT OR Apache-2.0\\nfn main() {}")
        'MIT OR Apache-2.0'
        >>> spdx_statement('print("SPDX-License-Identifier: MIT")') is None
        True
    """
    found: list[str] = []
    for number, line in enumerate(_head_lines(text)):
        if number >= MAX_TAG_LINES:
            break
        tag = _TAG.search(line[:_MAX_TAG_LINE_CHARS])
        if tag is None or not _is_outside_strings(line[: tag.start()]):
            continue
        if len(line) > _MAX_TAG_LINE_CHARS:
            found.append("")
            continue
        found.append(_TAG_END.sub("", tag[1].strip(), count=1).strip())
    if len(found) <= 1:
        return found[0] if found else None
    return " AND ".join(f"({value})" for value in dict.fromkeys(found))


def _is_outside_strings(prefix: str) -> bool:
    return not any(quote in prefix for quote in "\"'`") or bool(_QUOTED_PREFIX.fullmatch(prefix))


def _head_lines(text: str) -> Iterator[str]:
    lines = text[:_MAX_HEAD_CHARS].removeprefix("\ufeff").splitlines()
    yield from lines[:-1] if len(text) > _MAX_HEAD_CHARS else lines


def leading_comment(text: str) -> str:
    """Return the comments at the head of a file without their signs, at most 250 lines; "" if there are none.

    Lines that come before the first comment by custom (a hash-bang, `<?php`, a package clause) are skipped.

    Examples:
        >>> leading_comment("/* Free\\n * software */\\nint main;")
        'Free\\n software'
    """
    kept: list[str] = []
    closing = ""
    code_lines = 0
    for line in _head_lines(text):
        if len(kept) >= _MAX_COMMENT_LINES:
            break
        if closing:
            closing = _take_block(line, closing, kept)
            continue
        stripped = line.strip()
        start = next((sign for sign in _BLOCK_STARTS if stripped.startswith(sign)), None)
        if start is not None:
            closing = _take_block(stripped[len(start) :], _BLOCKS[start], kept)
        elif not stripped:
            kept.append("")
        elif _SKIPPED.match(line):
            at = max(stripped.find(sign) for sign in ("/*", "<!--"))
            if at > 0:
                closing = _take_block(stripped[at + 2 :], "-->" if stripped[at] == "<" else "*/", kept)
        elif (match := _LINE.fullmatch(line)) and not _PREPROCESSOR.match(line):
            kept.append(match[1])
        else:
            code_lines += 1
            if code_lines > _MAX_CODE_LINES or any(kept):
                break
    return "\n".join(kept).strip()


def _take_block(line: str, closing: str, kept: list[str]) -> str:
    """Add one line of a block comment; return the sign that is still awaited, "" when it came."""
    body, end, _ = line.partition(closing)
    kept.append(re.sub(r"^\s{0,200}\*+(?!\w)", "", body, count=1).rstrip())
    return "" if end else closing


def header_license(text: str, *, matcher: LicenseMatcher) -> LicenseMatch | None:
    """Return what the leading comments of a file state about its licence, or None if they say nothing.

    A statement is "unclear" where it restricts something that no known licence explains.
    """
    comment = leading_comment(text)
    if not _LICENSE_WORDS.search(comment):
        return None
    match = matcher.match_header(comment)
    return None if match.status == "none" else match
