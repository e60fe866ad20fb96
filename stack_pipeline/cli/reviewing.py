"""`pii review`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from stack_pipeline.cli.output import format_option, print_rows
from stack_pipeline.errors import UsageError


@click.group()
def pii() -> None:
    """Judge what a release redacted."""


@pii.command()
@click.argument("release", required=False)
@click.option(
    "-n", "--count", type=click.IntRange(1), default=100, show_default=True, help="Places of each kind."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another sample.")
@click.option("--kind", help="Only this kind, such as KEY.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write the sample to this file.")
@click.option(
    "--judged",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read a judged sample back and print precision.",
)
@format_option
def review(
    release: str | None,
    count: int,
    seed: int,
    kind: str | None,
    target: Path | None,
    judged: Path | None,
    form: str,
) -> None:
    """Sample places that a release redacted, with context but without values, for people to judge.

    Each line of the file is a JSON object; put true, false or unsure into `verdict`. With --judged the file is read back
    and the precision of each kind and detector is printed with its 95 % interval.
    """
    from stack_pipeline.inspection.reviewing import precision, read_judgements, sample_redactions

    if (release is None) == (judged is None):
        raise UsageError("name a release to sample, or --judged with a file", hint="one of the two")
    if judged is not None:
        rows = read_judgements(judged.read_text(encoding="utf-8").splitlines(), name=judged.name)
        print_rows(precision(rows), form)
        return
    from stack_pipeline.storage import Storage

    assert release is not None
    rows = sample_redactions(Storage(release), count=count, seed=seed, kind=kind)
    if target is None:
        print_rows(rows, form, columns=("kind", "detector", "path", "before", "stand_in", "after"))
        return
    if target.exists():
        raise UsageError(
            f"{target}: exists already", hint="a judged file is not overwritten; choose another name"
        )
    target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    click.echo(f"{len(rows)} places written to {target}", err=True)


COMMANDS = (pii,)
