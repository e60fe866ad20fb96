"""Keep PyArrow and Beam from importing pandas, which nothing here uses.

Both import it on sight where it is installed: 0.2 s of every `explain`, more than a second of every worker process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _WithoutPandas(MetaPathFinder):
    """Answer for pandas as if it were not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process", name=fullname)
        return None


def leave_out_pandas() -> None:
    """Make `import pandas` fail in this process, unless it was imported before; for programs, not for libraries."""
    sys.meta_path.insert(0, _WithoutPandas())
