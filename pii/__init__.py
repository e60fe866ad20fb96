"""Find and redact personal data and secrets in source code.

Examples:
    >>> from pii import redact
    >>> redact("mail bob@corp.io").text
    'mail <EMAIL>'
"""

from __future__ import annotations

from pii.detection import CONTEXT_FREE_DETECTORS, VERSION, find, find_context_free
from pii.redaction import Redacted, Redaction, redact
from pii.spans import KINDS, Span

__all__ = [
    "CONTEXT_FREE_DETECTORS",
    "KINDS",
    "VERSION",
    "Redacted",
    "Redaction",
    "Span",
    "find",
    "find_context_free",
    "redact",
]
