"""Read the licence that a package manifest declares.

Only `json`, `tomllib` and bounded patterns are used: no XML parser (entities), no YAML, nothing is run. A
manifest that cannot be read declares nothing.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from .evidence import split
from .expressions import conjunction, disjunction, parse
from .names import PUBLIC_DOMAIN

MAX_MANIFEST_CHARS = 1_000_000

_MAX_DEPTH = 200
_MAX_LISTED = 20
_XML_NAME = re.compile(r"<name>([^<]{1,300})</name>", re.I)
_NUSPEC = re.compile(r"<license\s{1,5}type=[\"']expression[\"']\s{0,5}>([^<]{1,300})</license>", re.I)
_ASSIGNED = re.compile(
    r"(?:^|[,(])[ \t]{0,40}(?:\w{1,20}\.)?[\"']?(licen[cs]es?)[\"']?[ \t]{0,20}(?:=>|=|:)[ \t]{0,20}"
    r"(?:\[[ \t]{0,20}|\{[ \t]{0,20}:type[ \t]{0,20}=>[ \t]{0,20}|%w\[)?[\"']?([^\"'\n\]#]{1,300})(?![^\"'\n\]#])",
    re.M | re.I,
)
_OPAM_LIST = re.compile(r"^license:\s{0,20}\[([^\]]{1,600})\]", re.M)
_DUNE = re.compile(r"\(license\s{1,20}([^()]{1,200})\)")
_CLASSIFIER = re.compile(r"License\s{0,3}::\s{0,3}(?:OSI Approved\s{0,3}::\s{0,3})?([^\"'\n,]{1,100})")
_OTHER_TERMS = re.compile(r"^see\s+licen[cs]e\b|^file\s+licen[cs]e\b|^unlicensed$", re.I)
_CLASSIFIERS = {
    "apache software license": "Apache-2.0",
    "public domain": PUBLIC_DOMAIN,
    "mit no attribution license (mit-0)": "MIT-0",
    "the unlicense (unlicense)": "Unlicense",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
    "zlib/libpng license": "Zlib",
    "boost software license 1.0 (bsl-1.0)": "BSL-1.0",
}


def declared_license(path: bytes, content: str) -> str | None:
    """Return the licence that a manifest declares, as it is written there, or None.

    Several licences are joined as the format means them: an old npm `licenses` list and a Maven list by OR
    and AND. The text may be no valid expression: then `expressions.parse` says so.

    Examples:
        >>> declared_license(b"Cargo.toml", '[package]\\nlicense = "MIT/Apache-2.0"')
        'MIT/Apache-2.0'
    """
    name = split(path)[1].lower()
    content = content[:MAX_MANIFEST_CHARS]
    if name.endswith(b".json"):
        return _from_json(_load_json(content))
    if name.endswith(b".toml"):
        return _from_toml(content, name)
    if name == b"pom.xml":
        return _from_pom(content)
    if name.endswith(b".nuspec"):
        found = _NUSPEC.search(content)
        return found[1].strip() if found else None
    if name == b"dune-project":
        found = _DUNE.search(content)
        return found[1].strip() if found else None
    if name.endswith(b".opam"):
        listed = _OPAM_LIST.search(content)
        if listed:
            return _join(re.findall(r'"([^"]{1,200})"', listed[1]), operator="AND")
    return _from_assignment(content, classifiers=name in {b"setup.py", b"setup.cfg"})


def manifest_expression(declared: str) -> str | None:
    """Return the expression that a declaration means, or None if it names no known licence.

    Examples:
        >>> manifest_expression("Apache Software License"), manifest_expression("SEE LICENSE IN EULA.txt")
        ('Apache-2.0', None)
    """
    if _OTHER_TERMS.search(declared):
        return None
    return _CLASSIFIERS.get(declared.strip().lower()) or parse(_as_expression(declared))


def _as_expression(declared: str) -> str:
    """Translate R's ways: "MIT + file LICENSE" names a file of owners, "GPL (>= 2)" is "GPL-2+"."""
    declared = re.sub(r"\s{1,5}\+\s{1,5}file\s{1,5}LICEN[CS]E$", "", declared.strip())
    return re.sub(r"\s{0,5}\(>=\s{0,5}(\d(?:\.\d)?)\)", r"-\1+", declared)


def _load_json(content: str) -> Any:
    if _is_deep(content):
        return None
    try:
        return json.loads(content.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _is_deep(content: str) -> bool:
    """Return whether brackets nest deeper than any manifest does; brackets in strings count too."""
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", content):
        depth += 1 if bracket in "[{" else -1
        if depth > _MAX_DEPTH:
            return True
    return False


def _from_json(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    declared = value.get("license", value.get("licenses"))
    if isinstance(declared, list):
        return _join([_json_name(item) for item in declared], operator="OR")
    return _json_name(declared)


def _json_name(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("type") or value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def _join(parts: list[str | None] | list[str], *, operator: str) -> str | None:
    """Join declarations; one that is unknown makes all of them unreadable, but still declared."""
    given = [part for part in parts if part]
    if len(given) <= 1:
        return given[0] if given else None
    if len(given) > _MAX_LISTED:
        return ", ".join(given[:_MAX_LISTED])
    expressions = [manifest_expression(part) for part in given]
    known = [expression for expression in expressions if expression]
    if len(known) < len(given):
        return ", ".join(given)
    return disjunction(known) if operator == "OR" else conjunction(known)


def _from_toml(content: str, name: bytes) -> str | None:
    if _is_deep(content):
        return None
    try:
        value = tomllib.loads(content.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return None
    tool = value.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    tables = (value.get("package"), value.get("project"), poetry, value if name == b"project.toml" else None)
    for table in tables:
        declared = table.get("license") if isinstance(table, dict) else None
        if isinstance(declared, dict):
            text = declared.get("text")
            declared = text if isinstance(text, str) and len(text) <= 100 else None
        if isinstance(declared, str) and declared.strip():
            return declared.strip()
    project = value.get("project")
    classifiers = project.get("classifiers") if isinstance(project, dict) else None
    return _from_classifiers("\n".join(map(str, classifiers))) if isinstance(classifiers, list) else None


def _from_classifiers(text: str) -> str | None:
    return _join([found.strip() for found in _CLASSIFIER.findall(text)], operator="AND")


def _from_pom(content: str) -> str | None:
    listed = _between(_without_comments(content), "<licenses>", "</licenses>")
    names = [name.strip() for name in _XML_NAME.findall(listed)]
    return _join(names, operator="AND") if len(names) == listed.lower().count("<name>") else "unreadable"


def _without_comments(content: str) -> str:
    kept = []
    at = 0
    while (start := content.find("<!--", at)) >= 0:
        kept.append(content[at:start])
        end = content.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, content[at:]])


def _between(content: str, opening: str, closing: str) -> str:
    start = content.find(opening)
    end = content.find(closing, start)
    return content[start + len(opening) : end] if 0 <= start < end else ""


def _from_assignment(content: str, *, classifiers: bool) -> str | None:
    found = _ASSIGNED.search(content)
    if found and found[2].strip() and not found[2].strip().lower().startswith(("file:", "open(", "read(")):
        return found[2].strip().rstrip(",").strip()
    return _from_classifiers(content) if classifiers else None
