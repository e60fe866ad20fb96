"""Look into a finished release: explain a file's fate, verify what can be recomputed, summarise.

The functions are imported when they are asked for: `verify` needs every rule of the release, `explain` on a
release alone needs none of them and answers in less time than it takes to import them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stack_pipeline.inspection.explaining import explain
    from stack_pipeline.inspection.summaries import languages, licenses, reasons, sample, show, summary
    from stack_pipeline.inspection.verifying import verify

__all__ = ["explain", "languages", "licenses", "reasons", "sample", "show", "summary", "verify"]

_MODULES = {"explain": "explaining", "verify": "verifying"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'summaries')}"), name)
