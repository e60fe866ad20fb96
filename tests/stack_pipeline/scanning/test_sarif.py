"""SARIF by the rules of its specification that readers rely on, written out by hand."""

from __future__ import annotations

import json
import re
from typing import Any

from stack_pipeline.scanning import Place, ScanSettings, Tally, Text
from stack_pipeline.scanning.batches import batches_of_texts
from stack_pipeline.scanning.finding import Finding, find_in_batch
from stack_pipeline.scanning.sarif import fingerprint, sarif
from tests.stack_pipeline.scanning.planted import KINDS, TEXT, leaked

LEVELS = {"none", "note", "warning", "error"}
URI = re.compile(r"(?:file:///)?[A-Za-z0-9._~/%-]+")


def findings(*texts: tuple[Place, bytes]) -> list[Finding]:
    batches = batches_of_texts((place, Text(data)) for place, data in texts)
    return [
        each
        for batch in batches
        for each in find_in_batch(batch, ScanSettings())
        if isinstance(each, Finding)
    ]


def log(*texts: tuple[Place, bytes], tally: Tally | None = None) -> dict[str, Any]:
    return dict(json.loads("".join(sarif(findings(*texts), tally or Tally()))))


def check_log(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Check the properties that SARIF 2.1.0 demands, and return the results."""
    assert value["version"] == "2.1.0"
    assert value["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = value["runs"]
    driver = run["tool"]["driver"]
    assert isinstance(driver["name"], str)
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert all(isinstance(each["executionSuccessful"], bool) for each in run["invocations"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in LEVELS
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
    for result in run["results"]:
        assert result["ruleId"] in ids
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        assert all(isinstance(v, str) for v in result["partialFingerprints"].values())
        (location,) = result["locations"]
        check_location(location["physicalLocation"])
    assert set(ids) == {result["ruleId"] for result in run["results"]}
    return list(run["results"])


def check_location(physical: dict[str, Any]) -> None:
    assert URI.fullmatch(physical["artifactLocation"]["uri"])
    region = physical.get("region")
    if region is not None:
        assert min(region[name] for name in ("startLine", "startColumn", "endLine", "endColumn")) >= 1
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
        assert region["byteOffset"] >= 0
        assert region["byteLength"] > 0


def test_a_log_holds_what_readers_need_and_no_value() -> None:
    results = check_log(log((Place("src/a.py"), TEXT.encode())))
    assert [result["properties"]["kind"] for result in results] == KINDS
    first = results[0]["locations"][0]["physicalLocation"]["region"]
    assert first == {
        "startLine": 2,
        "startColumn": 13,
        "endLine": 2,
        "endColumn": 26,
        "byteOffset": 22,
        "byteLength": 13,
    }
    mail = results[2]["locations"][0]["physicalLocation"]["region"]
    assert (mail["startLine"], mail["startColumn"], mail["endColumn"]) == (6, 15, 26)
    assert mail["byteOffset"] == TEXT.encode().index(b"bob@")
    assert leaked(json.dumps(results)) == []


def test_a_log_without_finds_is_one() -> None:
    assert check_log(log()) == check_log(log((Place("a"), b"nothing"))) == []


def test_unread_files_are_told() -> None:
    value = log(tally=Tally(unread=1))
    assert value["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_hostile_names_become_uris() -> None:
    places = [Place("a b\n\x1b[2J.txt"), Place("na\udcefve:x?#%.txt"), Place("/tmp/é.txt"), Place("-")]
    results = check_log(log(*((place, b"mail bob@corp.io") for place in places)))
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    assert uris == ["a%20b%0A%1B%5B2J.txt", "na%EFve%3Ax%3F%23%25.txt", "file:///tmp/%C3%A9.txt", "stdin"]


def test_a_row_is_a_logical_place() -> None:
    (result,) = check_log(log((Place("a.parquet", row=7, id="x"), b"mail bob@corp.io")))
    location = result["locations"][0]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"] == [{"name": "row 7", "kind": "element"}]
    assert result["properties"]["id"] == "x"


def test_fingerprints_tell_places_and_not_values() -> None:
    def prints(data: bytes) -> list[str]:
        results = check_log(log((Place("a"), data)))
        return [each["partialFingerprints"]["placeAndRule/v1"] for each in results]

    one = prints(b"mail bob@corp.io\nmail ann@corp.io\n")
    assert len(set(one)) == 2
    assert prints(b"\n\nmail eve@corp.io\n\nmail joe@corp.io\n") == one
    assert fingerprint(Place("a"), "email", 0) == one[0] != fingerprint(Place("b"), "email", 0)
