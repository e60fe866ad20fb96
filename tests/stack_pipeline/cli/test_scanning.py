from __future__ import annotations

import json
import os
import pty
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pii import find
from stack_pipeline.keys import KeyRing
from tests.stack_pipeline.scanning.planted import KINDS, MAIL, PASSWORD, TEXT, leaked
from tests.stack_pipeline.scanning.test_sarif import check_log
from tests.stack_pipeline.sources.made_repository import MISSING, MadeRepository, run_git
from tools.command_reference import options_of, walk

ROOT = Path(__file__).parents[3]
CODE = "from stack_pipeline.cli import main; main()"
Done = subprocess.CompletedProcess[bytes]


def run(*arguments: object, folder: Path, stdin: bytes = b"") -> Done:
    """Run the program as a user does, away from any terminal."""
    command: list[str | bytes] = [sys.executable, "-c", CODE]
    command += [os.fsencode(str(argument)) for argument in arguments]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, check=False, timeout=120
    )


def run_at_terminal(*arguments: object, folder: Path) -> tuple[int, str]:
    """Run the program with stdout at a terminal, and return exit code and what the terminal got."""
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, arguments)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the other side was closed
            pass
        process.communicate(timeout=120)
    os.close(ours)
    return process.returncode, shown.decode()


def error_of(done: Done) -> str:
    """Return the one line of an error, whose form is checked."""
    error, blank, hint = done.stderr.decode().splitlines()
    assert done.returncode == 2
    assert error.startswith("Error: ")
    assert blank == ""
    assert hint.startswith("hint: ")
    return error.removeprefix("Error: ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with finds, a clean file, a binary one and a link."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(TEXT, encoding="utf-8")
    (tmp_path / "src" / "clean.py").write_text("one = 1\n")
    (tmp_path / "src" / "data.bin").write_bytes(b"\0" + TEXT.encode())
    (tmp_path / "src" / "link.py").symlink_to("a.py")
    return tmp_path


def test_the_table_says_where_and_what_kind_and_never_what(folder: Path) -> None:
    done = run("scan", "src", folder=folder)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert lines[0].split() == ["place", "kind", "detector", "sure", "context"]
    assert [line.split()[:4] for line in lines[1:4]] == [
        ["src/a.py:2:13", "PASSWORD", "assigned-password", "0.80"],
        ["src/a.py:3:11", "PASSWORD", "assigned-password", "0.80"],
        ["src/a.py:6:15", "EMAIL", "email", "0.90"],
    ]
    assert lines[1].endswith('password = "<PASSWORD>"; login("*************")')
    assert done.stderr.decode().splitlines()[0] == "6 found in 2 texts (1 binary, 1 linked left out)"
    assert ["2", "PASSWORD", "assigned-password"] in [
        line.split() for line in done.stderr.decode().splitlines()
    ]


FORMATS = [
    "--format table",
    "--format table --explain",
    "--format jsonl",
    "--format jsonl --explain",
    "--format sarif",
]


@pytest.mark.parametrize("options", FORMATS)
def test_no_form_of_the_output_holds_a_value(folder: Path, options: str) -> None:
    for policy in ("detect", "redact"):
        done = run("scan", "src", *options.split(), "--policy", policy, folder=folder)
        assert done.returncode == 1
        assert len(done.stdout) > 500
        assert leaked(done.stdout, done.stderr) == []


def test_jsonl_has_places_in_bytes_and_in_lines(folder: Path) -> None:
    done = run("scan", "src", "--format", "jsonl", "-q", folder=folder)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows] == KINDS
    assert [(row["start"], row["end"]) for row in rows] == [
        (span.start, span.end) for span in find(TEXT.encode())
    ]
    assert [(row["line"], row["column"], row["end_line"]) for row in rows][-1] == (15, 1, 18)
    assert done.stderr == b""


