"""Run a peer's program on texts: what it finds, and the CPU time that it takes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.keeping import Results
from benchmarks.near_dedup.environments import NotInstallable
from benchmarks.one_core import ROOT
from benchmarks.pii.environments import environment_of
from benchmarks.pii.peer_list import Peer
from benchmarks.pii.scoring import Found, Item
from benchmarks.pii.sets import EvaluationSet

_PROGRAMS = Path(__file__).with_name("peers")


@dataclass(frozen=True)
class PeerRun:
    """What a peer found in each text, and its CPU seconds; or why it did not run."""

    finds: dict[str, list[Found]] = field(default_factory=dict)
    cpu_seconds: float = 0
    start_seconds: float = 0
    failure: str = ""


def find_in_set(peer: Peer, texts: EvaluationSet, cache: Path, results: Results) -> PeerRun:
    """Return what a peer finds in a set, from the cache if it is there."""
    settings = (peer, texts.digest, program_digest(peer))
    kept = results.get(f"pii-{peer.name}-{texts.name}", settings, lambda: answer(peer, texts.items, cache))
    if "failure" in kept:
        return PeerRun(failure=kept["failure"])
    finds = {name: [Found(*place) for place in places] for name, places in kept["finds"].items()}
    return PeerRun(finds, kept["cpu_seconds"], kept["start_seconds"])


def answer(peer: Peer, items: Sequence[Item], cache: Path, *, core: int | None = None) -> dict[str, Any]:
    """Run a peer's program; return `finds` by id as lists, and its times, or a `failure`.

    Args:
        peer: The peer.
        items: The texts.
        cache: Where environments are.
        core: The core that it must stay on; by default any.
    """
    try:
        environment = environment_of(peer, cache)
    except NotInstallable as reason:
        return {"failure": str(reason)}
    command = [str(environment.python), "-m", f"benchmarks.pii.peers.{peer.program}"]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    variables = {**os.environ, **environment.variables}
    run = subprocess.run(
        command, input=_requests(items), capture_output=True, cwd=ROOT, env=variables, check=False
    )
    if run.returncode:
        lines = run.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        return {"failure": lines[-1][:200]}
    *rows, times = (json.loads(line) for line in run.stdout.splitlines())
    finds = {
        row["id"]: [[span["start"], span["end"], span["label"]] for span in row["spans"]] for row in rows
    }
    return {"finds": finds, **times}


def program_digest(peer: Peer) -> str:
    """Return a digest of a peer's program, so that no result outlives it."""
    programs = (_PROGRAMS / f"{peer.program}.py", _PROGRAMS / "exchange.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in programs)).hexdigest()


def _requests(items: Iterable[Item]) -> bytes:
    rows = ({"id": item.id, "text": item.text, "suffix": item.suffix} for item in items)
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
