"""Train the value model: letter trigrams and class transitions of what people write.

    python -m tools.value_model.train

Reads `words.txt`, composes identifiers, file names, sentences without blanks and the like from its words with a
fixed sequence of draws, counts, and writes `native/src/pii/value_model.bin`. The same words give the same bytes.

The file holds costs in eighths of a bit, one byte each, capped at 255:

- 27 x 27 x 27 for letters: the cost of letter c after letters a and b of the same run of letters (0 stands for the
  beginning of the run, 1..26 for a..z);
- 5 x 5 x 5 for classes: the cost of class z after classes x and y (0 beginning or end, 1 lower case, 2 upper case,
  3 digit, 4 anything else).

Source: the interpolated n-gram model of Jurafsky and Martin, "Speech and Language Processing", chapter 3.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
MODEL = HERE.parent.parent / "native" / "src" / "pii" / "value_model.bin"

#: Texts composed of words, and shares of trigram, bigram, unigram and uniform costs.
COMPOSED = 60_000
SHARES = (0.72, 0.2, 0.06, 0.02)
#: The bytes of a cost are eighths of a bit.
UNIT = 8

_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]")


class Draws:
    """A fixed sequence of numbers: SHA-256 in counter mode."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def below(self, limit: int) -> int:
        """Return the next number in [0, limit)."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:8]) % limit


def read_words(path: Path = HERE / "words.txt") -> list[str]:
    """Return the words of the list in its order, without comments."""
    lines = path.read_text(encoding="ascii").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def compose(words: list[str], count: int = COMPOSED) -> Iterator[str]:
    """Yield what people make of words: identifiers in all styles, words with numbers, paths."""
    draws = Draws("compose")
    for _ in range(count):
        parts = [words[draws.below(len(words))] for _ in range(1 + draws.below(4))]
        style = draws.below(12)
        text = _styled(parts, style)
        if style in (0, 3, 7) and draws.below(3) == 0:
            text += str(draws.below(10 ** (1 + draws.below(4))))
        yield text


def _styled(parts: list[str], style: int) -> str:
    capitals = [part.capitalize() for part in parts]
    match style:
        case 0:
            return "".join(parts[:2])
        case 1 | 2:
            return "_".join(parts)
        case 3:
            return "".join(capitals)
        case 4 | 5:
            return parts[0] + "".join(capitals[1:])
        case 6:
            return "_".join(parts).upper()
        case 7:
            return parts[0]
        case 8:
            return "-".join(parts)
        case 9:
            return ".".join(parts)
        case 10:
            return "/".join(parts)
        case _:
            return " ".join(parts)


def letter_costs(texts: list[str]) -> bytes:
    """Return the costs of letters after two letters of their run."""
    three: Counter[tuple[int, int, int]] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            before, last = 0, 0
            for letter in run.lower():
                code = ord(letter) - 96
                three[before, last, code] += 1
                before, last = last, code
    two: Counter[tuple[int, int]] = Counter()
    one: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    singles: Counter[int] = Counter()
    for (before, last, code), number in three.items():
        two[last, code] += number
        one[code] += number
        pairs[before, last] += number
        singles[last] += number
    total = sum(one.values())
    costs = bytearray()
    for before, last, code in product(range(27), repeat=3):
        parts = (
            three[before, last, code] / max(1, pairs[before, last]),
            two[last, code] / max(1, singles[last]),
            one[code] / total,
            1 / 26,
        )
        costs.append(_cost(sum(share * part for share, part in zip(SHARES, parts, strict=True))))
    return bytes(costs)


def class_costs(texts: list[str]) -> bytes:
    """Return the costs of classes after two classes."""
    three: Counter[tuple[int, int, int]] = Counter()
    for text in texts:
        classes = [0, 0, *(_class(c) for c in text), 0]
        three.update(zip(classes, classes[1:], classes[2:], strict=False))
    costs = bytearray()
    for before, last, code in product(range(5), repeat=3):
        seen = sum(three[before, last, other] for other in range(5))
        costs.append(_cost((three[before, last, code] + 1) / (seen + 200)))
    return bytes(costs)


def _class(character: str) -> int:
    if "a" <= character <= "z":
        return 1
    if "A" <= character <= "Z":
        return 2
    return 3 if "0" <= character <= "9" else 4


def _cost(probability: float) -> int:
    return min(255, round(-math.log2(probability) * UNIT)) if probability > 0 else 255


def train() -> bytes:
    """Return the model."""
    words = read_words()
    texts = [*words, *compose(words)]
    return letter_costs(texts) + class_costs(texts)


if __name__ == "__main__":
    MODEL.write_bytes(train())
