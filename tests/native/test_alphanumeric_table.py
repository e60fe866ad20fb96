"""The generated table of alphanumeric code points."""

from __future__ import annotations

import runpy
from pathlib import Path

NATIVE = Path(__file__).parents[2] / "native"


def test_the_table_is_what_its_program_writes() -> None:
    program = runpy.run_path(str(NATIVE / "tables" / "write_alphanumeric_table.py"))
    assert (NATIVE / "src" / "alphanumeric_table.rs").read_text(encoding="utf-8") == program["table_source"]()