def test_explain_tells_of_near_misses(folder: Path) -> None:
    done = run("scan", "src", "--format", "jsonl", "--explain", "-q", folder=folder)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows if row["reason"] is None] == KINDS
    missed = {(row["line"], row["detector"], row["reason"]) for row in rows if row["reason"] is not None}
    assert (14, "ipv4", "a version or a section, by the words before it") in missed
    table = run("scan", "src", "--explain", "-q", folder=folder).stdout.decode()
    assert "a version or a section, by the words before it" in table


def test_sarif_is_valid_and_names_the_file(folder: Path) -> None:
    done = run("scan", "src", "--format", "sarif", "-q", folder=folder)
    results = check_log(json.loads(done.stdout))
    assert [result["properties"]["kind"] for result in results] == KINDS
    empty = run("scan", "src/clean.py", "--format", "sarif", "-q", folder=folder)
    assert (empty.returncode, check_log(json.loads(empty.stdout))) == (0, [])


@pytest.mark.parametrize(
    "data", [b"", b"nothing\n", b"\0" + TEXT.encode(), b"\xff\xfe\xfd", b"caf\xe9 \xe9\n"]
)
def test_nothing_found_exits_with_zero(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    done = run("scan", "a", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert run("scan", "-", folder=tmp_path, stdin=data).returncode == 0


def test_stdin_and_invalid_utf8_are_searched(tmp_path: Path) -> None:
    data = f"\xe9\xe8 mail {MAIL} \xe9\n".encode("latin-1")
    done = run("scan", "-", "--format", "jsonl", "-q", folder=tmp_path, stdin=data)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, row["path"], row["column"], row["start"]) == (1, "-", 9, 8)


def test_kinds_and_policy_choose(folder: Path) -> None:
    done = run("scan", "src", "--kinds", "email,KEY", "--format", "jsonl", "-q", folder=folder)
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["EMAIL", "KEY", "KEY"]
    (folder / "hosts").write_text("listen on the host 10.0.0.1\n")
    assert run("scan", "hosts", folder=folder).returncode == 1
    assert run("scan", "hosts", "--policy", "redact", folder=folder).returncode == 0


def test_hostile_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
    name = os.fsdecode(b"e\x1b[2J\nvil\xff\xc2\x9b.txt")
    (tmp_path / name).write_text(f"mail {MAIL}\n")
    for options in ([], ["--format", "jsonl"], ["--format", "sarif"]):
        done = run("scan", ".", *options, folder=tmp_path)
        assert done.returncode == 1
        for raw in (b"\x1b", b"\xff", b"\xc2\x9b", b"\nvil"):
            assert raw not in done.stdout + done.stderr
    for options in (["--diff"], ["--check"], ["--in-place"]):
        done = run("redact", ".", *options, folder=tmp_path)
        assert b"vil" in done.stdout
        assert b"\x1b" not in done.stdout + done.stderr
    assert (tmp_path / name).read_text() == "mail <EMAIL>\n"


def test_a_baseline_round_trip_hides_what_is_known(folder: Path) -> None:
    first = run("scan", "src", "--write-baseline", ".secrets.baseline", folder=folder)
    assert first.returncode == 1
    assert first.stderr.decode().splitlines()[-1] == "6 entries in .secrets.baseline"
    known = run("scan", ".", "--baseline", ".secrets.baseline", folder=folder)
    assert (known.returncode, known.stdout) == (0, b"")
    assert known.stderr.decode().startswith(
        "0 found in 2 texts (1 binary, 1 linked left out), 6 in the baseline"
    )
    (folder / "src" / "new.py").write_text(f"mail {MAIL}\n")
    new = run("scan", ".", "--baseline", ".secrets.baseline", "--format", "jsonl", "-q", folder=folder)
    assert [json.loads(line)["path"] for line in new.stdout.splitlines()] == ["src/new.py"]
    assert leaked((folder / ".secrets.baseline").read_bytes()) == []
    explained = run("scan", "src/a.py", "--baseline", ".secrets.baseline", "--explain", folder=folder)
    assert b"listed in the baseline" in explained.stdout


def test_a_revision_is_scanned_in_a_repository(folder: Path) -> None:
    run_git(folder, "init", "-q")
    run_git(folder, "add", "src")
    run_git(folder, "commit", "-qm", "one")
    (folder / "src" / "a.py").write_text("clean now\n")
    done = run("scan", ".", "--revision", "main", "--format", "jsonl", folder=folder)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows] == KINDS
    assert {row["path"] for row in rows} == {"src/a.py"}
    assert {row["commit"] for row in rows} == {run_git(folder, "rev-parse", "HEAD")}
    assert done.stderr.decode().startswith("6 found in 2 texts (1 binary, 1 linked left out)")
    assert error_of(run("scan", ".", "--revision", "nope", folder=folder)) == ".: no revision 'nope'"
    assert error_of(run("scan", "src", "--revision", "main", folder=folder)).startswith("src: no repository")


