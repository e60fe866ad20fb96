from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core import baseline as peer
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning import Baseline, Found, Place, ScanSettings, Text
from stack_pipeline.scanning.batches import batches_of_texts
from stack_pipeline.scanning.finding import Finding, find_in_batch
from tests.stack_pipeline.scanning.planted import ACCESS_KEY, MAIL, PASSWORD, TEXT, leaked

ALL = ("EMAIL", "IP_ADDRESS", "KEY", "PASSWORD")


def findings(path: str, text: str = TEXT) -> list[Finding]:
    (batch,) = batches_of_texts([(Place(path), Text(text.encode()))])
    return [each for each in find_in_batch(batch, ScanSettings()) if isinstance(each, Finding)]


def written(path: Path, found: list[Finding], *, scanned: bool = True) -> dict[str, Any]:
    record = Found()
    for each in found:
        record.add(each)
    Baseline(path, must_exist=False).write(record, was_scanned=lambda name: scanned, kinds=ALL)
    return dict(json.loads(path.read_bytes()))


def label(path: Path, value: str, *, is_secret: bool) -> None:
    content = json.loads(path.read_bytes())
    hashed = hashlib.sha1(value.encode()).hexdigest()
    for entries in content["results"].values():
        for entry in entries:
            if entry["hashed_secret"] == hashed:
                entry["is_secret"] = is_secret
    path.write_text(json.dumps(content))


def test_detect_secrets_loads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / ".secrets.baseline"
    found = findings("src/a.py")
    written(path, found)
    with transient_settings({"plugins_used": []}):
        loaded = peer.load(peer.load_from_file(str(path)), filename=str(path))
    assert {secret.secret_hash for _, secret in loaded} == {each.hashed for each in found}
    assert PotentialSecret("Key (stack-pipeline)", "src/a.py", ACCESS_KEY) in loaded["src/a.py"]
    assert leaked(path.read_bytes()) == []


def test_what_detect_secrets_writes_is_an_allow_list(tmp_path: Path) -> None:
    path = tmp_path / ".secrets.baseline"
    secrets = SecretsCollection()
    secrets["src/a.py"].add(PotentialSecret("AWS Access Key", "src/a.py", ACCESS_KEY, line_number=1))
    secrets["src/b.py"].add(PotentialSecret("Secret Keyword", "src/b.py", PASSWORD, line_number=1))
    with transient_settings({"plugins_used": [{"name": "AWSKeyDetector"}]}):
        peer.save_to_file(secrets, str(path))
    baseline = Baseline(path)
    listed = [each.kind for each in findings("src/a.py") if baseline.lists(each)]
    assert (listed, len(findings("src/a.py"))) == (["KEY"], 6)


def test_what_was_written_is_listed_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    found = findings(str(Path.cwd() / "src/a.py"))
    content = written(path, found)
    assert list(content["results"]) == ["src/a.py"]
    baseline = Baseline(path)
    assert all(baseline.lists(each) for each in [*found, *findings("src/a.py"), *findings("./src/a.py")])
    assert not any(baseline.lists(each) for each in findings("src/b.py"))
    assert written(path, found) == content


@pytest.mark.parametrize(("is_secret", "is_listed"), [(True, False), (False, True)])
def test_a_judgement_is_obeyed_and_kept(tmp_path: Path, is_secret: bool, is_listed: bool) -> None:
    path = tmp_path / "base.json"
    found = findings("a.py", f"mail {MAIL}\n")
    written(path, found)
    label(path, MAIL, is_secret=is_secret)
    assert Baseline(path).lists(found[0]) is is_listed
    moved = findings("a.py", f"\n\nmail {MAIL}\n")
    (entry,) = written(path, moved)["results"]["a.py"]
    assert (entry["is_secret"], entry["line_number"]) == (is_secret, 3)


def test_entries_of_others_stay_and_own_ones_that_are_gone_go(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    content = written(path, [*findings("a.py"), *findings("b.py")])
    content["plugins_used"] = [{"name": "AWSKeyDetector"}]
    content["generated_at"] = "2024-01-01T00:00:00Z"
    theirs = {"type": "AWS Access Key", "filename": "a.py", "hashed_secret": "0" * 40}
    content["results"]["a.py"].append(theirs)
    path.write_text(json.dumps(content))
    record = Found()
    count = Baseline(path).write(record, was_scanned=lambda name: name == "a.py", kinds=ALL)
    after = json.loads(path.read_bytes())
    assert after["results"] == {"a.py": [theirs], "b.py": content["results"]["b.py"]}
    assert count == 1 + len(content["results"]["b.py"])
    assert after["plugins_used"] == [{"name": "AWSKeyDetector"}]
    assert "generated_at" not in after


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"results": []}',
        '{"results": {"a": {}}}',
        '{"results": {"a": [{"type": "x"}]}}',
        '{"results": {"a": [{"type": "x", "hashed_secret": "y", "line_number": "z"}]}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused_and_not_overwritten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(content)
    for must_exist in (True, False):
        with pytest.raises(UsageError, match="no baseline of detect-secrets"):
            Baseline(path, must_exist=must_exist)
    with pytest.raises(UsageError, match="cannot read the baseline"):
        Baseline(tmp_path / "nowhere")
    assert path.read_text() == content
