"""Write the page on quality: a section per set, our classes, the peers and why one did not run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.pii.floors import Class, Level
from benchmarks.pii.peer_list import Peer
from benchmarks.pii.scoring import Score, Tally
from benchmarks.pii.sets import SAID, EvaluationSet
from benchmarks.tables import table

OURS = "**ours**"
OWN_SETS = ("own", "generated")

_METHOD = """\
Strict: a find is right if it overlaps a reference by more than 80 % of both; each reference counts once. Lenient: any overlap. Keys
and passwords are one kind here, secrets. Wrong finds are split: on a place that the set's authors call no find, on a part of a
reference, elsewhere (where a label may also be missing). What touches a don't-care place counts nowhere. Under the policy
`redact` private addresses and well-known resolvers leave references and finds of every tool, and example mailboxes are don't-care
places. *Weighted* counts each text by the natural places that it stands for. The public sets are the parts for development: our rules were
written with them in sight, so they say how far we are ahead of the peers less well than texts that nobody has seen."""

_COLUMNS = (
    "tool",
    "right",
    "wrong",
    "labelled / part / elsewhere",
    "missed",
    "precision",
    "recall",
    "F1",
    "lenient P",
    "R",
    "F1",
)
_KINDS = {
    "EMAIL": "E-mail addresses",
    "IP_ADDRESS": "IP addresses",
    "NAME": "Names",
    "SECRET": "Secrets",
    "USERNAME": "User names",
}
_ADDRESSES = ("EMAIL", "IP_ADDRESS")


@dataclass(frozen=True)
class SetResult:
    """Scores on a set by tool and policy; why tools did not run; the levels of our classes."""

    texts: EvaluationSet
    scores: Mapping[tuple[str, str], Score]
    failures: Mapping[str, str]
    levels: Mapping[Class, Level]


def page_text(results: Sequence[SetResult], peers: Sequence[Peer], *, command: str, machine: str) -> str:
    """Return the page."""
    parts = ["# Finding personal data and secrets, beside the peers", f"Made by `{command}`.", _METHOD]
    for result in results:
        parts += _set_section(result, {peer.name: peer for peer in peers})
    own = [result for result in results if result.texts.name in OWN_SETS]
    parts += ["## Our own cases by class", _levels(own), "## Peers", _peers(results, peers)]
    return "\n\n".join([*parts, f"Machine: {machine}."]) + "\n"


def _set_section(result: SetResult, peers: Mapping[str, Peer]) -> Iterator[str]:
    texts = result.texts
    said = SAID[texts.name]
    yield f"## Set `{texts.name}`"
    yield f"{said[0].upper()}{said[1:]}. {len(texts.items):,} texts, {sum(len(i.text) for i in texts.items):,} characters."
    for kind in sorted({kind for kind, _ in result.scores[OURS, "detect"]}):
        for policy in _policies(texts, kind):
            yield f"### {_KINDS[kind]}, policy `{policy}`"
            yield _score_table(result, peers, kind, policy)
        yield from _classes(result, peers, kind)
        yield from _false_finds(result.scores[OURS, "detect"][kind, "strict"])


def _policies(texts: EvaluationSet, kind: str) -> tuple[str, ...]:
    """Return the policies to show: our own cases do not say which addresses a redactor leaves."""
    both = kind in _ADDRESSES and texts.name not in OWN_SETS
    return ("detect", "redact") if both else ("detect",)


def _tools(result: SetResult, peers: Mapping[str, Peer], kind: str) -> list[str]:
    names = dict.fromkeys(name for name, _ in result.scores)
    return [name for name in names if name == OURS or kind in peers[name].kinds]


def _score_table(result: SetResult, peers: Mapping[str, Peer], kind: str, policy: str) -> str:
    weighted = any(item.weight != 1 for item in result.texts.items)
    rows = []
    for name in _tools(result, peers, kind):
        strict, lenient = (
            result.scores[name, policy].get((kind, rule), Tally()) for rule in ("strict", "lenient")
        )
        rows.append((name, *_score_row(strict, lenient), *_weighted(strict, weighted)))
    columns = (*_COLUMNS, "weighted F1") if weighted else _COLUMNS
    return table(columns, rows)


def _score_row(strict: Tally, lenient: Tally) -> Iterator[Any]:
    wrong = strict.wrong
    yield from (strict.right, wrong.total())
    yield f"{wrong['labelled']} / {wrong['part']} / {wrong['elsewhere']}"
    yield strict.missed
    for measures in (strict.measures, lenient.measures):
        yield from (f"{value:.3f}" for value in (measures.precision, measures.recall, measures.f1))


def _weighted(strict: Tally, weighted: bool) -> tuple[str, ...]:
    return (f"{strict.weighted_measures.f1:.3f}",) if weighted else ()


def _classes(result: SetResult, peers: Mapping[str, Peer], kind: str) -> Iterator[str]:
    """Yield the strict recall by class, for the sets whose classes are not files of our own."""
    ours = result.scores[OURS, "detect"][kind, "strict"].by_class
    names = sorted(name for name in ours if "/" in name)
    if result.texts.name in OWN_SETS or len(names) < 2:
        return
    tools = _tools(result, peers, kind)
    rows = []
    for name in names:
        found = [result.scores[tool, "detect"][kind, "strict"].by_class[name][0] for tool in tools]
        total = ours[name][1]
        rows.append((name, total, *(f"{count / total:.0%}" for count in found)))
    yield "Strict recall by class:"
    yield table(("class", "references", *tools), rows)


def _false_finds(tally: Tally) -> Iterator[str]:
    if tally.by_detector:
        counts = ", ".join(f"`{name}` {count}" for name, count in tally.by_detector.most_common())
        yield f"Our wrong finds by detector (strict): {counts}."


def _levels(results: Sequence[SetResult]) -> str:
    rows = [
        (*place, f"{level.recall:.3f}", f"{level.precision:.3f}")
        for result in results
        for place, level in result.levels.items()
    ]
    said = (
        "Ours, strict, all kinds of a class together. The precision of a class in which nothing is to be found is the "
        "share of its texts without a find. `floors.csv` holds the least values that pass."
    )
    return said + "\n\n" + table(("set", "class", "recall", "precision"), rows)


def _peers(results: Sequence[SetResult], peers: Sequence[Peer]) -> str:
    failures = {name: why for result in results for name, why in result.failures.items()}
    rows = []
    for peer in peers:
        why = failures.get(peer.name)
        rows.append((peer.name, peer.version_text, peer.note, f"did not run: {why}" if why else ""))
    said = "Each ran in an environment of its own, with every check of a secret against its service off."
    return said + "\n\n" + table(("peer", "package", "", ""), rows) if rows else "None asked for."
