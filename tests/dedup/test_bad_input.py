"""What nobody should send and somebody will: right or refused in one line, and bounded in memory.

Memory is measured in processes of their own; the bounds are a multiple of what is needed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import SCHEMES, candidate_pairs, find_near_duplicates, minhash, pack_pairs, unpack_pairs

KINDS = ("star", "components")

PREAMBLE = """
import re
from pathlib import Path
import numpy as np
import pyarrow as pa
from dedup import candidate_pairs, find_near_duplicates

def array_of(text, copies=1):
    ends = np.array([0] + [len(text)] * copies, dtype=np.int64)
    return pa.Array.from_buffers(pa.large_binary(), copies, [None, pa.py_buffer(ends), pa.py_buffer(text)])

"""


def rows_and_peak(code: str) -> tuple[int, float]:
    """Run code that sets `found`; return its length and the peak memory of the process in megabytes."""
    # Not the ru_maxrss of resource: a child process takes over that of its parent.
    peak_kilobytes = "re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1]"
    code = f"{PREAMBLE}{code}\nprint(len(found), {peak_kilobytes})"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    count, kilobytes = run.stdout.split()
    return int(count), int(kilobytes) / 1000


def removed(table: Any) -> list[int]:
    rows = zip(table["id"].to_pylist(), table["representative"].to_pylist(), strict=True)
    return [row for row, head in rows if row != head]


@given(st.lists(st.one_of(st.none(), st.binary(max_size=80)), max_size=8), st.sampled_from(sorted(SCHEMES)))
def test_any_bytes_are_only_texts(texts: list[bytes | None], scheme: str) -> None:
    for clusters in KINDS:
        table = find_near_duplicates(
            pa.array(texts, pa.large_binary()), scheme=scheme, clusters=clusters, ngram=2
        )
        members = table["id"].to_pylist()
        assert len(set(members)) == len(members)
        assert all(texts[member] is not None for member in members)
        copies = {row for row, text in enumerate(texts) if text is not None and text in texts[:row]}
        assert copies <= set(removed(table))


def test_invalid_utf_8_separates_tokens() -> None:
    texts = [b"a\xffb\xc3\x28c d e f", b"a b c d e f", b"\xf0\x28\x8c\x28", b"\x80" * 50, b"\xed\xa0\x80"]
    for kind in (pa.binary(), pa.large_binary()):
        table = find_near_duplicates(pa.array(texts, kind))
        assert table["id"].to_pylist() == [0, 1] and table["similarity"].to_pylist() == [1.0, 1.0]


def test_surrogates_and_zeros_are_only_bytes() -> None:
    assert removed(find_near_duplicates(["\ud800", "\ud800", "\0", "\0", "a\0b\0c\0d\0e", "a b c d e"])) == [
        1,
        3,
        5,
    ]


@pytest.mark.parametrize("text", ["", " ", "a", "a" * 100_000, "\n" * 100_000, "{}" * 50_000, "\0"])
def test_texts_without_shingles_go_by_their_bytes(text: str) -> None:
    for clusters in KINDS:
        assert removed(
            find_near_duplicates([text, text + " ", text, None, text + "."], clusters=clusters)
        ) == [2]


def test_a_hundred_thousand_bytes_of_two_shingles_are_compared_as_two() -> None:
    texts = ["a b " * 25_000, "b a " * 30_000, "a b a b a c"]
    table = find_near_duplicates(texts, measure="jaccard")
    assert table["id"].to_pylist() == [0, 1] and table["similarity"].to_pylist() == [1.0, 1.0]


def test_many_identical_texts_are_one_cluster() -> None:
    for text in ["f(x) { return g(x, x, x); }", ""]:
        table = find_near_duplicates(pa.array([text]).take(np.zeros(200_000, dtype=np.int64)), threads=2)
        assert table.num_rows == 200_000
        assert table["representative"].unique().to_pylist() == [0]
        assert table["kind"].value_counts().to_pylist() == [
            {"values": "kept", "counts": 1},
            {"values": "exact", "counts": 199_999},
        ]


def test_copies_are_found_beside_a_text_made_to_share_half_of_their_key() -> None:
    text, made = bytes(70), bytearray(66)
    made[0] = 70 ^ 66
    for texts in ([text, bytes(made), text], [bytes(made), text, bytes(made), text, bytes(made)]):
        table = find_near_duplicates(texts)
        assert sorted(removed(table)) == [row for row in range(len(texts)) if texts[row] in texts[:row]]


HEADER = " ".join(f"licence{number}" for number in range(60))


def test_a_hundred_thousand_texts_under_one_header_that_is_all_they_are_become_one() -> None:
    texts = pa.array([f"{HEADER} own{row} x{row}" for row in range(100_000)])
    table = find_near_duplicates(texts, num_perm=64, bucket_heads=4, threads=2)
    assert table.num_rows == 100_000
    assert len(table["representative"].unique()) < 100
    assert min(table["similarity"].to_pylist()) >= 0.7


def test_a_hundred_thousand_texts_that_share_a_header_only_stay() -> None:
    texts = pa.array([f"{HEADER} " + " ".join(f"own{row}_{n}" for n in range(40)) for row in range(100_000)])
    for clusters in KINDS:
        assert find_near_duplicates(texts, num_perm=128, clusters=clusters, threads=2).num_rows == 0


def test_a_bucket_that_everything_was_aimed_at_gives_pairs_with_its_heads_only() -> None:
    largest = 0

    def none_pass(pairs: Any) -> Any:
        nonlocal largest
        largest = max(largest, len(pairs))
        return pairs[:0]

    keys = np.full((1, 1_000_000), 2**63, dtype=np.uint64)
    pairs, report = candidate_pairs(keys, gate=none_pass, bucket_heads=8)
    assert len(pairs) == 0
    assert report.candidates == 7 * 8 // 2 + (1_000_000 - 8) * 8
    assert (report.truncated_buckets, report.largest_bucket) == (1, 1_000_000)
    assert largest < 8_500_000


def test_of_a_bucket_without_a_gate_all_pairs_with_its_heads_come_out() -> None:
    pairs, _ = candidate_pairs(np.full((3, 300_000), 2**63, dtype=np.uint64), bucket_heads=3)
    left, right = unpack_pairs(pairs)
    assert len(pairs) == 3 + (300_000 - 3) * 3 and set(left.tolist()) == {0, 1, 2}
    assert pairs.tolist() == np.unique(pack_pairs(left, right)).tolist()


def test_texts_aimed_at_one_bucket_are_compared_and_stay() -> None:
    shingles = [f"t{number} a b c d" for number in range(40_000)]
    first_slots = minhash(shingles)[:, 0]
    lowest = shingles[int(first_slots.argmin())]
    texts = [f"{lowest} " + " ".join(f"own{row}_{number}" for number in range(30)) for row in range(5000)]
    assert (minhash(texts)[:, 0] == first_slots.min()).mean() > 0.99
    for clusters in KINDS:
        assert find_near_duplicates(texts, bands=256, rows=1, clusters=clusters).num_rows == 0
    copies = [*texts, *(f"{text} more" for text in texts[:50])]
    assert removed(find_near_duplicates(copies, bands=256, rows=1)) == list(range(5000, 5050))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize(
    ("code", "rows", "most_megabytes"),
    [
        ("found = find_near_duplicates(array_of(b'a' * 300_000_000))", 0, 1_000),
        ("found = find_near_duplicates(array_of(b'a b ' * 25_000_000))", 0, 400),
        (
            "found = find_near_duplicates([b'a b ' * 5_000_000, b'b a ' * 5_000_000], clusters='components')",
            2,
            400,
        ),
        ("found = find_near_duplicates(pa.array(['f(x) { return 1; }'] * 200_000))", 200_000, 500),
        ("found = find_near_duplicates(pa.array([None] * 200_000, pa.string()))", 0, 500),
        (
            "keys = np.full((1, 1_000_000), 2**63, dtype=np.uint64)\n"
            "found = candidate_pairs(keys, bucket_heads=4).pairs",
            6 + 4 * (1_000_000 - 4),
            700,
        ),
    ],
    ids=["one-token", "two-shingles", "two-alike", "identical", "nulls", "one-bucket"],
)
def test_memory_is_bounded(code: str, rows: int, most_megabytes: int) -> None:
    found, peak = rows_and_peak(code)
    assert found == rows
    assert peak < most_megabytes


@pytest.mark.parametrize("texts", [["a b c d e f"] * 2, []], ids=["texts", "no texts"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        *(({"threshold": value}, r"threshold must be in \(0, 1\], got") for value in (0, -1, 1.0001)),
        ({"threshold": float("nan")}, r"threshold must be in \(0, 1\], got nan"),
        ({"threshold": float("inf")}, r"threshold must be in \(0, 1\], got inf"),
        ({"bands": 37, "rows": 7}, r"bands \* rows must be in \[1, 256\], got 259"),
        ({"bands": 0, "rows": 7}, r"bands must be in \[1, 256\], got 0"),
        ({"bands": -4, "rows": -4}, "bands must be in"),
        ({"bands": 36}, "bands and rows go together"),
        ({"rows": 7}, "bands and rows go together"),
        ({"clusters": "stars"}, "clusters must be one of star, components, got 'stars'"),
        ({"clusters": "x" * 1000 + "\n"}, "clusters must be one of"),
        ({"measure": "cosine"}, "measure must be one of jaccard, containment, got 'cosine'"),
        ({"scheme": "sha256"}, "scheme must be one of default, .*, got 'sha256'"),
        ({"num_perm": 0}, "num_perm must be"),
        ({"num_perm": 70_000}, "num_perm must be in"),
        ({"ngram": 0}, r"ngram must be in \[1, 64\], got 0"),
        ({"ngram": 65}, r"ngram must be in \[1, 64\], got 65"),
        ({"seed": -1}, "seed must be in"),
        ({"min_tokens": -1}, "min_tokens must be in"),
        ({"max_bucket": 1}, "max_bucket must be in"),
        ({"bucket_heads": 0}, "bucket_heads must be in"),
        ({"threads": 0}, r"threads must be in \[1, 256\], got 0"),
        ({"threads": 257}, r"threads must be in \[1, 256\], got 257"),
        ({"ids": ["a"]}, "ids must have"),
        ({"ids": ["a", None]}, "ids must"),
        ({"ids": ["a", "a"]}, "ids must"),
        ({"rank": [1]}, "rank must have"),
        ({"rank": [1, "x"]}, "rank must"),
        ({"rank": [1.0, float("nan")]}, "rank must"),
        ({"groups": ["c"]}, "groups must have"),
    ],
    ids=str,
)
def test_bad_options_are_refused_in_one_line(texts: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        find_near_duplicates(texts, **options)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "texts",
    [pa.array([1, 2]), pa.array([["a"]]), pa.chunked_array([[1.0]]), "text", b"text", 7, None, [1]],
    ids=str,
)
def test_what_is_no_texts_is_refused_in_one_line(texts: Any) -> None:
    with pytest.raises(ValueError, match=r"^texts must be") as caught:
        find_near_duplicates(texts)
    assert "\n" not in str(caught.value)


def test_an_option_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="treshold"):
        find_near_duplicates(["a"], treshold=0.7)
