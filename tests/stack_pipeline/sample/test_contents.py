"""What the sample's files say about themselves agrees with what its fates promise, by plain oracles."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import stack_pipeline.sample
from stack_pipeline.files.encoding import decode, is_binary, is_lfs_pointer
from stack_pipeline.files.paths import is_vendored
from stack_pipeline.sample import HARMLESS, PLANTED, UNPUBLISHED_NAMES, repositories
from stack_pipeline.sample.git_objects import object_id
from stack_pipeline.sample.near_copies import Link, chain
from stack_pipeline.sample.repository import File, SampleRepository
from stack_pipeline.sources.paths import path_problem

PASSED = ("kept", "exact_duplicate", "near_duplicate")


def _files(*fates: str) -> Iterator[tuple[SampleRepository, File]]:
    for repository in repositories():
        for file in repository.files:
            if not fates or file.fate in fates:
                yield repository, file


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[A-Za-z0-9_]+", text)
    return frozenset(tuple(words[start : start + 5]) for start in range(len(words) - 4))


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def test_the_chain_holds_link_by_link_and_not_from_end_to_end() -> None:
    links: tuple[Link, ...] = ("A", "B", "C")
    a, b, c = (_shingles(chain(link)) for link in links)
    assert 0.75 < _jaccard(a, b) < 0.9
    assert 0.75 < _jaccard(b, c) < 0.9
    assert 0.55 < _jaccard(a, c) < 0.69


def _rank(repository: SampleRepository, file: File) -> tuple[object, ...]:
    stars, forks = -repository.stars, -repository.forks
    return stars, forks, repository.created_at, repository.id, repository.full_name.lower(), file.path


def test_duplicates_are_the_ones_that_a_plain_search_over_all_pairs_finds() -> None:
    expected: dict[tuple[str, bytes], str] = {}
    texts: dict[str, str] = {}
    kept: list[frozenset[tuple[str, ...]]] = []
    for repository, file in sorted(_files(*PASSED), key=lambda pair: _rank(*pair)):
        decoded = decode(file.content)
        assert decoded is not None, (repository.full_name, file.path)
        shingles = _shingles(decoded.text)
        if decoded.text in texts:
            fate = "exact_duplicate"
        elif any(_jaccard(shingles, other) >= 0.7 for other in kept):
            fate = "near_duplicate"
        else:
            fate = "kept"
            kept.append(shingles)
        texts[decoded.text] = fate
        expected[repository.full_name, file.path] = fate
    assert expected == {(repository.full_name, file.path): file.fate for repository, file in _files(*PASSED)}


def test_no_two_files_are_so_nearly_alike_that_a_signature_may_miss_them() -> None:
    distinct = {object_id(b"blob", file.content): file for _, file in _files(*PASSED)}
    shingles = [_shingles(decoded.text) for file in distinct.values() if (decoded := decode(file.content))]
    close = [_jaccard(one, other) for one, other in itertools.combinations(shingles, 2)]
    assert [similarity for similarity in close if 0.69 < similarity < 0.75] == []


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.kind}-{planted.where}")
def test_every_planted_value_lies_where_it_is_said_to(planted: stack_pipeline.sample.Planted) -> None:
    full_name, _, place = planted.where.partition(":")
    repository = next(each for each in repositories() if each.full_name == full_name)
    value = planted.value.encode()
    by_place = {
        "path": b"\n".join(file.path for file in repository.files),
        "default branch": repository.default_branch.encode(),
        "tag": "\n".join(repository.tags).encode(),
    }
    contents = {file.path.decode("utf-8", "replace"): file.content for file in repository.files}
    where = by_place.get(place) or contents.get(place) or b"\n".join(contents.values())
    assert value in where


def test_planted_values_are_distinct_and_no_source_spells_out_a_secret() -> None:
    values = [planted.value for planted in PLANTED]
    assert len(set(values)) == len(values)
    folder = Path(stack_pipeline.sample.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    secrets = [planted.value for planted in PLANTED if planted.kind in ("key", "password", "private_key")]
    assert [value for value in secrets if value in source] == []


def test_harmless_addresses_stand_in_kept_files() -> None:
    published = b"\n".join(file.content for _, file in _files("kept"))
    assert [address for address in HARMLESS if address.encode() not in published] == []


def test_no_kept_file_and_no_published_name_shows_what_must_stay_unpublished() -> None:
    shown = [
        text.lower()
        for repository, file in _files("kept")
        for text in (repository.full_name.encode(), file.path, decode(file.content).text.encode())  # type: ignore[union-attr]
    ]
    assert [name for name in UNPUBLISHED_NAMES for text in shown if name.lower().encode() in text] == []


def test_text_in_every_encoding_is_read_as_it_was_meant() -> None:
    encodings = next(each for each in repositories() if each.full_name == "hazel/encodings")
    found = {file.path: decode(file.content) for file in encodings.files}
    meant = {
        b"texts/gruesse.py": ("utf-8", "Schülerzeitung"),
        b"texts/gruesse_utf16.py": ("utf-16-le", "Schülerzeitung"),
        b"texts/gares.py": (None, "Hôpital-général"),
        b"texts/tides.py": ("cp1251", "Приливы и отливы"),
        b"texts/bom.py": ("utf-8", "postman"),
        b"texts/crlf.md": ("utf-8", "\r\n"),
    }
    for path, (encoding, words) in meant.items():
        decoded = found[path]
        assert decoded is not None
        assert words in decoded.text
        assert encoding is None or decoded.encoding == encoding
    assert found[b"texts/gruesse.py"].text == found[b"texts/gruesse_utf16.py"].text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fate", "is_so"),
    [
        ("binary", lambda file: is_binary(file.content)),
        ("lfs_pointer", lambda file: is_lfs_pointer(file.content)),
        ("empty_file", lambda file: not file.content),
        ("vendored", lambda file: is_vendored(file.path)),
        ("bad_path", lambda file: path_problem(file.path) is not None),
        ("symlink", lambda file: file.mode == b"120000"),
        ("submodule", lambda file: file.mode == b"160000"),
        ("missing_object", lambda file: not file.is_stored and file.mode != b"160000"),
    ],
)
def test_exactly_the_files_of_a_fate_are_so(fate: str, is_so: object) -> None:
    assert callable(is_so)
    chosen = [(r.full_name, f.path) for r, f in _files(fate)]
    assert chosen != []
    assert [(r.full_name, f.path) for r, f in _files(fate, *PASSED) if is_so(f)] == chosen


def test_undecodable_files_are_text_in_no_encoding() -> None:
    for _, file in _files("undecodable"):
        assert decode(file.content) is None
        assert not is_binary(file.content)
