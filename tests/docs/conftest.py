"""One folder in which the commands that the pages show are run, once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.console_blocks import Console
from tools.write_docs import true_pages


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Console:
    return Console(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="session")
def true_texts(console: Console) -> dict[Path, str]:
    """Every page as it has to be; running its commands leaves the demo's release in the console's folder."""
    return true_pages(console)
