"""What may be shown: redaction of texts and names, and the ids that a release gives to blobs.

The git id of an original lets a reader test guesses of what was masked, so a redacted or unpublished blob gets a keyed id instead.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

import pyarrow as pa

import pii
from stack_pipeline.keys import KeyRing
from stack_pipeline.recipe import Recipe

_MOST_NAMES = 1 << 16
"""Names whose redaction is remembered: owners, branches and folders come again and again."""


@dataclass(frozen=True)
class Publisher:
    """The redaction settings and sub-keys of one release.

    Args:
        recipe: The recipe.
        keys: The key ring of the corpus.
    """

    recipe: Recipe
    keys: KeyRing
    _names: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def redact(self, text: str) -> pii.Redaction[str]:
        """Redact a text under the recipe's style; nothing changes if redaction is off."""
        if not self.recipe.redact.enabled:
            return pii.Redaction(text, ())
        key = self.keys.subkey("redaction")
        return pii.redact(text, key=key, policy="redact", style=self.recipe.redact.style)

    def notice(self, text: str) -> str:
        """Redact a licence text, unless the recipe leaves notices as they are."""
        return self.redact(text).text if self.recipe.redact.notices else text

    def redact_array(self, texts: pa.Array) -> tuple[pa.Array, pa.RecordBatch | None]:
        """Redact many texts; the batch has a row per replacement (`pii.redact_array`), None if redaction is off."""
        if not self.recipe.redact.enabled:
            return texts, None
        key = self.keys.subkey("redaction")
        clean, spans = pii.redact_array(texts, key=key, policy="redact", style=self.recipe.redact.style)
        return clean, spans

    def name(self, text: str | None) -> str | None:
        """Redact a name: a repository, a branch, a path's display form."""
        if text is None:
            return None
        shown = self._names.get(text)
        if shown is None:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            shown = self._names[text] = self.redact(text).text
        return shown

    def path(self, path: bytes) -> tuple[bytes, bool]:
        """Return the published path and whether it was redacted.

        A redacted path gets a keyed suffix before its extension, so that paths which become equal stay apart.
        """
        text = path.decode("utf-8", "surrogateescape")
        shown = self.name(text.encode("utf-8", "replace").decode("utf-8"))
        assert shown is not None
        if shown == text or (shown == text.encode("utf-8", "replace").decode("utf-8")):
            return path, False
        suffix = self._keyed("published path", path)[:8]
        folder, slash, name = shown.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        named = f"{stem}~{suffix}.{extension}" if dot and stem else f"{name}~{suffix}"
        return f"{folder}{slash}{named}".encode(), True

    def published_id(self, content_id: str, *, is_published_as_is: bool) -> str:
        """Return the id that the release shows for a blob: 40 hex characters either way."""
        if is_published_as_is or self.recipe.release.ids == "git":
            return content_id
        return self._keyed("published id", content_id.encode())[:40]

    def license_id(self, license_id: str, *, is_redacted: bool) -> str:
        """Return the id that the release shows for a licence text."""
        return self._keyed("published licence", license_id.encode())[:64] if is_redacted else license_id

    def _keyed(self, purpose: str, value: bytes) -> str:
        return hmac.new(self.keys.subkey(purpose), value, hashlib.sha256).hexdigest()
