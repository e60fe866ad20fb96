"""Tests of decoding and of what is no text."""

from __future__ import annotations

import codecs
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.files import Decoded, decode, is_binary, is_lfs_pointer

RUSSIAN = "// Функция считает сумму двух чисел и возвращает результат вычисления\nint сумма;\n" * 5
JAPANESE = "# これは日本語のコメントです。関数は二つの数の合計を返します。\n" * 5
OID = "4d7a2146" * 8
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n".encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Decoded("", "utf-8", had_bom=False)),
        (b"a\r\nb\rc\n", Decoded("a\r\nb\rc\n", "utf-8", had_bom=False)),
        ("naïve 😀".encode(), Decoded("naïve 😀", "utf-8", had_bom=False)),
        (codecs.BOM_UTF8 + b"x\r\n", Decoded("x\r\n", "utf-8", had_bom=True)),
        (codecs.BOM_UTF8, Decoded("", "utf-8", had_bom=True)),
        (codecs.BOM_UTF16_LE + "é😀".encode("utf-16-le"), Decoded("é😀", "utf-16-le", had_bom=True)),
        (codecs.BOM_UTF16_BE + "é😀".encode("utf-16-be"), Decoded("é😀", "utf-16-be", had_bom=True)),
        (codecs.BOM_UTF32_LE + "é😀".encode("utf-32-le"), Decoded("é😀", "utf-32-le", had_bom=True)),
        (codecs.BOM_UTF32_BE + "é😀".encode("utf-32-be"), Decoded("é😀", "utf-32-be", had_bom=True)),
        ("a\ufeffb".encode(), Decoded("a\ufeffb", "utf-8", had_bom=False)),
    ],
)
def test_marks_and_utf_8_decide(data: bytes, expected: Decoded) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize(
    ("text", "charset", "canonical"),
    [
        (RUSSIAN, "windows-1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE, "euc-jp", "euc_jp"),
    ],
)
def test_legacy_charsets_come_back_as_the_same_text(text: str, charset: str, canonical: str) -> None:
    decoded = decode(text.encode(charset))
    assert decoded is not None
    assert (decoded.text, decoded.had_bom) == (text, False)
    assert codecs.lookup(decoded.encoding).name == codecs.lookup(canonical).name == decoded.encoding


def test_a_charset_is_found_behind_a_long_ascii_part() -> None:
    text = "x = 1;\n" * 300_000 + RUSSIAN
    decoded = decode(text.encode("cp1251"))
    assert decoded is not None
    assert decoded.text == text


@pytest.mark.parametrize(
    ("data", "binary"),
    [
        (b"a\0b", True),
        (b"a" * 10_000 + b"\0", True),
        (codecs.BOM_UTF8 + b"a\0", True),
        ("plain".encode("utf-16-le"), True),
        (codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"), False),
        (codecs.BOM_UTF16_LE + b"a", False),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", False),
        (codecs.BOM_UTF8 + b"\xff", False),
        (zlib.compress(b"compressed data " * 50).replace(b"\0", b"\1"), False),
    ],
)
def test_what_is_no_text_is_binary_or_undecodable(data: bytes, binary: bool) -> None:
    assert decode(data) is None
    assert is_binary(data) is binary


@given(st.binary(max_size=400) | st.text().map(lambda t: t.encode("utf-16")) | st.text().map(str.encode))
def test_whatever_is_decoded_is_clean_text_and_never_binary(data: bytes) -> None:
    decoded = decode(data)
    if decoded is not None:
        assert "\0" not in decoded.text
        assert not is_binary(data)
        assert data.endswith(decoded.text.encode(decoded.encoding))
        decoded.text.encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_utf_8_text_comes_back(text: str) -> None:
    marked = text.startswith("\ufeff")
    assert decode(text.encode()) == Decoded(text.removeprefix("\ufeff"), "utf-8", had_bom=marked)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (POINTER, True),
        (POINTER.replace(b"\n", b"\r\n"), True),
        (POINTER.rstrip(), True),
        (POINTER.replace(b"\noid", b"\next-0-x sha256:00\noid"), True),
        (POINTER.replace(b"git-lfs.github", b"hawser.github"), True),
        (b"", False),
        (POINTER.splitlines()[0] + b"\n", False),
        (b"# a pointer looks like this:\n" + POINTER, False),
        (POINTER + b"and more\n", False),
        (POINTER + b" " * 1000, False),
    ],
)
def test_lfs_pointers_are_whole_small_files(data: bytes, expected: bool) -> None:
    assert is_lfs_pointer(data) is expected


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    assert is_lfs_pointer(data) in (True, False)
    assert is_binary(data) == (
        b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
    )
