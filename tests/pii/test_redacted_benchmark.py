"""Redacted repositories: the checks, the parsers, what broke, survivors, scanners' finds, the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.pii.judgements import Judgement
from benchmarks.pii.parse_check import check_parsing
from benchmarks.pii.parser_programs import NotChecked, parser_of
from benchmarks.pii.parsing import LANGUAGES, Parsed, language_of
from benchmarks.pii.redacted import Measured, measure, write_finds
from benchmarks.pii.redacted_files import STYLES, RedactedFile, outside, redact_file
from benchmarks.pii.redacted_page import page_text
from benchmarks.pii.redacted_scans import Remaining, ScanCounts, ScanFind, values_in
from benchmarks.pii.repositories import Repository, TextFile
from benchmarks.pii.survivors import Survival
from stack_pipeline.scanning.redacting import Replaced
from tests.pii.invented_values import drawn, pem

SECRET = drawn(32, seed="redacted benchmark")
PROGRAMS = {"Go": "go", "Java": "java", "JavaScript": "node", "Shell": "bash"}

VALID = {
    "Go": ('package a\n\nvar b = "x"\n', "package a\n\nvar b = <x>\n", 3),
    "Java": ('class A {\n  String b = "x";\n}\n', "class A {\n  String b = <x>;\n}\n", 2),
    "JavaScript": ("import a from 'a';\nexport const b = 'x';\n", "const a = 1;\nconst b = <x;\n", 2),
    "JSON": ('\ufeff{"a": "x",\n "b": [1]}', '{"a":\n <x>}', 2),
    "Python": ("a = 'x'\nb = 1\n", "a = 1\nb = <x>\n", 2),
    "Shell": ("a=x\nb=y\n", "a=1\nif <x>\n", 2),
    "TOML": ("a = 'x'\n[b]\n", "a = 1\nb = <x>\n", 2),
    "XML": ("<a>\n<b c='x'/></a>", "<a>\n<b></a>", 2),
    "YAML": ("a: x\n---\nb: [1]\n", "a: 1\nb: [\n", 3),
}


def parse(language: str, *contents: str) -> list[Parsed]:
    """Parse with the language's parser; where its program is not here, the page says so instead."""
    try:
        return parser_of(language)([content.encode() for content in contents])
    except NotChecked as reason:
        assert str(reason) == f"no {PROGRAMS[language]}"
        pytest.skip(f"{reason} on this machine")


def test_every_language_has_a_case() -> None:
    assert sorted(VALID) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_parser_tells_good_from_bad_and_where(language: str) -> None:
    good, bad, line = VALID[language]
    results = parse(language, good, bad, good)
    assert [result.is_valid for result in results] == [True, False, True]
    assert results[1].error_line == line
    assert results[0] == results[2]


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name not in ("JavaScript", "Shell")])
def test_another_value_keeps_the_tree_and_another_node_does_not(language: str) -> None:
    good = VALID[language][0]
    more = {
        "Go": good + "var c = 1\n",
        "Java": good + "class C {}\n",
        "JSON": good.replace("[1]", "[1, 2]"),
        "Python": good + "c = 1\n",
        "TOML": good + "c = 1\n",
        "XML": good.replace("<b c='x'/>", "<b c='x'/><c/>"),
        "YAML": good + "c: 1\n",
    }[language]
    first, renamed, longer = parse(language, good, good.replace("x", "other"), more)
    assert first.shape
    assert renamed == first
    assert longer.is_valid and longer.shape != first.shape


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    counts = check_parsing([("a.go", True)], [redacted("a.go", f'package a\n\nvar apiKey = "{SECRET}"\n')])
    assert counts["Go"].not_checked == "no go"
    assert counts["Go"].changed == 1


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.PY", "Python"),
        ("Cargo.lock", "TOML"),
        ("x.yaml", "YAML"),
        ("a.tar.gz", None),
        ("Makefile", None),
    ],
)
def test_the_language_is_told_by_the_name(path: str, language: str | None) -> None:
    assert language_of(path) == language