def test_what_cannot_be_read_ends_with_two_after_everything_else(tmp_path: Path) -> None:
    made = MadeRepository(tmp_path / "repo.git")
    found = made.add_blob(f"mail {MAIL}\n".encode())
    made.commit(("100644", b"a", found), ("100644", b"gone", MISSING))
    done = run("scan", "repo.git", "--revision", "main", "--format", "sarif", folder=tmp_path)
    assert done.returncode == 2
    log = json.loads(done.stdout)
    assert len(check_log(log)) == 1
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]
    assert b"Error: gone: missing or damaged\n\nhint: everything else was done\n" in done.stderr
    options = ["--revision", "main", "-q", "--write-baseline", "base"]
    assert b"hint: no baseline was written" in run("scan", "repo.git", *options, folder=tmp_path).stderr
    assert not (tmp_path / "base").exists()


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_column_is_scanned_row_by_row(tmp_path: Path, form: str) -> None:
    rows = [
        {"id": "one", "text": "plain"},
        {"id": f"two {MAIL}", "text": f"\nmail {MAIL}"},
        {"id": "3", "text": None},
    ]
    name = f"all.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
    else:
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("scan", name, "--column", "text", "--id-column", "id", "--format", "jsonl", folder=tmp_path)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["row"], row["id"], row["line"], row["column"]) == (1, "two <EMAIL>", 2, 6)
    assert done.stderr.decode().startswith("1 found in 2 texts\n")
    table = run("scan", name, "--column", "text", "--id-column", "id", "-q", folder=tmp_path).stdout.decode()
    assert table.splitlines()[1].startswith(f"{name}[1 two <EMAIL>]:2:6  EMAIL")
    sarif = run("scan", name, "--column", "text", "--format", "sarif", "-q", folder=tmp_path)
    (result,) = check_log(json.loads(sarif.stdout))
    assert result["properties"]["row"] == 1
    assert error_of(run("scan", name, "--column", "nope", folder=tmp_path)) == f"{name}: no column 'nope'"


WRONG = {
    "scan nowhere": "nowhere: No such file or directory",
    "scan src --kinds KEYS": "no kind 'KEYS'",
    "scan src --show-values": "--show-values shows what was found to a terminal only",
    "scan src --explain --format sarif": "--explain goes with --format table or jsonl",
    "scan src -": "stdin is one text and is read alone",
    "scan src --id-column id": "--id-column names the rows of a table",
    "scan src --revision HEAD --column text": "--revision and --column do not go together",
    "scan src src --revision HEAD": "--revision is read of one repository",
    "scan src --column text": "src: no Parquet or JSONL file in this folder",
    "scan src --baseline nowhere": "nowhere: cannot read the baseline: No such file or directory",
    "scan src --baseline src/a.py": "src/a.py: no baseline of detect-secrets",
    "redact nowhere": "nowhere: No such file or directory",
    "redact src": "one text can be printed at a time",
    "redact src/data.bin": "src/data.bin: is binary",
    "redact src/link.py": "src/link.py: is a symbolic link",
    "redact src/link.py --in-place": "src/link.py: is a symbolic link",
    "redact - --in-place": "stdin cannot be rewritten in place",
    "redact src --in-place --diff": "--in-place and --diff do not go together",
    "redact src --style synthetic": "synthetic stand-ins need a key",
    "redact src/a.py --show-values": "--show-values shows what was found to a terminal only",
    "redact src --output src": "src: is not empty",
    "redact src --output src/out": "src/out: lies in what is copied",
    "redact src/a.py --output src/clean.py": "src/clean.py: exists already",
    "redact src/a.py --output no/b.py": "no: no such folder",
    "redact src src/a.py --output out": "--output takes one path to copy",
    "redact src --column text": "a column is redacted into a copy",
    "redact src/a.py --key-file nowhere": "nowhere: cannot read the key file: No such file or directory",
    "redact src/a.py --key-file src": "src: the key file is no regular file",
    "redact src/a.py --key-file open": "open: the key file can be read by others",
    "redact src/a.py --key-file short": "short: a key is 64 hexadecimal characters",
}


