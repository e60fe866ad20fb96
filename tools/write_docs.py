"""Write what the documentation takes from the program: generated pages and sections, and the output of shown commands.

    python -m tools.write_docs [--check]

With `--check` nothing is written; the pages that are not as the program has them are named, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from stack_pipeline.recipe import recipe_page
from tools.console_blocks import Console, with_outputs
from tools.draw_bands import FIGURE, bands_figure
from tools.generated_sections import with_sections

ROOT = Path(__file__).resolve().parent.parent
RECIPE_PAGE = ROOT / "docs" / "recipe.md"


def pages() -> list[Path]:
    """Return the pages that are written by hand and hold generated parts, the README first."""
    return [
        ROOT / "README.md",
        *(page for page in sorted((ROOT / "docs").glob("*.md")) if page != RECIPE_PAGE),
    ]


def true_pages(console: Console) -> dict[Path, str]:
    """Return every page as it has to be now.

    Args:
        console: Where the shown commands are run.
    """
    found = {RECIPE_PAGE: recipe_page(), FIGURE: bands_figure()}
    for page in pages():
        found[page] = with_outputs(with_sections(page.read_text(encoding="utf-8")), console)
    return found


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, name what is out of date")
    check = parser.parse_args().check
    changed = 0
    with tempfile.TemporaryDirectory() as folder:
        for page, text in true_pages(Console(Path(folder))).items():
            if page.exists() and page.read_text(encoding="utf-8") == text:
                continue
            changed += 1
            print(f"{page.relative_to(ROOT)}: {'out of date' if check else 'written'}")
            if not check:
                page.write_text(text, encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