def redacted(path: str, content: str, style: str = "synthetic") -> RedactedFile:
    return redact_file("o/r", TextFile(path, content.encode()), style)


@pytest.mark.parametrize("style", STYLES)
def test_a_file_is_redacted_and_holds_its_promises(style: str) -> None:
    file = redacted("a.py", f"mail = 'jo@corp.io'\r\napi_key = '{SECRET}'\n", style)
    assert file.failed == ()
    assert [each.kind for each in file.replacements] == ["EMAIL", "KEY"]
    assert [file.value(each) for each in file.replacements] == [b"jo@corp.io", SECRET.encode()]
    assert SECRET.encode() in file.with_only(file.replacements[0])
    assert outside(file.original, file.replacements, original=True) == [
        b"mail = '",
        b"'\r\napi_key = '",
        b"'\n",
    ]


def changed(path: str, original: str, place: str, made: str) -> RedactedFile:
    """Return a file in which one place was replaced by whatever."""
    start = original.index(place)
    clean = original.replace(place, made, 1)
    replacement = Replaced(start, start + len(place), start, start + len(made), "KEY", "rule")
    return RedactedFile("o/r", path, original.encode(), clean.encode(), (replacement,))


def test_a_broken_file_is_listed_with_its_line_and_rule_and_without_a_value() -> None:
    files = [
        changed("a.py", "a = 1\nb = [5]\n", "5]", "<KEY>"),
        changed("b.py", "a = 1\nb = 5\n", "5", "c"),
        changed("c.py", "a = 1\nb = 5\n", "5", "6"),
        changed("d.py", "print 1, 5", "5", "6"),
    ]
    count = check_parsing([("a.py", True), ("x.py", False)], files)["Python"]
    assert (count.files, count.changed, count.before, count.after, count.same) == (2, 1, 3, 2, 1)
    assert [(each.path, each.line, each.problem, each.detectors) for each in count.broken] == [
        ("a.py", 2, "does not parse", ("KEY rule",)),
        ("b.py", 2, "another tree", ("KEY rule",)),
    ]


def test_a_value_that_stands_in_another_file_survives() -> None:
    survival = Survival()
    files = [redacted("a.py", f"x = 1\napi_key = '{SECRET}'\n"), redacted("b.txt", f"\n\n{SECRET}\n")]
    survival.add("o/r", files)
    assert survival.values == {"KEY": 1}
    assert survival.surviving == {"KEY": 1}
    assert [(each.path, each.line, each.detector) for each in survival.places] == [
        ("b.txt", 3, "assigned-key")
    ]
    assert SECRET not in repr(survival)


@pytest.mark.parametrize(
    ("secret", "held"),
    [
        (b"whole-value", [b"whole-value"]),
        (b"x=whole-value;", [b"whole-value"]),
        (b"whole-va", [b"whole-value"]),
        (b"whole", []),
        (b"abc", [b"abc"]),
        (b"abcabcabc", []),
    ],
)
def test_a_find_holds_a_replaced_value_or_is_part_of_one(secret: bytes, held: list[bytes]) -> None:
    assert values_in(secret, {b"whole-value", b"abc"}) == held


def test_finds_of_scanners_are_compared_with_the_replacements() -> None:
    file = changed("a.txt", f"key: first-value and\n{SECRET} some-words\n", "first-value", "xrdct_cdrtx")
    finds = [ScanFind("a", 5, 16), ScanFind("b", 21, 53), ScanFind("c", 54, 64)]
    counts = ScanCounts()
    counts.add("scanner", file, finds, {b"first-value", SECRET.encode(), b"some-words"})
    assert counts.finds == {"a": 1, "b": 1, "c": 1}
    assert counts.on_replacements == {"a": 1}
    assert counts.replaced_values == {"b": 1}
    assert counts.replaced_words == {"c": 1}
    assert [(each.rule, each.line, each.context) for each in counts.remaining] == [
        ("b", 2, "**** ***"),
        ("c", 2, "*** ****"),
    ]
    assert not any("words" in repr(each) or SECRET in repr(each) for each in counts.remaining)
    original = ScanCounts()
    original.add_original(file, finds)
    assert original.on_replacements == {"a": 1}


