"""`ingest`, `build` and `demo`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stack_pipeline.cli.output import format_option, printable
from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError

if TYPE_CHECKING:
    from stack_pipeline.corpus import Corpus
    from stack_pipeline.jobs import Job, Stage
    from stack_pipeline.recipe import Recipe
    from stack_pipeline.sources import Repository

_RUNNING_OPTIONS = (
    click.option(
        "--recipe", type=click.Path(path_type=Path), help="Recipe (TOML); see: stack-pipeline recipe show."
    ),
    click.option(
        "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes."
    ),
    click.option(
        "--runner", default="local", show_default=True, help="`local`, or the name of a Beam runner."
    ),
    click.option(
        "--beam-option", "beam_options", multiple=True, metavar="--NAME=VALUE", help="Passed to Beam."
    ),
    click.option("--shared-local", is_flag=True, help="Local paths are seen by all workers of the runner."),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
    click.option("-v", "--verbose", is_flag=True, help="Show log messages of Beam, and tracebacks."),
)


def running_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how to run a job."""
    for option in reversed(_RUNNING_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class Running:
    """How to run jobs."""

    workers: int
    runner: str
    beam_options: Sequence[str]
    shared_local: bool
    quiet: bool
    verbose: bool

    def run(self, job: Job, stages: Sequence[Stage]) -> None:
        """Run a job on Beam with progress; errors come out as one line."""
        if self.runner != "local" and not self.shared_local:
            _refuse_local_paths(job, self.runner)
        logging.basicConfig(level=logging.INFO if self.verbose else logging.CRITICAL, force=True)
        from beam_jobs.running import run_job
        from stack_pipeline.cli.progress import progress

        logging.basicConfig(level=logging.INFO if self.verbose else logging.CRITICAL, force=True)
        with progress(job, [stage.name for stage in stages], quiet=self.quiet):
            try:
                run_job(job, stages, runner=self.runner, workers=self.workers, options=self.beam_options)
            except (StackPipelineError, KeyboardInterrupt):
                raise
            except Exception as error:
                if self.verbose:
                    raise
                raise RunFailed(
                    f"a step failed: {type(error).__name__}",
                    hint="run again with --verbose for the traceback",
                ) from error


def _refuse_local_paths(job: Job, runner: str) -> None:
    for root in ("corpus", "output") if job.output else ("corpus",):
        if job.storage(root).is_local:
            raise UsageError(
                f"runner '{runner}' needs a corpus and an output that all its workers see",
                hint="use URLs such as s3://bucket/corpus, or --shared-local for a shared file system",
            )


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--corpus", required=True, help="Corpus to make or to add to.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="Master key of a new corpus: 64 hex characters, mode 0600.",
)
@running_options
@format_option
def ingest(
    sources: tuple[str, ...],
    corpus: str,
    key_file: Path | None,
    recipe: Path | None,
    form: str,
    **options: Any,
) -> int:
    """Read repositories into a corpus.

    A SOURCE is a work tree, a bare clone or mirror, a folder of them, or a listing (.jsonl, .csv, .parquet).
    """
    from stack_pipeline.recipe import read_recipe

    settings = read_recipe(recipe)
    repositories = _planned(sources, settings)
    opened = _open(corpus, _given_key(key_file))
    from stack_pipeline.corpus import locked

    with locked(corpus):
        stages = run_ingest(opened, repositories, settings, Running(**options))
    _print_funnel(stages, form)
    if stages[-1]["kept"][0] == 0:
        raise RunFailed("nothing is kept: no file can be used", hint="see the reasons above")
    return 0


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--corpus", help="Corpus; without it OUTPUT.corpus, which is kept.")
@click.option(
    "--output", required=True, help="Folder of the release: new, empty, or left unfinished by the same build."
)
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="Master key of a new corpus: 64 hex characters, mode 0600.",
)
@click.option("--public-key-ok", is_flag=True, help="Release a corpus that has the public key of the demo.")
@running_options
@format_option
def build(
    sources: tuple[str, ...],
    corpus: str | None,
    output: str,
    key_file: Path | None,
    public_key_ok: bool,
    recipe: Path | None,
    form: str,
    **options: Any,
) -> int:
    """Make a release: of a corpus, or of repositories in one go.

    With SOURCEs it reads them into the corpus first; an unchanged repository is not read again.
    """
    from stack_pipeline.recipe import read_recipe

    if not sources and corpus is None:
        raise UsageError("nothing to build from", hint="give a SOURCE, or --corpus DIR")
    settings = read_recipe(recipe)
    corpus = corpus or f"{output.rstrip('/')}.corpus"
    _run_build(
        sources, corpus, output, settings, Running(**options), form, _given_key(key_file), public_key_ok
    )
    return 0


