"""The recipe of a corpus or a release: sections, reading, printing."""

from stack_pipeline.recipe.page import recipe_page, recipe_toml
from stack_pipeline.recipe.reading import canonical_recipe, parse_recipe, read_recipe
from stack_pipeline.recipe.sections import Engine, Recipe

__all__ = [
    "Engine",
    "Recipe",
    "canonical_recipe",
    "parse_recipe",
    "read_recipe",
    "recipe_page",
    "recipe_toml",
]
