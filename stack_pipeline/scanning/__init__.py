"""Scan files, commits and tables for personal data and secrets, and redact them, without showing what was found.

The rules are those of `pii`; here is what a command needs around them: reading, places, reports, baselines, safe writing.
"""

from __future__ import annotations

from stack_pipeline.scanning.baseline import Baseline, Found
from stack_pipeline.scanning.finding import Finding, NearMiss, ScanSettings
from stack_pipeline.scanning.inputs import Inputs, open_inputs
from stack_pipeline.scanning.redacting import RedactSettings, redact_text
from stack_pipeline.scanning.running import scan
from stack_pipeline.scanning.tally import Tally
from stack_pipeline.scanning.texts import Place, Text, read_text

__all__ = [
    "Baseline",
    "Finding",
    "Found",
    "Inputs",
    "NearMiss",
    "Place",
    "RedactSettings",
    "ScanSettings",
    "Tally",
    "Text",
    "open_inputs",
    "read_text",
    "redact_text",
    "scan",
]
