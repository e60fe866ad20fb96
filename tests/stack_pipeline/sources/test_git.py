"""Attacks and damage: nothing runs, nothing leads out, and one bad object costs only itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from stack_pipeline.reasons import Reason
from stack_pipeline.sources import GitRepository, RepositoryUnreadable, TreeEntry, path_problem
from stack_pipeline.sources.isolation import git_environment

from .made_repository import COMMIT_DATE, MISSING, MadeRepository, run_git

FILE, FOLDER = "100644", "40000"


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    return MadeRepository(tmp_path / "repo.git")


def listed(path: Path) -> list[TreeEntry]:
    with GitRepository(path) as repository:
        return list(repository.entries(repository.head().tree))


def contents(path: Path, oids: list[str], *, max_bytes: int = 10**6) -> list[bytes | None]:
    with GitRepository(path) as repository:
        answers = list(repository.blobs(oids, max_bytes=max_bytes))
    assert [oid for oid, _ in answers] == oids
    return [content for _, content in answers]


def refusal(path: Path, *, boundary: Path | None = None) -> tuple[Reason, str]:
    with pytest.raises(RepositoryUnreadable) as caught, GitRepository(path, boundary=boundary) as repository:
        list(repository.entries(repository.head().tree))
    return caught.value.reason, caught.value.detail


# --- commands that a repository would like to run


def lazily_fetching(made: MadeRepository, witness: Path) -> str:
    config = made.path / "config"
    config.write_text(
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
        f'\tsshCommand = "touch {witness};"\n\tfsmonitor = "touch {witness}"\n\tpager = "touch {witness}"\n'
        f"\thooksPath = hooks\n\talternateRefsCommand = touch {witness}\n"
        "[extensions]\n\tpartialClone = origin\n"
        '[remote "origin"]\n\turl = git@host.invalid:owner/name.git\n\tpromisor = true\n'
        "\tpartialclonefilter = blob:none\n"
    )
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        file = made.path / "hooks" / hook
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch {witness}\n")
        file.chmod(0o755)
    present = made.add_blob(b"present\n")
    made.commit((FILE, b"a.py", present), (FILE, b"gone.py", MISSING))
    return present


def test_a_missing_blob_of_a_partial_clone_runs_no_command(made: MadeRepository, tmp_path: Path) -> None:
    witness = tmp_path / "command-was-run"
    present = lazily_fetching(made, witness)
    assert [(entry.path, entry.size) for entry in listed(made.path)] == [(b"a.py", 8), (b"gone.py", None)]
    assert contents(made.path, [MISSING, present]) == [None, b"present\n"]
    assert not witness.exists()


def test_the_command_of_that_partial_clone_does_run_without_protection(
    made: MadeRepository, tmp_path: Path
) -> None:
    witness = tmp_path / "command-was-run"
    lazily_fetching(made, witness)
    subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=made.path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"},
        input=MISSING.encode() + b"\n",
        capture_output=True,
        check=False,
    )
    assert witness.exists()


def test_our_environment_stops_that_command_even_with_the_hostile_config(
    made: MadeRepository, tmp_path: Path
) -> None:
    witness = tmp_path / "command-was-run"
    lazily_fetching(made, witness)
    environment = git_environment(str(made.path), made.path / "objects")
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        env=environment,
        input=MISSING.encode() + b"\n",
        capture_output=True,
        check=False,
    )
    assert MISSING.encode() in done.stdout + done.stderr
    assert not witness.exists()


def test_variables_for_git_are_not_inherited(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MadeRepository(tmp_path / "other.git")
    secret = other.add_blob(b"of another repository\n")
    made.commit((FILE, b"a.py", secret))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(other.path / "objects"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.path / "objects"))
    monkeypatch.setenv("GIT_DIR", str(other.path))
    assert contents(made.path, [secret]) == [None]


# --- ways out of a repository


def test_alternates_are_refused(made: MadeRepository, tmp_path: Path) -> None:
    other = MadeRepository(tmp_path / "other.git")
    made.commit((FILE, b"a.py", other.add_blob(b"of another repository\n")))
    (made.path / "objects" / "info" / "alternates").write_text(f"{other.path}/objects\n")
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "alternates")


@pytest.mark.parametrize(
    "linked", ["objects", "objects/pack", "objects/info", "objects/ab", "objects/pack/pack-1.pack"]
)
def test_a_symbolic_link_among_the_objects_is_refused(
    made: MadeRepository, tmp_path: Path, linked: str
) -> None:
    made.commit((FILE, b"a.py", made.add_blob(b"x\n")))
    place = made.path / linked
    if place.is_dir():
        shutil.move(place, tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")
    assert refusal(made.path)[0] == Reason.UNREADABLE_REPOSITORY


def test_a_pipe_among_the_objects_is_refused_instead_of_waited_for(made: MadeRepository) -> None:
    blob = made.add_blob(b"x\n")
    made.commit((FILE, b"a.py", blob))
    made.loose(blob).unlink()
    os.mkfifo(made.loose(blob))
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "special_file")


def test_a_git_file_may_not_point_out_of_its_boundary(made: MadeRepository, tmp_path: Path) -> None:
    made.commit((FILE, b"a.py", made.add_blob(b"of another repository\n")))
    source = tmp_path / "source"
    (source / "work").mkdir(parents=True)
    for target in (str(made.path), "../../repo.git", "../../source/../repo.git"):
        (source / "work" / ".git").write_text(f"gitdir: {target}\n")
        assert refusal(source / "work", boundary=source) == (Reason.UNREADABLE_REPOSITORY, "git_file_outside")
    (source / "work" / ".git").unlink()
    (source / "work" / ".git").symlink_to(made.path)
    assert refusal(source / "work", boundary=source) == (Reason.UNREADABLE_REPOSITORY, "symlink")


def test_a_linked_work_tree_is_read_when_both_lie_in_the_source(tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    run_git(main, "init", "-q")
    (main / "a.py").write_text("x\n")
    run_git(main, "add", "-A")
    run_git(main, "commit", "-q", "-m", "m")
    run_git(main, "worktree", "add", "-q", "-b", "side", "../linked")
    with GitRepository(tmp_path / "linked", boundary=tmp_path) as repository:
        head = repository.head()
        assert (head.branch, head.commit_date) == ("side", COMMIT_DATE)
        assert [entry.path for entry in repository.entries(head.tree)] == [b"a.py"]
    assert refusal(tmp_path / "linked") == (Reason.UNREADABLE_REPOSITORY, "git_file_outside")
    (main / ".git" / "worktrees" / "linked" / "commondir").write_text("/\n")
    assert refusal(tmp_path / "linked", boundary=tmp_path)[1] == "git_file_outside"


def test_replacements_and_grafts_change_nothing(made: MadeRepository) -> None:
    blob, other = made.add_blob(b"true\n"), made.add_blob(b"false\n")
    commit = made.commit((FILE, b"a.py", blob))
    made.set_ref(f"refs/replace/{blob}", other)
    made.set_ref(f"refs/replace/{commit}", made.add_commit(made.add_tree((FILE, b"b.py", other))))
    (made.path / "info").mkdir()
    (made.path / "info" / "grafts").write_text(f"{commit} {MISSING}\n")
    (made.path / "shallow").write_text(f"{commit}\n")
    assert [entry.path for entry in listed(made.path)] == [b"a.py"]
    assert contents(made.path, [blob]) == [b"true\n"]


# --- trees


def test_hostile_and_odd_entries_are_data(made: MadeRepository) -> None:
    blob, link = made.add_blob(b"hello\n"), made.add_blob(b"../../../etc/passwd")
    below = made.add_tree((FILE, b"inner.txt", blob))
    made.commit(
        (FILE, b"../escape.py", blob),
        (FILE, b".git/config", blob),
        (FOLDER, b"..", below),
        (FOLDER, b".GIT", below),
        (FILE, b"bad\xff\xfename.py", blob),
        ("120000", b"link.py", link),
        (FILE, b"new\nline\t.py", blob),
        ("160000", b"submodule", "11" * 20),
        ("100664", b"group-writable.py", blob),
        ("100755", b"run.sh", blob),
        ("0", b"no-mode", blob),
        (FILE, b"", blob),
        (FILE, b"below-as-file", below),
        (FOLDER, b"file-as-below", blob),
    )
    found = [(entry.path, entry.mode, entry.kind, entry.size) for entry in listed(made.path)]
    assert found == [
        (b"../escape.py", 0o100644, "blob", 6),
        (b".git/config", 0o100644, "blob", 6),
        (b"../inner.txt", 0o100644, "blob", 6),
        (b".GIT/inner.txt", 0o100644, "blob", 6),
        (b"bad\xff\xfename.py", 0o100644, "blob", 6),
        (b"link.py", 0o120000, "blob", 19),
        (b"new\nline\t.py", 0o100644, "blob", 6),
        (b"submodule", 0o160000, "commit", None),
        (b"group-writable.py", 0o100644, "blob", 6),
        (b"run.sh", 0o100755, "blob", 6),
        (b"no-mode", 0o160000, "commit", None),
        (b"", 0o100644, "blob", 6),
        (b"below-as-file", 0o100644, "blob", None),
        (b"file-as-below", 0o40000, "tree", None),
    ]
    bad = [path for path, *_ in found if path_problem(path) is not None]
    assert bad == [b"../escape.py", b".git/config", b"../inner.txt", b".GIT/inner.txt", b""]


def test_the_same_path_twice_is_counted(made: MadeRepository) -> None:
    one, two = made.add_blob(b"1\n"), made.add_blob(b"2\n")
    below = made.add_tree((FILE, b"dup.py", two))
    made.commit(
        (FILE, b"dup.py", one), (FILE, b"dup.py", two), (FOLDER, b"a", below), (FILE, b"a/dup.py", one)
    )
    assert [(entry.path, entry.oid, entry.occurrence) for entry in listed(made.path)] == [
        (b"dup.py", one, 0),
        (b"dup.py", two, 1),
        (b"a/dup.py", two, 0),
        (b"a/dup.py", one, 1),
    ]


def test_a_missing_or_malformed_folder_costs_only_itself(made: MadeRepository) -> None:
    blob = made.add_blob(b"x\n")
    malformed = made.add("tree", b"100644 cut-short\0" + bytes(7))
    odd_mode = made.add("tree", b"10064x a\0" + bytes.fromhex(blob))
    forged = made.add("tree", b"100644 forged.py\0" + bytes.fromhex(blob), oid="ab" * 20)
    made.commit(
        (FILE, b"a.py", blob),
        (FOLDER, b"gone", MISSING),
        (FOLDER, b"malformed", malformed),
        (FOLDER, b"odd", odd_mode),
        (FOLDER, b"forged", forged),
        (FILE, b"z.py", blob),
    )
    found = [(entry.path, entry.kind) for entry in listed(made.path)]
    assert found == [
        (b"a.py", "blob"),
        (b"gone", "tree"),
        (b"malformed", "tree"),
        (b"odd", "tree"),
        (b"forged", "tree"),
        (b"z.py", "blob"),
    ]


def test_thousands_of_submodules_and_links_are_entries(made: MadeRepository) -> None:
    link = made.add_blob(b"target")
    entries = [("160000", b"s%d" % i, "22" * 20) for i in range(3000)]
    entries += [("120000", b"l%d" % i, link) for i in range(3000)]
    made.commit(*entries)
    modes = [entry.mode for entry in listed(made.path)]
    assert (modes.count(0o160000), modes.count(0o120000)) == (3000, 3000)


def test_a_tree_that_unfolds_without_end_is_refused_before_the_first_entry(made: MadeRepository) -> None:
    tree = made.add_tree((FILE, b"f", made.add_blob(b"x\n")))
    for _ in range(30):
        tree = made.add_tree(*((FOLDER, b"%d" % i, tree) for i in range(10)))
    made.set_ref("refs/heads/main", made.add_commit(tree))
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "too_many_entries")


def test_endless_folders_without_a_file_are_refused(made: MadeRepository) -> None:
    tree = made.add_tree()
    for _ in range(30):
        tree = made.add_tree(*((FOLDER, b"%d" % i, tree) for i in range(10)))
    made.set_ref("refs/heads/main", made.add_commit(tree))
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "too_many_entries")


def test_the_limit_of_entries_counts_files_and_folders(made: MadeRepository) -> None:
    blob = made.add_blob(b"x\n")
    below = made.add_tree((FILE, b"a", blob), (FILE, b"b", blob))
    made.commit((FOLDER, b"one", below), (FOLDER, b"two", below))
    with GitRepository(made.path) as repository:
        tree = repository.head().tree
        assert len(list(repository.entries(tree, max_entries=6))) == 4
        with pytest.raises(RepositoryUnreadable, match="too_many_entries"):
            repository.entries(tree, max_entries=5)


def test_folders_nested_deeper_than_a_path_end_in_one_bad_path(made: MadeRepository) -> None:
    blob = made.add_blob(b"x\n")
    tree = made.add_tree((FILE, b"f", blob))
    for _ in range(3000):
        tree = made.add_tree((FOLDER, b"d", tree))
    made.commit((FILE, b"a.py", blob), (FOLDER, b"d", tree))
    a, deep = listed(made.path)
    assert (a.path, deep.kind, path_problem(deep.path)) == (b"a.py", "tree", "bad_path")
    assert len(deep.path) <= 4096


def test_a_name_longer_than_a_path_is_cut_and_bad(made: MadeRepository) -> None:
    blob = made.add_blob(b"x\n")
    made.commit((FILE, b"n" * 100_000, blob), (FILE, b"n" * 100_001, blob))
    one, other = listed(made.path)
    assert path_problem(one.path) == path_problem(other.path) == "bad_path"
    assert (len(one.path), len(other.path)) == (4096, 4096)
    assert one.path != other.path


def test_an_empty_tree_has_no_entries(made: MadeRepository) -> None:
    made.commit()
    assert listed(made.path) == []


# --- objects


def test_missing_damaged_and_forged_blobs_cost_only_themselves(made: MadeRepository) -> None:
    good = [made.add_blob(b"good %d\n" % i * 100) for i in range(250)]
    cut, garbage, empty = (made.add_blob(b"bad %d\n" % i * 1000) for i in range(3))
    made.loose(cut).write_bytes(made.loose(cut).read_bytes()[:20])
    made.loose(garbage).write_bytes(b"\xff" * 40)
    made.loose(empty).write_bytes(b"")
    forged = made.add("blob", b"not what the id says\n", oid="cd" * 20)
    tree = made.add_tree((FILE, b"a", good[0]))
    bad = [cut, garbage, empty, forged, MISSING, tree]
    asked = [oid for i, oid in enumerate(good) for oid in (oid, bad[i % len(bad)])]
    found = contents(made.path, asked)
    assert found[::2] == [b"good %d\n" % i * 100 for i in range(250)]
    assert set(found[1::2]) == {None}


def test_a_damaged_pack_costs_only_what_it_damages(made: MadeRepository) -> None:
    blobs = [bytes((i * j * 7919 + j) % 251 for j in range(5000)) for i in range(20)]
    oids = [made.add_blob(blob) for blob in blobs]
    made.commit(*((FILE, b"f%02d" % i, oid) for i, oid in enumerate(oids)))
    pack = made.pack()
    assert contents(made.path, oids) == blobs
    data = pack.read_bytes()
    middle = len(data) // 2
    pack.write_bytes(data[:middle] + bytes(64) + data[middle + 64 :])
    found = contents(made.path, oids)
    assert [content in (None, blob) for content, blob in zip(found, blobs, strict=True)] == [True] * 20
    assert 0 < found.count(None) < 20


def test_a_truncated_pack_is_a_reason_and_no_crash(made: MadeRepository) -> None:
    oid = made.add_blob(b"x" * 5000)
    made.commit((FILE, b"a", oid))
    pack = made.pack()
    pack.write_bytes(pack.read_bytes()[:40])
    assert contents(made.path, [oid]) == [None]
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "missing_commit")
    pack.write_bytes(b"")
    assert refusal(made.path) == (Reason.UNREADABLE_REPOSITORY, "missing_commit")


def test_a_blob_over_the_limit_is_not_unpacked(made: MadeRepository) -> None:
    bomb, small = made.add_blob(bytes(60_000_000)), made.add_blob(b"x\n")
    made.commit((FILE, b"bomb.bin", bomb), (FILE, b"small", small))
    assert made.loose(bomb).stat().st_size < 400_000
    assert [entry.size for entry in listed(made.path)] == [60_000_000, 2]
    assert contents(made.path, [bomb, small], max_bytes=10_000_000) == [None, b"x\n"]


def test_the_limit_of_bytes_is_inclusive(made: MadeRepository) -> None:
    oids = [made.add_blob(b"x" * size) for size in (0, 9, 10, 11)]
    assert contents(made.path, oids, max_bytes=10) == [b"", b"x" * 9, b"x" * 10, None]


def test_blobs_come_in_the_order_asked_and_as_often(made: MadeRepository) -> None:
    a, b = made.add_blob(b"a"), made.add_blob(b"b" * 9_000_000)
    assert contents(made.path, [b, a, b, a, a], max_bytes=10**7) == [
        b"b" * 9_000_000,
        b"a",
        b"b" * 9_000_000,
        b"a",
        b"a",
    ]
    assert contents(made.path, []) == []


def test_readers_that_are_given_up_or_interleaved_do_not_mix(made: MadeRepository) -> None:
    oids = [made.add_blob(b"%d" % i) for i in range(300)]
    made.commit(*((FILE, b"f%03d" % i, oid) for i, oid in enumerate(oids)))
    with GitRepository(made.path) as repository:
        next(repository.blobs(oids, max_bytes=10))
        pairs = zip(
            repository.blobs(oids, max_bytes=10), repository.blobs(oids[::-1], max_bytes=10), strict=True
        )
        entries = repository.entries(repository.head().tree)
        for i, ((_, one), (_, other)) in enumerate(pairs):
            assert (one, other, next(entries).path) == (b"%d" % i, b"%d" % (299 - i), b"f%03d" % i)


@pytest.mark.parametrize("oid", ["HEAD", "main", "ab", "", "a" * 41, "A" * 40, "a" * 39 + "\n", "-" * 40])
def test_what_is_no_object_id_is_never_shown_to_git(made: MadeRepository, oid: str) -> None:
    with GitRepository(made.path) as repository, pytest.raises(ValueError, match="40 hex digits"):
        list(repository.blobs([oid], max_bytes=10))


def test_a_sha256_repository_is_read(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "--bare", "--object-format=sha256", "real.git")
    shutil.rmtree(tmp_path / "real.git" / "objects")
    made = MadeRepository(tmp_path / "made.git", object_format="sha256")
    blob = made.add_blob(b"hello\n")
    commit = made.commit((FILE, b"a.py", blob), (FOLDER, b"d", made.add_tree((FILE, b"b.py", blob))))
    for has_config in (True, False):
        with GitRepository(made.path) as repository:
            head = repository.head()
            assert (head.commit, head.object_format, len(head.tree)) == (commit, "sha256", 64)
            assert [entry.path for entry in repository.entries(head.tree)] == [b"a.py", b"d/b.py"]
            assert list(repository.blobs([blob], max_bytes=10)) == [(blob, b"hello\n")]
        if has_config:
            (made.path / "config").unlink()


def test_the_listing_equals_that_of_git_on_a_repository_of_git(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    for name in ("z", "a/b/c", "a.b", "a-b", "a/ünicode", "a/b/d e", 'q"uote', "new\nline"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("z")
    run_git(tmp_path, "add", "-A")
    run_git(tmp_path, "commit", "-q", "-m", "m")
    oracle = run_git(tmp_path, "ls-tree", "-r", "-z", "-l", "HEAD").strip("\0").split("\0")
    found = [
        f"{entry.mode:06o} {entry.kind} {entry.oid} {entry.size:>7}\t{entry.path.decode()}"
        for entry in listed(tmp_path)
    ]
    assert found == oracle


def test_a_reader_leaves_nothing_behind(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.commit((FILE, b"a.py", made.add_blob(b"x\n")))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = sorted(made.path.rglob("*"))
    assert len(listed(made.path)) == 1
    assert list(temporary.iterdir()) == []
    assert sorted(made.path.rglob("*")) == before
