"""Make small Git repositories with fixed dates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2021-03-04T05:06:07Z"}


def git(repository: Path, *arguments: str) -> None:
    """Run git in a work tree, with fixed author and dates and no configuration of this machine."""
    identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _WHO.items()}
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=repository, env=environment, check=True)


def commit(repository: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a work tree, which is made if need be, and commit everything."""
    if not (repository / ".git").exists():
        repository.mkdir(parents=True)
        git(repository, "init", "-q", "-b", "main")
    for name, content in files.items():
        target = repository / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "a change")
