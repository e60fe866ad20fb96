"""Virtual environments for the peers, one per set of requirements, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.near_dedup.peer_list import Peer


class NotInstallable(Exception):
    """A peer can't be installed here; the message says why."""


def environment_python(peer: Peer, cache: Path) -> Path:
    """Return the Python of a peer's environment, which is made if it is not there yet.

    Raises:
        NotInstallable: If the Python version is missing or pip can't install the requirements.
    """
    digest = hashlib.sha256(" ".join((peer.python, *peer.requirements)).encode()).hexdigest()[:8]
    folder = cache / "environments" / f"{peer.requirements[0].split('=')[0].split('[')[0]}-{digest}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"installing {', '.join(peer.requirements)}", file=sys.stderr)
    _run([_interpreter(peer.python), "-m", "venv", str(folder)])
    _run([str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:", *peer.requirements])
    (folder / "complete").touch()
    return python


def _interpreter(version: str) -> str:
    """Return a Python of a version: the running one, one on the path that answers, or one below pyenv's folder."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    root = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))
    candidates = [f"python{version}", *map(str, sorted(root.glob(f"versions/{version}.*/bin/python")))]
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    raise NotInstallable(f"needs Python {version}, which is not here")


def _run(command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        lines = run.stderr.strip().splitlines() or ["no message"]
        raise NotInstallable(f"pip: {lines[-1][:200]}" if "pip" in command else lines[-1][:200])
