"""Prepare the demo: write the bundled sample and read its recipe."""

from __future__ import annotations

import shutil
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.recipe import Recipe, read_recipe

_MARK = "written-by-the-demo"


def prepare_demo(output: Path, recipe: Path | None) -> tuple[list[str], Recipe]:
    """Write the sample beside `output` and remove what an earlier demo left; return sources and recipe.

    Raises:
        UsageError: If a folder in the way was not made by a demo.
    """
    from stack_pipeline.sample import write_sample

    folders = [output, output.with_name(output.name + ".corpus"), output.with_name(output.name + ".sources")]
    sources = folders[-1]
    if any(folder.exists() for folder in folders):
        if not (sources / _MARK).exists():
            raise UsageError(
                f"{output}: the folder was not made by the demo", hint="name another one with --output"
            )
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    sources.mkdir(parents=True)
    (sources / _MARK).touch()
    sample = write_sample(sources)
    return [str(sample.listing)], read_recipe(recipe or sample.recipe)
