"""`dedup` and `dedup explain`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stack_pipeline.cli.output import format_option, print_rows, printable
from stack_pipeline.errors import RunFailed, UsageError

if TYPE_CHECKING:
    from stack_pipeline.near_dedup.running import Outcome
    from stack_pipeline.near_dedup.settings import Request

_GROUPS_SHOWN = 10
_ALARMS_SHOWN = 10
_COLUMN_OPTIONS = (
    click.option(
        "--text-column", metavar="NAME", help="Column of the text; by default content, text, code, …"
    ),
    click.option(
        "--id-column",
        metavar="NAME",
        help="Column of the id; by default id, content_id, …; none: file and row.",
    ),
    click.option("--language-column", metavar="NAME", help="Column of the language; none for none."),
    click.option("--path-column", metavar="NAME", help="Column of the path; none for none."),
    click.option("--repository-column", metavar="NAME", help="Column of the repository; none for none."),
    click.option(
        "--rank-by",
        metavar="COLUMN[:asc|desc]",
        help="Which of two files stays, such as stars:desc; ties and the default go by id.",
    ),
    click.option(
        "--within",
        metavar="COLUMN",
        help="Compare only files of equal value, such as language; by default all.",
    ),
)
_CLUSTER_OPTIONS = (
    click.option(
        "--threshold",
        type=float,
        default=0.7,
        show_default=True,
        help="Exact similarity from which on a file goes.",
    ),
    click.option(
        "--clusters",
        type=click.Choice(["star", "components"]),
        default="star",
        show_default=True,
        help="star: a file goes only for a kept file it resembles itself. components: chains tie files together.",
    ),
    click.option(
        "--measure",
        type=click.Choice(["jaccard", "containment"]),
        default="jaccard",
        show_default=True,
        help="containment: the share of the smaller file that stands in the larger one.",
    ),
    click.option("--ngram", type=int, default=5, show_default=True, help="Tokens per shingle."),
    click.option("--num-perm", type=int, default=256, show_default=True, help="Slots per MinHash signature."),
    click.option("--seed", type=int, default=1, show_default=True, help="Chooses the permutations."),
    click.option(
        "--scheme",
        type=click.Choice(["default", "datasketch", "datasketch-legacy", "bigcode"]),
        default="default",
        show_default=True,
        help="Arithmetic of the signatures.",
    ),
    click.option(
        "--bands", type=int, help="Bands of a signature; with --rows. By default chosen by threshold."
    ),
    click.option("--rows", type=int, help="Slots per band."),
    click.option("--min-tokens", type=int, help="Files of fewer tokens are compared byte by byte only."),
    click.option(
        "--strip-license-headers", is_flag=True, help="Leave a leading licence header out of the comparison."
    ),
    click.option(
        "--max-bucket", type=int, help="Files of one bucket that are all compared; more go by its first."
    ),
)
_RUNNING_OPTIONS = (
    click.option("--write-filtered", is_flag=True, help="Also write copies of the inputs without what goes."),
    click.option(
        "--accept", is_flag=True, help="Let alarms that stop the run pass; the manifest records it."
    ),
    click.option("--overwrite", is_flag=True, help="Replace the output of an earlier run."),
    click.option(
        "--streaming/--in-memory",
        default=None,
        help="Hold texts on disk or in memory; by default chosen by size.",
    ),
    click.option(
        "--memory",
        metavar="SIZE",
        help="What that choice goes by, such as 8GB; by default half of what is free.",
    ),
    click.option(
        "--threads",
        type=click.IntRange(1, 256),
        help="Threads; by default one per core. Changes only the time.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
)


def _with(*groups: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """Add groups of options to a command, in this order."""

    def decorate(command: Any) -> Any:
        for group in reversed(groups):
            for option in reversed(group):
                command = option(command)
        return command

    return decorate


class _InputsOrVerb(click.Group):
    """A group that takes any number of inputs itself unless the first word is one of its commands."""

    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand over to the command that the first word names; `./explain` is an input of that name."""
        command = self.commands.get(args[0]) if args else None
        if command is None:
            return super().make_context(info_name, args, parent, **extra)
        return command.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


