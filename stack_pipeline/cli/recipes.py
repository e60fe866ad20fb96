"""`recipe show` and `recipe check`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def recipe() -> None:
    """Show or check recipes."""


@recipe.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def show(file: Path | None) -> None:
    """Print a recipe, or the defaults, as commented TOML."""
    from stack_pipeline.recipe import read_recipe, recipe_toml

    click.echo(recipe_toml(read_recipe(file)), nl=False)


@recipe.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a recipe and the opt-out rules it names."""
    from stack_pipeline.building import read_rules
    from stack_pipeline.recipe import read_recipe

    settings = read_recipe(file)
    rules = read_rules(settings.optout.rules)
    click.echo(f"{file}: ok, {len(rules.rules)} opt-out rules", err=True)


COMMANDS = (recipe,)
