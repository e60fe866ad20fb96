from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from optout import RepositoryFacts, blob_hash, decide, match_origin, parse_rules
from stack_pipeline.recipe import read_recipe
from stack_pipeline.sample import (
    SampleListing,
    expected_fates,
    expected_repository_fates,
    repositories,
    write_sample,
)
from stack_pipeline.sample.git_objects import object_id
from stack_pipeline.sample.repository import SampleRepository

GOLDEN_COMMITS = {
    "copperfield/deploy-kit": "d62a55eaefec7168152fbbc53806e4fa36ebe3df",
    "northwind/pathkit": "50c698b942eb5b96af657f81ea258a14b5b5aa72",
    "ferrous/ringlog": "4e71d6d5b25b647f1ed86fbb8d834a2a53d24086",
    "tidewater/queue": "41379f93e57e398918f2772f22ac7e71097c83fe",
    "lakeside/widgets": "7e84590002d37182824abf75f8adc69ece5cac27",
    "openfield/ledger": "5f29c32025beae6089f436d183e65e7704329b62",
    "gnarl/shellbox": "52385e73774db4be3135f91f8fada3451f4e9553",
    "driftwood/snippets": "ecc5370328782f9cb5d566c1befc7843619a0574",
    "bramble/csv-lite": "436bc17800aa04965bd047cf3e49e78cb63c291d",
    "thistle/dotfiles": "f0d660b3565e3645b902c68f3bb31a57b28a6374",
    "basalt/kvstore": "86a4279085fc3078e023de8e2b6effb167845241",
    "openbasalt/kvstore": "719cccfdb111236a585b2c490ac098fe32c48779",
    "mirrorworks/kvstore": "8dca1d6cc4e653e309c0bb73619fc2e4a68a75e7",
    "quill/tables": "a9041483af999eb6a2214fec0a9c1aae6ce2d5f4",
    "grimshaw-lab/billing": "72fda70a814fdd867c28cf1cc9cfb6b6cba7aed4",
    "Grimshaw-Lab/notes": "2c88ae0ee81fcd7e39d8e8dd3a454ea354332f35",
    "kestrel/billing": "223a2696b9e8a9bde644803baf4608a482d9e933",
    "marlow/billing": "a79b0115324a62a526e5dc483e9a252d14fc4c65",
    "tamsin/almanac": "52f78bec4dd343897e24ac4b2226dc7bb29c5db0",
    "pia-lund/recipes": "99a2950837442d5e665dbf23f9480ea6967f959e",
    "sealed/internal": "e5ca66768710f9c2b160b45918973476d7bf706c",
    "hazel/encodings": "c37bce69e01632c4749ba6b3f4bf1e31fecbd0d8",
    "hazel/oddities": "eb1b3ea0c1468fbc31a8e7fea1dc26494a66b257",
    "broken/half": "46cb2863d03124366886f7c954711b69b3ca7b28",
}
_GIT_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleListing:
    return write_sample(tmp_path_factory.mktemp("sample"))


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "--git-dir", str(folder), *arguments]
    return subprocess.run(command, env=_GIT_ENVIRONMENT, check=True, capture_output=True).stdout


def _readable() -> list[SampleRepository]:
    return [repository for repository in repositories() if repository.state == "normal"]


def test_commits_are_the_same_on_every_machine(sample: SampleListing) -> None:
    assert dict(sample.commits) == GOLDEN_COMMITS