@click.command()
@click.option(
    "--output",
    default="demo-release",
    show_default=True,
    help="Folder of the release; replaced if the demo made it.",
)
@running_options
@format_option
def demo(output: str, recipe: Path | None, form: str, **options: Any) -> int:
    """Build a release of the bundled sample repositories, with a public key.

    Writes the repositories to OUTPUT.sources, the corpus to OUTPUT.corpus and the release to OUTPUT.
    """
    from stack_pipeline.demo import prepare_demo
    from stack_pipeline.keys import PUBLIC_KEY

    sources, settings = prepare_demo(Path(output), recipe)
    _run_build(sources, f"{output}.corpus", output, settings, Running(**options), form, PUBLIC_KEY, True)
    click.echo(f"\nNext: stack-pipeline explain {output} OWNER/REPOSITORY --corpus {output}.corpus", err=True)
    return 0


def _run_build(
    sources: Sequence[str],
    corpus: str,
    output: str,
    settings: Recipe,
    running: Running,
    form: str,
    key: bytes | None,
    public_key_ok: bool,
) -> None:
    from stack_pipeline.building import finish_release, prepare_release
    from stack_pipeline.corpus import locked, open_corpus
    from stack_pipeline.manifest import read_manifest
    from stack_pipeline.storage import Storage

    started = datetime.now(UTC)
    repositories = _planned(sources, settings)
    opened = _open(corpus, key) if sources else open_corpus(corpus)
    with locked(corpus):
        ingested = run_ingest(opened, repositories, settings, running) if sources else []
        job = prepare_release(opened, output, settings, public_key_ok=public_key_ok)
        from stack_pipeline.release.stages import STAGES

        try:
            running.run(job, STAGES)
        except RunFailed:
            _print_partial_funnel(job, ingested, form)
            raise
        root = finish_release(job, started=started, workers=running.workers, runner=running.runner)
    manifest, _ = read_manifest(Storage(output))
    _print_funnel([*ingested, *manifest["stages"]], form, root=root)


def _open(corpus: str, key: bytes | None) -> Corpus:
    from stack_pipeline.corpus import open_or_create_corpus

    return open_or_create_corpus(corpus, key=key)


def _given_key(key_file: Path | None) -> bytes | None:
    from stack_pipeline.keys import read_key_file

    return None if key_file is None else read_key_file(key_file)


def _planned(sources: Sequence[str], recipe: Recipe) -> list[Repository]:
    """Find the repositories and check the rules, before anything is written."""
    from stack_pipeline.building import read_rules
    from stack_pipeline.sources import plan_sources

    read_rules(recipe.optout.rules)
    return plan_sources(sources) if sources else []


def run_ingest(
    corpus: Corpus, repositories: Sequence[Repository], recipe: Recipe, running: Running
) -> list[dict[str, Any]]:
    """Ingest repositories unless the newest snapshot is of exactly these; return the snapshot's accounts."""
    from stack_pipeline.building import clear_work, prepare_ingest

    job = prepare_ingest(corpus, repositories, recipe)
    if job is None:
        click.echo(
            f"The sources are as in snapshot {corpus.snapshots()[-1].number}; nothing to read.", err=True
        )
    else:
        from stack_pipeline.ingest.stages import STAGES

        running.run(job, STAGES)
        clear_work(job)
    snapshot = corpus.snapshots()[-1]
    _warn_of_dropped(corpus, snapshot.number)
    manifest = snapshot.manifest
    return [
        {"stage": "ingest repositories", **manifest["repositories"]},
        {"stage": "ingest files", **manifest["origins"]},
    ]


def _warn_of_dropped(corpus: Corpus, snapshot: int) -> None:
    from stack_pipeline.corpus.view import repository_rows

    for row in repository_rows(corpus, corpus.snapshot(snapshot)):
        if row["status"] == "dropped":
            click.echo(f"Warning: {printable(row['full_name'])} is left out: {row['reason']}", err=True)


def _print_funnel(stages: Sequence[dict[str, Any]], form: str, *, root: str | None = None) -> None:
    """Print the funnel and the root of the release as data."""
    import json

    from stack_pipeline.cli.funnel import COLUMNS, funnel_rows, readable
    from stack_pipeline.cli.output import print_rows

    if form == "json":
        click.echo(json.dumps({"root": root, "stages": list(stages)}, indent=2))
        return
    rows = funnel_rows(stages)
    print_rows(readable(rows) if form == "table" else rows, form, columns=COLUMNS)
    if root is not None and form == "table":
        click.echo(f"\nroot {root}")


def _print_partial_funnel(job: Job, ingested: Sequence[dict[str, Any]], form: str) -> None:
    """Show how far a failed build came, so that its reasons are seen."""
    from stack_pipeline.release.stages import STAGES
    from stack_pipeline.tasks import accounts_so_far

    _print_funnel([*ingested, *accounts_so_far(job, STAGES)], form)


COMMANDS = (ingest, build, demo)
