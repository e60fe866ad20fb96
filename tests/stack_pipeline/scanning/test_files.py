from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.files import check_paths, file_texts, find_files, shown
from stack_pipeline.scanning.replacing import replace_unchanged, write_whole
from stack_pipeline.scanning.tally import Tally


def names(folder: Path, tally: Tally) -> list[str]:
    return [os.path.relpath(file.path, folder) for file in find_files([str(folder)], tally)]


def test_folders_are_read_in_the_order_of_paths_without_git_links_and_pipes(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a-b.txt", ".git/config", "a/.git/x", ".env", "sub/.git"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to("b.txt")
    (tmp_path / "around").symlink_to(".")
    os.mkfifo(tmp_path / "pipe")
    tally = Tally()
    assert names(tmp_path, tally) == [".env", "a-b.txt", "a/z.txt", "b.txt"]
    assert (tally.links, tally.unread) == (2, 0)


def test_a_file_that_is_gone_or_a_link_by_now_is_counted_and_not_followed(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("x")
    tally = Tally()
    files = list(find_files([str(tmp_path)], tally))
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").unlink()
    (tmp_path / "b.txt").symlink_to("c.txt")
    assert [place.path for place, _ in file_texts(files, tally)] == [str(tmp_path / "c.txt")]
    assert tally.unread == 2
    with pytest.raises(UsageError, match=r"a\.txt: No such file or directory, and 1 more"):
        tally.demand_all_read()


def test_missing_paths_and_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    check_paths([str(tmp_path)])
    with pytest.raises(UsageError, match="No such file"):
        check_paths([str(tmp_path), str(tmp_path / "nowhere")])
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        check_paths([str(tmp_path / "pipe")])


def test_names_that_are_no_utf8_can_be_shown() -> None:
    assert shown(os.fsdecode(b"na\xefve\xc3\xa9")) == "na\\xefveé"


def test_a_file_is_replaced_whole_with_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.sh"
    file.write_bytes(b"old")
    file.chmod(0o751)
    replace_unchanged(file, b"new", file.stat())
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o751)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("change", ["content", "link", "other", "mode"])
def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path, change: str) -> None:
    file, other = tmp_path / "a.txt", tmp_path / "other.txt"
    file.write_bytes(b"old")
    other.write_bytes(b"old")
    was = file.stat()
    if change == "content":
        file.write_bytes(b"older")
    elif change == "mode":
        file.chmod(0o600)
    else:
        file.unlink()
        file.symlink_to(other) if change == "link" else other.rename(file)
    before = file.read_bytes()
    with pytest.raises(OSError, match="was changed"):
        replace_unchanged(file, b"new", was)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    def fail(stream: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(file, fail, replace=True)
    with pytest.raises(UsageError, match="exists already"):
        write_whole(file, lambda stream: stream.write(b"new"), replace=False)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
