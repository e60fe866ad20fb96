"""Name the folder of a language: a slug that is safe in paths, URLs and dataset configurations.

`F*` breaks every dataset configuration and `C#` ends a URL, so a frozen table, not a rule, gives each
Linguist language its slug: lower case, `#` spelled `-sharp`, `+` kept, nothing outside `[a-z0-9.+-]`. The
table is injective and only grows.
"""

from __future__ import annotations

from functools import lru_cache

from stack_pipeline.files.linguist_data import load_table

UNKNOWN_SLUG = "unknown"
"""The slug of files whose language is not known."""


def language_slug(language: str | None) -> str:
    """Return the slug of a language, `unknown` for None.

    Raises:
        ValueError: If the table has no language of that name.

    Examples:
        >>> language_slug("C#"), language_slug("C++"), language_slug("Jupyter Notebook"), language_slug(None)
        ('c-sharp', 'c++', 'jupyter-notebook', 'unknown')
    """
    if language is None:
        return UNKNOWN_SLUG
    slug: str | None = load_table("language_slugs.json").get(language)
    if slug is None:
        raise ValueError(f"language must be one of Linguist's names, got {language!r}")
    return slug


def language_of_slug(slug: str) -> str | None:
    """Return the language of a slug, None for `unknown`.

    Raises:
        ValueError: If no language has that slug.

    Examples:
        >>> language_of_slug("f-star")
        'F*'
    """
    if slug == UNKNOWN_SLUG:
        return None
    language = _languages_by_slug().get(slug)
    if language is None:
        raise ValueError(f"slug must be that of a Linguist language, got {slug!r}")
    return language


@lru_cache(maxsize=1)
def _languages_by_slug() -> dict[str, str]:
    return {slug: language for language, slug in load_table("language_slugs.json").items()}
