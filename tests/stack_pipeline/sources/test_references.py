from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.reasons import Reason
from stack_pipeline.sources import GitRepository, Head, RepositoryUnreadable
from stack_pipeline.sources.references import is_reference_name

from .made_repository import COMMIT_DATE, COMMIT_TIME, MISSING, MadeRepository, run_git


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    return MadeRepository(tmp_path / "repo.git")


def head(
    made: MadeRepository,
    *,
    ref: str | None = None,
    commit: str | None = None,
    default_branch: str | None = None,
) -> Head:
    with GitRepository(made.path) as repository:
        found = repository.head(ref=ref, commit=commit, default_branch=default_branch)
        assert repository.find_commit(ref=ref, commit=commit, default_branch=default_branch) == found.commit
        return found


def refusal(made: MadeRepository, *, ref: str | None = None, commit: str | None = None) -> tuple[Reason, str]:
    with pytest.raises(RepositoryUnreadable) as caught, GitRepository(made.path) as repository:
        repository.head(ref=ref, commit=commit)
    return caught.value.reason, caught.value.detail


def test_the_head_is_the_branch_that_head_names(made: MadeRepository) -> None:
    made.commit(branch="main")
    commit = made.commit(branch="feature/x", time=COMMIT_TIME + 1)
    (made.path / "HEAD").write_text("ref: refs/heads/feature/x\n")
    found = head(made)
    assert (found.commit, found.branch, found.commit_date) == (commit, "feature/x", "2023-11-14T22:13:21Z")
    assert len(found.tree) == 40


def test_a_detached_head_has_no_branch(made: MadeRepository) -> None:
    commit = made.commit(branch="elsewhere")
    (made.path / "HEAD").write_text(commit + "\n")
    assert (head(made).commit, head(made).branch) == (commit, None)


@pytest.mark.parametrize(
    "text", [None, "", "ref: refs/heads/gone\n", "ref: ../../x\n", "nonsense\n", "ref:\n"]
)
def test_without_a_usable_head_main_is_read_then_master_then_the_newest_branch(
    made: MadeRepository, text: str | None
) -> None:
    if text is None:
        (made.path / "HEAD").unlink()
    else:
        (made.path / "HEAD").write_text(text)
    made.commit(branch="old", time=COMMIT_TIME - 5)
    made.commit(branch="z-newest", time=COMMIT_TIME)
    newest = made.commit(branch="a-newest", time=COMMIT_TIME)
    made.set_ref("refs/heads/damaged", MISSING)
    assert (head(made).branch, head(made).commit, head(made).commit_date) == ("a-newest", newest, COMMIT_DATE)
    made.commit(branch="master", time=1)
    assert head(made).branch == "master"
    made.commit(branch="main", time=0)
    assert head(made).branch == "main"


def test_the_default_branch_of_a_listing_comes_before_head(made: MadeRepository) -> None:
    made.commit(branch="main")
    made.commit(branch="develop", time=1)
    made.set_ref("refs/remotes/origin/trunk", made.commit(branch="other", time=2))
    assert head(made, default_branch="develop").branch == "develop"
    assert head(made, default_branch="trunk").branch == "trunk"
    assert head(made, default_branch="renamed-since").branch == "main"


def test_a_requested_ref_decides_alone(made: MadeRepository) -> None:
    main = made.commit(branch="main")
    both_branch, both_tag = made.commit(branch="both", time=1), made.commit(branch="other", time=2)
    made.set_ref("refs/tags/both", both_tag)
    made.set_ref("refs/tags/v1", made.add_tag(made.add_tag(main), kind="tag"))
    made.set_ref("refs/tags/of-a-blob", made.add_tag(made.add_blob(b"x"), kind="blob"))
    expected = {
        "both": (both_branch, "both"),
        "refs/tags/both": (both_tag, None),
        "tags/both": None,
        "v1": (main, None),
        "HEAD": (main, "main"),
        main: (main, None),
        "gone": None,
        "../../HEAD": None,
        "refs/heads/../../HEAD": None,
        "main\n": None,
        "": None,
    }
    for ref, wanted in expected.items():
        if wanted is None:
            assert refusal(made, ref=ref) == (Reason.MISSING_REF, "missing_ref"), ref
        else:
            assert (head(made, ref=ref).commit, head(made, ref=ref).branch) == wanted, ref
    assert refusal(made, ref="of-a-blob") == (Reason.UNREADABLE_REPOSITORY, "missing_commit")


def test_a_requested_commit_decides_and_must_be_a_commit(made: MadeRepository) -> None:
    first = made.commit(("100644", b"a", made.add_blob(b"1")), branch="main")
    second = made.commit(branch="main", time=COMMIT_TIME + 1)
    assert (head(made, commit=first).commit, head(made, commit=first).branch) == (first, None)
    assert head(made, commit=second).branch == "main"
    for wrong in (MISSING, made.add_blob(b"1"), made.add_tag(first), head(made).tree, "ab" * 32, first[:12]):
        assert refusal(made, commit=wrong) == (Reason.MISSING_REF, "missing_commit")


