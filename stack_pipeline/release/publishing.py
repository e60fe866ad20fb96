"""What may be shown: redaction of texts and names, and the ids that a release gives to blobs.

The git id of an original lets a reader test guesses of what was masked, so a redacted or unpublished blob gets a keyed id instead.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

import pii
from stack_pipeline.keys import KeyRing
from stack_pipeline.recipe import Recipe
from stack_pipeline.sources import display_path

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

    def notices(self, texts: pa.ChunkedArray) -> pa.ChunkedArray:
        """Redact a column of licence texts, as `notice` does."""
        if not self.recipe.redact.notices:
            return texts
        return pa.chunked_array([self.redact_array(chunk)[0] for chunk in texts.chunks], texts.type)

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

    def names(self, texts: pa.ChunkedArray) -> pa.ChunkedArray:
        """Redact a column of names as `name` does, each distinct one once; a null stays one."""
        names = pc.unique(texts)
        return pa.chunked_array([self.redact_array(names)[0]]).take(pc.index_in(texts, value_set=names))

    def path(self, path: bytes) -> tuple[bytes, bool]:
        """Return the published path and whether it was redacted.

        A redacted path gets a keyed suffix before its extension, so that paths which become equal stay apart.
        """
        text = _redactable(path)
        shown = self.name(text)
        assert shown is not None
        return (path, False) if shown == text else (self._kept_apart(path, shown), True)

    def paths(self, paths: pa.ChunkedArray) -> pa.Table:
        """Return a column of paths as they are published, as `path` does; of a null path all is null.

        Returns:
            `path_bytes`, their display form `path`, and whether bytes were lost there, `path_is_lossy`, or redacted,
            `path_redacted`.
        """
        distinct = pc.unique(paths)
        texts = _decoded(distinct, _redactable)
        shown, _ = self.redact_array(texts)
        is_redacted = pc.not_equal(shown, texts)
        redacted = map(
            self._kept_apart, distinct.filter(is_redacted).to_pylist(), shown.filter(is_redacted).to_pylist()
        )
        published = pc.replace_with_mask(distinct, is_redacted, pa.array(redacted, pa.binary()))
        displayed = _decoded(published, lambda path: display_path(path)[0])
        columns = {
            "path_bytes": published,
            "path": displayed,
            "path_is_lossy": pc.not_equal(displayed.cast(pa.binary()), published),
            "path_redacted": is_redacted,
        }
        return pa.table(columns).take(pc.index_in(paths, value_set=distinct))

    def _kept_apart(self, path: bytes, shown: str) -> bytes:
        suffix = self._keyed("published path", path)[:8]
        folder, slash, name = shown.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        named = f"{stem}~{suffix}.{extension}" if dot and stem else f"{name}~{suffix}"
        return f"{folder}{slash}{named}".encode()

    def published_id(self, content_id: str, *, is_published_as_is: bool) -> str:
        """Return the id that the release shows for a blob: 40 hex characters either way."""
        if is_published_as_is or self.recipe.release.ids == "git":
            return content_id
        return self._keyed("published id", content_id.encode())[:40]

    def license_id(self, license_id: str, *, is_redacted: bool) -> str:
        """Return the id that the release shows for a licence text."""
        return self._keyed("published licence", license_id.encode())[:64] if is_redacted else license_id

    def _keyed(self, purpose: str, value: bytes) -> str:
        return hmac.digest(self.keys.subkey(purpose), value, "sha256").hex()


def _redactable(path: bytes) -> str:
    """Return a path as text that may be redacted; a byte that is no UTF-8 is a question mark."""
    return path.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode("utf-8")


def _decoded(paths: pa.Array, decode: Callable[[bytes], str]) -> pa.Array:
    """Return paths as text; nearly always all of them are UTF-8 and `decode` is not asked."""
    try:
        return paths.cast(pa.string())
    except pa.ArrowInvalid:
        texts = (None if path is None else decode(path) for path in paths.to_pylist())
        return pa.array(texts, pa.string())
