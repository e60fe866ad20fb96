"""Recognise a licence by its name, as people write it, in a text reduced to words.

One ordered table serves the declarations in manifests ("Apache 2", "GPL-3") and the sentences in headers and
short licence files ("released under the MIT license"). A name that leaves the version open where versions
differ ("BSD", "Creative Commons") is a *family*: it is no licence by itself, but it does not contradict a
text of that family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

PUBLIC_DOMAIN = "LicenseRef-scancode-public-domain"
"""What a plain dedication to the public domain is called in expressions."""

_LICENSE = r"(?: public)?(?: license)?"
_VERSION = r"(?: version| ver| v| rev)?"


@dataclass(frozen=True)
class Name:
    """A licence name found in words.

    Attributes:
        start: Index of its first character in the joined words.
        end: Index after its last character.
        license: SPDX expression, or "" for a family.
        family: Prefix that the ids of this family share, or "" when `license` is set.
    """

    start: int
    end: int
    license: str
    family: str = ""


def _numbered(stem: str, versions: str, *, prefix: str) -> list[tuple[str, str]]:
    """Return a row for each of `versions` ("1.0 1.1"); in the text, a ".0" may be left out."""
    rows = []
    for version in versions.split():
        major, _, minor = version.partition(".")
        tail = f"(?: {minor})?" if minor == "0" else f" {minor}"
        rows.append(
            (rf"(?:{stem}){_LICENSE}{_VERSION} ?v?{major}{tail}(?! \d\b){_LICENSE}", f"{prefix}-{version}")
        )
    return rows


_TABLE: tuple[tuple[str, str], ...] = (
    *_numbered("asl ?|al ?|apache ?v?|apache software|asf apache", "1.0 1.1 2.0", prefix="Apache"),
    (r"mit (?:no attribution|0)(?: license)?", "MIT-0"),
    (r"(?:mit|expat)(?: x11| expat)?(?: license)?(?: mit)?", "MIT"),
    (
        r"(?:bsd )?(?:0|zero) clause bsd(?: license)?|0bsd|bsd (?:0|zero) clause(?: license)?|"
        r"free public license 1 0 0",
        "0BSD",
    ),
    (
        r"(?:the )?(?:bsd )?(?:1|one) clause bsd(?: license)?|bsd (?:1|one) clause(?: license)?",
        "BSD-1-Clause",
    ),
    (
        r"(?:2|two) clauses? (?:simplified )?bsd(?: license)?|bsd ?(?:2|"
        r"two)(?: clauses?)?(?: simplified)?(?: license)?|"
        r"simplified bsd(?: license)?|bsd simplified(?: license)?|freebsd license",
        "BSD-2-Clause",
    ),
    (
        r"(?:3|three) clauses? (?:(?:new|revised|modified) )?bsd(?: license)?|"
        r"bsd ?(?:3|three)(?: clauses?)?(?: (?:new or revised|new|revised|modified))?(?: license)?|"
        r"(?:new or revised|new|revised|modified) bsd(?: license)?|bsd new(?: license)?",
        "BSD-3-Clause",
    ),
    (
        r"(?:4|four) clauses? bsd(?: license)?|bsd ?(?:4|four)(?: clauses?)?(?: license)?|"
        r"original bsd license",
        "BSD-4-Clause",
    ),
    (r"isc(?: license)?(?: iscl)?|iscl", "ISC"),
    (r"zlib(?: libpng)?(?: license)?", "Zlib"),
    (
        r"(?:boost software license|boost license)(?: version| v)? 1(?: 0)?(?! \d\b)|bsl 1 0(?! \d\b)|"
        r"boost software license|boost license",
        "BSL-1.0",
    ),
    (r"(?:the )?unlicense(?: license)?", "Unlicense"),
    (r"mulan (?:psl|permissive software license)(?: version| v)? ?v?2", "MulanPSL-2.0"),
    (
        r"related and neighbou?ring rights to this (?:software|work) to the public domain(?: worldwide)?",
        "CC0-1.0",
    ),
    (
        r"(?:is|are|been|released|placed|put|dedicated|donated|hereby) (?:hereby )?(?:placed |released |"
        r"dedicated )?"
        r"(?:in|into|to) the public domain",
        PUBLIC_DOMAIN,
    ),
    (r"wtfpl(?: version| v)?(?: 2)?|do what the fuck you want to public license(?: version 2)?", "WTFPL"),
    (
        r"(?:cc0|creative commons zero|creative commons cc0)(?: v)?(?: 1(?: 0)?)?(?: universal)?(?: "
        r"license| public domain dedication)?",
        "CC0-1.0",
    ),
    (r"(?:python software foundation|psf)(?: license)?(?: version| v)?(?: 2(?: 0)?)?", "PSF-2.0"),
    (r"postgresql license", "PostgreSQL"),
    (r"(?:ncsa|university of illinois(?: ncsa)?) (?:open source )?license|ncsa", "NCSA"),
    (r"blue oak model license(?: 1 0 0)?", "BlueOak-1.0.0"),
    (r"universal permissive license(?: v| version)?(?: 1(?: 0)?)?|upl 1 0", "UPL-1.0"),
    *_numbered("artistic license|artistic", "1.0 2.0", prefix="Artistic"),
    (
        r"(?:the )?same terms as (?:the )?perl(?: 5)?(?: programming language)?(?: system)?(?: itself)?",
        "Artistic-1.0-Perl OR GPL-1.0-or-later",
    ),
    *_numbered("mpl|mozilla public", "1.0 1.1 2.0", prefix="MPL"),
    *_numbered("epl|eclipse public", "1.0 2.0", prefix="EPL"),
    (r"(?:eclipse distribution license|edl)(?: version| v)? 1(?: 0)?", "BSD-3-Clause"),
    *_numbered("cddl|common development and distribution license", "1.0 1.1", prefix="CDDL"),
    *_numbered("eupl|european union public", "1.0 1.1 1.2", prefix="EUPL"),
    *_numbered("cpl|common public", "1.0", prefix="CPL"),
    *_numbered("osl|open software license", "1.0 2.0 2.1 3.0", prefix="OSL"),
    *_numbered("afl|academic free license", "1.1 1.2 2.0 2.1 3.0", prefix="AFL"),
    *_numbered("ofl|sil ofl|sil open font", "1.0 1.1", prefix="OFL"),
    *_numbered("sspl|server side public", "1.0", prefix="SSPL"),
    *_numbered("busl|bsl|business source license", "1.1", prefix="BUSL"),
    *_numbered("elastic license", "2.0", prefix="Elastic"),
    (r"(?:mpl|mozilla public license)", "LicenseRef-MPL"),
    (r"(?:epl|eclipse public license)", "LicenseRef-EPL"),
    (r"(?:cddl|common development and distribution license)", "LicenseRef-CDDL"),
    (r"(?:redis source available license|rsalv?)(?: version)?(?: ?v?\d)?(?: 0)?", "LicenseRef-RSAL"),
    (r"server side public license|sspl(?:v1)?", "SSPL-1.0"),
    (r"business source license", "BUSL-1.1"),
    (r"commons clause", "LicenseRef-Commons-Clause"),
    (r"elastic license", "LicenseRef-Elastic"),
)
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"bsd(?: style| like| type)?(?: license)?", "BSD-"),
    (r"(?:mit|x11)(?: style| like| type)(?: license)?", "MIT"),
    (r"apache(?: software| style)?(?: public)? license", "Apache-"),
    (r"artistic license", "Artistic-"),
    (r"creative commons", "CC"),
)
_GNU = (
    r"(?:version (?P<before>\d)(?: \d)? (?:or later )?of the )?(?:gnu )?"
    r"(?:(?P<word>affero |lesser |library )?(?:general public licenses?)|(?P<letter>l|a)?gpl(?:s|"
    r"v?(?P<glued>\d)(?: (?P<glued_minor>\d)\b)?)?)"
    r"(?: license)?(?: l?gpl| agpl)?(?: (?:as )?published by the free software foundation)?"
    r"(?: either)?(?:(?: version| ver| v)? ?v?(?P<major>\d)(?: (?P<minor>\d))?)?(?: of the license)?"
    r"(?P<later> (?:only|or later(?: version)?|or newer|or (?:at your option )?(?:any )?(?:later|"
    r"newer)(?: versions?)?))?"
)
_CC = (
    r"(?:creative commons |cc )(?:attribution|by)(?P<terms>(?: (?:noncommercial|nc|share ?alike|sa|"
    r"no ?derivatives|no ?derivs|nd))*)"
    r"(?: license)?(?: version| v)?(?: (?P<cc_major>\d) (?P<cc_minor>\d))?(?: international| unported|"
    r" generic)?(?: public)?(?: license)?"
)
_GNU_KINDS = {"affero": "AGPL", "lesser": "LGPL", "library": "LGPL", "a": "AGPL", "l": "LGPL", "": "GPL"}
_GNU_VERSIONS = {
    "GPL": {"1": "1.0", "2": "2.0", "3": "3.0"},
    "LGPL": {"2": "2.0", "2.1": "2.1", "3": "3.0"},
    "AGPL": {"1": "1.0", "3": "3.0"},
}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    rows = [f"(?P<gnu>{_GNU})", f"(?P<cc>{_CC})"]
    rows += [f"(?P<n{i}>{pattern})" for i, (pattern, _) in enumerate(_TABLE)]
    rows += [f"(?P<f{i}>{pattern})" for i, (pattern, _) in enumerate(_FAMILIES)]
    return re.compile(rf"(?<![\w])(?:{'|'.join(rows)})(?![\w])")


def _gnu_license(match: re.Match[str]) -> str:
    kind = _GNU_KINDS[(match["word"] or match["letter"] or "").strip()]
    major = match["before"] or match["glued"] or match["major"] or ""
    minor = match["glued_minor"] or match["minor"] or ""
    versions = _GNU_VERSIONS[kind]
    version = versions.get(f"{major}.{minor}") or versions.get(major)
    if version is None:
        return {"GPL": "GPL-1.0-or-later", "LGPL": "LGPL-2.0-or-later", "AGPL": "AGPL-1.0-or-later"}[kind]
    later = (match["later"] or "only").strip() != "only"
    return f"{kind}-{version}-{'or-later' if later else 'only'}"


def _cc_license(match: re.Match[str]) -> tuple[str, str]:
    terms = match["terms"].replace(" ", "")
    parts = ["CC-BY"]
    for letters, pattern in (("NC", "noncommercial|nc"), ("ND", "deriv|nd"), ("SA", "share|sa")):
        parts += [letters] if re.search(pattern, terms) else []
    stem = "-".join(parts)
    if match["cc_major"]:
        return f"{stem}-{match['cc_major']}.{match['cc_minor']}", ""
    return (f"LicenseRef-{stem}", "") if len(parts) > 1 else ("", "CC-BY-")


def _name(match: re.Match[str]) -> Name:
    kind = match.lastgroup or ""
    if match["gnu"] is not None:
        return Name(match.start(), match.end(), _gnu_license(match))
    if match["cc"] is not None:
        return Name(match.start(), match.end(), *_cc_license(match))
    if kind.startswith("f"):
        return Name(match.start(), match.end(), "", _FAMILIES[int(kind[1:])][1])
    return Name(match.start(), match.end(), _TABLE[int(kind[1:])][1])


def find_names(words: str) -> Iterator[Name]:
    """Yield the licence names in a string of space-separated words, from left to right, without overlap.

    Examples:
        >>> [name.license for name in find_names("under the mit license or the gplv2 or later")]
        ['MIT', 'GPL-2.0-or-later']
    """
    for match in _pattern().finditer(words):
        yield _name(match)


def identify(words: str) -> str | None:
    """Return the SPDX expression that all of `words` is a name of, or None; families are None.

    Examples:
        >>> identify("apache license version 2 0"), identify("bsd")
        ('Apache-2.0', None)
    """
    for article in ("the ", ""):
        match = _pattern().fullmatch(words.removeprefix(article).removesuffix(f" {article}license"))
        if match:
            return _name(match).license or None
    return None
