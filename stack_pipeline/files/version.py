"""Name the versions of everything in this package that shapes its answers.

Two runs may be mixed only if they agree on `rules_version()`: the number of our own rules, the Linguist
commit of the vendored data, and the charset detector.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import metadata

from stack_pipeline.files.linguist_data import linguist_commit

FILE_RULES_VERSION = "1"
"""The number of our own rules. Raise it with every change that can change an answer."""


@lru_cache(maxsize=1)
def rules_version() -> str:
    """Return the version of the file rules: `files-1+linguist-b45dbe9b2825+faust-cchardet-3.2.0`."""
    detector = metadata.version("faust-cchardet")
    return f"files-{FILE_RULES_VERSION}+linguist-{linguist_commit()[:12]}+faust-cchardet-{detector}"
