"""Name the versions of all rules that shape outputs, so that tasks, snapshots and manifests say what made them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

INGEST_RULES_VERSION = "1"


def rule_version(name: str) -> str:
    """Return the version of one set of rules: files, licenses, optout, selection, dedup, signature, pii or ingest."""
    return _VERSIONS[name]()


def versions_of(*names: str) -> Callable[[], dict[str, str]]:
    """Return a function that names the versions of some sets of rules; they are imported when it is called."""
    return partial(_named, names)


def _named(names: tuple[str, ...]) -> dict[str, str]:
    return {name: rule_version(name) for name in names}


ingest_versions = versions_of("ingest", "files", "licenses")
"""Name the versions of what decides about an origin at ingest."""


def _files() -> str:
    from stack_pipeline.files import FILE_RULES_VERSION

    return str(FILE_RULES_VERSION)


def _licenses() -> str:
    from stack_pipeline.licenses import LICENSE_RULES_VERSION

    return str(LICENSE_RULES_VERSION)


def _selection() -> str:
    from stack_pipeline.selection import SELECTION_VERSION

    return SELECTION_VERSION


def _optout() -> str:
    import optout

    return optout.VERSION


def _dedup() -> str:
    import dedup

    return str(dedup.VERSION)


def _signature() -> str:
    import dedup

    return str(dedup.signature_kernel())


def _pii() -> str:
    import pii

    return str(pii.VERSION)


_VERSIONS: dict[str, Callable[[], str]] = {
    "ingest": lambda: INGEST_RULES_VERSION,
    "files": _files,
    "licenses": _licenses,
    "selection": _selection,
    "optout": _optout,
    "dedup": _dedup,
    "signature": _signature,
    "pii": _pii,
}


def all_versions() -> dict[str, str]:
    """Return the versions of all sets of rules."""
    return {name: version() for name, version in _VERSIONS.items()}