def repository(folder: Path) -> Repository:
    """Make a repository with files of several languages."""
    private_key = pem(lines=3).replace("\n", '\\n"\n      + "')
    contents = {
        "a.py": f"API_KEY = '{SECRET}'\npassword = 12345678\n",
        "b.json": '\ufeff{"mail": "jo@corp.io", "password": 87654321}\n',
        "c.yml": f"password: hunter2\n---\ntoken: {SECRET}\n",
        "d.toml": f'secret_key = "{SECRET}"\n',
        "e.xml": "<settings><password>secret</password></settings>\n",
        "f.sh": "export DB_PASSWORD=test\n",
        "g.go": 'package g\n\nvar caKey *rsa.PrivateKey\nvar mail = "jo@corp.io"\n',
        "h.js": f"export const apiKey = '{SECRET}';\n",
        "I.java": f'class I {{\n  String key = "{private_key}";\n}}\n',
        "readme.txt": "nothing here\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content.encode())
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.example")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run([*git, *command], check=True)
    return Repository("o/r", folder)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measure([repository(tmp_path_factory.mktemp("repository"))], (), tmp_path_factory.mktemp("cache"))


def test_the_synthetic_style_breaks_no_file_of_any_language(measured: Measured) -> None:
    assert measured.repositories == 1
    assert measured.redactions.files == 10
    assert measured.redactions.changed == dict.fromkeys(STYLES, 9)
    assert measured.redactions.failed == {}
    for language, count in measured.parsed["synthetic"].items():
        if count.not_checked:
            assert shutil.which(PROGRAMS[language]) is None
            continue
        assert (language, count.before, count.after, count.broken) == (language, 1, 1, [])


def test_the_page_shows_every_part_and_no_value(measured: Measured) -> None:
    page = page_text(
        **{each.name: getattr(measured, each.name) for each in fields(Measured)},
        scanners=(),
        judged={},
        machine="a machine",
    )
    assert "| Python | 1 | 1 | 1 | 1 | 100.00% | 1 |" in page
    assert "None asked for." in page
    assert "1 repositories, 10 files" in page
    assert not any(value in page for value in (SECRET, "jo@corp.io", "12345678", "hunter2"))


def test_the_page_counts_judged_finds_and_tells_why_a_scanner_did_not_run(measured: Measured) -> None:
    from benchmarks.pii.redacted_scans import SCANNERS, TREES

    counts = {tree: ScanCounts() for tree in TREES}
    find = Remaining("p1", "gitleaks", "rule", "o/r", "a", 1, "3: a3", "****")
    for each in counts.values():
        each.finds["rule"] += 1
        each.remaining.append(find)
    first, second = SCANNERS
    page = page_text(
        repositories=1,
        redactions=measured.redactions,
        parsed=measured.parsed,
        survival=measured.survival,
        scans={first.name: counts, second.name: "needs Go, which is not here"},
        scanners=SCANNERS,
        judged={"p1": Judgement("false", "an id")},
        machine="a machine",
    )
    assert "| `rule` | 1 | 1 | 0 | 0 | 0 | 0 | 1 | 0 |" in page
    assert "Did not run: needs Go, which is not here." in page
    assert "| wrong | an id | 1 |" in page
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_finds_are_written_for_judging_once(tmp_path: Path) -> None:
    counts = ScanCounts(remaining=[Remaining("p1", "s", "r", "o/r", "a", 1, "3: a3", "****")] * 2)
    measured = Measured(scans={"s": {"synthetic": counts}, "t": "did not run"})
    write_finds(measured, tmp_path / "finds.csv")
    lines = (tmp_path / "finds.csv").read_text().splitlines()
    assert lines[0].startswith("place,verdict,reason,scanner,rule")
    assert lines[1:] == ["p1,,,s,r,o/r,a,1,3: a3,****"]
