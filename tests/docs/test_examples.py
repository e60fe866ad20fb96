"""The Python that the pages show runs as it stands, beside the demo's release."""

from __future__ import annotations

import doctest
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import PAGES, ROOT, blocks, shown
from tools.console_blocks import Console

OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]
DATA_FORMAT = ROOT / "docs" / "data-format.md"


def run(arguments: list[str], folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**OFFLINE, "HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def demo(console: Console) -> Path:
    """The folder that holds `demo-release`."""
    console.lines("make demo")
    return console.folder


@pytest.mark.parametrize("page", WITH_PYTHON, ids=shown)
def test_the_python_of_a_page_gives_what_it_shows(page: Path, demo: Path, tmp_path: Path) -> None:
    examples = [code for code in blocks(page, "python") if ">>>" in code]
    if page == DATA_FORMAT:
        assert examples == []
        return
    text = tmp_path / f"{page.stem}.txt"
    text.write_text("\n\n".join(examples), encoding="utf-8")
    done = run(["-m", "doctest", str(text)], demo, tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("name", ["console_blocks", "generated_sections"])
def test_the_examples_in_the_tools_run(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"tools.{name}"))
    assert results.attempted > 0
    assert results.failed == 0


def verifier(tmp_path: Path) -> Path:
    (code,) = re.findall(
        r"<!-- script -->\n```python\n(.*?)^```$", DATA_FORMAT.read_text("utf-8"), re.M | re.S
    )
    script = tmp_path / "verify.py"
    script.write_text(code, encoding="utf-8")
    return script


def test_the_shown_verifier_needs_nothing_of_ours(tmp_path: Path) -> None:
    code = verifier(tmp_path).read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:from|import) (\w+)", code, re.M)) == {"hashlib", "pathlib", "pyarrow"}


def test_the_shown_verifier_accepts_the_release(demo: Path, tmp_path: Path, console: Console) -> None:
    done = run(["-I", str(verifier(tmp_path)), "demo-release"], demo, tmp_path)
    assert done.returncode == 0, done.stderr
    (root,) = [line.split()[1] for line in console.lines("make demo") if line.startswith("root ")]
    assert done.stdout.split() == ["root", root]


@pytest.mark.parametrize("damage", ["byte", "merkle", "logical"])
def test_the_shown_verifier_refuses_a_damaged_release(demo: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo / "demo-release", copy)
    manifest = json.loads((copy / "manifest.json").read_bytes())
    if damage == "byte":
        file = copy / manifest["files"][0]["name"]
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    else:
        if damage == "merkle":
            manifest["merkle_roots"]["origins"] = "0" * 64
        else:
            manifest["files"][-1]["logical"] = "0" * 64
        (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    done = run(["-I", str(verifier(tmp_path)), str(copy)], demo, tmp_path)
    assert done.returncode != 0
    assert "AssertionError" in done.stderr
