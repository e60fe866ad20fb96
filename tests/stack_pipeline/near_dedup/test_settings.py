from __future__ import annotations

from pathlib import Path

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.clustering import ClusterSettings
from stack_pipeline.near_dedup.settings import Request, check_settings, choose_mode, parse_size


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0", 0),
        ("10", 10),
        ("10B", 10),
        ("1kB", 1_000),
        ("2 GB", 2 * 10**9),
        ("0.5gib", 2**29),
        ("3T", 3 * 10**12),
    ],
)
def test_sizes_have_decimal_and_binary_units(given: str, expected: int) -> None:
    assert parse_size(given) == expected


@pytest.mark.parametrize("given", ["", "GB", "-1", "1e9", "1.GB", "1ib", "1 PB", "9" * 50])
def test_what_is_no_size_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        parse_size(given)


def test_the_mode_goes_by_size_unless_it_is_named() -> None:
    request = Request(("x",), Path("y"), memory_bytes=10**9)
    assert choose_mode(request, documents=1000, text_bytes=10**8) == "memory"
    assert choose_mode(request, documents=1000, text_bytes=10**9) == "streaming"
    assert choose_mode(request, documents=10**6, text_bytes=10**3) == "streaming"
    named = Request(("x",), Path("y"), memory_bytes=0, mode="memory")
    assert choose_mode(named, documents=10**9, text_bytes=10**12) == "memory"


@pytest.mark.parametrize("threshold", [1e-9, 0.7, 1.0])
def test_every_threshold_above_zero_is_taken(threshold: float) -> None:
    check_settings(ClusterSettings(threshold=threshold, bands=36, rows=7))


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.0000001, float("inf"), float("nan")])
def test_other_thresholds_are_refused(threshold: float) -> None:
    with pytest.raises(UsageError, match=r"--threshold must be in \(0, 1\]"):
        check_settings(ClusterSettings(threshold=threshold))
