"""Draw bar charts as SVG text: no script, no font, no colour of their own; the page's style decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 220, 56, 34, 18


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its value, and what a reader sees who points at it."""

    label: str
    value: float
    title: str


def column_chart(
    bars: Sequence[Bar],
    *,
    name: str,
    unit: str,
    every: int = 1,
    is_log: bool = False,
    mark: tuple[float, str] | None = None,
) -> str:
    """Return upright bars side by side.

    Args:
        bars: From left to right.
        name: What the chart shows, for those who do not see it.
        unit: What the values count, written at the axis.
        every: Each how many bars one is labelled.
        is_log: Whether heights go by the logarithm.
        mark: A place between bars, counted from the left in bars, and what stands there.
    """
    width = (_WIDTH - _LEFT - 8) / max(1, len(bars))
    most = max((bar.value for bar in bars), default=1) or 1
    room = _HEIGHT - _BOTTOM - _TOP
    parts = [_head(name, _WIDTH, _HEIGHT)]
    for tick in _ticks(most, is_log=is_log):
        y = _HEIGHT - _BOTTOM - room * _height(tick, most, is_log=is_log)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{short_number(tick)}</text>'
        )
    for index, bar in enumerate(bars):
        height = room * _height(bar.value, most, is_log=is_log)
        if bar.value:
            height = max(height, 1.5)
        x = _LEFT + index * width
        parts.append(
            f'<rect class="bar" x="{x + width * 0.08:.1f}" y="{_HEIGHT - _BOTTOM - height:.1f}" '
            f'width="{width * 0.84:.1f}" height="{height:.1f}"><title>{escape(bar.title)}</title></rect>'
        )
        if index % every == 0:
            parts.append(
                f'<text class="tick" x="{x + width / 2:.1f}" y="{_HEIGHT - _BOTTOM + 15}" '
                f'text-anchor="middle">{escape(bar.label)}</text>'
            )
    if mark is not None and 0 <= mark[0] <= len(bars):
        x = _LEFT + mark[0] * width
        parts.append(
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4}" y2="{_HEIGHT - _BOTTOM}"/>'
            f'<text class="tick" x="{x - 4:.1f}" y="11" text-anchor="end">{escape(mark[1])}</text>'
        )
    parts.append(f'<text class="unit" x="0" y="11">{escape(unit)}</text></svg>')
    return "".join(parts)


def row_chart(rows: Sequence[tuple[str, float, float, float]], *, name: str) -> str:
    """Return lying bars cut into exact duplicates, near-duplicates and kept, as shares of each row's whole.

    Args:
        rows: Label and the shares of the three, which sum up to 1.
        name: What the chart shows, for those who do not see it.
    """
    step, left, right = 24, 150, 70
    room = _WIDTH - left - right
    parts = [_head(name, _WIDTH, max(1, len(rows)) * step)]
    for index, (label, *shares) in enumerate(rows):
        y, x = index * step, float(left)
        shown = label if len(label) <= 22 else f"{label[:21]}…"
        parts.append(
            f'<text class="tick" x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(shown)}'
            f"<title>{escape(label)}</title></text>"
        )
        for share, kind in zip(shares, ("exact", "near", "kept"), strict=True):
            parts.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{y + 3}" width="{room * share:.1f}" height="{step - 6}">'
                f"<title>{escape(label)}: {100 * share:.1f} % {_WORDS[kind]}</title></rect>"
            )
            x += room * share
        gone = 100 * (shares[0] + shares[1])
        parts.append(f'<text class="tick" x="{_WIDTH - right + 8}" y="{y + 16}">{gone:.1f} %</text>')
    return "".join(parts) + "</svg>"


_WORDS = {"exact": "exact duplicates", "near": "near-duplicates", "kept": "kept"}


def short_number(value: float) -> str:
    """Return a number in at most five characters.

    Examples:
        >>> short_number(12), short_number(1_500), short_number(2_000_000)
        ('12', '1.5k', '2M')
    """
    for limit, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{letter}"
    return f"{value:.3g}"


def _head(name: str, width: int, height: int) -> str:
    return f'<svg role="img" viewBox="0 0 {width} {height}" aria-label="{escape(name)}">'


def _height(value: float, most: float, *, is_log: bool) -> float:
    if is_log:
        return log10(value + 1) / log10(most + 1)
    return value / most


def _ticks(most: float, *, is_log: bool) -> list[float]:
    """Return a few round values from 0 up to the largest."""
    if is_log:
        top = int(log10(most))
        return [0.0, *(10.0**power for power in range(0, top + 1, max(1, (top + 4) // 5)))]
    step = 10.0 ** int(log10(most)) if most >= 1 else 1.0
    while most / step > 5:
        step *= 2
    while most / step < 2 and step >= 2:
        step /= 2
    return [step * count for count in range(int(most / step) + 1)]
