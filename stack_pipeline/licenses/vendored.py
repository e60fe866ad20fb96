"""Read the vendored licence data, once and only when first asked for.

`data/` is made by `tools/vendor_spdx.py`, which names the sources and their terms.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


def _read(name: str) -> Any:
    return json.loads(gzip.decompress(files(__package__).joinpath("data", name).read_bytes()))


@lru_cache(maxsize=1)
def license_texts() -> Mapping[str, str]:
    """Return SPDX id -> full text for the vendored SPDX licence list (721 texts, in id order)."""
    return MappingProxyType(_read("spdx_texts.json.gz"))


@lru_cache(maxsize=1)
def permissive_ratings() -> Mapping[str, Mapping[str, str | None]]:
    """Return id -> `{"blueoak": rating, "scancode": category}` (or None) for every permissive licence."""
    return MappingProxyType(_read("permissive.json.gz"))
