"""No value is ever quoted: not in an exception, not in what Python shows of a result, not in a log, not on the terminal."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

import pii
from pii import Span, explain, find, find_by_shape, find_in_array, redact, redact_array
from tests.pii.invented_values import KEY, PROVIDER_KEYS, drawn, pem

#: A value of every kind; all are found with all kinds asked for.
VALUES = {
    "EMAIL": "mara.lindt@palereed.org",
    "IP_ADDRESS": "52.29.7.14",
    "KEY": PROVIDER_KEYS["npm-token"],
    "PASSWORD": "t1dal-wr3n",
    "NAME": "Mara Lindtorp",
    "USERNAME": "mlindtorp",
}
PRIVATE_LINES = pem().split("\n")[1:-1]
TEXT = "\n".join(
    [
        f"mail {VALUES['EMAIL']} host {VALUES['IP_ADDRESS']} npm {VALUES['KEY']}",
        f'password = "{VALUES["PASSWORD"]}"',
        f"Author: {VALUES['NAME']}",
        f"/home/{VALUES['USERNAME']}/nest",
        pem(),
    ]
)
PLANTED = (*VALUES.values(), *PRIVATE_LINES)
FAR = len(TEXT) + 1


def span(start: int, end: int, kind: str = "KEY") -> Span:
    return Span(start, end, kind, "test", 1.0)


#: Wrong uses, with the text as the argument that may be quoted.
WRONG_USES: dict[str, Callable[[], Any]] = {
    "find, a kind": lambda: find(TEXT, kinds=["PHONE"]),
    "find, a policy": lambda: find(TEXT, policy="spare"),
    "find, a type": lambda: find(bytearray(TEXT.encode())),  # type: ignore[arg-type]
    "find, a list": lambda: find([TEXT]),  # type: ignore[arg-type]
    "find_by_shape, a type": lambda: find_by_shape((TEXT,)),  # type: ignore[arg-type]
    "explain, a policy": lambda: explain(TEXT, policy="spare"),
    "redact, a span behind the text": lambda: redact(TEXT, proposed=[span(3, FAR)]),
    "redact, a span before the text": lambda: redact(TEXT, proposed=[span(-3, 9)]),
    "redact, a span that ends before it begins": lambda: redact(TEXT, proposed=[span(9, 3)]),
    "redact, a span of bytes": lambda: redact(TEXT.encode(), proposed=[span(3, FAR)]),
    "redact, a span of another script": lambda: redact("é" + TEXT, proposed=[span(3, FAR + 1)]),
    "redact, the kind of a span": lambda: redact(TEXT, proposed=[span(3, 9, "PHONE")]),
    "redact, a kind": lambda: redact(TEXT, kinds=["PHONE"]),
    "redact, a style": lambda: redact(TEXT, style="other"),
    "redact, a style without a key": lambda: redact(TEXT, style="synthetic"),
    "redact, an empty key": lambda: redact(TEXT, key=b""),
    "redact, a policy": lambda: redact(TEXT, policy="spare"),
    "redact, a type": lambda: redact(memoryview(TEXT.encode())),
    "find_in_array, a list": lambda: find_in_array([TEXT]),
    "find_in_array, lists": lambda: find_in_array(pa.array([[TEXT]])),
    "find_in_array, threads": lambda: find_in_array(pa.array([TEXT]), threads=0),
    "redact_array, a dictionary": lambda: redact_array(pa.array([TEXT]).dictionary_encode()),
    "redact_array, threads": lambda: redact_array(pa.array([TEXT]), threads=257),
    "redact_array, a kind": lambda: redact_array(pa.array([TEXT]), kinds=["PHONE"]),
}


def quoted(shown: str) -> list[str]:
    """Return the planted values that a text quotes."""
    return [value for value in PLANTED if value in shown]


def test_every_planted_value_is_found() -> None:
    found = [TEXT[s.start : s.end] for s in find(TEXT, kinds=pii.KINDS)]
    assert set(VALUES.values()) <= set(found)
    assert all(any(line in value for value in found) for line in PRIVATE_LINES)


@pytest.mark.parametrize("name", WRONG_USES)
def test_no_exception_quotes_the_text(name: str) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)) as caught:
        WRONG_USES[name]()
    error: BaseException | None = caught.value
    while error is not None:
        assert quoted(f"{error} {error!r} {error.args} {getattr(error, '__notes__', '')}") == []
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("options", [{}, {"key": KEY}], ids=["placeholder", "synthetic"])
def test_no_result_holds_a_value(options: dict[str, Any]) -> None:
    result = redact(TEXT, **options, kinds=pii.KINDS)
    array, rows = redact_array(pa.array([TEXT]), **options, kinds=pii.KINDS)
    for shown in (result, result.spans, array.to_pylist(), rows.to_pylist(), find(TEXT), explain(TEXT)[1]):
        assert quoted(repr(shown)) == []
    assert quoted(pickle.dumps(result).decode("latin-1")) == []


def test_nothing_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.NOTSET):
        for text in (TEXT, "é" + TEXT):
            redact(text, key=KEY, kinds=pii.KINDS)
            redact(text.encode(), key=KEY, kinds=pii.KINDS)
            explain(text, kinds=pii.KINDS)
        find_in_array(pa.array([TEXT, None]), threads=2)
        redact_array(pa.array([TEXT]), key=KEY, threads=2)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_the_key_is_not_shown_either() -> None:
    secret = drawn(32, seed="a key of redaction").encode()
    shown = repr(redact(TEXT, key=secret)) + repr(redact_array(pa.array([TEXT]), key=secret))
    assert secret.decode() not in shown and secret.hex() not in shown
