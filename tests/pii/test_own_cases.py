"""The evaluation's own cases: their format, their number, and that they do not know the detection."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.pii.cases import reader
from benchmarks.pii.cases.contexts import EMAIL_CONTEXTS, IP_CONTEXTS, SECRET_CONTEXTS
from benchmarks.pii.cases.generated import FILLERS, filled, generate_cases
from benchmarks.pii.cases.reader import (
    ALL_KINDS,
    BREAK,
    CLOSE,
    DEFAULT_KINDS,
    HANDWRITTEN,
    IGNORE,
    OPEN,
    Case,
    MarkedSpan,
    parse,
    read_file,
    read_handwritten,
)

ROOT = Path(__file__).parents[2]
BY_HAND = read_handwritten()
GENERATED = generate_cases()
ALL = [*BY_HAND, *GENERATED]

#: Shapes that scanners of repositories look for, each as a prefix and what follows it.
LIVE_SHAPES = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60}|A[KS]IA[A-Z2-7]{16}|xox[bp]-\d+-\d+|sk_live_\w{20}"
    r"|glpat-[\w-]{20}|AIza[\w-]{35}|SG\.[\w-]{22}\.[\w-]{43}|npm_\w{36}|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----\s+[A-Za-z0-9+/]{40}"
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some-class.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_enough_cases() -> None:
    assert len(BY_HAND) >= 550
    assert len(GENERATED) >= 1500
    assert len(ALL) >= 2000


def test_every_class_has_several_cases() -> None:
    sizes = Counter(case.group for case in ALL)
    assert {group: size for group, size in sizes.items() if size < 5} == {}
    assert len({case.group for case in BY_HAND}) >= 30


def test_identifiers_and_texts_are_unique() -> None:
    assert len({case.id for case in ALL}) == len(ALL)
    assert [text for text, times in Counter(case.text for case in ALL).items() if times > 1] == []


def test_identifiers_name_class_and_number() -> None:
    for group in {case.group for case in ALL}:
        members = [case.id for case in ALL if case.group == group]
        assert members == [f"{group}/{number}" for number in range(1, len(members) + 1)]


def test_every_kind_is_sought_and_most_classes_hold_places_to_pass_over() -> None:
    assert {span.kind for case in ALL for span in case.spans} == {*ALL_KINDS, IGNORE}
    assert sum(not case.spans for case in BY_HAND) >= 150
    assert sum(not case.spans for case in GENERATED) >= 300


@pytest.mark.parametrize("cases", [BY_HAND, GENERATED], ids=["by hand", "generated"])
def test_spans_are_in_order_and_inside_the_text(cases: list[Case]) -> None:
    for case in cases:
        edges = [edge for span in case.spans for edge in (span.start, span.end)]
        assert edges == sorted(edges), case.id
        assert all(0 <= span.start < span.end <= len(case.text) for span in case.spans), case.id
        assert {span.kind for span in case.spans} <= {*case.kinds, IGNORE}, case.id
        assert not {OPEN, CLOSE, BREAK} & set(case.text), case.id


def test_marked_addresses_look_like_addresses() -> None:
    for case in ALL:
        for span in case.spans:
            value = case.text[span.start : span.end]
            if span.kind == "EMAIL":
                assert value.count("@") == 1, case.id
                assert not re.search(r"[\s<>()\[\]\"]|mailto:", value), case.id
            elif span.kind == "IP_ADDRESS":
                assert re.fullmatch(r"[0-9a-fA-F.:]{2,45}", value), case.id
                assert ":" in value or value.count(".") == 3, case.id


def test_marked_private_keys_are_whole_blocks() -> None:
    for case in ALL:
        for span in case.spans:
            value = case.text[span.start : span.end]
            if span.kind == "KEY" and value.startswith("----"):
                assert value.endswith("----"), case.id
                assert "END" in value, case.id


def test_no_file_holds_the_shape_of_a_live_credential() -> None:
    for path in sorted(HANDWRITTEN.parent.rglob("*.*")):
        if path.suffix in {".txt", ".py"}:
            assert LIVE_SHAPES.search(path.read_text(encoding="utf-8")) is None, path.name


def test_the_shapes_are_whole_after_reading() -> None:
    assert sum(LIVE_SHAPES.search(case.text) is not None for case in BY_HAND) >= 25


def test_generators_give_the_same_cases_again() -> None:
    assert generate_cases() == GENERATED


def test_generators_give_the_same_cases_in_another_process() -> None:
    code = (
        "import hashlib; from benchmarks.pii.cases.generated import generate_cases;"
        "print(hashlib.sha256(repr(generate_cases()).encode()).hexdigest())"
    )
    digests = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", code]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        digests.add(run.stdout)
    assert len(digests) == 1


@pytest.mark.parametrize(
    "path", sorted(Path(reader.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_the_cases_do_not_know_the_detection(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        else:
            continue
        assert not {name.split(".")[0] for name in names} & {"pii", "stack_native", "random"}


def test_the_marks_are_taken_out_and_the_breaks_dropped() -> None:
    text, spans = parse("a ⟦KEY|gh¦p_x⟧ b¦c ⟦IGNORE|d⟧")
    assert text == "a ghp_x bc d"
    assert spans == (MarkedSpan(2, 7, "KEY"), MarkedSpan(11, 12, "IGNORE"))


def test_a_value_may_hold_lines_and_bars() -> None:
    assert parse("⟦KEY|a|b\nc⟧") == ("a|b\nc", (MarkedSpan(0, 5, "KEY"),))


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("⟦EMAIL|a@b.io", "unbalanced"),
        ("a@b.io⟧", "without"),
        ("⟦EMAIL|a⟧ b⟧", "unbalanced"),
        ("⟦KEY|a⟦KEY|b⟧⟧", "unbalanced"),
        ("⟦PHONE|1⟧", "unknown kind 'PHONE'"),
        ("⟦NAME|Tove⟧", "unknown kind 'NAME'"),
        ("⟦KEY⟧", "no '|'"),
        ("⟦KEY|⟧", "empty value"),
    ],
)
def test_a_wrong_mark_is_refused(marked: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(marked)


def test_a_file_is_read_case_by_case(tmp_path: Path) -> None:
    path = written(tmp_path, "# A class.\n# kinds: NAME KEY\n---\n# a ⟦NAME|Bo⟧\n\nx\n---\ny\n")
    kinds = ("NAME", "KEY")
    assert read_file(path) == [
        Case("some-class/1", "some-class", "# a Bo\n\nx", (MarkedSpan(4, 6, "NAME"),), kinds),
        Case("some-class/2", "some-class", "y", (), kinds),
    ]
    assert DEFAULT_KINDS == ("EMAIL", "IP_ADDRESS", "KEY", "PASSWORD")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n", "no line '---'"),
        ("x = 1\n---\na\n", "some-class.txt:1: only comment lines"),
        ("# kinds: KEY PHONE\n---\na\n", "unknown kinds ['PHONE']"),
        ("# x\n---\na\n---\n---\nb\n", "some-class.txt:5: an empty case"),
        ("# x\n---\na\n---\n⟦KEY|b\n", "some-class.txt:5: unbalanced"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_file(written(tmp_path, text))


def test_an_unknown_placeholder_is_refused() -> None:
    with pytest.raises(KeyError):
        filled("<TELEPHONE>", "seed")


def test_every_filler_is_used() -> None:
    tables = (EMAIL_CONTEXTS, IP_CONTEXTS, SECRET_CONTEXTS)
    templates = "\n".join(line for table in tables for lines in table.values() for line in lines)
    assert [name for name in FILLERS if name not in templates] == []
