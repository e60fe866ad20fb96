"""Signatures of every scheme equal those of datasketch 2.0 and of the published script, on real files, on every CPU path."""

from __future__ import annotations

import hashlib
import site
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from datasketch import MinHash
from datasketch.hashfunc import sha1_hash32
from hypothesis import given, settings
from hypothesis import strategies as st

import stack_native
from dedup import hash32, literal_shingles, minhash, shingles

PATHS = stack_native.cpu_paths()
LEAST_FILES = 10_000
HEAD = 3_000
"""Bytes of each file: the twins in Python are slow. A few files are taken whole."""


def real_files() -> Iterator[bytes]:
    """Yield text files of the standard library and of what is installed, then of the system's headers and documents."""
    folders = [
        sysconfig.get_path("stdlib"),
        *site.getsitepackages(),
        "/usr/include",
        "/usr/share",
        "/usr/lib",
    ]
    kinds = {
        *[
            ".py",
            ".pyi",
            ".c",
            ".h",
            ".hpp",
            ".txt",
            ".js",
            ".json",
            ".md",
            ".rst",
            ".toml",
            ".cfg",
            ".html",
            ".css",
            ".xml",
            ".sh",
            ".pl",
            ".pm",
            ".rb",
        ]
    }
    for folder in dict.fromkeys(folders):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in kinds and path.is_file() and not path.is_symlink():
                try:
                    data = path.read_bytes()[: 40 * HEAD]
                except OSError:
                    continue
                if data and b"\0" not in data:
                    yield data


@cache
def corpus() -> list[str]:
    texts: dict[str, None] = {}
    for number, data in enumerate(real_files()):
        texts[(data if number % 500 == 0 else data[:HEAD]).decode("utf-8", "ignore")] = None
        if len(texts) >= LEAST_FILES + 500:
            break
    return list(texts)


@cache
def sha1_hash(shingle: bytes) -> int:
    return int.from_bytes(hashlib.sha1(shingle).digest()[:4], "little")


cached_hash32 = cache(hash32)


def least(rows: list[np.ndarray]) -> np.ndarray:
    return np.array(rows, dtype=np.uint32)


def by_datasketch(texts: list[str], *, num_perm: int, seed: int, scheme: str, hashfunc: object) -> np.ndarray:
    blank = MinHash(num_perm=num_perm, seed=seed, scheme=scheme, hashfunc=hashfunc)
    rows = []
    for text in texts:
        sketch = blank.copy()
        found = shingles(text)
        if found:
            sketch.update_batch(found)
        rows.append(sketch.hashvalues)
    return least(rows)


def by_script(texts: list[str], *, num_perm: int, seed: int) -> np.ndarray:
    """The arithmetic of the script of BigCode, written anew from its description."""
    draw, prime = np.random.RandomState(seed), np.uint64(2**61 - 1)
    pairs = [
        (draw.randint(1, prime, dtype=np.uint64), draw.randint(0, prime, dtype=np.uint64))
        for _ in range(num_perm)
    ]
    a, b = np.array(pairs, dtype=np.uint64).T
    rows = []
    for text in texts:
        hashes = np.array([sha1_hash(shingle) for shingle in literal_shingles(text)], dtype=np.uint64)
        with np.errstate(over="ignore"):
            values = (np.outer(hashes, a) + b) % prime & np.uint64(2**32 - 1)
        rows.append(values.min(axis=0, initial=np.uint64(2**32 - 1)))
    return least(rows)


def test_the_paths_of_this_machine_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nCPU paths under test: {', '.join(PATHS)}; real files: {len(corpus()):,}")
    assert PATHS[0] == "portable"


def check(scheme: str, expected: np.ndarray, texts: list[str], *, seed: int, num_perm: int) -> None:
    for path in PATHS:
        found = minhash(texts, num_perm=num_perm, seed=seed, scheme=scheme, cpu_path=path, threads=2)
        wrong = np.flatnonzero((found != expected).any(axis=1))
        assert not len(wrong), f"{path}: text {wrong[0]} of {len(wrong)}"


def test_real_files_have_the_signatures_of_datasketch_with_hash32() -> None:
    texts = corpus()
    expected = by_datasketch(texts, num_perm=64, seed=1, scheme="affine32", hashfunc=cached_hash32)
    check("default", expected, texts, seed=1, num_perm=64)


def test_real_files_have_the_signatures_of_datasketch() -> None:
    texts = corpus()
    expected = by_datasketch(texts, num_perm=256, seed=3, scheme="affine32", hashfunc=sha1_hash32)
    check("datasketch", expected, texts, seed=3, num_perm=256)


def test_real_files_have_the_signatures_of_datasketch_before_2() -> None:
    texts = corpus()
    expected = by_datasketch(texts, num_perm=64, seed=1, scheme="legacy", hashfunc=sha1_hash32)
    check("datasketch-legacy", expected, texts, seed=1, num_perm=64)


def test_real_files_have_the_signatures_of_the_published_script() -> None:
    texts = corpus()
    check("bigcode", by_script(texts, num_perm=64, seed=42), texts, seed=42, num_perm=64)


WORDS = st.lists(
    st.sampled_from(
        ["x", "_y9", "if", "a" * 17, "Z" * 40, "\u00e9", "\x00", "  ", "\n\t", "==", "\U0001f600"]
    )
)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS.map(" ".join) | st.text(), max_size=4), st.integers(0, 2**32 - 1))
def test_generated_texts_have_the_same_signatures(texts: list[str], seed: int) -> None:
    for scheme, arithmetic, hashfunc in [
        ("default", "affine32", hash32),
        ("datasketch", "affine32", sha1_hash32),
        ("datasketch-legacy", "legacy", sha1_hash32),
    ]:
        expected = by_datasketch(texts, num_perm=40, seed=seed, scheme=arithmetic, hashfunc=hashfunc)
        check(scheme, expected.reshape(-1, 40), texts, seed=seed, num_perm=40)
    check("bigcode", by_script(texts, num_perm=40, seed=seed).reshape(-1, 40), texts, seed=seed, num_perm=40)


@pytest.mark.parametrize("ngram", [1, 2, 3, 8, 64])
def test_other_ngrams_have_the_same_signatures(ngram: int) -> None:
    text = " ".join(f"w{i * i % 97}" for i in range(400))
    sketch = MinHash(num_perm=32, hashfunc=hash32)
    sketch.update_batch(shingles(text, ngram=ngram))
    for path in PATHS:
        assert (minhash([text], num_perm=32, ngram=ngram, cpu_path=path)[0] == sketch.hashvalues).all()
