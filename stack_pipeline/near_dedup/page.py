"""The report as one page: no script, nothing loaded from anywhere, readable in light and dark and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from stack_pipeline.near_dedup.plots import Bar, column_chart, row_chart

_ALARMS_SHOWN = 8
_GROUPS_SHOWN = 30
_GROUPS_DRAWN = 12
_STYLE = """
:root { color-scheme: light dark; --ink: #1c1f24; --soft: #5b6470; --line: #d9dde3; --page: #ffffff; --card: #f5f6f8;
  --bar: #3b6fb6; --near: #c8661c; --exact: #8a8f98; --kept: #3b8a5a; --stop: #b3261e; --notice: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa3ae; --line: #363b43; --page: #14171b;
  --card: #1d2126; --bar: #7fa8e0; --near: #e39152; --exact: #7d838c; --kept: #6fbd8d; --stop: #ff8a80; --notice: #e0b252; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; max-width: 46rem; } .soft { color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.figures li { background: var(--card); border-radius: .5rem; padding: .6rem .9rem; min-width: 8.5rem; }
.figures b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.alarm { border-left: .3rem solid var(--notice); background: var(--card); padding: .5rem .9rem; margin: .5rem 0; }
.alarm.stop { border-color: var(--stop); } .alarm b { color: var(--notice); } .alarm.stop b { color: var(--stop); }
svg { width: 100%; height: auto; max-width: 46rem; display: block; } svg text { fill: var(--soft); font-size: 11px; }
.bar { fill: var(--bar); } .near { fill: var(--near); } .exact { fill: var(--exact); } .kept { fill: var(--kept); }
.grid { stroke: var(--line); } .mark { stroke: var(--ink); stroke-dasharray: 3 3; }
.key span { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
.key .near { background: var(--near); } .key .exact { background: var(--exact); } .key .kept { background: var(--kept); }
table { border-collapse: collapse; width: 100%; font-size: .92em; } .wide { overflow-x: auto; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
.n { width: 1%; font-variant-numeric: tabular-nums; } th.n, td.n { text-align: right; } td.n { white-space: nowrap; }
td:first-child { min-width: 6rem; } td:last-child > ul { min-width: 22rem; }
td ul { margin: 0; padding: 0; list-style: none; } td li, code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
"""


def report_page(report: dict[str, Any], *, settings: dict[str, Any]) -> str:
    """Return the page of a report; everything that came from the inputs is escaped.

    Args:
        report: What `make_report` returned.
        settings: What decided about clusters.
    """
    body = [
        "<h1>Near-deduplication</h1>",
        f'<p class="soft">{escape(_sentence(settings))}</p>',
        _figures(report),
        _alarms(report),
        _sizes(report["cluster_sizes"]),
        _similarity(report["similarity"], settings),
        *(_groups(report, kind) for kind in ("language", "source", "repository")),
        _largest(report["largest"]),
        _settings(settings),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Near-deduplication</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _sentence(settings: dict[str, Any]) -> str:
    kinds = {
        "star": "A file goes only if its own exact similarity to a kept file reaches the threshold",
        "components": "Files tied together by verified pairs are one cluster, of which one file is kept",
    }
    how = kinds.get(str(settings["clusters"]), str(settings["clusters"]))
    within = f", compared within equal {settings['within']}" if settings.get("within") else ""
    return f"{how}. Threshold {settings['threshold']:g} ({settings['measure']}){within}."


def _figures(report: dict[str, Any]) -> str:
    shown = [
        ("files", report["files"]),
        ("exact duplicates", report["exact_duplicates"]),
        ("near-duplicates", report["near_duplicates"]),
        ("kept", report["kept"]),
        ("clusters", report["clusters"]),
        ("files in the largest", report["largest_cluster"]),
    ]
    items = "".join(f"<li><b>{value:,}</b>{name}</li>" for name, value in shown)
    return f'<ul class="figures">{items}</ul>'


def _alarms(report: dict[str, Any]) -> str:
    if not report["alarms"]:
        return '<h2>Alarms</h2><p class="soft">None.</p>'
    parts = ["<h2>Alarms</h2>"]
    if report["stopped"]:
        parts.append(
            "<p>This run was stopped: there is no keep list. The clusters below are what it would go by.</p>"
        )
    lines = [_alarm(alarm) for alarm in report["alarms"]]
    parts += lines[:_ALARMS_SHOWN]
    if rest := lines[_ALARMS_SHOWN:]:
        parts.append(f"<details><summary>{len(rest):,} more</summary>{''.join(rest)}</details>")
    return "".join(parts)


def _alarm(alarm: dict[str, Any]) -> str:
    word = "accepted" if alarm["accepted"] else alarm["level"]
    return f'<p class="alarm {escape(alarm["level"])}"><b>{escape(word)}</b> {visible(alarm["message"])}</p>'


def _sizes(sizes: Sequence[dict[str, int]]) -> str:
    if not sizes:
        return ""
    bars = [
        Bar(
            _span(step),
            step["clusters"],
            f"{step['clusters']:,} clusters of {_span(step)} files, {step['files']:,} files",
        )
        for step in sizes
    ]
    chart = column_chart(bars, name="Clusters by size", unit="clusters (logarithmic)", is_log=True)
    return f'<h2>Cluster sizes</h2>{chart}<p class="soft">Files per cluster, the kept one included.</p>'


def _span(step: dict[str, int]) -> str:
    return f"{step['from']:,}–{step['to']:,}" if step["from"] < 1024 else f"{step['from']:,}+"


def _similarity(bins: Sequence[dict[str, float]], settings: dict[str, Any]) -> str:
    if not bins:
        return ""
    bars = [
        Bar(f"{b['from']:.2f}", b["files"], f"{b['files']:,} files from {b['from']:.2f} to {b['to']:.2f}")
        for b in bins
    ]
    place = (float(settings["threshold"]) - bins[0]["from"]) / (bins[0]["to"] - bins[0]["from"])
    chart = column_chart(
        bars,
        name="Near-duplicates by similarity",
        unit="near-duplicates",
        every=max(1, len(bars) // 10),
        mark=(place, "threshold") if place > 1e-6 else None,
    )
    note = "Exact similarity of each near-duplicate to the file that is kept for it."
    if settings["clusters"] == "components":
        note += " In components it may lie below the threshold: a chain of verified pairs leads there."
    return f'<h2>Similarity</h2>{chart}<p class="soft">{note}</p>'


def _groups(report: dict[str, Any], kind: str) -> str:
    rows = report.get(f"by_{kind}")
    if not rows:
        return ""
    drawn = [
        (
            visible_text(row["name"] or "unknown"),
            row["exact_duplicates"] / row["files"],
            row["near_duplicates"] / row["files"],
            row["kept"] / row["files"],
        )
        for row in rows[:_GROUPS_DRAWN]
    ]
    chart = row_chart(drawn, name=f"Removal by {kind}")
    key = (
        '<p class="key soft"><span class="exact"></span>exact duplicates<span class="near"></span>near-duplicates'
        '<span class="kept"></span>kept</p>'
    )
    table = _table(
        (kind, "files", "exact duplicates", "near-duplicates", "kept", "removed"),
        (
            (
                visible(row["name"] or "unknown"),
                *(f"{row[name]:,}" for name in ("files", "exact_duplicates", "near_duplicates", "kept")),
                f"{100 * (1 - row['kept'] / row['files']):.1f} %",
            )
            for row in rows[:_GROUPS_SHOWN]
        ),
        numbers=range(1, 6),
    )
    rest = len(rows) - _GROUPS_SHOWN
    more = f'<p class="soft">{rest:,} more stand in report.json.</p>' if rest > 0 else ""
    return f"<h2>Removal by {kind}</h2>{chart}{key}{table}{more}"


def _largest(clusters: Sequence[dict[str, Any]]) -> str:
    if not clusters:
        return ""
    rows = []
    for cluster in clusters:
        members = "".join(f"<li>{visible(_member(member))}</li>" for member in cluster["members"])
        rest = cluster["files"] - len(cluster["members"])
        more = f'<li class="soft">and {rest:,} more</li>' if rest > 0 else ""
        rows.append(
            (
                f"<code>{visible(cluster['cluster'])}</code>",
                f"{cluster['files']:,}",
                f"{cluster['exact_duplicates']:,}",
                f"{cluster['near_duplicates']:,}",
                f"{cluster['least_similarity']:.3f}",
                visible(", ".join(f"{name} {count:,}" for name, count in cluster["languages"].items())),
                f"<ul>{members}{more}</ul>",
            )
        )
    names = (
        "cluster",
        "files",
        "exact duplicates",
        "near-duplicates",
        "least alike",
        "languages",
        "files of it",
    )
    return f"<h2>The {len(rows)} largest clusters</h2>{_table(names, rows, numbers=range(1, 5))}"


def _member(member: dict[str, Any]) -> str:
    parts = [member.get("repository"), member.get("path")]
    return " ".join(part for part in parts if part) or str(member["id"])


def _settings(settings: dict[str, Any]) -> str:
    rows = [(escape(name), visible(str(value))) for name, value in settings.items() if value is not None]
    return f"<h2>Settings</h2>{_table(('setting', 'value'), rows)}"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """Lay out cells that are escaped already; columns of numbers stand to the right."""
    classes = [' class="n"' if index in numbers else "" for index in range(len(names))]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for kind, name in zip(classes, names, strict=True))
    lines = (
        "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(classes, row, strict=True)) for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def visible(text: str) -> str:
    """Return foreign text for the page: escaped, control and direction characters by their escapes."""
    return escape(visible_text(text))


def visible_text(text: str) -> str:
    """Return foreign text with control and direction characters by their escapes.

    Examples:
        >>> visible_text("a\\u202eb\\x1b")
        'a\\\\u202eb\\\\x1b'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
