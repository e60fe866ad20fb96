from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.errors import RunFailed
from stack_pipeline.near_dedup.page import report_page
from stack_pipeline.near_dedup.plots import Bar, column_chart, row_chart
from tests.stack_pipeline.near_dedup.made_documents import chain, families, singles, write_parquet
from tests.stack_pipeline.near_dedup.runs import dedup, refused

EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x1b[31m\u202e"
VOID = {"meta", "rect", "line", "img", "br"}


class Seen(HTMLParser):
    """Collect tags and check that they close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """The output of inputs whose every name is an attack."""
    rows: list[dict[str, Any]] = [
        {
            **row,
            "id": f"{EVIL}{row['id']}",
            "path": f"{EVIL}/{row['id']}",
            "language": EVIL,
            "repo_name": EVIL,
        }
        for row in [*families(30), *singles(3)]
    ]
    path = write_parquet(tmp_path / "all.parquet", rows)
    dedup(path, "--output", tmp_path / "out")
    return tmp_path / "out"


def test_the_page_needs_no_script_and_nothing_from_elsewhere(hostile: Path) -> None:
    page = (hostile / "report.html").read_text(encoding="utf-8")
    parser = seen(page)
    assert parser.tags & {"script", "img", "link", "iframe", "object", "a", "form"} == set()
    assert {"svg", "table", "style"} <= parser.tags
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in parser.attributes)
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "url(" not in page
    assert "@import" not in page


def test_names_are_shown_and_harmless(hostile: Path) -> None:
    page = (hostile / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" in seen(page).text
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_page_tells_of_clusters_plots_and_alarms(hostile: Path) -> None:
    text = seen((hostile / "report.html").read_text(encoding="utf-8")).text
    assert "The 20 largest clusters" in text
    for heading in ("Alarms", "Cluster sizes", "Similarity", "Removal by language", "Settings"):
        assert heading in text
    assert "notice language" in text


def test_the_page_of_a_stopped_run_says_so(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", chain(150))
    refused(path, "--output", tmp_path / "out", "--clusters", "components", kind=RunFailed)
    text = seen((tmp_path / "out" / "report.html").read_text(encoding="utf-8")).text
    assert "This run was stopped" in text


def test_a_report_of_nothing_is_a_page() -> None:
    counts = dict.fromkeys(
        ("files", "exact_duplicates", "near_duplicates", "kept", "clusters", "largest_cluster"), 0
    )
    empty: dict[str, Any] = {name: [] for name in ("cluster_sizes", "similarity", "largest", "alarms")}
    settings = {"clusters": "star", "threshold": 0.7, "measure": "jaccard"}
    assert "None." in seen(report_page({**counts, **empty, "stopped": False}, settings=settings)).text


@pytest.mark.parametrize("values", [[], [0], [1], [1, 0, 10**12], [0.5] * 200])
@pytest.mark.parametrize("is_log", [False, True])
def test_bars_stay_inside_the_drawing(values: list[float], is_log: bool) -> None:
    chart = column_chart([Bar(EVIL, v, EVIL) for v in values], name=EVIL, unit=EVIL, is_log=is_log)
    assert "<script" not in chart
    seen(chart)
    for y, height in re.findall(r'<rect class="bar" [^>]*y="([-\d.]+)"[^>]*height="([-\d.]+)"', chart):
        assert 0 <= float(y) <= 220
        assert float(y) + float(height) <= 220


def test_shares_fill_a_row() -> None:
    chart = row_chart([(EVIL, 0.25, 0.5, 0.25)], name="x")
    seen(chart)
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height', chart)]
    assert sum(widths) == pytest.approx(640 - 150 - 70)
    assert "75.0 %" in chart


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_shows_the_page_and_runs_nothing(hostile: Path) -> None:
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    run = subprocess.run(
        [*command, (hostile / "report.html").as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    parser = seen(run.stdout)
    assert parser.tags & {"script", "img"} == set()
    assert "The 20 largest clusters" in parser.text
