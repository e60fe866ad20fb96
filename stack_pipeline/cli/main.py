"""The top-level command, and how errors end it."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, NoReturn

import click

from stack_pipeline import __version__
from stack_pipeline.cli import building, deduplicating, looking, recipes, reviewing, scanning
from stack_pipeline.cli.output import printable
from stack_pipeline.errors import StackPipelineError
from stack_pipeline.lean_imports import leave_out_pandas


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="stack-pipeline")
def commands() -> None:
    """Turn Git repositories into a code-LLM training set that accounts for every file."""


for module in (building, deduplicating, looking, recipes, reviewing, scanning):
    for command in module.COMMANDS:
        commands.add_command(command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command line and exit: 0 done, 1 failed, 2 wrong use."""
    leave_out_pandas()
    try:
        code: Any = commands.main(args=arguments, prog_name="stack-pipeline", standalone_mode=False)
    except StackPipelineError as error:
        _fail(error.message, error.hint, error.exit_code)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "stack-pipeline"
        _fail(error.format_message(), f"{where} --help", 2)
    except click.ClickException as error:
        _fail(error.format_message(), None, error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped", "the same command goes on from here", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        hint = "free some space; the same command goes on from here" if error.errno == errno.ENOSPC else None
        _fail(f"{error.filename or 'storage'}: {error.strerror or type(error).__name__}", hint, 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, hint: str | None, code: int) -> NoReturn:
    """Print one line and a hint to stderr, and exit."""
    word = "Error: " if os.environ.get("NO_COLOR") else click.style("Error: ", fg="red", bold=True)
    click.echo(word + printable(message), err=True)
    if hint:
        click.echo(f"\nhint: {printable(hint)}", err=True)
    sys.exit(code)
