"""Find and redact personal data and secrets in source code.

Examples:
    >>> from pii import redact
    >>> redact("mail bob@corp.io").text
    'mail <EMAIL>'
"""

from __future__ import annotations

from pii.finding import POLICIES, VERSION, Candidate, explain, find, find_by_shape, find_in_array
from pii.redaction import STYLES, Redacted, Redaction, redact, redact_array
from pii.rules import ProviderRule, provider_rules
from pii.spans import DEFAULT_KINDS, KINDS, Span, merge_spans

__all__ = [
    "DEFAULT_KINDS",
    "KINDS",
    "POLICIES",
    "STYLES",
    "VERSION",
    "Candidate",
    "ProviderRule",
    "Redacted",
    "Redaction",
    "Span",
    "explain",
    "find",
    "find_by_shape",
    "find_in_array",
    "merge_spans",
    "provider_rules",
    "redact",
    "redact_array",
]
