"""The house rules that code can check: who imports whom, how long a module is, how it is named."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("beam_jobs", "stack_pipeline", "pii", "dedup", "optout")
OURS = {*PACKAGES, "stack_native"}
MAY_IMPORT = {
    "beam_jobs": {"beam_jobs", "stack_pipeline"},
    "stack_pipeline": {"stack_pipeline", "pii", "dedup", "optout", "stack_native"},
    "pii": {"pii", "stack_native"},
    "dedup": {"dedup", "stack_native"},
    "optout": {"optout", "stack_native"},
}
MODULES = [path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
RUST = [path.relative_to(ROOT) for path in sorted((ROOT / "native" / "src").rglob("*.rs"))]
EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "base", "manager", "misc"}
MOST_LINES = 400

Import = tuple[str, bool]


def imports_of(module: Path) -> Iterator[Import]:
    """Yield the top-level package of each import, and whether it is inside a function."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = module.parts[0] if node.level else str(node.module).split(".")[0]
            yield name, id(node) in inside


def test_the_packages_are_found() -> None:
    assert {module.parts[0] for module in MODULES} == set(PACKAGES)
    assert len(MODULES) > 50
    assert RUST


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_go_one_way(module: Path) -> None:
    package = module.parts[0]
    for name, in_function in imports_of(module):
        if name == "beam_jobs" and package == "stack_pipeline":
            assert module.parts[1] == "cli", f"{module} imports beam_jobs"
            assert in_function, f"{module} imports beam_jobs before arguments are checked"
        elif name in OURS:
            assert name in MAY_IMPORT[package], f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_beam_jobs_imports_beam(module: Path) -> None:
    assert module.parts[0] == "beam_jobs" or "apache_beam" not in {name for name, _ in imports_of(module)}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_randomness_stays_outside(module: Path) -> None:
    assert "random" not in {name for name, _ in imports_of(module)}


@pytest.mark.parametrize("module", [*MODULES, *RUST], ids=str)
def test_no_module_is_too_long(module: Path) -> None:
    lines = (ROOT / module).read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{module} has {lines} lines"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse((ROOT / module).read_text(encoding="utf-8")))


def test_no_room_is_named_after_nothing() -> None:
    rooms = {
        part.removesuffix(".py").removesuffix(".rs") for module in (*MODULES, *RUST) for part in module.parts
    }
    assert rooms & EMPTY_NAMES == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_ships_its_types(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


_MODULES_AFTER = """
import contextlib, io, json, sys
from stack_pipeline.cli import main
arguments = json.loads(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()) as shown:
    try:
        main(arguments)
    except SystemExit as end:
        code = end.code
print(json.dumps({"code": code, "shown": shown.getvalue(), "modules": sorted(sys.modules)}))
"""
HEAVY = {
    "apache_beam",
    "pyarrow",
    "pandas",
    "numpy",
    "fsspec",
    "cryptography",
    "regex",
    "rich",
    "stack_native",
}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"], ["ingest", "--help"]])
def test_help_answers_without_heavy_imports(arguments: list[str]) -> None:
    command = [sys.executable, "-c", _MODULES_AFTER, json.dumps(arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(run.stdout)
    assert answer["code"] == 0
    assert "stack-pipeline" in answer["shown"]
    assert HEAVY & set(answer["modules"]) == set()


@pytest.mark.parametrize("package", ["pii", "dedup", "optout", "stack_pipeline"])
def test_a_library_comes_without_beam_and_pandas(package: str) -> None:
    code = (
        f"import {package}, sys; print(sorted(sys.modules.keys() & {{'apache_beam', 'pandas', 'beam_jobs'}}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
