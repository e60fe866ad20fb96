"""`explain`, `inspect` and `verify`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from stack_pipeline.cli.output import format_option, print_rows, printable

if TYPE_CHECKING:
    from stack_pipeline.corpus import Corpus
    from stack_pipeline.storage import Storage

_SAMPLE_COLUMNS = ("content_id", "language", "repo_name", "path", "license_expression", "length_bytes")


def _corpus_option(command: Any) -> Any:
    return click.option(
        "--corpus", help="The corpus the release was made from; only it knows names that are out."
    )(command)


def _storage(url: str) -> Storage:
    from stack_pipeline.storage import Storage

    return Storage(url)


def _opened(corpus: str | None) -> Corpus | None:
    from stack_pipeline.corpus import open_corpus

    return None if corpus is None else open_corpus(corpus)


@click.command()
@click.argument("release")
@click.argument("what")
@_corpus_option
@format_option
def explain(release: str, what: str, corpus: str | None, form: str) -> int:
    """Say why a repository, a file or a text is in, out or changed.

    WHAT is owner/repo, owner/repo:path, a content id, or a file on this machine. Exit 1 if nothing is known of it.
    """
    from stack_pipeline.inspection import explain as answer
    from stack_pipeline.inspection.explanation import UNKNOWN

    explanation = answer(_storage(release), what, corpus=_opened(corpus))
    if form == "json":
        click.echo(json.dumps(asdict(explanation), indent=2, default=str))
    elif form == "csv":
        print_rows(explanation.rows(), form)
    else:
        _print_chains(explanation)
    if explanation.note:
        click.echo(explanation.note, err=True)
    return 0 if any(chain.fate != UNKNOWN for chain in explanation.chains) else 1


def _print_chains(explanation: Any) -> None:
    """Print each subject with its fate, and a line per decision below it."""
    for chain in explanation.chains:
        click.echo(f"{printable(chain.subject)}: {chain.fate}")
        for step in chain.steps:
            reason = f" ({step.reason})" if step.reason else ""
            click.echo(f"  {step.stage}: {step.verdict}{reason}")
            _print_evidence(step.evidence, indent=6)
    if explanation.summary:
        click.echo()
        print_rows(explanation.summary, "table")


def _print_evidence(evidence: dict[str, Any], *, indent: int) -> None:
    """Print values a line each, nested ones further in, and leave out what is empty or false."""
    for name, value in evidence.items():
        if isinstance(value, dict):
            click.echo(f"{'':{indent}}{name}:")
            _print_evidence(value, indent=indent + 2)
        elif isinstance(value, list | tuple):
            for each in value:
                shown = (
                    ", ".join(f"{k} {v}" for k, v in each.items()) if isinstance(each, dict) else str(each)
                )
                click.echo(f"{'':{indent}}{name}: {printable(shown)}")
        elif value is not None and value is not False:
            click.echo(f"{'':{indent}}{name}: {printable(str(value))}")


@click.group(
    invoke_without_command=True, subcommand_metavar="[summary|languages|licenses|reasons|sample|show]"
)
@click.argument("release")
@click.pass_context
def inspect(context: click.Context, release: str) -> None:
    """Look into a release; without a view: summary."""
    context.obj = release
    if context.invoked_subcommand is None:
        context.invoke(_view("summary"))


def _view(name: str) -> click.Command:
    """Make the command of a view that is a plain list of rows."""
    about = {
        "summary": "Root, counts and settings.",
        "languages": "Files and bytes per language.",
        "licenses": "Files and bytes per licence expression.",
        "reasons": "What was dropped at each stage, by reason.",
    }

    @click.command(name, help=about[name])
    @format_option
    @click.pass_obj
    def view(release: str, form: str) -> None:
        from stack_pipeline import inspection

        print_rows(getattr(inspection, name)(_storage(release)), form)

    return view


for _name in ("summary", "languages", "licenses", "reasons"):
    inspect.add_command(_view(_name))


@inspect.command()
@click.option("-n", "--rows", type=click.IntRange(1), default=10, show_default=True, help="How many rows.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another sample.")
@click.option("--language", help="Only this language.")
@format_option
@click.pass_obj
def sample(release: str, rows: int, seed: int, language: str | None, form: str) -> None:
    """Rows chosen by a hash of seed and id, the same each time; with --format json, whole rows."""
    from stack_pipeline.inspection import sample as choose

    chosen = choose(_storage(release), rows=rows, seed=seed, language=language)
    print_rows(chosen, form, columns=None if form == "json" else _SAMPLE_COLUMNS)


@inspect.command()
@click.argument("content_id")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", help="Form of the output."
)
@click.pass_obj
def show(release: str, content_id: str, form: str) -> None:
    """One training row with its origins and redactions."""
    from stack_pipeline.inspection import show as find

    row = find(_storage(release), content_id)
    if form == "json":
        click.echo(json.dumps(row, indent=2, default=_plain))
        return
    for name, value in row.items():
        if name not in ("content", "origins", "redactions") and value is not None:
            click.echo(f"{name}: {printable(str(value))}")
    for name in ("origins", "redactions"):
        click.echo(f"\n{name}:")
        print_rows(row[name], "table", columns=_SHOWN[name])
    click.echo()
    click.echo(row["content"] if not sys.stdout.isatty() else printable(row["content"], keep="\n\t"))


_SHOWN = {
    "origins": (
        "repo_name",
        "path",
        "license_type",
        "license_expression",
        "license_source",
        "is_representative",
    ),
    "redactions": ("start", "end", "kind", "detector"),
}


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


@click.command()
@click.argument("release")
@_corpus_option
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@format_option
def verify(release: str, corpus: str | None, quiet: bool, form: str) -> int:
    """Recompute what a release promises: hashes, digests, counts, order, schemas, ids, and that no PII is found.

    With the corpus it also checks that nothing opted out or dropped is present. Exit 1 if a check fails.
    """
    from stack_pipeline.inspection import verify as check

    def progress(name: str, done: int, total: int) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r\x1b[K{done}/{total} {name}", nl=False, err=True)

    checks = check(_storage(release), corpus=_opened(corpus), progress=progress)
    if not quiet and sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    words = {True: "ok", False: "FAILED", None: "not checked"}
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in checks], indent=2))
    else:
        print_rows([{"check": c.name, "result": words[c.passed], "detail": c.detail} for c in checks], form)
    return 1 if any(each.passed is False for each in checks) else 0


COMMANDS = (explain, inspect, verify)
