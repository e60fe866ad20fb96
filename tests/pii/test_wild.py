"""Finds in real repositories: places, masks, judgements and the interval."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.pii.judgements import (
    JUDGEMENTS,
    Judgement,
    Precision,
    add_judgements,
    place_hash,
    read_judgements,
    write_for_judging,
)
from benchmarks.pii.repositories import Repository, TextFile, find_repositories, read_head, repository_name
from benchmarks.pii.wild import draw
from benchmarks.pii.wild_finds import WildFind, find_in_files, shape_of
from stack_pipeline.inspection.reviewing import wilson_interval

ADDRESS = "jo@mail.net"
OTHER = "al@mail.net"
CONTENT = f"first\nto {ADDRESS}, {OTHER}.\nafter {OTHER}\n".encode()


def finds(content: bytes = CONTENT, path: str = "a.txt") -> list[WildFind]:
    (batch,) = find_in_files("o/r", iter([TextFile(path, content)]), "detect")
    assert batch[0] == len(content)
    return batch[1]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_wilson_interval_is_the_published_one(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_an_impossible_share_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[0, 3\]; got 4"):
        wilson_interval(4, 3)


def test_a_wider_z_gives_a_wider_interval() -> None:
    narrow, wide = wilson_interval(8, 10), wilson_interval(8, 10, z=2.58)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_the_hash_of_a_place_never_changes() -> None:
    assert place_hash("a/b", "c.py", "EMAIL", 1, "mail ****") == "e135cc6a17fa04bb2bc929062388e6a3"


def test_every_part_of_a_place_changes_its_hash() -> None:
    places = [
        ("a/b", "c.py", "EMAIL", 1, "mail ****"),
        ("a/bc", ".py", "EMAIL", 1, "mail ****"),
        ("a/b", "d.py", "EMAIL", 1, "mail ****"),
        ("a/b", "c.py", "KEY", 1, "mail ****"),
        ("a/b", "c.py", "EMAIL", 2, "mail ****"),
        ("a/b", "c.py", "EMAIL", 1, "mail  ****"),
    ]
    assert len({place_hash(*place) for place in places}) == len(places)


def test_a_find_shows_its_lines_without_any_value() -> None:
    first, second, third = finds()
    assert (first.context, second.context) == ("to ****, ***.", "to ***, ****.")
    assert (first.before, first.after, first.line) == ("first", "after ***", 2)
    assert (third.before, third.context, third.after, third.line) == ("to ***, ***.", "after ****", "", 3)
    for find in (first, second, third):
        shown = " ".join(map(str, (find.before, find.context, find.after, find.shape)))
        assert "jo" not in shown
        assert "al@" not in shown


def test_a_place_is_known_by_its_line_with_the_value_masked() -> None:
    first = finds()[0]
    assert first.place == place_hash("o/r", "a.txt", "EMAIL", 2, f"to ****, {OTHER}.")
    renamed = finds(CONTENT.replace(b"jo@", b"bo@"))[0]
    assert renamed.place == first.place


def test_finds_of_one_line_are_different_places() -> None:
    assert len({find.place for find in finds()}) == 3


def test_long_lines_are_cut_round_the_value() -> None:
    (find,) = finds(b"x" * 500 + b" " + ADDRESS.encode() + b" " + b"y" * 500)
    assert find.context == f"…{'x' * 99} **** {'y' * 99}…"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("ab12-X", "6: a2 d2 - A1"),
        ("10.0.0.7", "8: d2 . d1 . d1 . d1"),
        ("é é", "3: ü1 _ ü1"),
        ("a1" * 50, "100: " + ("a1 d1 " * 50)[:80] + " …"),
    ],
)
def test_a_shape_tells_classes_and_no_letter(value: str, shape: str) -> None:
    assert shape_of(value) == shape


def test_a_sample_is_drawn_by_hash_from_what_nobody_judged() -> None:
    found = finds()
    places = sorted(find.place for find in found)
    judged = {places[0]: Judgement("true", "")}
    assert [find.place for find in draw([*found, *found], judged, 5)] == places[1:]
    assert [find.place for find in draw(found, {}, 1)] == places[:1]
    assert draw(found, {}, 5, ("KEY",)) == []


def test_judged_rows_of_a_sample_reach_the_table(tmp_path: Path) -> None:
    sample, table = tmp_path / "sample.csv", tmp_path / "judgements.csv"
    found = finds()
    write_for_judging(WildFind, found, sample)
    lines = sample.read_text().splitlines()
    lines[1] = lines[1].replace(",,,", ",true,a person,", 1)
    sample.write_text("\n".join(lines))
    assert add_judgements(sample, table) == 1
    assert add_judgements(sample, table) == 0
    assert read_judgements(table) == {found[0].place: Judgement("true", "a person")}


def test_the_committed_judgements_can_be_read() -> None:
    assert JUDGEMENTS.exists()
    read_judgements()


@pytest.mark.parametrize(
    ("rows", "message"),
    [("a,perhaps,\n", "got 'perhaps'"), ("a,true,\na,false,\n", "place a is judged twice")],
)
def test_a_wrong_table_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "j.csv").write_text(f"place,verdict,reason\n{rows}")
    with pytest.raises(ValueError, match=message):
        read_judgements(tmp_path / "j.csv")


def test_unsure_judgements_count_on_neither_side() -> None:
    precision = Precision.of(Counter(true=3, false=1, unsure=6))
    assert (precision.share, precision.interval) == (0.75, wilson_interval(3, 4))
    assert Precision.of(Counter(unsure=2)).share is None


@pytest.mark.parametrize("place", ["o/n", "o/n.git", "o+n", "o+n/repo", "o+n.git"])
def test_a_repository_is_named_by_owner_and_name(place: str) -> None:
    assert repository_name(Path(place), Path(place)) == "o/n"


def test_head_is_read_without_links_and_binary_files(tmp_path: Path) -> None:
    folder = tmp_path / "o" / "n"
    folder.mkdir(parents=True)
    (folder / "a é.txt").write_bytes(b"text\n")
    (folder / "binary").write_bytes(b"a\0b")
    (folder / "latin").write_bytes(b"caf\xe9")
    (folder / "empty").write_bytes(b"")
    (folder / "link").symlink_to("binary")
    git = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=n@example.org"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "c"], check=True)
    (folder / "later.txt").write_text("not committed")
    assert find_repositories(tmp_path) == [Repository("o/n", folder)]
    assert list(read_head(Repository("o/n", folder))) == [TextFile("a é.txt", b"text\n")]
