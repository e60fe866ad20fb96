"""Write the reference of the command line out of the commands' own help texts."""

from __future__ import annotations

from collections.abc import Iterator

import click

from stack_pipeline.cli.main import commands

PROGRAM = "stack-pipeline"
_WIDTH = 100


def walk(
    command: click.Command = commands, parent: click.Context | None = None
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield a command and everything below it, in the order of names, each with its context."""
    settings = {**command.context_settings, "terminal_width": _WIDTH}
    context = click.Context(command, info_name=command.name if parent else PROGRAM, parent=parent, **settings)
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from walk(below, context)


def options_of(command: click.Command) -> list[str]:
    """Return every long option of a command, as typed."""
    return [
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    ]


def command_reference() -> str:
    """Return a section per command with what its `--help` prints."""
    parts = []
    for command, context in walk():
        help_text = command.get_help(context).rstrip()
        parts.append(f"## `{context.command_path}`\n\n```text\n{help_text}\n```\n")
    return "\n".join(parts)
