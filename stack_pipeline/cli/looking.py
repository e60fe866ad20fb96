"""`explain`, `inspect` and `verify`."""

from __future__ import annotations

COMMANDS = ()
