"""One master key per corpus, and a sub-key for each purpose.

The key is fixed when a corpus is created: made, or given with `--key-file` (64 hex characters, mode 0600). Workers get the place
of the key, never the key itself. Sub-keys are HKDF-SHA256 (RFC 5869) with the purpose as `info`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.storage import Storage

PUBLIC_KEY = hashlib.sha256(b"stack-pipeline: the public key of the demo and the benchmarks").digest()
"""Printed in this repository and therefore no secret: anyone can recompute what was made with it."""

KEY_NAME = "key"


@dataclass(frozen=True)
class KeyRing:
    """The master key of a corpus, kept out of `repr`."""

    master: bytes

    def __repr__(self) -> str:
        return f"KeyRing({self.key_id})"

    @property
    def key_id(self) -> str:
        """Sixteen hex characters that name the key and do not reveal it."""
        return self.subkey("key-id")[:8].hex()

    @property
    def is_public(self) -> bool:
        """Whether this is the key printed in the repository."""
        return hmac.compare_digest(self.master, PUBLIC_KEY)

    def subkey(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose, such as `"redaction"`."""
        return _derive(self.master, purpose)


@lru_cache(maxsize=256)
def _derive(master: bytes, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=b"stack-pipeline", info=purpose.encode()).derive(master)


def parse_key(text: str, *, name: str) -> bytes:
    """Read 64 hex characters.

    Raises:
        UsageError: If the text is anything else; the text itself is not shown.
    """
    value = text.strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise UsageError(
            f"{name}: a key is 64 hexadecimal characters", hint="make one with: openssl rand -hex 32"
        )
    return bytes.fromhex(value)


def read_key_file(path: Path) -> bytes:
    """Read a key file that only its owner can read.

    Raises:
        UsageError: If it is missing, readable by others, or holds no key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot read the key file: {error.strerror}",
            hint=f"make one with: openssl rand -hex 32 > {path}; chmod 600 {path}",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise UsageError(f"{path}: the key file can be read by others", hint=f"chmod 600 {path}")
    return parse_key(text, name=str(path))


def create_key(corpus: Storage, *, given: bytes | None) -> KeyRing:
    """Write the master key of a new corpus (mode 0600) and return it."""
    master = given if given is not None else secrets.token_bytes(32)
    corpus.write_bytes(KEY_NAME, master.hex().encode() + b"\n", once=True, private=True)
    return KeyRing(master)


def load_key(corpus: Storage) -> KeyRing:
    """Read the master key of a corpus.

    Raises:
        UsageError: If the key is lost or damaged.
    """
    try:
        text = corpus.read_bytes(KEY_NAME).decode("ascii", errors="replace")
    except FileNotFoundError:
        raise UsageError(
            "the corpus has lost its key",
            hint="put the file 'key' back from your backup; without it no release of this corpus can be made again",
        ) from None
    return KeyRing(parse_key(text, name="the corpus key"))