def test_packed_references_are_read_and_loose_ones_win(made: MadeRepository) -> None:
    first = made.commit(branch="main")
    tag = made.add_tag(first)
    made.set_ref("refs/tags/v1", tag)
    run_git(made.path, "pack-refs", "--all")
    assert not (made.path / "refs" / "heads" / "main").exists()
    assert (head(made).commit, head(made, ref="v1").commit) == (first, first)
    second = made.commit(branch="main", time=COMMIT_TIME + 1)
    assert head(made).commit == second


def test_a_repository_without_references_is_empty(made: MadeRepository, tmp_path: Path) -> None:
    assert refusal(made) == (Reason.EMPTY_REPOSITORY, "no_reference")
    run_git(tmp_path, "init", "-q", "fresh")
    with pytest.raises(RepositoryUnreadable) as caught, GitRepository(tmp_path / "fresh") as repository:
        repository.head()
    assert caught.value.reason == Reason.EMPTY_REPOSITORY


def test_a_branch_whose_commit_is_missing_is_not_replaced_by_another(made: MadeRepository) -> None:
    made.commit(branch="other")
    made.set_ref("refs/heads/main", MISSING)
    assert refusal(made) == (Reason.UNREADABLE_REPOSITORY, "missing_commit")


def test_symbolic_references_end(made: MadeRepository) -> None:
    made.commit(branch="real")
    for i in range(10):
        target = "real" if i == 0 else f"s{i - 1}"
        made.set_ref(f"refs/heads/s{i}", f"ref: refs/heads/{target}")
    made.set_ref("refs/heads/loop", "ref: refs/heads/loop")
    assert head(made, ref="s3").branch == "real"
    assert refusal(made, ref="s9")[0] == refusal(made, ref="loop")[0] == Reason.MISSING_REF


def test_a_symbolic_link_is_not_followed_as_a_reference(made: MadeRepository, tmp_path: Path) -> None:
    commit = made.commit(branch="main")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_text(commit)
    (made.path / "refs" / "heads" / "file").symlink_to(tmp_path / "outside" / "x")
    (made.path / "refs" / "heads" / "folder").symlink_to(tmp_path / "outside")
    for ref in ("file", "folder/x"):
        assert refusal(made, ref=ref) == (Reason.MISSING_REF, "missing_ref")


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"tree " + b"0" * 40, b"tree xyz\ncommitter A <a> 1 +0\n"]
)
def test_a_commit_that_makes_no_sense_is_missing(made: MadeRepository, content: bytes) -> None:
    made.set_ref("refs/heads/main", made.add("commit", content) if content else made.add("commit", b"\n"))
    if content.endswith(b"0" * 40):
        assert head(made).commit_date is None
    else:
        assert refusal(made) == (Reason.UNREADABLE_REPOSITORY, "missing_commit")


@pytest.mark.parametrize("time", [10**13, -(10**13)])
def test_a_date_outside_the_calendar_is_unknown(made: MadeRepository, time: int) -> None:
    made.commit(time=time)
    assert head(made).commit_date is None


def test_a_forged_commit_is_not_taken_for_its_id(made: MadeRepository) -> None:
    text = f"tree {made.add_tree()}\ncommitter A <a@example.org> 1 +0000\n\n".encode()
    made.set_ref("refs/heads/main", made.add("commit", text, oid="ab" * 20))
    assert refusal(made) == (Reason.UNREADABLE_REPOSITORY, "missing_commit")


def test_other_formats_of_git_are_named(made: MadeRepository) -> None:
    made.commit()
    for setting, detail in (
        ("refStorage = reftable", "reference_storage"),
        ("objectFormat = md5", "object_format"),
    ):
        (made.path / "config").write_text(f"[extensions]\n\t{setting}\n")
        assert refusal(made) == (Reason.UNREADABLE_REPOSITORY, detail)


@given(st.binary(max_size=3000), st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_in_head_packed_refs_and_config_end_in_a_reason(
    tmp_path_factory: pytest.TempPathFactory, packed: bytes, head: bytes, config: bytes
) -> None:
    made = MadeRepository(tmp_path_factory.mktemp("made") / "repo.git")
    (made.path / "packed-refs").write_bytes(packed)
    (made.path / "HEAD").write_bytes(head)
    (made.path / "config").write_bytes(config)
    with pytest.raises(RepositoryUnreadable), GitRepository(made.path) as repository:
        repository.head()


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/main",
        "refs/heads/a/b",
        "refs/heads/ü",
        "refs/heads/a.b",
        "refs/heads/@",
        "refs/tags/v1.0-rc",
    ],
)
def test_names_that_git_accepts_are_accepted(name: str, tmp_path: Path) -> None:
    run_git(tmp_path, "check-ref-format", name)
    assert is_reference_name(name.encode())


@given(st.text(alphabet="ab/.@{~^: \\*?[\x7f-", max_size=12))
def test_what_we_accept_git_accepts(text: str) -> None:
    name = f"refs/heads/{text}"
    if is_reference_name(name.encode()):
        run_git(Path("/"), "check-ref-format", name)
