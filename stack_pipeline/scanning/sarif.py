"""Write finds as SARIF 2.1.0, which editors and code scanning read. It holds places, rules and nothing of the texts.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.14 to 3.30.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from pii import provider_rules
from stack_pipeline import __version__
from stack_pipeline.scanning.files import STDIN, shown
from stack_pipeline.scanning.finding import Finding
from stack_pipeline.scanning.tally import Tally
from stack_pipeline.scanning.texts import Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "placeAndRule/v1"

_KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "EMAIL": ("an e-mail address", "warning", "4.0"),
        "IP_ADDRESS": ("an IP address", "warning", "3.0"),
        "KEY": ("a key or token", "error", "8.0"),
        "NAME": ("a person's name", "note", "2.0"),
        "PASSWORD": ("a password", "error", "8.0"),
        "USERNAME": ("a user name", "note", "2.0"),
    }
)
"""Words, level and severity (of 10, for code scanning) of each kind."""


def sarif(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield the parts of a SARIF log; results stand before the rules, which are known at the end.

    Args:
        findings: The finds, in order.
        tally: Says, at the end, whether everything could be read.
    """
    yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{"results": ['
    rules: dict[str, str] = {}
    seen: Counter[str] = Counter()
    place: Place | None = None
    separator = "\n"
    for finding in findings:
        if finding.place != place:
            place = finding.place
            seen.clear()
        rules.setdefault(finding.detector, finding.kind)
        number = seen[finding.detector]
        seen[finding.detector] += 1
        yield separator + json.dumps(_result(finding, number))
        separator = ",\n"
    driver = {"name": "stack-pipeline", "semanticVersion": __version__, "rules": _rules(rules)}
    rest = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": tally.unread == 0}],
    }
    yield "\n], " + json.dumps(rest)[1:] + "]}\n"


def fingerprint(place: Place, detector: str, number: int) -> str:
    """Return what makes a find the same in a later run: file, row, rule, and the how-many-eth of that rule it is there.

    The value has no part in it: from a hash of it a short value could be guessed.
    """
    words = json.dumps([shown(place.path), place.row, detector, number])
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _result(finding: Finding, number: int) -> dict[str, Any]:
    words, level, _ = _KINDS[finding.kind]
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(finding.place)}}}
    properties: dict[str, Any] = {"kind": finding.kind, "confidence": finding.confidence}
    if finding.place.row is None:
        location["physicalLocation"]["region"] = _region(finding)
    else:
        location["logicalLocations"] = [{"name": f"row {finding.place.row}", "kind": "element"}]
        properties |= {"row": finding.place.row, "id": finding.place.id, "regionInRow": _region(finding)}
    if finding.place.commit is not None:
        properties["commit"] = finding.place.commit
    return {
        "ruleId": finding.detector,
        "level": level,
        "message": {"text": f"This looks like {words} (rule {finding.detector}). The value is not shown."},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding.place, finding.detector, number)},
        "properties": properties,
    }


def _region(finding: Finding) -> dict[str, int]:
    return {
        "startLine": finding.start.line,
        "startColumn": finding.start.column,
        "endLine": finding.end.line,
        "endColumn": finding.end.column,
        "byteOffset": finding.start.offset,
        "byteLength": finding.end.offset - finding.start.offset,
    }


def _uri(place: Place) -> str:
    if place.path == STDIN:
        return "stdin"
    if Path(place.path).is_absolute():
        return "file://" + quote(os.fsencode(place.path))
    return quote(os.fsencode(place.path))


def _rules(kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    services = {rule.id: rule.service for rule in provider_rules()}
    return [_rule(name, kinds[name], services.get(name)) for name in sorted(kinds)]


def _rule(name: str, kind: str, service: str | None) -> dict[str, Any]:
    words, level, severity = _KINDS[kind]
    return {
        "id": name,
        "shortDescription": {"text": f"Looks like {words}{f' of {service}' if service else ''}"},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["security", kind], "security-severity": severity},
    }
