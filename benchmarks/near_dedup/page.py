"""Write the page of the benchmark: tables in Markdown, a row for whatever failed too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.near_dedup.peer_list import LSH
from benchmarks.near_dedup.report import Report, Row
from benchmarks.near_dedup.targets import targets

_METHOD = """\
All tools read the same Parquet file in the same run, on one core unless a row says otherwise. CPU s is user and system time of the
whole process tree, start and imports included; MB are 10⁶ bytes of content. *Signatures* is text to signature, tokenising and shingling
included, in MB per CPU second. *Exact* is what the exact clusters of the same kind remove, from all pairs by a prefix-filter join, nothing
sampled (for ours with the byte-identical files that are too short for shingles); *found* is the share of those that the tool removes too.
*Unlike* counts removed files that resemble no other file by the threshold (for ours: not the very file that the table names). *Left* counts
pairs at or above the threshold of which both files stay. Peers run with word 5-grams, {bands} bands of {rows} rows, each the usual way for
the tool; they keep the lowest row of a component unless a note says otherwise, and cut words by their own rules, so a part of a peer's
difference is another idea of similarity, not an error.
"""

_TOOL_COLUMNS = (
    "tool",
    "CPU s",
    "wall s",
    "peak MB",
    "signatures MB/s",
    "end to end MB/s",
    "removed",
    "exact",
    "found",
    "unlike",
    "left",
    "",
)


def page_text(report: Report, *, command: str, machine: str) -> str:
    """Return the page."""
    first = next(iter(report.truths))
    bands, rows = LSH[first]
    parts = [
        "# Near-deduplication beside its peers",
        f"Made by `{command}`.",
        _METHOD.format(bands=bands, rows=rows).rstrip(),
        "## Corpus and truth",
        _corpus(report),
        "## Targets",
        _targets(report),
        "## Signatures of ours",
        _signatures(report),
    ]
    for threshold in report.truths:
        parts += [
            f"## End to end at {threshold}",
            _end_to_end(report, threshold, with_peers=threshold == first),
        ]
    parts += ["## Threads", _threads(report), "## Options", _options(report)]
    if report.short:
        parts += ["## Generated short documents, streaming", _short(report)]
    parts += [f"Machine: {machine}."]
    return "\n\n".join(parts) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return (
            f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
        )
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|")


def _corpus(report: Report) -> str:
    rows = []
    for threshold, truth in report.truths.items():
        star, components = (int(truth.removed[kind].sum()) for kind in ("star", "components"))
        rows.append((threshold, len(truth.left), star, components))
    corpus = report.corpus
    said = (
        f"`{corpus.name}`: {corpus.files:,} source files of {corpus.sources} packages and repositories, "
        f"{corpus.content_bytes / 1e6:,.1f} MB of content; the packages are pinned in `benchmarks/near_dedup/packages.csv`."
    )
    return f"{said}\n\n" + _table(
        ("threshold", "pairs", "removed by exact stars", "removed by exact components"), rows
    )


def _targets(report: Report) -> str:
    rows = []
    for target in targets(report):
        bound = f"≥ {_cell(target.at_least)}" if target.at_least is not None else f"≤ {_cell(target.at_most)}"
        if target.at_least is None and target.at_most is None:
            bound = "reported"
        exact = (
            f"{target.value:.2f}" if target.unit == "%" and target.value is not None else _cell(target.value)
        )
        value = "–" if target.value is None else f"{exact} {target.unit}".strip()
        rows.append((target.what, f"{bound} {target.unit}".strip(), value, target.verdict))
    return _table(("target", "must reach", "measured", ""), rows)


def _signatures(report: Report) -> str:
    rows = [
        (row["scheme"], row["cpu_path"], report.rate(row.get("cpu_seconds")), row.get("failure", ""))
        for row in report.signatures
    ]
    return _table(("scheme", "CPU path", "MB/s", ""), rows)


def _end_to_end(report: Report, threshold: float, *, with_peers: bool) -> str:
    rows = []
    for row in report.ours.get(threshold, []):
        name = f"**ours**, {row['kind']}, {'in memory' if row['mode'] == 'memory' else 'streaming'}"
        rows.append(_tool_row(report, name, row, report.signature_rate("default")))
    for row in report.peers if with_peers else ():
        rate = report.rate(row.get("signature_seconds"))
        rows.append(
            _tool_row(
                report, f"{row['name']} ({row['version'].removeprefix(row['name']).strip()})", row, rate
            )
        )
    return _table(_TOOL_COLUMNS, rows)


def _tool_row(report: Report, name: str, row: Row, signature_rate: float | None) -> tuple[Any, ...]:
    if "failure" in row:
        return (name, *[None] * 10, f"did not run: {row['failure']}")
    judged = row["judgement"]
    return (
        name,
        row["cpu_seconds"],
        row["wall_seconds"],
        row["peak_bytes"] / 1e6,
        signature_rate,
        report.rate(row["cpu_seconds"]),
        judged["removed"],
        judged["exact"],
        f"{judged['recall']:.2%}",
        judged["unlike"],
        judged["left_over"],
        row.get("note", ""),
    )


def _threads(report: Report) -> str:
    rows = [
        (
            f"`{row['function']}`",
            row["threads"],
            row.get("cpu_seconds"),
            row.get("wall_seconds"),
            row.get("parallelism"),
            row.get("failure", ""),
        )
        for row in report.threads
    ]
    said = (
        "*Could run* is the mean number of threads that ran or waited for a core, as the kernel counts them: "
        "the parallelism that the call offers, however busy the machine is."
    )
    return said + "\n\n" + _table(("call", "threads", "CPU s", "wall s", "could run", ""), rows)


def _options(report: Report) -> str:
    rows = []
    for row in report.options:
        exact, near = row.get("exact"), row.get("near")
        share = None if near is None or exact is None else f"{(near + exact) / report.corpus.files:.2%}"
        rows.append((row["option"], exact, near, share, row.get("cpu_seconds"), row.get("failure", "")))
    said = "What `find_near_duplicates` removes at 0.7 with one option changed (stars)."
    columns = ("option", "exact duplicates", "near-duplicates", "share of files", "CPU s", "")
    return said + "\n\n" + _table(columns, rows)


def _short(report: Report) -> str:
    rows = []
    for row in report.short:
        cpu, peak = row.get("cpu_seconds"), row.get("peak_bytes")
        per_document = cpu / row["documents"] * 1e6 if cpu else None
        size = peak / 1e6 if peak else None
        rows.append((row["documents"], cpu, per_document, size, row.get("removed"), row.get("failure", "")))
    return _table(("documents", "CPU s", "µs per document", "peak MB", "removed", ""), rows)
