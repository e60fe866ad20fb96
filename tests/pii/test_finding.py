"""The public `find`: units, kinds, policies, order, hostile input."""

from __future__ import annotations

from dataclasses import asdict

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii import DEFAULT_KINDS, VERSION, Span, explain, find, find_by_shape, find_in_array
from tests.pii.invented_values import PROVIDER_KEYS, drawn, pem

TEXT = f'Grüße an bob@corp.io, host 52.95.110.1, password = "hunter2!", {PROVIDER_KEYS["npm-token"]}'


def test_all_kinds_are_found_in_order() -> None:
    spans = find(TEXT)
    assert [(span.kind, TEXT[span.start : span.end]) for span in spans] == [
        ("EMAIL", "bob@corp.io"),
        ("IP_ADDRESS", "52.95.110.1"),
        ("PASSWORD", "hunter2!"),
        ("KEY", PROVIDER_KEYS["npm-token"]),
    ]
    assert {span.kind for span in spans} == set(DEFAULT_KINDS)


def test_offsets_of_bytes_are_bytes() -> None:
    data = TEXT.encode()
    assert [data[s.start : s.end].decode() for s in find(data)] == [TEXT[s.start : s.end] for s in find(TEXT)]


def test_bytes_that_are_no_utf8_keep_their_places() -> None:
    data = b"\xff\xfe bob@corp.io \x80\xc3(eve@corp.io)\xed\xa0\x80"
    assert [data[s.start : s.end] for s in find(data)] == [b"bob@corp.io", b"eve@corp.io"]


@pytest.mark.parametrize("kind", DEFAULT_KINDS)
def test_only_the_kinds_asked_for_are_reported(kind: str) -> None:
    assert find(TEXT, kinds=[kind]) == [span for span in find(TEXT) if span.kind == kind]


def test_the_policy_redact_leaves_what_is_nobodys() -> None:
    text = "ann@example.com 192.168.0.1 8.8.8.8 bob@corp.io 52.95.110.1"
    assert [text[s.start : s.end] for s in find(text, policy="redact")] == ["bob@corp.io", "52.95.110.1"]
    assert len(find(text, policy="detect")) == 5


@pytest.mark.parametrize(
    "text",
    [
        "<EMAIL> <IP_ADDRESS> <KEY> <PASSWORD>",
        'password = "<PASSWORD>"',
        "mail abcdefghijkl@redacted.example",
        "host 198.18.7.9 and 2001:db8:7069:1:2:3:4:5",
        'api_key = "xrdct_' + drawn(20, "xrdct") + '"',
        'API_KEY = "XRDCT_' + drawn(20, "XRDCT") + '"',
        'password = "x' + drawn(20, "xX") + '"',
    ],
)
def test_own_replacements_are_never_reported(text: str) -> None:
    assert find(text) == []


def test_a_secret_beside_an_own_replacement_is_still_reported() -> None:
    (span,) = find('password = "w0nder<KEY>land"')
    assert span == Span(12, 27, "PASSWORD", "assigned-password", 0.8)


def test_values_of_a_known_shape_are_found_wherever_they_stand() -> None:
    text = f"x={PROVIDER_KEYS['github-token']};y\n{pem()}\npassword = 'hunter2!' bob@corp.io"
    spans = find_by_shape(text)
    assert [span.detector for span in spans] == ["github-token", "private-key"]
    assert [s.start for s in find_by_shape(("é" + text).encode())] == [s.start + 2 for s in spans]


@pytest.mark.parametrize("arguments", [{"kinds": ["PHONE"]}, {"policy": "spare"}])
def test_unknown_names_are_refused_with_the_allowed_ones(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        find("x", **arguments)  # type: ignore[arg-type]


def test_empty_input_has_no_spans_and_the_version_is_a_number() -> None:
    assert find("") == [] == find(b"")
    assert VERSION.isdecimal()


@given(st.binary(max_size=300))
def test_any_bytes_are_searched_without_an_exception(data: bytes) -> None:
    for span in find(data):
        assert 0 <= span.start < span.end <= len(data)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_searched_without_an_exception(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in find(text))


def test_an_array_has_the_finds_of_its_texts_in_bytes() -> None:
    texts = [TEXT, None, "", "x", "é bob@corp.io"]
    for threads in (1, 2):
        found = find_in_array(pa.array(texts), threads=threads).to_pylist()
        expected = [
            {"row": row, **asdict(span)}
            for row, text in enumerate(texts)
            for span in find((text or "").encode())
        ]
        assert found == expected


def test_an_explanation_has_the_finds_and_why_others_are_none() -> None:
    text = "é version 1.2.3.4, bob@corp.io"
    spans, candidates = explain(text)
    assert spans == find(text)
    assert [(text[c.start : c.end], c.reason) for c in candidates] == [
        ("1.2.3.4", "a version or a section, by the words before it"),
        ("bob@corp.io", None),
    ]


def test_neither_text_nor_bytes_is_refused() -> None:
    with pytest.raises(TypeError, match="str or bytes"):
        find(1)  # type: ignore[arg-type]


HOSTILE_LENGTH = 1 << 18


@pytest.mark.parametrize(
    "unit",
    [
        "aB3/",
        "a.",
        "a-",
        "a@",
        "a.a.a@",
        "1.",
        "1.2.3.4.",
        "a:",
        "::",
        "1::",
        "eyJ",
        "eyJhbGciOiJub25lIn0.",
        "://",
        "://a:",
        "pwd",
        "key=",
        'pwd = "',
        "key  ",
        "token_",
        "xoxb-1-",
        "1-",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        '"',
        "/",
        "glagent-",
        "sk-",
        "T3BlbkFJ",
        "Basic ",
        "<password>",
        "\n",
        "password\n",
        "PuTTY-User-Key-File-2: ",
        "1",
        "https://hooks.slack.com/services/T/B",
        "auth",
        "%3c",
        "-----BEGIN CERTIFICATE-----",
        "dop_v1_",
        "AKIA",
        "\\n",
        "é",
        "\udcff",
        "//x:_authToken=",
        "AC",
        "key-",
        "password=",
    ],
)
def test_a_long_run_of_a_hostile_unit_is_searched_to_the_end(unit: str) -> None:
    """A pattern that takes quadratic time would need many minutes here."""
    text = unit * (HOSTILE_LENGTH // len(unit)) + "@corp.io"
    assert all(span.end <= len(text) for span in find(text))
