"""detect-secrets and `pii` find for each other: its command with our plugins, its plugins as a second opinion."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.constants import VerifiedResult
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import BasePlugin, RegexBasedDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.ip_public import IPPublicDetector
from detect_secrets.plugins.keyword import KeywordDetector
from detect_secrets.settings import get_settings, transient_settings
from detect_secrets.util.code_snippet import get_code_snippet

import pii.detect_secrets_plugin
from pii import find, redact
from pii.detect_secrets import LEFT_OUT, own_plugins, second_opinion
from pii.detect_secrets_plugin import StackPipelineKey, StackPipelinePassword
from tests.pii.invented_values import HEX, KEY, PROVIDER_KEYS, drawn, pem

PLUGIN = pii.detect_secrets_plugin.__file__
GITHUB = PROVIDER_KEYS["github-token"]
GITLAB = PROVIDER_KEYS["gitlab-token"]
PASSWORD = "w0nder:land"
OURS = ("Key (stack-pipeline)", "Password (stack-pipeline)")

FILES = {
    "app.py": f'# 😀 settings\n\ndb_password = "{PASSWORD}"\ntoken = "{GITHUB}"\n',
    "key.pem": f"😀\n{pem(lines=20)}\n",
    "windows.ini": f"[😀]\r\nuser = x\r\npassword = {PASSWORD}\r\n",
    "clean.py": "import os\n\npassword = os.environ['PASSWORD']\nversion = '4.1.12.1'\nmail = 'bob@corp.io'\n",
    "digests.txt": f"{drawn(40, HEX)}  a.py\n{drawn(64, HEX)}  b.py\n",
}
FOUND = [
    ("app.py", 3, "Password (stack-pipeline)", PASSWORD),
    ("app.py", 4, "Key (stack-pipeline)", GITHUB),
    ("key.pem", 2, "Key (stack-pipeline)", "-----BEGIN RSA PRIVATE KEY-----"),
    ("windows.ini", 3, "Password (stack-pipeline)", PASSWORD),
]


def scan(folder: Path, *arguments: str) -> Any:
    """Run the command over all files of a folder and return what it prints."""
    command = [
        str(Path(sys.executable).with_name("detect-secrets")),
        "scan",
        "--no-verify",
        "--plugin",
        PLUGIN,
    ]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def on_lines(plugin: BasePlugin, text: str) -> list[tuple[int, str]]:
    """Return what a plugin finds, as the command calls it."""
    lines = text.split("\n")
    found = []
    for number, line in enumerate(lines, start=1):
        context = get_code_snippet(lines, number)
        secrets = plugin.analyze_line(filename="x", line=line, line_number=number, context=context)
        found += [(secret.line_number, str(secret.secret_value)) for secret in secrets]
    return found


def test_the_command_reports_our_finds_in_files(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode())
    report = json.loads(scan(tmp_path, "--all-files", "."))
    assert {"name": "StackPipelineKey", "path": f"file://{PLUGIN}"} in report["plugins_used"]
    results = [each for file in report["results"].values() for each in file if each["type"] in OURS]
    assert [(r["filename"], r["line_number"], r["type"], r["hashed_secret"]) for r in results] == [
        (name, line, kind, hashlib.sha1(value.encode()).hexdigest()) for name, line, kind, value in FOUND
    ]
    assert not any(result["is_verified"] for result in results)


@pytest.mark.parametrize(
    ("text", "key", "password"),
    [
        (f"😀 token = {GITHUB}", True, False),
        (f'😀 db_password = "{PASSWORD}"', False, True),
        (f"https://bob:{PASSWORD.replace(':', '-')}@corp.io/", False, True),
        ("password = os.environ['PASSWORD']", False, False),
        ("mail bob@corp.io", False, False),
    ],
)
def test_the_command_shows_our_verdict_of_a_string(
    tmp_path: Path, text: str, key: bool, password: bool
) -> None:
    shown = dict(line.split(":", 1) for line in scan(tmp_path, "--string", text).splitlines())
    verdicts = {name.strip(): verdict.split()[0] == "True" for name, verdict in shown.items()}
    assert (verdicts["StackPipelineKey"], verdicts["StackPipelinePassword"]) == (key, password)
    assert "_FoundByPii" not in verdicts


def test_a_find_is_reported_once_at_the_line_where_it_begins() -> None:
    text = "x = 1\n" * 7 + pem(lines=8) + "\n" * 8 + pem(lines=3, seed="second")
    begin = "-----BEGIN RSA PRIVATE KEY-----"
    assert on_lines(StackPipelineKey(), text) == [(8, begin), (25, begin)]
    assert on_lines(StackPipelinePassword(), text) == []


def test_the_lines_around_decide_with_the_line() -> None:
    text = f"😀\ndb_password:\n  '{PASSWORD}'\n"
    assert [text[span.start : span.end] for span in find(text)] == [PASSWORD]
    assert on_lines(StackPipelinePassword(), text) == [(3, PASSWORD)]
    assert list(StackPipelinePassword().analyze_string(text.split("\n")[2])) == []


@pytest.mark.parametrize(
    ("text", "kind", "plugin", "value"),
    [
        (f'😀 passwd = "{PASSWORD}"\n', "PASSWORD", "KeywordDetector", PASSWORD),
        (f"x\r\n\r\n𝔘 passwd = '{PASSWORD}'\r\n", "PASSWORD", "KeywordDetector", PASSWORD),
        ("😀 https://bob:w0nder-land@corp.io/", "PASSWORD", "BasicAuthDetector", "w0nder-land"),
        (
            f"😀 {PROVIDER_KEYS['aws-access-key-id']}",
            "KEY",
            "AWSKeyDetector",
            PROVIDER_KEYS["aws-access-key-id"],
        ),
        (f"😀 {GITHUB} 😀", "KEY", "GitHubTokenDetector", GITHUB),
        (f"😀\r{GITLAB}\r", "KEY", "GitLabTokenDetector", GITLAB),
        (f'😀 x = "{drawn(40, HEX)}"', "KEY", "HexHighEntropyString", drawn(40, HEX)),
    ],
)
def test_a_second_opinion_is_a_span_in_characters(text: str, kind: str, plugin: str, value: str) -> None:
    (span,) = second_opinion(text)
    assert (span.kind, span.detector) == (kind, f"detect-secrets:{plugin}")
    assert text[span.start : span.end] == value
    assert redact(text, proposed=[span]).text == text.replace(value, f"<{kind}>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\r\n\r",
        "😀 = 1",
        'password = "${PASSWORD}"',
        'password = "<PASSWORD>"',
        'password = "$secret"',
        "password = get_password(user)",
        'password = "********"',
        'x = "123e4567-e89b-42d3-a456-426614174000"',
        "host = '52.95.110.1'  # version 4.1.12.1",
        "-----BEGIN PRIVATE KEY-----",
    ],
)
def test_what_detect_secrets_filters_or_we_leave_out_is_no_second_opinion(text: str) -> None:
    assert second_opinion(text) == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('password = "pass1"; password1 = "pass1"', 'password = "<PASSWORD>"; password1 = "<PASSWORD>"'),
        ('word = password = "word"', '<PASSWORD> = password = "<PASSWORD>"'),
        ('passwd = "w0nder", "w0nder-x"', 'passwd = "<PASSWORD>", "w0nder-x"'),
    ],
)
def test_a_value_is_marked_wherever_it_stands_alone_on_its_line(text: str, clean: str) -> None:
    assert redact(text, kinds=["EMAIL"], proposed=second_opinion(text, [KeywordDetector()])).text == clean


@pytest.mark.parametrize(
    ("plugin", "token"), [(GitHubTokenDetector(), GITHUB), (GitLabTokenDetector(), GITLAB)]
)
def test_of_a_token_whose_prefix_alone_is_reported_all_is_marked(plugin: BasePlugin, token: str) -> None:
    assert token not in plugin.analyze_string(token)
    text = f"😀 {token}, x"
    (span,) = second_opinion(text, [plugin])
    assert text[span.start : span.end] == token


def test_a_line_that_asks_to_be_passed_over_is_searched() -> None:
    (span,) = second_opinion(f'passwd = "{PASSWORD}"  # pragma: allowlist secret')
    assert span.kind == "PASSWORD"


def test_the_file_name_tells_the_language() -> None:
    assert second_opinion("password: w0nderland", filename="x.yaml") != []
    assert second_opinion("password: w0nderland", filename="x.py") == []


def test_plugins_can_be_chosen_and_ours_are_among_them() -> None:
    text = f'😀 host 52.95.110.1, passwd = "{PASSWORD}"'
    addresses, passwords = (
        second_opinion(text, [IPPublicDetector()]),
        second_opinion(text, [StackPipelinePassword()]),
    )
    assert [(span.kind, text[span.start : span.end]) for span in addresses] == [("IP_ADDRESS", "52.95.110.1")]
    assert [(span.kind, text[span.start : span.end]) for span in passwords] == [("PASSWORD", PASSWORD)]
    assert second_opinion(text, []) == []


def test_own_plugins_are_those_of_detect_secrets_in_order_whatever_a_user_adds() -> None:
    get_mapping_from_secret_type_to_class.cache_clear()
    before = [type(plugin).__name__ for plugin in own_plugins()]
    assert before == sorted(before) and len(before) > 20
    assert LEFT_OUT.isdisjoint(before)
    with transient_settings({"plugins_used": [{"name": "StackPipelineKey", "path": f"file://{PLUGIN}"}]}):
        plugins: dict[str, type] = get_mapping_from_secret_type_to_class()
        assert "StackPipelineKey" in {plugin.__name__ for plugin in plugins.values()}
        assert [type(plugin).__name__ for plugin in own_plugins()] == before
    get_mapping_from_secret_type_to_class.cache_clear()


class Asking(RegexBasedDetector):
    """A plugin that must never ask its provider."""

    secret_type = "Asking"
    denylist = (re.compile("ask-[0-9]+a"),)

    def verify(self, secret: str) -> VerifiedResult:
        raise AssertionError("asked the provider")


def test_nothing_is_verified_and_no_setting_changes() -> None:
    wanted = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
    with transient_settings({"filters_used": [{"path": wanted, "min_level": 2}]}):
        settings = json.dumps(get_settings().json())
        plugin: Any = Asking()
        with pytest.raises(AssertionError, match="asked"):
            plugin.analyze_line(filename="", line="ask-12345a")
        (span,) = second_opinion("😀 ask-12345a", [plugin])
        assert (span.start, span.end, span.kind) == (2, 12, "KEY")
        assert plugin.verify.__func__ is Asking.verify
        assert json.dumps(get_settings().json()) == settings


def test_opinions_that_overlap_are_one_span() -> None:
    text = f'😀 secret = "{drawn(40, HEX)}"'
    assert {type(plugin).__name__ for plugin in own_plugins() if second_opinion(text, [plugin])} >= {
        "HexHighEntropyString",
        "KeywordDetector",
    }
    (span,) = second_opinion(text)
    assert text[span.start : span.end] == drawn(40, HEX)


@pytest.mark.parametrize("key", [None, KEY])
def test_a_redaction_with_second_opinions_is_clean_and_another_changes_nothing(key: bytes | None) -> None:
    text = f"😀 x = '{drawn(40, HEX)}'\npasswd = \"{PASSWORD}\"\r\n{GITHUB} https://bob:w0nder-land@corp.io/\n{pem(lines=2)}\n"
    assert drawn(40, HEX) in redact(text, key=key).text
    once = redact(text, key=key, proposed=second_opinion(text)).text
    assert drawn(40, HEX) not in once
    assert find(once, policy="redact") == []
    assert redact(once, key=key, proposed=second_opinion(once)).text == once
