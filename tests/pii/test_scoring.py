"""The scorer against counts made by hand, and against the public scorer where that is."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import pii
from benchmarks.pii.floors import Level, fallen, levels, raised, read_floors, write_floors
from benchmarks.pii.scoring import Found, Item, Measures, Reference, Tally, is_spared, matches, score
from benchmarks.pii.sets import FILES, EvaluationSet, read_public

TEXT = "mail a@b.example or 10.0.0.7 and 52.1.2.3, key abcdefghij end"
ADDRESS = Reference(5, 16, "EMAIL", "example")
PRIVATE = Reference(20, 28, "IP_ADDRESS", "private")
PUBLIC = Reference(33, 41, "IP_ADDRESS", "public")
KEY = Reference(47, 57, "KEY", "strong")


def item(*references: Reference, **more: Any) -> Item:
    return Item("one", "group", TEXT, references, **more)


def tally(kind: str, rule: str, finds: Iterable[Found], given: Item, policy: str = "detect") -> Tally:
    return score([given], {"one": tuple(finds)}, policy=policy)[kind, rule]


@pytest.mark.parametrize(
    ("found", "strict", "lenient"),
    [
        ((10, 20), True, True),
        ((11, 20), True, True),
        ((12, 20), False, True),
        ((10, 22), True, True),
        ((8, 20), True, True),
        ((8, 21), False, True),
        ((10, 23), False, True),
        ((19, 30), False, True),
        ((20, 30), False, False),
        ((0, 10), False, False),
    ],
)
def test_strict_wants_more_than_four_fifths_of_both(
    found: tuple[int, int], strict: bool, lenient: bool
) -> None:
    assert matches(found, (10, 20), "strict") is strict
    assert matches(found, (10, 20), "lenient") is lenient


def test_a_reference_counts_once_however_many_finds_match_it() -> None:
    found = [Found(47, 57, "KEY", "a"), Found(47, 56, "PASSWORD", "b")]
    counts = tally("SECRET", "strict", found, item(KEY))
    assert (counts.right, counts.missed, counts.wrong.total()) == (1, 0, 0)


def test_a_find_of_half_a_reference_is_wrong_by_the_strict_rule_and_right_by_the_lenient() -> None:
    found = [Found(47, 52, "KEY", "half")]
    strict, lenient = (tally("SECRET", rule, found, item(KEY)) for rule in ("strict", "lenient"))
    assert (strict.right, strict.missed, dict(strict.wrong)) == (0, 1, {"part": 1})
    assert dict(strict.by_detector) == {"half": 1}
    assert (lenient.right, lenient.missed, lenient.wrong.total()) == (1, 0, 0)


def test_keys_and_passwords_are_one_kind() -> None:
    assert tally("SECRET", "strict", [Found(47, 57, "PASSWORD")], item(KEY)).right == 1
    assert tally("SECRET", "strict", [Found(47, 57, "SECRET")], item(KEY)).right == 1
    assert tally("SECRET", "strict", [Found(47, 57, "EMAIL")], item(KEY)).right == 0


def test_an_unknown_label_and_an_empty_find_count_nowhere() -> None:
    counts = tally("SECRET", "strict", [Found(0, 4, "URL"), Found(3, 3, "KEY")], item(KEY))
    assert (counts.right, counts.missed, counts.wrong.total()) == (0, 1, 0)


def test_the_same_find_twice_is_wrong_once() -> None:
    assert tally("SECRET", "strict", [Found(0, 4, "KEY"), Found(0, 4, "PASSWORD")], item()).wrong.total() == 1


def test_wrong_finds_are_told_apart_by_where_they_lie() -> None:
    given = item(KEY, negatives=((0, 4),), ignored=((17, 19),))
    found = [Found(2, 4, "KEY"), Found(18, 19, "KEY"), Found(29, 32, "KEY"), Found(50, 61, "KEY")]
    counts = tally("SECRET", "strict", found, given)
    assert dict(counts.wrong) == {"labelled": 1, "elsewhere": 1, "part": 1}


def test_another_extent_of_a_reference_is_as_good() -> None:
    wide = Reference(20, 28, "IP_ADDRESS", "private", others=((17, 31),))
    assert tally("IP_ADDRESS", "strict", [Found(17, 31, "IP_ADDRESS")], item(wide)).right == 1
    assert tally("IP_ADDRESS", "strict", [Found(17, 31, "IP_ADDRESS")], item(PRIVATE)).right == 0


def test_redact_leaves_out_addresses_of_nobody() -> None:
    found = [Found(20, 28, "IP_ADDRESS"), Found(33, 41, "IP_ADDRESS")]
    counts = tally("IP_ADDRESS", "strict", found, item(PRIVATE, PUBLIC), "redact")
    assert (counts.right, counts.missed, counts.wrong.total()) == (1, 0, 0)
    assert list(counts.by_class) == ["IP_ADDRESS", "IP_ADDRESS/public"]


def test_redact_does_not_care_about_example_mailboxes() -> None:
    for found in ([Found(5, 16, "EMAIL")], []):
        counts = tally("EMAIL", "strict", found, item(ADDRESS), "redact")
        assert (counts.right, counts.missed, counts.wrong.total()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("address", "spared"),
    [
        ("10.0.0.7", True),
        ("10.0.0.0/8", True),
        ("fe80::1%eth0", True),
        ("8.8.8.8", True),
        ("8.8.8.8/32", False),
        ("52.1.2.3", False),
        ("2a00:1450::1", False),
        ("no address", False),
    ],
)
def test_private_addresses_and_resolvers_are_spared(address: str, spared: bool) -> None:
    assert is_spared(address) is spared


def test_an_item_without_finds_misses_all() -> None:
    counts = score([item(KEY)], {})["SECRET", "strict"]
    assert (counts.missed, counts.measures) == (1, Measures(0.0, 0.0, 0.0))


def test_kinds_that_are_not_labelled_are_not_judged() -> None:
    assert set(score([item(KEY, kinds=("KEY",))], {"one": [Found(5, 16, "EMAIL")]})) == {
        ("SECRET", "strict"),
        ("SECRET", "lenient"),
    }


def test_weights_change_the_weighted_counts_alone() -> None:
    given = [item(KEY, weight=3.0), Item("two", "group", TEXT, (KEY,))]
    counts = score(given, {"one": [Found(47, 57, "KEY")]})["SECRET", "strict"]
    assert (counts.measures.recall, counts.weighted_measures.recall) == (0.5, 0.75)


def test_measures_are_those_of_the_textbook() -> None:
    measures = Measures.of(6, 2, 4)
    assert (measures.precision, measures.recall, measures.f1) == pytest.approx((0.75, 0.6, 2 / 3))


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="got 'keep'"):
        score([], {}, policy="keep")


def test_a_class_with_nothing_to_find_is_measured_by_its_clean_texts() -> None:
    texts = EvaluationSet("own", (Item("a", "empty", TEXT, ()), Item("b", "empty", TEXT, ())))
    finds = {"a": [Found(0, 4, "KEY"), Found(5, 9, "EMAIL")]}
    assert levels(texts, finds) == {("own", "empty"): Level(1.0, 0.5)}


def test_floors_only_rise(tmp_path: Path) -> None:
    floors = {("own", "a"): Level(0.9, 0.5), ("own", "gone"): Level(1.0, 1.0)}
    measured = {("own", "a"): Level(0.8, 2 / 3), ("own", "new"): Level(1.0, 1.0)}
    write_floors(raised(measured, floors), tmp_path / "floors.csv")
    assert read_floors(tmp_path / "floors.csv") == {
        ("own", "a"): Level(0.9, 0.666),
        ("own", "new"): Level(1.0, 1.0),
    }


def test_a_class_below_its_floor_or_without_one_is_told() -> None:
    measured = {("own", "a"): Level(0.8, 0.6), ("own", "new"): Level(1.0, 1.0)}
    floors = {("own", "a"): Level(0.9, 0.5), ("own", "gone"): Level(1.0, 1.0)}
    assert fallen(measured, floors) == [
        "own/a: recall is 0.800, must be at least 0.900",
        "own/gone: has a floor but no case",
        "own/new: has no floor",
    ]


def public_folder() -> Path | None:
    folder = os.environ.get("STACK_PIPELINE_PII_EVAL")
    return Path(folder) if folder else None


@pytest.mark.parametrize("name", sorted(FILES) if public_folder() else [])
@pytest.mark.parametrize("policy", ["detect", "redact"])
def test_our_counts_are_those_of_the_public_scorer(name: str, policy: str) -> None:
    folder = public_folder()
    assert folder is not None
    texts = read_public(name, folder / FILES[name])
    finds = {each.id: _finds(each) for each in texts.items}
    theirs = _their_score(folder, folder / FILES[name], finds, policy)
    ours = score(texts.items, finds, policy=policy)
    assert {kind for kind, _ in ours} == set(theirs)
    for (kind, rule), counts in ours.items():
        assert _comparable(counts) == pytest.approx(_theirs(theirs[kind], rule[0])), (kind, rule)
        for label, (right, total) in counts.by_class.items():
            assert (right, total) == tuple(theirs[kind][key, rule[0], label] for key in ("hit", "n"))


def _finds(each: Item) -> list[Found]:
    spans = pii.find(each.text, kinds=each.kinds)
    return [Found(span.start, span.end, span.kind, span.detector) for span in spans]


def _their_score(folder: Path, path: Path, finds: dict[str, list[Found]], policy: str) -> Any:
    spec = importlib.util.spec_from_file_location("public_scorer", folder / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    items = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().split("\n") if line]
    places = {
        name: [{"start": find.start, "end": find.end, "label": find.label} for find in found]
        for name, found in finds.items()
    }
    return module.score(items, places, policy)


def _comparable(counts: Tally) -> dict[str, float]:
    return {
        "right": counts.right,
        "missed": counts.missed,
        **{where: counts.wrong[where] for where in ("part", "labelled", "elsewhere")},
        **{f"weighted {name}": counts.weighted[name] for name in ("right", "missed", "wrong")},
    }


def _theirs(counts: Any, rule: str) -> dict[str, float]:
    names = {
        "right": "TP",
        "missed": "FN",
        "part": "FPpart",
        "labelled": "FPlab",
        "elsewhere": "FPunl",
        "weighted right": "wTP",
        "weighted missed": "wFN",
        "weighted wrong": "wFP",
    }
    return {name: counts[rule + theirs] for name, theirs in names.items()}
