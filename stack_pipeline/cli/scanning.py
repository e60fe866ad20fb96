"""`scan` and `redact`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stack_pipeline.cli.output import printable
from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError

if TYPE_CHECKING:
    from stack_pipeline.scanning import Baseline, Found, Inputs, RedactSettings, ScanSettings, Tally

_FILE = click.Path(path_type=Path)
_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...|-")
_kinds = click.option(
    "--kinds",
    metavar="KIND[,KIND]",
    multiple=True,
    help="Only these of EMAIL, IP_ADDRESS, KEY, NAME, PASSWORD, USERNAME; by default all but NAME and USERNAME.",
)
_show_values = click.option(
    "--show-values", is_flag=True, help="Show what was found; only on a terminal, never into a file."
)
_quiet = click.option("-q", "--quiet", is_flag=True, help="No progress and no counts.")


def _policy(default: str) -> Callable[[Any], Any]:
    return click.option(
        "--policy",
        type=click.Choice(["detect", "redact"]),
        default=default,
        show_default=True,
        help="redact leaves what is nobody's: private addresses, example mailboxes, public resolvers.",
    )


@click.command()
@_paths
@click.option("--revision", metavar="REV", help="Read this commit of the repository PATH, by Git's objects.")
@click.option("--column", metavar="NAME", help="Read this column of Parquet or JSONL files (also .gz, .zst).")
@click.option("--id-column", metavar="NAME", help="Column that names the rows of these files.")
@_kinds
@_policy("detect")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "sarif"]),
    default="table",
    show_default=True,
    help="sarif: for code scanning and editors.",
)
@click.option("--explain", is_flag=True, help="Also list what the rules looked at and left, and why.")
@_show_values
@click.option("--baseline", metavar="FILE", type=_FILE, help="Do not report what this baseline lists.")
@click.option("--write-baseline", metavar="FILE", type=_FILE, help="Write what is found into a baseline.")
@_quiet
def scan(paths: tuple[str, ...], **options: Any) -> int:
    """Find personal data and secrets in files, folders, stdin, a commit or a column of tables.

    Folders are read whole, but for .git, links and binary files. No output holds what was found, only where it is and
    what stands around it. A baseline is a .secrets.baseline of detect-secrets.

    Exit 0 if nothing was found, 1 if something was, 2 if something could not be read.
    """
    form, quiet = options["form"], options["quiet"]
    _check_shown(options["show_values"], form)
    if options["explain"] and form == "sarif":
        raise UsageError("--explain goes with --format table or jsonl", hint="SARIF holds finds only")
    with _as_usage_errors():
        from stack_pipeline.scanning import Baseline, Found, ScanSettings, Tally, open_inputs

        tally, found = Tally(), Found()
        settings = ScanSettings(
            kinds=_kind_names(options["kinds"]),
            policy=options["policy"],
            threads=_threads(),
            explain=options["explain"],
            with_values=options["show_values"],
        )
        known = Baseline(options["baseline"]) if options["baseline"] else None
        written = Baseline(options["write_baseline"], must_exist=False) if options["write_baseline"] else None
        with open_inputs(
            paths,
            tally,
            read_stdin=_stdin,
            revision=options["revision"],
            column=options["column"],
            id_column=options["id_column"],
            skip=[each.path for each in (known, written) if each],
        ) as inputs:
            _print_found(inputs, settings, tally, form, known, found if written else None, quiet=quiet)
            if written:
                tally.demand_all_read(hint="no baseline was written")
                count = written.write(found, was_scanned=inputs.holds, kinds=settings.kinds)
        if not quiet:
            _print_counts(tally, "found")
            if written:
                click.echo(f"{count:,} entries in {printable(str(written.path))}", err=True)
        tally.demand_all_read()
        return 1 if tally.found else 0


def _print_found(
    inputs: Inputs,
    settings: ScanSettings,
    tally: Tally,
    form: str,
    known: Baseline | None,
    found: Found | None,
    *,
    quiet: bool,
) -> None:
    from stack_pipeline.cli.finding_table import finding_table
    from stack_pipeline.scanning import running
    from stack_pipeline.scanning.json_report import json_lines
    from stack_pipeline.scanning.sarif import sarif

    with _progress("scan", inputs.count, quiet=quiet) as (progress, close):
        each: Any = running.scan(
            inputs.batches,
            settings,
            tally,
            baseline=known,
            record=None if found is None else found.add,
            progress=progress,
        )
        if form == "sarif":
            parts = sarif(each, tally)
        elif form == "jsonl":
            parts = json_lines(each, explain=settings.explain)
        else:
            parts = finding_table(each, explain=settings.explain, with_values=settings.with_values)
        _write(parts, before=close)


@click.command()
@_paths
@click.option("--in-place", is_flag=True, help="Rewrite the files that change, each whole or not at all.")
@click.option("--diff", is_flag=True, help="Print what would change; removed values are masked.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something would change.")
@click.option("--output", metavar="FILE|DIR", type=_FILE, help="Write a redacted copy there.")
@click.option(
    "--column", metavar="NAME", help="Redact this column of a Parquet or JSONL file; with --output."
)
@click.option(
    "--key-file",
    metavar="FILE",
    type=_FILE,
    help="Key of synthetic stand-ins: 64 hex characters, mode 0600.",
)
@click.option(
    "--style",
    type=click.Choice(["placeholder", "synthetic"]),
    help="By default synthetic with a key, placeholder without.",
)
@_kinds
@_policy("redact")
@_show_values
@_quiet
def redact(paths: tuple[str, ...], **options: Any) -> int:
    """Replace personal data and secrets; nothing else changes.

    One file, or stdin, is printed redacted. Files and folders are rewritten with --in-place, and copied with --output; .git,
    links and binary files are left out. With a key, one value has one stand-in everywhere.

    Exit 0 when done, 2 if something could not be read or written; with --check, 1 if something would change.
    """
    _check_modes(options)
    with _as_usage_errors():
        from stack_pipeline.scanning import Tally

        tally = Tally()
        settings = _redact_settings(options)
        if options["column"] is not None:
            _redact_table(paths, settings, tally, options)
        else:
            _redact_texts(paths, settings, tally, options)
        if not options["quiet"]:
            _print_counts(tally, "replaced")
        tally.demand_all_read()
        return 1 if options["check"] and tally.changed else 0


def _redact_texts(
    paths: tuple[str, ...], settings: RedactSettings, tally: Tally, options: dict[str, Any]
) -> None:
    from stack_pipeline.scanning.files import shown
    from stack_pipeline.scanning.rewriting import Rewriting

    texts = Rewriting(paths, settings, tally, read_stdin=_stdin)
    if options["diff"]:
        lines = (printable(line, keep="\t") for line in texts.diff(with_values=options["show_values"]))
        _write(line + "\n" for line in lines)
    elif not (options["in_place"] or options["check"] or options["output"]):
        _write([texts.one()])
    else:
        with _progress("redact", texts.count, quiet=options["quiet"]) as (texts.progress, close):
            if options["output"]:
                texts.copy(options["output"])
                return
            names = texts.in_place() if options["in_place"] else texts.changed()
            _write((printable(shown(name)) + "\n" for name in names), before=close)


def _redact_table(
    paths: tuple[str, ...], settings: RedactSettings, tally: Tally, options: dict[str, Any]
) -> None:
    from stack_pipeline.scanning.copying import demand_new
    from stack_pipeline.scanning.inputs import check_together
    from stack_pipeline.scanning.table_copy import check_tables, copy_table
    from stack_pipeline.scanning.tables import one_table, open_tables

    column, target = options["column"], options["output"]
    check_together(paths, revision=None, column=column)
    if target is None:
        check_tables(open_tables(paths, column=column, id_column=None), column, settings, tally)
        return
    demand_new(target)
    copy_table(one_table(paths, column=column), column, target, settings, tally)


def _check_modes(options: dict[str, Any]) -> None:
    _check_shown(options["show_values"], "table")
    modes = [
        f"--{name.replace('_', '-')}" for name in ("in_place", "output", "diff", "check") if options[name]
    ]
    if len(modes) > 1 and modes != ["--diff", "--check"]:
        raise UsageError(f"{' and '.join(modes)} do not go together", hint="choose one")
    if options["show_values"] and not options["diff"]:
        raise UsageError("--show-values goes with --diff", hint="nothing else would show values")
    if options["column"] is not None and modes not in (["--output"], ["--check"]):
        raise UsageError("a column is redacted into a copy", hint="name it by --output FILE, or use --check")
    if options["style"] == "synthetic" and options["key_file"] is None:
        raise UsageError(
            "synthetic stand-ins need a key", hint="make one with: (umask 077; openssl rand -hex 32 > FILE)"
        )


def _redact_settings(options: dict[str, Any]) -> RedactSettings:
    from stack_pipeline.scanning import RedactSettings
    from stack_pipeline.scanning.redacting import redaction_key

    return RedactSettings(
        kinds=_kind_names(options["kinds"]),
        policy=options["policy"],
        style=options["style"],
        key=None if options["key_file"] is None else redaction_key(options["key_file"]),
        threads=_threads(),
    )


def _kind_names(given: Iterable[str]) -> tuple[str, ...]:
    from pii import DEFAULT_KINDS, KINDS

    wanted = {name.strip().upper() for each in given for name in each.split(",")}
    if unknown := sorted(wanted - set(KINDS)):
        raise UsageError(f"no kind '{unknown[0]}'", hint=f"kinds: {', '.join(KINDS)}")
    return tuple(sorted(wanted)) or DEFAULT_KINDS


def _check_shown(show_values: bool, form: str) -> None:
    if show_values and not sys.stdout.isatty():
        raise UsageError(
            "--show-values shows what was found to a terminal only",
            hint="leave it out, or do not redirect stdout",
        )
    if show_values and form != "table":
        raise UsageError("--show-values goes with --format table", hint="files and logs get no values")


def _threads() -> int:
    return min(256, len(os.sched_getaffinity(0)))


def _stdin() -> bytes:
    from stack_pipeline.scanning.texts import MAX_TEXT_BYTES

    data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise UsageError("stdin holds more than 1 GiB", hint="cut it into files")
    return data


def _write(parts: Iterable[str | bytes], *, before: Callable[[], None] | None = None) -> None:
    """Write to stdout, always as UTF-8; a bar on the same terminal ends first."""
    stream = sys.stdout.buffer
    for part in parts:
        if before is not None and sys.stdout.isatty():
            before()
        stream.write(part.encode("utf-8", "backslashreplace") if isinstance(part, str) else part)
    stream.flush()


@contextmanager
def _progress(
    name: str, count: Callable[[], int], *, quiet: bool
) -> Iterator[tuple[Callable[[int], None] | None, Callable[[], None]]]:
    """Give a function to call with the number of texts done, and one that ends the bar; none away from a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None, _nothing
        return
    from stack_pipeline.cli.step_progress import step_progress

    with ExitStack() as stack:
        update = stack.enter_context(step_progress())
        total = count()

        def shown(done: int) -> None:
            update(name, min(done, total), total)

        yield shown, stack.close


