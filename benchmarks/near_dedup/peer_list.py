"""The peers: which program runs each, in which environment, with which settings."""

from __future__ import annotations

from dataclasses import dataclass

LSH = {0.7: (25, 10), 0.85: (13, 19)}
"""Bands and rows by threshold: what datasketch chooses for 256 permutations, and what others compute the same way."""


@dataclass(frozen=True)
class Peer:
    """A peer.

    Attributes:
        name: How it is called on the command line and in the table.
        program: Module in `benchmarks.near_dedup.peers`.
        python: Python version of its environment.
        requirements: What pip installs there, pinned; the first one is the peer itself.
        script: Whether it runs a file that the user gives.
    """

    name: str
    program: str
    python: str
    requirements: tuple[str, ...]
    script: bool = False

    @property
    def version_text(self) -> str:
        """The peer's package and version; for a script, what it runs on."""
        package, _, version = self.requirements[0].partition("==")
        text = f"{package.partition('[')[0]} {version}"
        return f"script, {text}" if self.script else text


_READING = ("pyarrow==25.0.1", "numpy==2.4.6")
_TEXT_DEDUP = ("text-dedup==0.4.1",)

PEERS = (
    Peer("datasketch", "datasketch_lsh", "3.11", ("datasketch==2.0.0", *_READING)),
    Peer("rensa", "rensa_lsh", "3.11", ("rensa==0.5.0", *_READING)),
    Peer("gaoya", "gaoya_index", "3.11", ("gaoya==0.2.2", *_READING)),
    Peer("daft", "daft_minhash", "3.11", ("daft==0.7.26", *_READING)),
    Peer("text-dedup", "text_dedup_minhash", "3.12", _TEXT_DEDUP),
    Peer("text-dedup-verified", "text_dedup_verified", "3.12", _TEXT_DEDUP),
    Peer(
        "datatrove",
        "datatrove_minhash",
        "3.12",
        ("datatrove[processing]==0.10.1", "spacy==3.8.18", *_READING),
    ),
    Peer(
        "bigcode",
        "bigcode_script",
        "3.10",
        ("datasets==2.14.7", "numpy==2.2.6", "pyarrow==25.0.1", "scipy==1.15.3", "typer==0.29.1"),
        script=True,
    ),
)