@pytest.mark.parametrize("command", WRONG)
def test_wrong_use_is_one_line_a_hint_and_changes_nothing(folder: Path, command: str) -> None:
    (folder / "open").write_text("ab" * 32)
    (folder / "short").write_text("ab")
    (folder / "open").chmod(0o640)
    (folder / "short").chmod(0o600)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run(*command.split(), folder=folder)
    assert error_of(done) == WRONG[command]
    assert done.stdout == b""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_values_are_shown_at_a_terminal_only_when_asked_for(folder: Path) -> None:
    code, shown = run_at_terminal("scan", "src/a.py", "-q", "--show-values", folder=folder)
    assert code == 1
    assert {MAIL, PASSWORD} <= set(leaked(shown))
    code, shown = run_at_terminal("scan", "src/a.py", "-q", folder=folder)
    assert (code, leaked(shown)) == (1, [])
    code, shown = run_at_terminal("redact", "src/a.py", "-q", "--diff", "--show-values", folder=folder)
    assert code == 0
    assert {MAIL, PASSWORD} <= set(leaked(shown))
    assert run_at_terminal("scan", "src", "--show-values", "--format", "jsonl", folder=folder) == (2, "")


def test_one_text_is_printed_redacted(folder: Path) -> None:
    done = run("redact", "src/a.py", folder=folder)
    assert done.returncode == 0
    assert find(done.stdout, policy="redact") == []
    assert b'login("<PASSWORD>")' in done.stdout
    assert done.stderr.decode().startswith("7 replaced in 1 text\n")
    piped = run("redact", "-", "-q", folder=folder, stdin=TEXT.encode())
    assert (piped.stdout, piped.stderr) == (done.stdout, b"")
    assert run("redact", "-", "-q", folder=folder, stdin=done.stdout).stdout == done.stdout
    assert run("redact", "-", folder=folder).stdout == b""
    wide = f"ä\r\nmail {MAIL}\r\n".encode("utf-16")
    assert run("redact", "-", folder=folder, stdin=wide).stdout == "ä\r\nmail <EMAIL>\r\n".encode("utf-16")


def test_a_key_gives_the_stand_ins_of_a_release(folder: Path) -> None:
    from pii import redact

    key = folder / "key"
    key.write_text("ab" * 32 + "\n")
    key.chmod(0o600)
    expected = redact(TEXT, key=KeyRing(b"\xab" * 32).subkey("redaction")).text
    assert run("redact", "src/a.py", "--key-file", "key", folder=folder).stdout.decode() == expected
    plain = run("redact", "src/a.py", "--key-file", "key", "--style", "placeholder", folder=folder).stdout
    assert b"<EMAIL>" in plain