def _nothing() -> None:
    return


def _print_counts(tally: Tally, verb: str) -> None:
    """Print to stderr how many texts there were, and what was found by kind and detector."""
    left_out = [
        f"{count:,} {name}"
        for count, name in ((tally.binary, "binary"), (tally.links, "linked"), (tally.unread, "unread"))
        if count
    ]
    listed = f", {tally.listed:,} in the baseline" if tally.listed else ""
    rest = f" ({', '.join(left_out)} left out)" if left_out else ""
    texts = f"{tally.texts:,} text{'' if tally.texts == 1 else 's'}"
    click.echo(f"{tally.found.total():,} {verb} in {texts}{rest}{listed}", err=True)
    for (kind, detector), count in sorted(tally.found.items()):
        click.echo(f"{count:>8,}  {kind:<10}  {detector}", err=True)


@contextmanager
def _as_usage_errors() -> Iterator[None]:
    """Let every failure exit with 2, because 1 says that something was found."""
    try:
        yield
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        raise _Stopped("stopped", hint="what was printed is not all") from None
    except RunFailed as error:
        raise UsageError(error.message, hint=error.hint) from None
    except OSError as error:
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "storage"
        raise UsageError(f"{name}: {error.strerror or type(error).__name__}") from None


class _Stopped(StackPipelineError):
    """The user stopped the command."""

    exit_code = 130


COMMANDS = (scan, redact)
