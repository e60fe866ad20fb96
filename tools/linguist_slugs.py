"""Give each language a slug that is safe as a folder, a URL part and a dataset configuration name.

A slug holds `a-z`, `0-9`, `.`, `+` and `-` only, starts and ends with a letter, a digit or `+`, and belongs
to one language for ever: the table of earlier runs is kept, new languages add rows.
"""

from __future__ import annotations

import re
import unicodedata

RESERVED_SLUGS = frozenset({"unknown", "all", "default"})
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9.+-]*[a-z0-9+])?")


def extend_slugs(known: dict[str, str], *, names: list[str]) -> dict[str, str]:
    """Return the table with a row for each name, sorted by name.

    Raises:
        ValueError: If a new slug is taken, reserved or malformed; it then needs a row written by hand.
    """
    table = dict(known)
    taken = set(table.values()) | RESERVED_SLUGS
    for name in sorted(set(names) - set(known)):
        slug = slug_for(name)
        if slug in taken or not _SLUG.fullmatch(slug):
            raise ValueError(
                f"language {name!r} needs a slug written by hand, {slug!r} is taken or malformed"
            )
        taken.add(slug)
        table[name] = slug
    return dict(sorted(table.items()))


def slug_for(name: str) -> str:
    """Return the slug that a language name suggests.

    >>> [slug_for(n) for n in ("C#", "F*", "C++", "Cap'n Proto", "B (Formal Method)")]
    ['c-sharp', 'f-star', 'c++', 'capn-proto', 'b-formal-method']
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    spelled = ascii_name.replace("#", "-sharp ").replace("*", "-star ").replace("'", "")
    return re.sub(r"-+\.?", "-", re.sub(r"[^a-z0-9.+]", "-", spelled)).strip("-.")
