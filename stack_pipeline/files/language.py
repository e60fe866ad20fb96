"""Name the language of a file by Linguist's strategies, each narrowing the candidates of the one before.

In order: mode line, file name, shebang, extension, XML declaration, manual page, heuristics. Linguist ends
with a trained classifier; here what is still ambiguous is decided by a stated tie-break (strategy `guess`):
XML if it is a candidate and the file begins with its declaration, else the preference for the extension in
`PREFERRED`, then a popular language, then one whose first-listed extension it is, then the first by name.

Differences from Linguist: a rule with a pattern and a negative pattern asks for both; the XML declaration
must begin with `<?`; an empty file is judged by its path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stack_pipeline.files.heuristics import apply_heuristics
from stack_pipeline.files.linguist_data import language_index
from stack_pipeline.files.modeline import find_modeline
from stack_pipeline.files.paths import base_name, extensions_of
from stack_pipeline.files.shebang import find_interpreter

CONSIDERED_BYTES = 50 * 1024
"""How much of a file detection reads, as in Linguist; a mode line may stand in the last lines too."""

TAIL_CHARACTERS = 8192

PREFERRED: dict[str, tuple[str, ...]] = {
    ".cfg": ("INI",),
    ".ddl": ("SQL",),
    ".frag": ("GLSL",),
    ".fx": ("HLSL",),
    ".inc": ("PHP", "C++"),
    ".jq": ("jq",),
    ".ks": ("Kickstart",),
    ".lean": ("Lean 4",),
    ".m": ("Objective-C", "MATLAB"),
    ".prc": ("SQL",),
    ".sch": ("KiCad Schematic",),
    ".spec": ("RPM Spec",),
    ".trigger": ("Apex",),
}
"""What an extension means most often where content does not tell."""

_MANUAL_PAGE = re.compile(r"\.(?:[1-9](?![0-9])[a-z_0-9]*|0p|n|man|mdoc)(?:\.in)?$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """The language of a file and how it was found.

    Attributes:
        name: Linguist's name of the language, or None.
        strategy: `modeline`, `filename`, `shebang`, `extension`, `xml`, `manpage`, `heuristics`, `guess`, or
        `none`.
    """

    name: str | None
    strategy: str


def detect_language(path: bytes | str, text: str) -> DetectedLanguage:
    """Return the language of a file from its path and decoded text.

    Args:
        path: Any bytes, or text with `surrogateescape`; only the name counts.
        text: The decoded text; the first `CONSIDERED_BYTES` of its UTF-8 form are read, and the last five
        lines.

    Examples:
        >>> detect_language("a/list.h", "std::vector<int> v;")
        DetectedLanguage(name='C++', strategy='heuristics')
        >>> detect_language("run", "#!/bin/sh\\n")
        DetectedLanguage(name='Shell', strategy='shebang')
        >>> detect_language("notes.xyzzy", "")
        DetectedLanguage(name=None, strategy='none')
    """
    name = base_name(path)
    head = considered_part(text)
    candidates: tuple[str, ...] = ()
    for strategy, found in (
        ("modeline", _by_modeline(head, text[-TAIL_CHARACTERS:])),
        ("filename", language_index().by_filename.get(name, ())),
        ("shebang", _by_shebang(head)),
        ("extension", _by_extension(name)),
    ):
        candidates = _narrow(candidates, found)
        if len(candidates) == 1 and found:
            return DetectedLanguage(candidates[0], strategy)
    if not candidates and "<?xml version=" in "\n".join(head.split("\n", 2)[:2]):
        return DetectedLanguage("XML", "xml")
    strategy = "guess"
    if not candidates and _MANUAL_PAGE.search(name):
        candidates, strategy = ("Roff Manpage", "Roff"), "manpage"
    by_content = apply_heuristics(name, head)
    if len(by_content) == 1:
        return DetectedLanguage(by_content[0], "heuristics")
    candidates = by_content or candidates
    if "XML" in candidates and head.startswith("<?xml") and "<!DOCTYPE eagle" not in head[:1000]:
        return DetectedLanguage("XML", "guess")
    return _break_tie(name, candidates, strategy)


def considered_part(text: str) -> str:
    """Return the longest beginning of a text that takes at most `CONSIDERED_BYTES` bytes in UTF-8.

    Examples:
        >>> len(considered_part("é" * 100_000))
        25600
    """
    part = text[:CONSIDERED_BYTES]
    if part.isascii():
        return part
    return part.encode("utf-8", "replace")[:CONSIDERED_BYTES].decode("utf-8", "ignore")


def _narrow(candidates: tuple[str, ...], found: Sequence[str]) -> tuple[str, ...]:
    """Keep the candidates that a strategy found too; a strategy that would leave none is not heard."""
    if not candidates:
        return tuple(found)
    return tuple(name for name in candidates if name in found) or candidates


def _by_modeline(head: str, tail: str) -> tuple[str, ...]:
    if "-*-" not in head and "-*-" not in tail and ":" not in head and ":" not in tail:
        return ()
    mode = find_modeline(head, tail)
    if mode is None:
        return ()
    language = language_index().by_alias.get(mode.lower())
    return () if language is None else (language,)


def _by_shebang(head: str) -> tuple[str, ...]:
    if not head.startswith("#!"):
        return ()
    interpreter = find_interpreter(head)
    return () if interpreter is None else language_index().by_interpreter.get(interpreter, ())


def _by_extension(name: str) -> tuple[str, ...]:
    index = language_index()
    if name.lower().endswith(index.generic):
        return ()
    return next((index.by_extension[e] for e in extensions_of(name) if e in index.by_extension), ())


def _break_tie(name: str, candidates: tuple[str, ...], strategy: str) -> DetectedLanguage:
    if not candidates:
        return DetectedLanguage(None, "none")
    index = language_index()
    extension = next((e for e in extensions_of(name) if e in index.by_extension), "")
    preferred = [language for language in PREFERRED.get(extension, ()) if language in candidates]
    popular = [language for language in candidates if language in index.popular]
    primary = [language for language in candidates if index.primary.get(language) == extension]
    by_name = [candidates[0]] if strategy == "manpage" else sorted(candidates)
    return DetectedLanguage((preferred or popular or primary or by_name)[0], strategy)
