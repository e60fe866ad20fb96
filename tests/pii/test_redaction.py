"""Redaction: clean, idempotent, byte-exact outside its spans, consistent."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii import Span, find, find_by_shape, redact, redact_array
from tests.pii.invented_values import HEX, KEY, PROVIDER_KEYS, drawn, json_web_token, pem

SECRET = drawn(32, seed="redaction")
STYLES: list[dict[str, Any]] = [{}, {"key": KEY}, {"key": KEY, "style": "placeholder"}]

fragments = st.sampled_from(
    [
        *"\n \t\"'`@:/.=-_,;<>()[]{}|\\+%#x1aé\r",
        "bob@corp.io",
        "eve@corp.io",
        "ann@example.com",
        "52.95.110.1",
        "10.0.0.1",
        "2606:4700::1111",
        "::1",
        'password = "',
        "token: ",
        "api_key=",
        "secret",
        "https://u:",
        "w0nderland",
        "hunter2!",
        "Basic ",
        "Bearer ",
        SECRET,
        drawn(40, HEX, seed="r"),
        *PROVIDER_KEYS.values(),
        json_web_token(),
        pem(lines=2),
        pem("", lines=1),
        pem(lines=1).replace("\n", "\\n"),
        pem(lines=1).replace("\n", '" + "'),
        pem(lines=1).replace("\n", "\n# "),
        '" + "',
        "',\n'",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
        "<EMAIL>",
        "<KEY>",
        "xrdct",
        "xrdct_tcdr",
        "xXXxXxxXX",
        "198.18.7.9",
        "abcdefghijkl@redacted.example",
        "2001:db8:7069:1::2",
        "version ",
        "host ",
        "\udcff",
        "\ud800",
        "AKIA",
        "ghp_",
        "eyJ",
        "\\n",
        "//",
    ]
)
texts = st.lists(fragments, max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(STYLES), st.sampled_from(["detect", "redact"]))
def test_the_result_is_clean_and_a_second_redaction_changes_nothing(
    text: str, options: dict[str, Any], policy: str
) -> None:
    result = redact(text, policy=policy, **options)
    assert find(result.text, policy=policy) == []
    assert redact(result.text, policy=policy, **options).text == result.text
    assert result.text.count("\n") == text.count("\n")


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(STYLES))
def test_the_bytes_between_the_spans_are_those_of_the_original_in_order(
    text: str, options: dict[str, Any]
) -> None:
    original = text.encode("utf-8", "surrogatepass")
    result = redact(original, **options)
    kept, position = [], 0
    for span in result.spans:
        assert position <= span.start < span.end
        kept.append(result.text[position : span.start])
        position = span.end
    kept.append(result.text[position:])
    assert original.startswith(kept[0]) and original.endswith(kept[-1])
    place = 0
    for part in kept:
        place = original.index(part, place) + len(part)
    assert result.spans or result.text == original


@settings(max_examples=200, deadline=None)
@given(texts)
def test_values_that_need_no_context_occur_nowhere_in_the_result(text: str) -> None:
    clean = redact(text, key=KEY).text
    assert find_by_shape(clean) == []
    assert not any(text[span.start : span.end] in clean for span in find_by_shape(text))


@settings(max_examples=100, deadline=None)
@given(texts.filter(lambda text: text.isascii()), st.sampled_from(STYLES))
def test_text_and_bytes_give_the_same_result(text: str, options: dict[str, Any]) -> None:
    as_text, as_bytes = redact(text, **options), redact(text.encode(), **options)
    assert as_text.text.encode() == as_bytes.text
    assert as_text.spans == as_bytes.spans


def test_spans_are_byte_ranges_of_the_published_text_and_hold_no_value() -> None:
    text = "Grüße bob@corp.io, für 52.95.110.1"
    result = redact(text, key=KEY)
    published = result.text.encode()
    assert [published[s.start : s.end].decode() for s in result.spans] == [
        result.text.split()[1].rstrip(","),
        result.text.split()[-1],
    ]
    assert all(span.value_hash is not None and len(span.value_hash) == 32 for span in result.spans)
    assert "bob" not in repr(result) and "52.95" not in repr(result)
    assert all(span.value_hash is None for span in redact(text).spans)


def test_one_value_has_one_replacement_in_every_text_and_two_values_have_two() -> None:
    first = redact("to bob@corp.io and eve@corp.io", key=KEY).text.split()
    second = redact("eve@corp.io BOB@corp.io", key=KEY).text.split()
    assert (first[1], first[3]) == (second[1], second[0])
    assert first[1] != first[3]


def test_a_replacement_never_equals_text_that_is_already_there() -> None:
    made = redact("host 52.95.110.1", key=KEY).text
    again = redact(f"host 52.95.110.1 {made}", key=KEY).text
    assert again.endswith(made)
    assert again.split()[1] != made.split()[1]


def test_a_random_secret_is_replaced_everywhere_and_a_word_is_not() -> None:
    text = f'password = "{SECRET}"\nprint(x{SECRET}y)\npassword = "letmein"\n# letmein\n'
    clean = redact(text).text
    assert clean == 'password = "<PASSWORD>"\nprint(x<PASSWORD>y)\npassword = "<PASSWORD>"\n# letmein\n'


def test_many_secrets_are_replaced_everywhere_too() -> None:
    secrets = [drawn(24 + i % 3, seed=f"many{i}") for i in range(30)]
    text = "".join(f'api_key = "{secret}"\n' for secret in secrets) + "".join(f"-{s}-\n" for s in secrets)
    clean = redact(text, key=KEY).text
    assert not any(secret in clean for secret in secrets)
    lines = clean.splitlines()
    assert [line.strip("-") for line in lines[30:]] == [line.split('"')[1] for line in lines[:30]]


def test_overlapping_finds_are_replaced_as_one() -> None:
    result = redact(f'password = "{PROVIDER_KEYS["npm-token"]}!x"')
    assert result.text == 'password = "<PASSWORD>"'
    assert len(result.spans) == 1


def test_a_key_inside_a_larger_find_does_not_survive_inside_a_longer_word() -> None:
    token = "glpat-" + drawn(20, seed="inner")
    clean = redact(f"Bearer /{token}\n{token}{drawn(60, seed='outer')}").text
    assert token not in clean


def test_a_private_key_keeps_its_lines() -> None:
    text = f"a\n{pem()}\nb\n"
    assert redact(text).text == "a\n<KEY>" + "\n" * pem().count("\n") + "\nb\n"
    made = redact(text, key=KEY).text.split("\n")
    assert [len(line) for line in made] == [len(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src/bob@corp.io/main.py", "src/<EMAIL>/main.py"),
        ("Copyright (c) 2020 Bob <bob@corp.io>", "Copyright (c) 2020 Bob <<EMAIL>>"),
        ("fix/52.95.110.1-timeout", "fix/52.95.110.1-timeout"),
        ("owner/repo", "owner/repo"),
        ("", ""),
    ],
)
def test_short_published_strings_are_redacted_alike(text: str, expected: str) -> None:
    assert redact(text).text == expected


def test_only_the_kinds_asked_for_are_replaced() -> None:
    assert redact("bob@corp.io host 52.95.110.1", kinds=["EMAIL"]).text == "<EMAIL> host 52.95.110.1"
    token = PROVIDER_KEYS["npm-token"]
    assert (
        redact(f'password = "hunter2!" {token}', kinds=["PASSWORD"]).text
        == f'password = "<PASSWORD>" {token}'
    )


@pytest.mark.parametrize(
    "options",
    [{"style": "synthetic"}, {"style": "other"}, {"key": b""}, {"policy": "other"}, {"kinds": ["PHONE"]}],
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must|needs"):
        redact("x", **options)


def test_proposed_spans_are_replaced_with_what_is_found() -> None:
    text = "é Ann mails bob@corp.io"
    clean = redact(text, proposed=[Span(2, 5, "NAME", "other", 0.5)])
    assert clean.text == "é <NAME> mails <EMAIL>"
    assert [span.detector for span in clean.spans] == ["proposed", "email"]
    with pytest.raises(ValueError, match="proposed"):
        redact("x", proposed=[Span(0, 9, "NAME", "other", 0.5)])


def test_an_array_is_redacted_like_its_texts() -> None:
    texts = ["to bob@corp.io", None, "", "Grüße", f'token = "{SECRET}"', "é 52.95.110.1"]
    for kind in (pa.string(), pa.large_binary()):
        for threads in (1, 2):
            clean, spans = redact_array(pa.array(texts).cast(kind), key=KEY, threads=threads)
            single = [None if text is None else redact(text.encode(), key=KEY) for text in texts]
            assert clean.cast(pa.binary()).to_pylist() == [None if r is None else r.text for r in single]
            assert clean.type == kind
            rows = [(row, s) for row, result in enumerate(single) if result for s in result.spans]
            assert [(r["row"], r["start"], r["end"], r["value_hash"]) for r in spans.to_pylist()] == [
                (row, s.start, s.end, s.value_hash) for row, s in rows
            ]


def test_a_thousand_values_of_a_file_are_all_replaced() -> None:
    text = "".join(f"user{i}@corp{i % 7}.io 52.{i % 250}.{i // 250}.7\n" for i in range(1000))
    clean = redact(text, key=KEY).text
    assert len(set(clean.split())) == len(set(text.split()))
    assert find(clean) == []
