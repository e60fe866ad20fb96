"""Phrases in a header that speak against a permissive licence, unless a known licence explains them."""

from __future__ import annotations

import re

RESTRICTIVE_URL = re.compile(
    r"by-nc|by-nd|by-sa|gnu\.org/(?:licenses|copyleft)|/[al]?gpl|sspl|commonsclause|polyform|elastic-license|"
    r"business-source|busl|mozilla\.org/mpl|eula|eclipse\.org/legal/epl|licenses/(?:[al]gpl|gpl|mpl|epl|cddl)"
)
"""Addresses (lower case) of licences that are not permissive."""

_ACTS = "copied|reproduced|distributed|redistributed|disclosed|sold|resold|shared|transmitted"
_PHRASES = (
    # Names of licences that ask for more than a notice.
    r"[al]?gpl(?:v?\d)?|mpl|epl|cddl|sspl|busl|eupl|cecill|sleepycat|polyform|copyleft",
    r"gnu (?:\w+ ){0,2}(?:general|public)|general public license|mozilla public|eclipse public",
    r"common development and distribution|common public license|open software license|server side public",
    r"business source|elastic license|commons clause|cc by (?:nc|nd|sa)|share ?alike|no ?derivatives",
    # Who may use it, and for what.
    r"(?:non|not for|no) ?commercial\w{0,4}|commercial (?:use|purposes?|license|product|software)",
    r"(?:academic|research|educational|evaluation|personal|private|internal) (?:use|purposes?)",
    r"(?:may|can|must|shall) only be used|only for (?:use|testing|evaluation|academic|research|personal|"
    r"internal)",
    # What may not be done.
    rf"(?:may|can|must|shall) not be (?:{_ACTS})|cannot be (?:{_ACTS})|may not (?:be used|use|copy|"
    "distribute|modify)",
    r"do not (?:copy|distribute|redistribute)|unauthori[sz]ed|prohibited|all use is",
    r"(?:use|copying|distribution|redistribution|modification|reproduction) (?:\w+ ){0,8}not (?:permitted|"
    r"allowed)",
    r"without (?:the )?(?:express|prior|explicit|written)(?: \w+){0,3} (?:permission|consent|authorization|"
    r"approval)",
    r"without (?:the )?(?:permission|consent|authorization)|no (?:license|rights?) (?:is|are) granted",
    # Secrets and contracts.
    r"proprietary|confidential\w{0,4}|trade secrets?|nondisclosure|non disclosure|under nda|eula|"
    r"end user license",
    r"license agreement|license from|restricted (?:rights|to)|licensed (?:only|exclusively|solely)",
)
_DENY = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b")


def denies(words: str) -> bool:
    """Return whether joined words hold a phrase that restricts.

    "All rights reserved" alone is none: it stands beside free licences as often as not, and the folder
    decides.

    Examples:
        >>> denies("proprietary and confidential"), denies("all rights reserved")
        (True, False)
    """
    return bool(_DENY.search(words))