def test_writing_again_changes_no_byte(sample: SampleListing) -> None:
    files = {path: path.read_bytes() for path in sample.folder.rglob("*") if path.is_file()}
    assert write_sample(sample.folder) == sample
    assert {path: path.read_bytes() for path in sample.folder.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("repository", _readable(), ids=lambda repository: repository.full_name)
def test_git_reads_what_was_written(sample: SampleListing, repository: SampleRepository) -> None:
    folder = sample.folder / repository.folder
    listed = {}
    for entry in _git(folder, "ls-tree", "-r", "-z", f"refs/heads/{repository.default_branch}").split(b"\0")[
        :-1
    ]:
        head, _, path = entry.partition(b"\t")
        mode, _, oid = head.decode().split()
        listed[path] = (mode, oid)
    assert listed.keys() == {file.path for file in repository.files}
    for file in repository.files:
        mode, oid = listed[file.path]
        assert mode == file.mode.decode()
        if mode != "160000":
            assert oid == object_id(b"blob", file.content)
            assert not file.is_stored or _git(folder, "cat-file", "blob", oid) == file.content


def test_a_missing_object_is_missing_and_a_corrupt_commit_is_corrupt(sample: SampleListing) -> None:
    lost = next(file for r in repositories() for file in r.files if file.fate == "missing_object")
    with pytest.raises(subprocess.CalledProcessError):
        _git(sample.folder / "hazel__oddities.git", "cat-file", "-e", object_id(b"blob", lost.content))
    with pytest.raises(subprocess.CalledProcessError):
        _git(sample.folder / "broken__half.git", "cat-file", "commit", "main")
    assert _git(sample.folder / "void__nothing.git", "for-each-ref") == b""


def test_every_repository_is_listed_once_with_its_folder_and_commit(sample: SampleListing) -> None:
    rows = [json.loads(line) for line in sample.listing.read_text(encoding="utf-8").splitlines()]
    assert [row["full_name"] for row in rows] == [repository.full_name for repository in repositories()]
    assert len({row["id"] for row in rows}) == len({row["path"] for row in rows}) == len(rows)
    for row in rows:
        assert (sample.folder / row["path"] / "HEAD").is_file()
        assert row["commit"] == sample.commits.get(row["full_name"])


def test_the_recipe_is_one_and_names_the_rules(sample: SampleListing) -> None:
    recipe = read_recipe(sample.recipe)
    assert Path(recipe.optout.rules) == sample.rules
    sizes = {file.fate: len(file.content) for r in repositories() for file in r.files}
    assert sizes["too_large"] > recipe.ingest.max_file_bytes > sizes["size"] > recipe.select.max_size_bytes
    largest = max(len(file.content) for r in repositories() for file in r.files if file.fate == "kept")
    assert largest <= recipe.select.max_size_bytes


def _facts(row: dict[str, object]) -> RepositoryFacts:
    def inner(key: str, field: str) -> object:
        value = row[key]
        return value[field] if isinstance(value, dict) else None

    previous = row["previous_names"]
    assert isinstance(previous, list)
    known = {
        "id": row["id"],
        "owner_id": inner("owner", "id"),
        "owner_login": inner("owner", "login"),
        "previous_names": tuple((name["full_name"], name["since"], name["until"]) for name in previous),
        "fork": row["fork"],
        "parent_id": inner("parent", "id"),
        "parent_full_name": inner("parent", "full_name"),
        "source_id": inner("source", "id"),
        "source_full_name": inner("source", "full_name"),
        "created_at": row["created_at"],
        "pushed_at": row["pushed_at"],
        "visit_date": row["visit_date"],
    }
    name = str(row["full_name"])
    return RepositoryFacts(key=name, host=str(row["host"]), full_name=name, **known)  # type: ignore[arg-type]


def test_the_rules_opt_out_what_the_fates_say(sample: SampleListing) -> None:
    rules = parse_rules(sample.rules.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in sample.listing.read_text(encoding="utf-8").splitlines()]
    facts = {row["full_name"]: _facts(row) for row in rows}
    hashes = {
        repository.full_name: frozenset(
            blob_hash(b"k", object_id(b"blob", file.content)) for file in repository.files
        )
        for repository in _readable()
    }
    decisions = decide(facts.values(), rules, blob_hashes=hashes.get)
    for repository in repositories():
        decision = decisions[repository.full_name]
        assert decision.reason == repository.opted_out_as
        assert decision.unchecked is repository.unchecked_fork
        assert decision.divergent is (repository.full_name == "marlow/billing")
        for file in repository.files if repository.fate is None else ():
            match = match_origin(
                rules, facts[repository.full_name], file.path, object_id(b"blob", file.content)
            )
            assert (match is not None) is (file.fate == "opted_out"), (repository.full_name, file.path)


def test_a_repository_that_is_not_read_gives_its_reason_to_all_its_files() -> None:
    for repository in repositories():
        if repository.fate is not None:
            assert {file.fate for file in repository.files} <= {repository.fate}
    assert set(expected_repository_fates().values()) == {
        *("read", "opted_out", "private_repository", "empty_repository", "unreadable_repository")
    }


def test_enough_files_go_in_and_enough_are_kept_and_every_reason_occurs() -> None:
    fates = list(expected_fates().values())
    assert len(fates) == sum(len(repository.files) for repository in repositories())
    assert 150 <= len(fates) <= 300
    assert fates.count("kept") >= 80
    assert set(fates) == {
        *("kept", "not_permissive", "no_license", "opted_out", "exact_duplicate", "near_duplicate"),
        *("vendored", "generated", "minified", "size", "too_large", "empty_file", "binary", "lfs_pointer"),
        *("undecodable", "missing_object", "bad_path", "symlink", "submodule"),
        *("private_repository", "unreadable_repository"),
    }
