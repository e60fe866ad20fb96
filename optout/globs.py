"""Match path globs in one pass over the path.

A glob is compiled to a small automaton whose set of states is one integer, so the time is linear in the
path for any glob; there is nothing that can backtrack. `*` stands for any run within a path segment, `?`
for one character, and a whole segment `**` for any number of segments. Letter case counts, and every other
character stands for itself.

Source: Baeza-Yates and Gonnet, "A new approach to text searching", CACM 35(10), 1992 (bit-parallel automata).
"""

from __future__ import annotations

_MAX_LENGTH = 4096


class Glob:
    """A compiled path glob.

    Args:
        pattern: The glob; a leading `/` is ignored, a trailing `/` means everything below.

    Raises:
        ValueError: If the glob is empty, longer than 4096 characters, or has `**` beside other characters.

    Examples:
        >>> [Glob("docs/**").matches(path) for path in (b"docs/a.md", b"docs/x/y", b"docs", b"x/docs/a")]
        [True, True, False, False]
        >>> [Glob("**/*.py").matches(path) for path in (b"a.py", b"x/y/b.py", b"a.pyc")]
        [True, True, False]
    """

    def __init__(self, pattern: str) -> None:
        self._literals: dict[str, int] = {}
        self._one = self._run = self._segments = self._tail = 0
        self._accept = self._compile(_segments_of(pattern))

    def matches(self, path: bytes) -> bool:
        """Return whether the whole path matches; bytes that are no UTF-8 count as one character each."""
        states = self._skip_empty(1)
        for character in path.decode("utf-8", "surrogateescape"):
            states = self._skip_empty(self._step(states, character))
            if not states:
                return False
        return bool(states & self._accept)

    def _step(self, states: int, character: str) -> int:
        """Read one character: a state at bit i has matched everything before position i."""
        middle = self._segments << 1  # inside a segment that `**` swallows
        after = (states & self._literals.get(character, 0)) << 1
        after |= (states & self._tail) << 1 | states & (self._tail << 1)
        if character == "/":
            return after | (states & middle) >> 1 | states & self._segments
        return (
            after
            | (states & self._one) << 1
            | states & self._run
            | (states & self._segments) << 1
            | states & middle
        )

    def _skip_empty(self, states: int) -> int:
        """Add the states that `*` and `**` reach when they stand for nothing."""
        while True:
            reached = states | (states & self._run) << 1 | (states & self._segments) << 2
            if reached == states:
                return states
            states = reached

    def _compile(self, segments: list[str]) -> int:
        """Lay the segments out as positions and return the mask of the accepting state."""
        position = 0
        for index, segment in enumerate(segments):
            is_last = index == len(segments) - 1
            if segment == "**":
                if is_last:
                    self._tail |= 1 << position
                    position += 1
                else:
                    self._segments |= 1 << position
                    position += 2
                continue
            position = self._compile_segment(segment if is_last else segment + "/", position)
        return 1 << position

    def _compile_segment(self, segment: str, position: int) -> int:
        for character in segment:
            bit = 1 << position
            if character == "*":
                self._run |= bit
            elif character == "?":
                self._one |= bit
            else:
                self._literals[character] = self._literals.get(character, 0) | bit
            position += 1
        return position


def _segments_of(pattern: str) -> list[str]:
    """Cut a glob into segments, with repeated `**` made one."""
    if len(pattern) > _MAX_LENGTH:
        raise ValueError(f"must have at most {_MAX_LENGTH} characters")
    body = pattern.removeprefix("/")
    segments = (body + "**" if body.endswith("/") else body).split("/")
    if not body or "" in segments:
        raise ValueError("must be a path glob such as 'docs/**', without empty segments")
    if any("**" in segment and segment != "**" for segment in segments):
        raise ValueError(
            "has '**' beside other characters; '**' stands for whole segments, as in 'docs/**/*.md'"
        )
    return [s for i, s in enumerate(segments) if s != "**" or segments[i - 1 : i] != ["**"]]