def test_in_place_touches_only_what_changes_and_keeps_modes(folder: Path) -> None:
    changing, clean = folder / "src" / "a.py", folder / "src" / "clean.py"
    changing.chmod(0o750)
    os.utime(clean, ns=(1, 1))
    untouched = clean.stat()
    done = run("redact", "src", "--in-place", folder=folder)
    assert (done.returncode, done.stdout) == (0, b"src/a.py\n")
    assert find(changing.read_bytes(), policy="redact") == []
    assert stat.S_IMODE(changing.stat().st_mode) == 0o750
    assert (clean.stat().st_ino, clean.stat().st_mtime_ns) == (untouched.st_ino, untouched.st_mtime_ns)
    assert (folder / "src" / "link.py").is_symlink()
    assert sorted(path.name for path in (folder / "src").iterdir()) == [
        "a.py",
        "clean.py",
        "data.bin",
        "link.py",
    ]
    assert run("redact", "src", "--in-place", folder=folder).stdout == b""


def test_check_and_diff_write_nothing_and_hold_no_value(folder: Path) -> None:
    for options, code in ((["--check"], 1), (["--diff"], 0), (["--diff", "--check"], 1)):
        done = run("redact", "src", *options, folder=folder)
        assert done.returncode == code
        assert leaked(done.stdout, done.stderr) == []
    assert done.stdout.startswith(b"--- src/a.py\n+++ src/a.py\n@@ -1,")
    assert (folder / "src" / "a.py").read_text("utf-8") == TEXT
    assert run("redact", "src/clean.py", "--check", folder=folder).returncode == 0
    assert run("redact", "-", "--diff", folder=folder, stdin=TEXT.encode()).stdout.startswith(b"--- -\n")


def test_a_folder_and_a_file_are_copied(folder: Path) -> None:
    (folder / "src" / "a.py").chmod(0o700)
    done = run("redact", "src", "--output", "out/deep", folder=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    copies = {path.name: path for path in (folder / "out" / "deep").iterdir()}
    assert sorted(copies) == ["a.py", "clean.py"]
    assert leaked(copies["a.py"].read_bytes()) == [
        "hunter2!"
    ]  # a copy that `pii` leaves: too short to be drawn
    assert stat.S_IMODE(copies["a.py"].stat().st_mode) == 0o700
    assert run("redact", "src/a.py", "--output", "b.py", folder=folder).returncode == 0
    assert (folder / "b.py").read_bytes() == copies["a.py"].read_bytes()
    assert (folder / "src" / "a.py").read_text("utf-8") == TEXT


def test_a_column_is_redacted_into_a_copy(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2, 3], "text": ["a", f"mail {MAIL}", None]})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=2)
    done = run("redact", "in.parquet", "--column", "text", "--output", "out.parquet", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert pq.read_table(tmp_path / "out.parquet")["text"].to_pylist() == ["a", "mail <EMAIL>", None]
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 2
    check = ["--column", "text", "--check"]
    assert run("redact", "in.parquet", *check, folder=tmp_path).returncode == 1
    assert run("redact", "out.parquet", *check, folder=tmp_path).returncode == 0


def test_help_answers_without_heavy_imports(tmp_path: Path) -> None:
    heavy = "{'pyarrow', 'numpy', 'rich', 'apache_beam', 'stack_native', 'pii', 'cryptography'}"
    for arguments in (["scan", "--help"], ["redact", "--help"]):
        code = (
            "import sys\nfrom stack_pipeline.cli import main\n"
            f"try: main({arguments})\nexcept SystemExit as end: print(end.code, sys.modules.keys() & {heavy})"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout.splitlines()[-1] == "0 set()"


def test_the_hooks_name_commands_that_exist(folder: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["stack-pipeline-scan", "stack-pipeline-redact"]
    known = {context.command_path: command for command, context in walk()}
    for hook in hooks:
        assert {"id", "name", "description", "entry", "language", "types"} <= hook.keys()
        assert (hook["language"], hook["types"]) == ("python", ["text"])
        program, verb, *options = shlex.split(hook["entry"])
        assert set(options) <= set(options_of(known[f"{program} {verb}"]))
        done = run(verb, *options, "src/clean.py", folder=folder)
        assert (done.returncode, done.stdout) == (0, b"")
        assert run(verb, *options, "src/a.py", folder=folder).stdout.startswith(
            b"place" if verb == "scan" else b"src/a.py"
        )
