"""Write the page on redacted repositories: what changed, what held, what parses, what still stands, what scanners find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.pii.judgements import VERDICTS, Judgement
from benchmarks.pii.parse_check import Broken, ParseCounts
from benchmarks.pii.parser_programs import version_of
from benchmarks.pii.peer_list import Peer
from benchmarks.pii.redacted_files import CHECKS, STYLES, Redactions
from benchmarks.pii.redacted_scans import ORIGINAL, ScanCounts
from benchmarks.pii.survivors import Survival
from benchmarks.tables import table

_MB = 1_000_000
_MOST_ROWS = 60
_SAID = dict(zip(VERDICTS, ("right", "wrong", "unsure"), strict=True))

_METHOD = """\
Every UTF-8 file of HEAD up to 1 MiB was redacted under the policy `redact` with the public key of the benchmarks, in both styles. \
The repositories belong to their authors; nothing of them is kept, and no value is shown."""

_PARSING = """\
Only files that redaction changed can parse otherwise; they were parsed before and after. *Same tree* counts files whose syntax tree \
has the same nodes in the same order (for data: the same types and lengths); two parsers show no tree. What did not parse before is \
left out: templates, other versions of a language. Placeholders are for readers and for training; between tags of XML and bare in a \
shell they are markup, by their form."""

_SURVIVAL = """\
Redaction works file by file. A value is looked for in all other files of its repository: e-mail addresses, and keys and passwords of \
12 characters or more that look random. What still stands was found in one place by its context, which the other place lacks."""

_SCANNING = """\
Scanners search the original tree and the redacted ones, with every check of a secret against its service off. In the original, *on \
a replacement* counts finds on places that redaction will replace; in the redacted trees it should be 0. *A replaced value* counts \
finds elsewhere that hold a value which was replaced in any file and looks random, or are part of one; *a replaced word* the same for \
values that do not, such as `password` in `user:password@host`, which is left as what documentation writes. The rest is what \
redaction leaves: judged as right (a secret), wrong or unsure."""


def page_text(
    *,
    repositories: int,
    redactions: Redactions,
    parsed: Mapping[str, Mapping[str, ParseCounts]],
    survival: Mapping[str, Survival],
    scans: Mapping[str, dict[str, ScanCounts] | str],
    scanners: Sequence[Peer],
    judged: Mapping[str, Judgement],
    machine: str,
) -> str:
    """Return the page."""
    parts = [
        "# Redacted repositories",
        "Made by `python -m benchmarks.pii.redacted --repositories …`.",
        _METHOD,
        "## What was replaced",
        *_replaced(repositories, redactions),
        "## What held for every file",
        *_held(redactions),
        "## Files that still parse",
        _PARSING,
    ]
    for style in STYLES:
        parts += [f"### Style `{style}`", *_parsed(parsed[style])]
    parts += [_parsers(parsed[STYLES[0]]), "## Replaced values that still stand somewhere", _SURVIVAL]
    parts += _survived(survival)
    parts += ["## What other scanners find", _SCANNING, *_scanned(scans, scanners, judged)]
    return "\n\n".join([*parts, f"Machine: {machine}."]) + "\n"


def _replaced(repositories: int, redactions: Redactions) -> Iterator[str]:
    yield f"{repositories:,} repositories, {redactions.files:,} files, {redactions.size_bytes / _MB:,.1f} MB."
    kinds = sorted({kind for _, kind in redactions.kinds})
    rows = (
        (f"`{style}`", redactions.changed[style], *(redactions.kinds[style, kind] for kind in kinds))
        for style in STYLES
    )
    yield table(("style", "files changed", *kinds), rows)


def _held(redactions: Redactions) -> Iterator[str]:
    rows = [
        (said, *(len(redactions.failed.get((style, check), ())) for style in STYLES))
        for check, said in CHECKS.items()
    ]
    yield table(("files where …", *(f"`{style}`" for style in STYLES)), rows)
    failed = [
        (f"`{style}`", CHECKS[check], place)
        for (style, check), places in sorted(redactions.failed.items())
        for place in places
    ]
    if failed:
        yield table(("style", "", "file"), failed[:_MOST_ROWS])


def _parsed(counts: Mapping[str, ParseCounts]) -> Iterator[str]:
    rows: list[tuple[Any, ...]] = []
    for language, count in counts.items():
        if count.not_checked:
            rows.append(
                (language, count.files, count.changed, f"not checked: {count.not_checked}", *[None] * 3)
            )
            continue
        share = f"{count.after / count.before:.2%}" if count.before else None
        rows.append((language, count.files, count.changed, count.before, count.after, share, count.same))
    checked = [count for count in counts.values() if not count.not_checked]
    before, after = (sum(getattr(count, name) for count in checked) for name in ("before", "after"))
    changed = sum(count.changed for count in checked)
    total = (sum(count.files for count in checked), changed, before, after)
    rows.append(("**all checked**", *total, f"{after / before:.2%}" if before else None, None))
    yield table(("language", "files", "changed", "parsed before", "parse after", "share", "same tree"), rows)
    yield from _broken([each for count in counts.values() for each in count.broken])


def _broken(broken: Sequence[Broken]) -> Iterator[str]:
    if not broken:
        yield "No file parsed before and does not parse now, or parses into another tree."
        return
    rows = [
        (each.language, each.repository, f"`{each.path}`", each.line, each.problem, _codes(each.detectors))
        for each in sorted(broken)
    ]
    yield table(("language", "repository", "file", "line", "", "by"), rows[:_MOST_ROWS])
    if len(rows) > _MOST_ROWS:
        yield f"And {len(rows) - _MOST_ROWS:,} more."


def _codes(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "unknown"


def _parsers(counts: Mapping[str, ParseCounts]) -> str:
    versions = [f"{language}: {version}" for language in counts if (version := version_of(language))]
    return f"Parsers: Python's own, PyYAML, expat; {'; '.join(versions)}." if versions else ""


def _survived(survival: Mapping[str, Survival]) -> Iterator[str]:
    first = survival[STYLES[0]]
    kinds = sorted(first.values)
    rows = [
        (kind, first.values[kind], *(survival[style].surviving[kind] for style in STYLES)) for kind in kinds
    ]
    yield table(("kind", "values looked for", *(f"still there, `{style}`" for style in STYLES)), rows)
    places = Counter((each.kind, each.detector, each.repository) for each in first.places)
    if places:
        found = [(kind, f"`{name}`", where, count) for (kind, name, where), count in sorted(places.items())]
        yield "Where, in the synthetic style:"
        yield table(("kind", "found elsewhere by", "repository", "files"), found[:_MOST_ROWS])


def _scanned(
    scans: Mapping[str, dict[str, ScanCounts] | str],
    scanners: Sequence[Peer],
    judged: Mapping[str, Judgement],
) -> Iterator[str]:
    if not scanners:
        yield "None asked for."
    for scanner in scanners:
        yield f"### {scanner.version_text}"
        found = scans[scanner.name]
        if isinstance(found, str):
            yield f"Did not run: {found}."
            continue
        columns = ("tree", "finds", "on a replacement", "a replaced value", "a replaced word")
        rows = [
            (
                tree,
                counts.finds.total(),
                counts.on_replacements.total(),
                None if tree == ORIGINAL else counts.replaced_values.total(),
                None if tree == ORIGINAL else counts.replaced_words.total(),
            )
            for tree, counts in found.items()
        ]
        yield table(columns, rows)
        yield _by_rule(found, judged)
        yield from _reasons(found[STYLES[0]], judged)


def _by_rule(found: Mapping[str, ScanCounts], judged: Mapping[str, Judgement]) -> str:
    counts = found[STYLES[0]]
    verdicts = Counter(
        (find.rule, judged[find.place].verdict) for find in counts.remaining if find.place in judged
    )
    rows = [
        (
            f"`{rule}`",
            found[ORIGINAL].finds[rule],
            total,
            counts.on_replacements[rule],
            counts.replaced_values[rule],
            counts.replaced_words[rule],
            *(verdicts[rule, verdict] for verdict in VERDICTS),
        )
        for rule, total in counts.finds.most_common()
    ]
    return table(
        (
            "rule",
            "original",
            "`synthetic`",
            "on a replacement",
            "a replaced value",
            "a replaced word",
            "right",
            "wrong",
            "unsure",
        ),
        rows[:_MOST_ROWS],
    )


def _reasons(counts: ScanCounts, judged: Mapping[str, Judgement]) -> Iterator[str]:
    """Yield a table of the judgements and their reasons; a place that is found twice counts once."""
    places = {find.place for find in counts.remaining}
    given = Counter((judged[place].verdict, judged[place].reason) for place in places & judged.keys())
    if given:
        rows = sorted((_SAID[verdict], reason, count) for (verdict, reason), count in given.items())
        yield f"{len(places):,} places, {given.total():,} of them judged:"
        yield table(("", "reason", "places"), rows)
