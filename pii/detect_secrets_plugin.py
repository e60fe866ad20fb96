"""Our detectors as plugins of detect-secrets: `detect-secrets scan --plugin path/to/pii/detect_secrets_plugin.py`.

detect-secrets shows a plugin a line and five lines on either side. That is what is searched, so a key block is
reported at its first line. Needs detect-secrets 1.5 (`pip install 'stack-pipeline[detect-secrets]'`).
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import accumulate
from typing import Any

from pii.finding import find
from pii.spans import KEY, PASSWORD

try:
    from detect_secrets.core.potential_secret import PotentialSecret
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.util.code_snippet import CodeSnippet
except ImportError as error:
    raise ImportError(
        "pii.detect_secrets_plugin needs detect-secrets: install stack-pipeline[detect-secrets]",
        name=error.name,
    ) from error


# The leading underscore hides the class from the search for plugins.
class _FoundByPii(BasePlugin):
    """Reports the finds of one kind that begin on a line, as far as they stand on it."""

    kind: str

    def analyze_string(
        self, string: str, *, lines: tuple[str, ...] = (), target: int = 0, **_: Any
    ) -> Generator[str, None, None]:
        """Yield the finds in a line, from left to right.

        Args:
            string: The line.
            lines: The line and those around it; by default the line alone.
            target: Which of them is the line.
        """
        around = lines or (string,)
        starts = [0, *accumulate(len(line) + 1 for line in around)]
        start, end = starts[target], starts[target + 1] - 1
        text = "\n".join(around)
        for span in find(text):
            if span.kind == self.kind and start <= span.start < end:
                yield text[span.start : min(span.end, end)]

    def analyze_line(
        self,
        filename: str,
        line: str,
        line_number: int = 0,
        context: CodeSnippet | None = None,
        **_: Any,
    ) -> set[PotentialSecret]:
        """Return the finds that begin on a line as detect-secrets reports them; none is verified."""
        lines = tuple(each.rstrip("\r\n") for each in context) if context else ()
        target = context.target_index if context else 0
        return {
            PotentialSecret(self.secret_type, filename, value, line_number)
            for value in self.analyze_string(line, lines=lines, target=target)
        }


class StackPipelineKey(_FoundByPii):
    """Keys, tokens and private key blocks."""

    secret_type = "Key (stack-pipeline)"
    kind = KEY


class StackPipelinePassword(_FoundByPii):
    """Passwords in code, configuration and URLs."""

    secret_type = "Password (stack-pipeline)"
    kind = PASSWORD
