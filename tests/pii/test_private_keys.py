"""Private key blocks in every dress they wear in source code."""

from __future__ import annotations

import base64

import pytest

from pii import find, find_by_shape
from tests.pii.invented_values import drawn, pem

BLOCK = pem()
LINES = BLOCK.split("\n")


@pytest.mark.parametrize(
    "block",
    [
        BLOCK,
        pem(""),
        pem("OPENSSH "),
        pem("EC "),
        BLOCK.replace("\n", "\r\n"),
        BLOCK.replace("\n", "\\n"),
        '\\n" +\n    "'.join(LINES),
        "\n        ".join(LINES),
        "\n# ".join(LINES),
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n"
        + drawn(64)
        + "\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: a@b.co\n\n"
        + drawn(64)
        + "\n-----END PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n" + drawn(64) + "\nPrivate-MAC: " + "0a" * 20,
    ],
)
def test_the_whole_block_is_one_span(block: str) -> None:
    text = f"before '{block}' after"
    assert [text[span.start : span.end] for span in find(text, kinds=["KEY"])] == [block]


def encoded(text: str, width: int = 0) -> str:
    """Return text in base64, in lines of a width."""
    whole = base64.b64encode(text.encode()).decode()
    return "\n    ".join(whole[at : at + width] for at in range(0, len(whole), width)) if width else whole


@pytest.mark.parametrize("width", [0, 64, 76])
@pytest.mark.parametrize("label", ["RSA ", "", "OPENSSH "])
def test_a_block_in_base64_is_one_span(label: str, width: int) -> None:
    value = encoded(pem(label, lines=25) + "\n", width)
    for text in (f"  tls.key: {value}\n  tls.crt: x\n", f'"{value}"', f"{value}"):
        assert [text[span.start : span.end] for span in find(text, kinds=["KEY"])] == [value]
        assert find_by_shape(text)


@pytest.mark.parametrize(
    "value",
    [
        encoded(BLOCK.replace("PRIVATE KEY", "CERTIFICATE")),
        encoded(BLOCK.replace("PRIVATE", "PUBLIC")),
        encoded("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"),
        encoded(BLOCK).lower(),
        "x" + encoded(BLOCK.replace("PRIVATE KEY", "CERTIFICATE")),
    ],
)
def test_an_encoded_block_without_a_private_key_is_none(value: str) -> None:
    assert find_by_shape(f"data: {value}\n") == []


def test_without_an_end_line_the_block_ends_with_its_base64() -> None:
    text = "\n".join(LINES[:-1]) + "\n\ndef f():\n    pass\n"
    (span,) = find(text, kinds=["KEY"])
    assert text[span.start : span.end] == "\n".join(LINES[:-1])


def test_two_blocks_in_a_row_are_two_spans() -> None:
    text = BLOCK + "\n" + pem(seed="other")
    assert len(list(find(text, kinds=["KEY"]))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "if 'BEGIN RSA PRIVATE KEY' in text:",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        BLOCK.replace("PRIVATE", "PUBLIC"),
        "PuTTY-User-Key-File-2: ",
    ],
)
def test_marks_without_a_key_are_left(text: str) -> None:
    assert list(find(text, kinds=["KEY"])) == []


def test_what_stands_in_a_certificate_is_public() -> None:
    body = drawn(64)
    text = f"-----BEGIN CERTIFICATE-----\n'{body}'\n-----END CERTIFICATE-----\nsecret('{body}')"
    assert [span.start for span in find(text, kinds=["KEY"])] == [text.rindex(body)]
