"""Passwords in URLs and values of Authorization headers."""

from __future__ import annotations

import base64

import pytest

from pii import find
from tests.pii.invented_values import drawn

OPAQUE = drawn(32, seed="bearer")
BASIC = base64.b64encode(b"ann:s3cr3t pass").decode()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("postgres://ann:w0nder-land@db:5432/x", "PASSWORD", "w0nder-land"),
        ('"amqp://ann:qx7!kd@10.0.0.1"', "PASSWORD", "qx7!kd"),
        ("https://:tok3n9x@git.corp.io/r.git", "PASSWORD", "tok3n9x"),
        (f"Authorization: Basic {BASIC}", "KEY", BASIC),
        (f"authorization: 'Bearer {OPAQUE}'", "KEY", OPAQUE),
    ],
)
def test_the_secret_part_alone_is_found(text: str, kind: str, value: str) -> None:
    assert [(span.kind, text[span.start : span.end]) for span in find(text, kinds=["KEY", "PASSWORD"])] == [
        (kind, value)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "http://user:password@host/",
        "http://${USER}:${PASS}@host/",
        "http://user:<pass>@host/",
        "http://user:{}@host/",
        "http://host:8080/@scope/pkg",
        "http://host/a:b@c",
        "https://ann@host.org",
        "Basic authentication is required",
        "basic understanding of things",
        "Bearer authentication_token_here",
        "bearer of bad news",
        "",
    ],
)
def test_templates_and_prose_are_left(text: str) -> None:
    assert list(find(text, kinds=["KEY", "PASSWORD"])) == []