class _Inputs(click.Argument):
    """Inputs, which stand in the usage of their own command only, not in that of the commands below."""

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what the usage shows."""
        return super().get_usage_pieces(ctx) if self in ctx.command.params else []


@click.group(cls=_InputsOrVerb, invoke_without_command=True, subcommand_metavar="")
@click.argument("inputs", cls=_Inputs, nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), help="Folder to make: new or empty."
)
@_with(_COLUMN_OPTIONS, _CLUSTER_OPTIONS, _RUNNING_OPTIONS)
@format_option
def dedup(inputs: tuple[str, ...], output: Path, form: str, quiet: bool, **options: Any) -> int:
    """Find near-duplicates in files, verify each, and write clusters, a keep list and a report.

    An INPUT is a Parquet or JSONL file (also .gz, .zst), a folder of them, a glob, a corpus or a release. OUTPUT gets
    clusters.parquet, keep.parquet, report.html, report.json and manifest.json. The order of inputs changes nothing.

    Exit 1 if so much would go that somebody has to look first: then the evidence is written, and no keep list.
    """
    request = _request(inputs, output, options)
    from stack_pipeline.cli.step_progress import step_progress
    from stack_pipeline.near_dedup.running import run_dedup

    try:
        with step_progress(quiet=quiet) as progress:
            outcome = run_dedup(request, progress=progress)
    except KeyboardInterrupt:
        raise _Stopped("stopped", hint="nothing was written") from None
    _print_outcome(outcome, output, form)
    if outcome.stopped:
        count = sum(alarm["level"] == "stop" for alarm in outcome.report["alarms"])
        raise RunFailed(
            f"{count} alarm{'s' if count > 1 else ''} stopped the run: nothing is removed and no keep list is written",
            hint=f"look at {output / 'report.html'}; the same command with --accept goes on from here",
        )
    return 0


class _Stopped(RunFailed):
    """The user stopped the run."""

    exit_code = 130


def _request(inputs: tuple[str, ...], output: Path, options: dict[str, Any]) -> Request:
    from stack_pipeline.near_dedup.clustering import ClusterSettings
    from stack_pipeline.near_dedup.columns import ColumnChoice, parse_rank
    from stack_pipeline.near_dedup.settings import Request, check_settings, free_memory, parse_size

    rank, descending = parse_rank(options["rank_by"])
    columns = ColumnChoice(
        **{name: options[f"{name}_column"] for name in ("text", "id", "language", "path", "repository")},
        rank=rank,
        descending=descending,
        within=options["within"],
    )
    named = (
        *("threshold", "clusters", "measure", "num_perm", "ngram", "seed", "scheme", "bands", "rows"),
        *("min_tokens", "strip_license_headers", "max_bucket"),
    )
    try:
        settings = ClusterSettings(**{name: options[name] for name in named if options[name] is not None})
    except ValueError as error:
        raise UsageError(str(error), hint="stack-pipeline dedup --help") from None
    check_settings(settings)
    memory = options["memory"]
    return Request(
        inputs=inputs,
        output=output,
        columns=columns,
        settings=settings,
        mode={None: None, True: "streaming", False: "memory"}[options["streaming"]],
        memory_bytes=free_memory() if memory is None else parse_size(memory),
        threads=options["threads"] or min(256, len(os.sched_getaffinity(0))),
        write_filtered=options["write_filtered"],
        accept=options["accept"],
        overwrite=options["overwrite"],
    )


_COUNTED = ("files", "exact_duplicates", "near_duplicates", "kept", "clusters", "largest_cluster")


def _print_outcome(outcome: Outcome, output: Path, form: str) -> None:
    report = outcome.report
    if form == "json":
        click.echo(json.dumps({**report, "output": str(output), "written": list(outcome.files)}, indent=2))
        return
    counts = [{"count": name.replace("_", " "), "value": report[name]} for name in _COUNTED]
    if form == "csv":
        print_rows(counts, form)
        return
    print_rows(counts, form)
    for kind in ("language", "source"):
        if rows := report.get(f"by_{kind}"):
            click.echo()
            print_rows([_group_row(kind, row) for row in rows[:_GROUPS_SHOWN]], form)
            if len(rows) > _GROUPS_SHOWN:
                click.echo(f"and {len(rows) - _GROUPS_SHOWN:,} more in report.json")
    click.echo()
    _print_alarms(report["alarms"])
    click.echo(f"written to {printable(str(output))}: {printable(_written(outcome.files))}")


def _print_alarms(alarms: Sequence[dict[str, Any]]) -> None:
    for alarm in alarms[:_ALARMS_SHOWN]:
        word = "accepted" if alarm["accepted"] else alarm["level"]
        click.echo(f"{word}: {printable(alarm['message'])}")
    if len(alarms) > _ALARMS_SHOWN:
        click.echo(f"and {len(alarms) - _ALARMS_SHOWN:,} more in report.json")
    if alarms:
        click.echo()


def _written(files: Sequence[str]) -> str:
    """Return the names of what was written, the filtered copies as one."""
    filtered = sum(name.startswith("filtered/") for name in files)
    names = [name for name in files if not name.startswith("filtered/")]
    return ", ".join(names + ([f"filtered/ ({filtered:,} files)"] if filtered else []))


def _group_row(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: row["name"] or "unknown",
        "files": row["files"],
        "exact duplicates": row["exact_duplicates"],
        "near-duplicates": row["near_duplicates"],
        "kept": row["kept"],
        "removed": f"{100 * (1 - row['kept'] / row['files']):.1f} %",
    }


@dedup.command()
@click.argument("what", metavar="CLUSTER|ID")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--with", "other", metavar="ID", help="Compare with this member instead.")
@click.option("--members", type=click.IntRange(0), default=20, show_default=True, help="Members to list.")
@format_option
def explain(what: str, folder: Path, other: str | None, members: int, form: str) -> int:
    """Show the cluster of a file: its members, and how two of them differ.

    DIR is the output of a run. An ID is compared with the file kept for it, a CLUSTER's kept file with its least
    similar member; the texts are read from the run's inputs again. Exit 1 if the file is in no cluster.
    """
    from stack_pipeline.near_dedup.explaining import explain_member, is_kept

    explanation = explain_member(folder, what, other=other)
    if explanation is None:
        known = is_kept(folder, what)
        why = "kept; no other file resembles it enough" if known else "in no cluster of this run"
        click.echo(f"{printable(what)}: {why}", err=True)
        return 1
    if form == "json":
        click.echo(json.dumps(explanation.to_json(), indent=2))
    elif form == "csv":
        print_rows(explanation.members, form)
    else:
        _print_explanation(explanation, members)
    return 0


def _print_explanation(explanation: Any, most: int) -> None:
    click.echo(f"cluster {printable(explanation.cluster)}: {len(explanation.members):,} files")
    if most:
        click.echo()
        print_rows(explanation.members[:most], "table")
    if len(explanation.members) > most > 0:
        click.echo(f"and {len(explanation.members) - most:,} more")
    compared = explanation.compared
    if compared is None:
        return
    click.echo(
        f"\n{printable(compared.left)} has {compared.left_shingles:,} distinct shingles, "
        f"{printable(compared.right)} {compared.right_shingles:,}; shared {compared.shared:,}: "
        f"Jaccard {compared.jaccard:.4f}, containment {compared.containment:.4f}\n"
    )
    if not compared.diff:
        click.echo("The two are equal line by line.")
    for line in compared.diff:
        click.echo(_coloured(printable(line, keep="\t")))


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return line if colour is None or os.environ.get("NO_COLOR") else click.style(line, fg=colour)


COMMANDS = (dedup,)
