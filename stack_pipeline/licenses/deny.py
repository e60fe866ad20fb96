"""Words in a header that forbid to take a file for permissively licensed unless a known licence explains them."""

from __future__ import annotations

import re

RESTRICTIVE_URL = re.compile(
    r"by-nc|by-nd|by-sa|gnu\.org/(?:licenses|copyleft)|/[al]?gpl|sspl|commonsclause|polyform|elastic-license|"
    r"business-source|busl|mozilla\.org/mpl|eula|eclipse\.org/legal/epl|licenses/(?:[al]gpl|gpl|mpl|epl|cddl)"
)
"""Addresses (lower case) of licences that are not permissive."""

_DENY = re.compile(
    r"\b(?:[al]?gpl(?:v?\d)?|mpl|epl|cddl|sspl|busl|eupl|cecill|sleepycat|polyform|copyleft|gnu (?:\w+ ){0,2}(?:general|public)|"
    r"general public license|mozilla public|eclipse public|common development and distribution|common public license|"
    r"open software license|server side public|business source|elastic license|commons clause|cc by (?:nc|nd|sa)|"
    r"(?:non|not for|no) ?commercial\w{0,4}|share ?alike|no ?derivatives|proprietary|confidential\w{0,4}|trade secrets?|"
    r"unauthori[sz]ed|prohibited|forbidden|eula|end user license|(?<!contributor )license agreement|license from|"
    r"under nda|nondisclosure|non disclosure|for internal use|internal use only|(?:academic|research|educational|"
    r"evaluation|personal|private|internal|testing|demonstration) (?:use|purposes?)(?: only)?|only (?:be )?(?:used?|for)|"
    r"commercial (?:use|purposes?|license)|(?:may|must|can|shall) not (?:be )?(?:copied|copy|reproduced?|used?|distributed?|"
    r"redistributed?|disclosed?|modif\w{1,3}|sold|sell)|cannot (?:be )?(?:copied|copy|used?|distributed?|redistributed?|"
    r"modified)|do not (?:copy|distribute|redistribute)|not (?:permitted|allowed)|"
    r"without (?:the )?(?:express|prior|explicit|written)(?: \w+){0,3} (?:permission|consent|authorization|approval)|"
    r"without (?:the )?(?:permission|consent|authorization)|no (?:license|rights?) (?:is|are) granted|"
    r"restricted (?:rights|to)|licensed (?:only|exclusively|solely)|all use is)\b"
)


def denies(words: str) -> bool:
    """Return whether joined words hold a phrase that restricts.

    "All rights reserved" alone is none: it stands beside free licences as often as not, and the directory decides.

    Examples:
        >>> denies("proprietary and confidential"), denies("all rights reserved")
        (True, False)
    """
    return bool(_DENY.search(words))
