"""Draw the curves of the documentation: how likely bands propose a pair, by the similarity of its texts.

    python -m tools.draw_bands [--check]

With `--check` nothing is written, and the exit code is 1 if the figure is not as it would be drawn. The figure can stand
in a page or be loaded by one; it has no background, and its colours can be told apart from white and from black.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dedup import collision_probability

FIGURE = Path(__file__).resolve().parent.parent / "docs" / "near-dedup-bands.svg"

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 704, 42, 348
_LEAST = 0.3
_STEPS = 140
_INK = "#767676"


@dataclass(frozen=True)
class Curve:
    """One choice of bands.

    Args:
        bands: Slices of a signature.
        rows: Slots per slice.
        threshold: The similarity it is chosen for.
        colour: Of the line.
        dash: Pattern of the line, empty for a whole one.
    """

    bands: int
    rows: int
    threshold: float
    colour: str
    dash: str

    def at(self, similarity: float) -> float:
        """Return the probability that a pair of this similarity is proposed."""
        return collision_probability(similarity, bands=self.bands, rows=self.rows)


CURVES = (
    Curve(36, 7, 0.7, "#2f7fd6", ""),
    Curve(25, 10, 0.7, "#2f7fd6", "7 5"),
    Curve(21, 12, 0.85, "#c9691c", ""),
    Curve(13, 19, 0.85, "#c9691c", "7 5"),
)
"""For each threshold the bands that `bands_for` chooses, and dashed those that datasketch does, at 256 slots."""


def bands_figure(curves: Sequence[Curve] = CURVES) -> str:
    """Return the figure as SVG text."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{_title(curves)}</title>",
        *_grid(),
        *(_threshold(value) for value in sorted({curve.threshold for curve in curves})),
        *(_line(curve) for curve in curves),
        *(_mark(curve) for curve in curves),
        *(_key(index, curve) for index, curve in enumerate(curves)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(curves: Sequence[Curve]) -> str:
    said = (f"{c.bands} bands of {c.rows} rows {c.at(c.threshold):.3f} at {c.threshold}" for c in curves)
    return f"Probability that a pair is proposed, by Jaccard similarity: {'; '.join(said)}"


def _x(similarity: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (similarity - _LEAST) / (1 - _LEAST)


def _y(probability: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * probability


def _grid() -> list[str]:
    parts = []
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_INK}" stroke-opacity="0.3"/>'
        )
        parts.append(_text(_LEFT - 8, y + 4, f"{tenth / 10:.1f}", anchor="end"))
    for tenth in range(round(10 * _LEAST), 11):
        parts.append(_text(_x(tenth / 10), _BOTTOM + 18, f"{tenth / 10:.1f}", anchor="middle"))
    parts.append(_text((_LEFT + _RIGHT) / 2, _BOTTOM + 40, "Jaccard similarity of the pair", anchor="middle"))
    parts.append(_text(8, 16, "probability that the pair is proposed", anchor="start"))
    return parts


def _threshold(value: float) -> str:
    x = _x(value)
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 6}" y2="{_BOTTOM}" stroke="{_INK}" stroke-dasharray="2 4"/>'
    return line + _text(x, _TOP - 12, f"threshold {value}", anchor="middle")


def _line(curve: Curve) -> str:
    steps = (_LEAST + (1 - _LEAST) * step / _STEPS for step in range(_STEPS + 1))
    points = " ".join(f"{_x(s):.1f},{_y(curve.at(min(s, 1.0))):.1f}" for s in steps)
    dash = f' stroke-dasharray="{curve.dash}"' if curve.dash else ""
    return f'<polyline points="{points}" fill="none" stroke="{curve.colour}" stroke-width="2.2"{dash}/>'


def _mark(curve: Curve) -> str:
    """Mark the threshold on a curve; the number stands where no other curve runs."""
    probability = curve.at(curve.threshold)
    x, y = _x(curve.threshold), _y(probability)
    away, down, anchor = (-9, -1, "end") if curve.dash else (9, 16, "start")
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{curve.colour}"/>'
    return dot + _text(x + away, y + down, f"{probability:.3f}", anchor=anchor, colour=curve.colour)


def _key(index: int, curve: Curve) -> str:
    x, y = _LEFT + 16, _TOP + 26 + 22 * index
    dash = f' stroke-dasharray="{curve.dash}"' if curve.dash else ""
    line = (
        f'<line x1="{x}" x2="{x + 34}" y1="{y}" y2="{y}" stroke="{curve.colour}" stroke-width="2.2"{dash}/>'
    )
    return line + _text(x + 42, y + 4, f"{curve.bands} × {curve.rows}", anchor="start", colour=curve.colour)


def _text(x: float, y: float, text: str, *, anchor: str, colour: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def main() -> int:
    """Write the figure, or check it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say whether it is out of date")
    check = parser.parse_args().check
    figure = bands_figure()
    if FIGURE.exists() and FIGURE.read_text(encoding="utf-8") == figure:
        return 0
    print(f"docs/{FIGURE.name}: {'out of date' if check else 'written'}")
    if not check:
        FIGURE.write_text(figure, encoding="utf-8")
    return 1 if check else 0


if __name__ == "__main__":
    sys.exit(main())
