"""Environments for the peers: a virtual one per set of requirements, or a program that Go builds; kept in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.near_dedup.environments import NotInstallable
from benchmarks.pii.peer_list import Peer
from benchmarks.pii.peers.gitleaks_dir import PROGRAM_VARIABLE


@dataclass(frozen=True)
class Environment:
    """A Python that can run a peer's program, and the variables that it needs."""

    python: Path
    variables: Mapping[str, str] = field(default_factory=dict)


def environment_of(peer: Peer, cache: Path) -> Environment:
    """Return a peer's environment, which is made if it is not there yet.

    Raises:
        NotInstallable: If it can't be made; the message says why.
    """
    if peer.go_module:
        return Environment(Path(sys.executable), {PROGRAM_VARIABLE: str(_go_program(peer, cache).resolve())})
    settings = (*peer.requirements, *peer.from_source)
    digest = hashlib.sha256(" ".join(settings).encode()).hexdigest()[:8]
    folder = cache / "environments" / f"{peer.requirements[0].partition('=')[0]}-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"installing {', '.join(peer.requirements)}", file=sys.stderr)
        _run([sys.executable, "-m", "venv", str(folder)])
        wheels = ["--only-binary=:all:"]
        wheels += [f"--no-binary={','.join(peer.from_source)}"] if peer.from_source else []
        _run([str(python), "-m", "pip", "install", "--quiet", *wheels, *peer.requirements])
        (folder / "complete").touch()
    return Environment(python)


def _go_program(peer: Peer, cache: Path) -> Path:
    path, _, version = peer.go_module.partition("@")
    folder = cache / "environments" / f"{peer.name}-{version}"
    program = folder / path.split("/")[2]
    if not program.exists():
        go = shutil.which("go")
        if go is None:
            raise NotInstallable("needs Go, which is not here")
        print(f"building {peer.go_module}", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        _run([go, "install", peer.go_module], {"GOBIN": str(folder.resolve()), "GOFLAGS": "-mod=mod"})
    return program


def _run(command: list[str], variables: Mapping[str, str] | None = None) -> None:
    environment = {**os.environ, **(variables or {})}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode:
        lines = run.stderr.strip().splitlines() or ["no message"]
        raise NotInstallable(lines[-1][:200])
