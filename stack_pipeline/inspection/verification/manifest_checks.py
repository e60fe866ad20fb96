"""Check the manifest by itself: canonical form, root, accounts, and no file that it does not name."""

from __future__ import annotations

import json
from typing import Any

from stack_pipeline.accounting import Account
from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import RunFailed
from stack_pipeline.inspection.published import Release
from stack_pipeline.inspection.verification.findings import Check, Findings, unchecked
from stack_pipeline.manifest import MANIFEST_NAME

BESIDE_THE_ROOT = ("README.md", "croissant.json", "run.json")
"""Files of a release that are not under the root."""


def manifest_checks(release: Release) -> list[Check]:
    """Check what needs no table."""
    return [_canonical(release), _root(release), _stray_files(release), _accounts(release)]


def _canonical(release: Release) -> Check:
    found = Findings("manifest", "in canonical form, files in order")
    data = release.storage.read_bytes(MANIFEST_NAME)
    found.expect(canonical_json(json.loads(data)) == data, "the manifest is not in canonical form")
    names = [part.name for part in release.parts]
    found.expect(names == sorted(names), "files are named out of order")
    return found.check()


def _root(release: Release) -> Check:
    found = Findings("root", f"run.json names {release.root}")
    try:
        run = json.loads(release.storage.read_bytes("run.json"))
    except FileNotFoundError:
        return unchecked("root", f"there is no run.json; compare {release.root} with the root you were given")
    except ValueError:
        run = None
    named = run.get("root") if isinstance(run, dict) else None
    found.expect(named == release.root, "run.json names another root than the manifest has")
    return found.check()


def _stray_files(release: Release) -> Check:
    found = Findings("stray_files", "the folder holds nothing else")
    named = {part.name for part in release.parts} | {MANIFEST_NAME, *BESIDE_THE_ROOT}
    for name in release.storage.names():
        found.expect(name in named, f"{name!a} is not part of the release")
    return found.check()


def _accounts(release: Release) -> Check:
    found = Findings("accounts", "in = kept + dropped in every stage, handed over whole")
    before: tuple[str, Account] | None = None
    for stage in release.manifest["stages"]:
        account = _account(stage)
        if account is None:
            found.add("a stage has no account")
            continue
        name = str(stage["stage"])
        try:
            account.check(name)
        except RunFailed as error:
            found.add(error.message)
        # The first stage counts repositories, so it hands nothing over.
        if before is not None and before[1].unit != "repository":
            kept, taken_in = before[1].kept.files, account.taken_in.files
            found.expect(kept == taken_in, f"{before[0]} kept {kept}, {name} took in {taken_in}")
        before = (name, account)
    return found.check()


def _account(stage: dict[str, Any]) -> Account | None:
    try:
        return Account.from_json(stage) if "stage" in stage else None
    except (KeyError, TypeError, AttributeError):
        return None
