from __future__ import annotations

import pytest

from stack_pipeline.scanning.positions import Position, Positions, characters
from stack_pipeline.scanning.texts import Text, lines_of, read_text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_text_is_read_as_utf8_and_goes_back_byte_for_byte(encoding: str) -> None:
    raw = ("\ufeff" + "größe\r\n𝛼 = 1\n").encode(encoding)
    text = read_text(raw)
    assert text is not None
    assert text.data == "größe\r\n𝛼 = 1\n".encode()
    assert text.in_file(text.data) == raw
    assert Positions(text).at(text.data.index(b"=")) == Position(2, 3, raw.index("=".encode(encoding)))


@pytest.mark.parametrize("raw", [b"", b"\xff\xe9 caf\xe9\n", "\ufeffa".encode(), b"a" * 9000 + b"\0"])
def test_other_texts_stay_as_they_are(raw: bytes) -> None:
    text = read_text(raw)
    assert text is not None
    assert text.data == text.in_file(text.data) == raw


@pytest.mark.parametrize("raw", [b"\0", b"a" * 7999 + b"\0", b"\xff\xfea", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_binary(raw: bytes) -> None:
    assert read_text(raw) is None


def test_the_repr_of_a_text_holds_none_of_it() -> None:
    assert "secret" not in repr(Text(b"secret"))


POSITIONS = [
    (b"abc", 0, (1, 1)),
    (b"a\nbc", 2, (2, 1)),
    (b"a\r\nbc", 4, (2, 2)),
    ("é\nöä".encode(), 5, (2, 2)),
    ("\ufeffab".encode(), 4, (1, 2)),
    (b"\xe9\xe8 x", 3, (1, 4)),
    (b"a\rb", 2, (1, 3)),
    (b"", 0, (1, 1)),
]


@pytest.mark.parametrize(("data", "place", "expected"), POSITIONS)
def test_lines_and_columns_are_counted_in_characters(
    data: bytes, place: int, expected: tuple[int, int]
) -> None:
    position = Positions(Text(data)).at(place)
    assert (position.line, position.column, position.offset) == (*expected, place)


def test_positions_asked_for_one_after_another_are_those_asked_for_alone() -> None:
    data = "ä1\nb2 é3\n\nd4é\n".encode() * 20
    text = Text(data)
    positions = Positions(text)
    places = [at for at in range(len(data)) if data[at] & 0xC0 != 0x80]
    assert [positions.at(at) for at in places] == [Positions(text).at(at) for at in places]


def test_a_long_line_is_counted_piece_by_piece() -> None:
    data = b"x" + "é".encode() * (1 << 20)
    assert characters(data, 0, len(data)) == 1 + (1 << 20)


def test_lines_end_at_line_feeds_only() -> None:
    assert lines_of(b"a\rb\x0bc\r\n\nd") == [b"a\rb\x0bc\r\n", b"\n", b"d"]
    assert lines_of(b"") == []
