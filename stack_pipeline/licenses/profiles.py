"""Say which licences a release accepts: three nested profiles of permissive licences.

- `stack-v2`: what The Stack v2 took for permissive, the Blue Oak Council's list and ScanCode's categories
  "Permissive" and "Public Domain". Contentious members are CC-BY-*, JSON, Vim and LPPL.
- `blueoak-bronze`: what the Blue Oak Council rates Bronze or better.
- `attribution-free`: public domain dedications and licences that ask for nothing, not even a notice.

Source: Lozhkov et al., "StarCoder 2 and The Stack v2", section 2.1; https://blueoakcouncil.org/list.
"""

from __future__ import annotations

from functools import lru_cache

from .expressions import allows, parse
from .names import PUBLIC_DOMAIN
from .vendored import permissive_ratings

PROFILES = ("stack-v2", "blueoak-bronze", "attribution-free")
WIDEST_PROFILE = "stack-v2"

_GOOD_RATINGS = frozenset({"Model", "Gold", "Silver", "Bronze"})
_ATTRIBUTION_FREE = frozenset(
    {
        "0BSD",
        "CC-PDDC",
        "CC-PDM-1.0",
        "CC0-1.0",
        "MIT-0",
        "NCBI-PD",
        "NIST-PD",
        "NTIA-PD",
        "PDDL-1.0",
        "SAX-PD",
        "SAX-PD-2.0",
        "Unlicense",
        "WTFPL",
        "blessing",
        PUBLIC_DOMAIN,
    }
)


@lru_cache(maxsize=len(PROFILES))
def permissive_licenses(profile: str) -> frozenset[str]:
    """Return the ids that `profile` accepts.

    Raises:
        ValueError: If there is no such profile.
    """
    ratings = permissive_ratings()
    if profile == "stack-v2":
        return frozenset(ratings)
    if profile == "blueoak-bronze":
        return frozenset(key for key, rating in ratings.items() if rating["blueoak"] in _GOOD_RATINGS)
    if profile == "attribution-free":
        return _ATTRIBUTION_FREE
    raise ValueError(f"licence profile must be one of {', '.join(PROFILES)}, got {profile!r}")


def is_permissive(expression: str, *, profile: str) -> bool:
    """Return whether a licence expression gives the rights that `profile` asks for.

    What is no expression, or names an unknown licence, is not permissive.

    Raises:
        ValueError: If there is no such profile.

    Examples:
        >>> is_permissive("MIT OR GPL-2.0-only", profile="stack-v2")
        True
        >>> is_permissive("Vim", profile="stack-v2"), is_permissive("Vim", profile="blueoak-bronze")
        (True, False)
    """
    licenses = permissive_licenses(profile)
    canonical = parse(expression)
    return canonical is not None and allows(canonical, licenses=licenses)


def is_within(profile: str, other: str) -> bool:
    """Return whether `other` accepts every licence that `profile` accepts.

    Raises:
        ValueError: If one of them is no profile.

    Examples:
        >>> is_within("attribution-free", "stack-v2"), is_within("stack-v2", "blueoak-bronze")
        (True, False)
    """
    return permissive_licenses(profile) <= permissive_licenses(other)
