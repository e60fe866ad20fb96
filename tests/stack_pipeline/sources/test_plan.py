from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.sources import GitRepository, discover, plan_sources

from .made_repository import COMMIT_TIME, MISSING, MadeRepository, run_git


def make(path: Path, *, origin: str | None = None, time: int = COMMIT_TIME) -> str:
    """Make a repository with one commit; return its id."""
    made = MadeRepository(path)
    if origin is not None:
        with (path / "config").open("a") as file:
            file.write(f'[remote "origin"]\n\turl = {origin}\n')
    return made.commit(("100644", b"a.py", made.add_blob(b"x\n")), time=time)


def write_listing(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_a_folder_is_searched_in_the_order_of_names_but_not_inside_repositories(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make(source / "b" / "two.git")
    make(source / "a" / "deep" / "one")
    make(source / "a" / "deep" / "one" / "vendor" / "inner")
    run_git(source, "init", "-q", "c")
    make(source / "1" / "2" / "3" / "4" / "5" / "6" / "too-deep")
    make(tmp_path / "outside")
    (source / "link").symlink_to(tmp_path / "outside")
    (source / "plain").mkdir()
    found = plan_sources([str(source)])
    assert [(r.key, r.full_name, r.identity, r.problem) for r in found] == [
        ("local/a/deep/one", "local/a/deep/one", "local", None),
        ("local/b/two", "local/b/two", "local", None),
        ("local/c", "local/c", "local", "empty_repository"),
    ]
    assert [r.location for r in found] == [str(source / p) for p in ("a/deep/one", "b/two.git", "c")]


def test_a_repository_as_a_source_has_the_name_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = make(tmp_path / "name.git")
    (found,) = plan_sources([str(tmp_path / "name.git")])
    assert (found.key, found.commit) == ("local/name", commit)
    monkeypatch.chdir(tmp_path / "name.git")
    assert plan_sources(["."]) == [found]


def test_a_clone_claims_what_its_config_says_without_credentials(tmp_path: Path) -> None:
    make(tmp_path / "clone", origin="https://me:" + "hunter2" + "@github.com/Redis/redis.git")
    (found,) = plan_sources([str(tmp_path / "clone")])
    assert (found.key, found.identity) == ("github.com/name/redis/redis", "claimed")
    assert (found.full_name, found.host, found.owner, found.name) == (
        "Redis/redis",
        "github.com",
        "Redis",
        "redis",
    )
    assert "hunter2" not in repr(found)


def test_a_listing_is_believed_before_the_clone(tmp_path: Path) -> None:
    commit = make(tmp_path / "clone", origin="https://github.com/evil/claims")
    listing = write_listing(tmp_path / "l.jsonl", {"path": "clone", "id": 7, "full_name": "good/name"})
    for sources in (
        [listing, str(tmp_path / "clone")],
        [str(tmp_path / "clone"), listing],
        [listing, listing],
    ):
        (found,) = plan_sources(sources)
        assert (found.key, found.identity, found.full_name) == ("github.com/id/7", "listed", "good/name")
        assert found.commit == commit


def test_what_cannot_be_read_stays_with_its_reason(tmp_path: Path) -> None:
    make(tmp_path / "secret")
    make(tmp_path / "alternates")
    (tmp_path / "alternates" / "objects" / "info" / "alternates").write_text("/\n")
    make(tmp_path / "good")
    (tmp_path / "plain").mkdir()
    listing = write_listing(
        tmp_path / "l.jsonl",
        {"path": "secret", "full_name": "a/secret", "private": True},
        {"path": "gone", "full_name": "a/gone"},
        {"path": "plain", "full_name": "a/plain"},
        {"path": "alternates", "full_name": "a/alternates"},
        {"path": "good", "full_name": "a/good", "ref": "no-such-branch"},
    )
    found = {r.full_name: (r.problem, r.problem_detail, r.commit) for r in plan_sources([listing])}
    assert found == {
        "a/secret": ("private_repository", "private", None),
        "a/gone": ("unreadable_repository", "not_a_repository", None),
        "a/plain": ("unreadable_repository", "not_a_repository", None),
        "a/alternates": ("unreadable_repository", "alternates", None),
        "a/good": ("missing_ref", "missing_ref", None),
    }


def test_the_same_commit_twice_is_one_and_another_commit_is_an_error(tmp_path: Path) -> None:
    origin = "git@github.com:a/b.git"
    one, same = make(tmp_path / "one", origin=origin), make(tmp_path / "same", origin=origin)
    assert one == same
    (found,) = plan_sources([str(tmp_path / "same"), str(tmp_path / "one")])
    assert found.location == str(tmp_path / "one")
    make(tmp_path / "other", origin=origin, time=1)
    with pytest.raises(UsageError) as caught:
        plan_sources([str(tmp_path)])
    assert str(tmp_path / "one") in str(caught.value)
    assert str(tmp_path / "other") in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_name_that_is_listed_with_an_id_means_that_id(tmp_path: Path) -> None:
    make(tmp_path / "listed")
    make(tmp_path / "same", origin="https://github.com/A/B")
    make(tmp_path / "other", origin="https://github.com/a/b", time=1)
    listing = write_listing(tmp_path / "l.jsonl", {"path": "listed", "id": 7, "full_name": "a/b"})
    (found,) = plan_sources([str(tmp_path / "same"), listing])
    assert (found.key, found.identity) == ("github.com/id/7", "listed")
    with pytest.raises(UsageError, match="two commits"):
        plan_sources([str(tmp_path / "other"), listing])


def test_one_repository_may_be_read_at_several_refs(tmp_path: Path) -> None:
    made = MadeRepository(tmp_path / "clone")
    main, side = made.commit(branch="main"), made.commit(branch="side", time=1)
    row = {"path": "clone", "full_name": "a/b"}
    listing = write_listing(tmp_path / "l.jsonl", {**row, "ref": "side"}, row)
    assert [(r.ref, r.commit) for r in plan_sources([listing])] == [(None, main), ("side", side)]
    listing = write_listing(tmp_path / "l.jsonl", {**row, "commit": main}, {**row, "commit": side})
    with pytest.raises(UsageError, match="two commits"):
        plan_sources([listing])


def test_one_place_listed_as_two_repositories_is_an_error(tmp_path: Path) -> None:
    make(tmp_path / "clone")
    listing = write_listing(
        tmp_path / "l.jsonl", {"path": "clone", "full_name": "a/b"}, {"path": "./clone", "full_name": "a/c"}
    )
    with pytest.raises(UsageError, match="is listed as"):
        plan_sources([listing])


def test_a_readable_copy_stands_for_an_unreadable_one(tmp_path: Path) -> None:
    origin = "https://github.com/a/b"
    make(tmp_path / "a-damaged", origin=origin)
    (tmp_path / "a-damaged" / "HEAD").unlink()
    (tmp_path / "a-damaged" / "refs" / "heads" / "main").unlink()
    commit = make(tmp_path / "b-good", origin=origin)
    (found,) = plan_sources([str(tmp_path)])
    assert (found.location, found.commit, found.problem) == (str(tmp_path / "b-good"), commit, None)


def test_a_linked_work_tree_in_the_source_can_be_opened_by_its_planned_location(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    run_git(tmp_path / "main", "init", "-q")
    run_git(tmp_path / "main", "commit", "-q", "--allow-empty", "-m", "m")
    run_git(tmp_path / "main", "worktree", "add", "-q", "-b", "side", "../linked")
    (tmp_path / "linked" / "a.py").write_text("x\n")
    run_git(tmp_path / "linked", "add", "-A")
    run_git(tmp_path / "linked", "commit", "-q", "-m", "side")
    found = plan_sources([str(tmp_path)])
    assert [(r.key, r.problem) for r in found] == [("local/linked", None), ("local/main", None)]
    with GitRepository(found[0].location) as repository:
        head = repository.head(commit=found[0].commit)
        assert [entry.path for entry in repository.entries(head.tree)] == [b"a.py"]


def test_the_plan_does_not_depend_on_the_order_of_sources(tmp_path: Path) -> None:
    for name in ("x", "y", "z"):
        make(tmp_path / name, origin=f"https://github.com/a/{name}")
    sources = [str(tmp_path / name) for name in ("x", "y", "z")]
    assert plan_sources(sources) == plan_sources(sources[::-1]) == plan_sources([str(tmp_path)])


def test_the_newest_branch_is_found_for_the_plan(tmp_path: Path) -> None:
    made = MadeRepository(tmp_path / "clone")
    made.commit(branch="a", time=1)
    newest = made.commit(branch="b", time=2)
    made.set_ref("refs/heads/c", MISSING)
    assert plan_sources([str(tmp_path / "clone")])[0].commit == newest


def test_a_source_that_is_not_there_or_holds_nothing_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty.csv").write_text("path\n")
    for sources in ([], ["gone"], ["empty"], ["notes.txt"], ["empty.csv"]):
        with pytest.raises(UsageError) as caught:
            discover([str(tmp_path / source) for source in sources])
        assert caught.value.hint
