"""Start Git so that nothing in a repository can make it do more than read objects.

A repository's own config can make even `git cat-file` run a program: a partial clone fetches a missing object
through `core.sshCommand`. So Git gets an empty git dir of ours, and of the repository only the folder of
objects; besides, it may not fetch, use a protocol, prompt, take locks, or read another config, replacement or
attribute. Nothing is inherited from our own environment but the PATH.
"""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path

from stack_pipeline.errors import RunFailed

OBJECT_FORMATS = {"sha1": 40, "sha256": 64}
"""Object formats that Git knows, and the length of their ids in hex digits."""

MEMORY_LIMIT_BYTES = 2 * 2**30
"""Address space of one Git process.

No honest repository comes near it: packs are mapped in small windows, and Git stores files over 512 MiB
without deltas. But a hostile delta can name a base of any size, which would have to be unpacked first, or
itself."""

_CONFIG = """\
[core]
	repositoryformatversion = {version}
	bare = true
	commitGraph = false
	multiPackIndex = false
	packedGitWindowSize = 32m
	packedGitLimit = 256m
[extensions]
	{extension}
"""


def empty_git_dir(object_format: str) -> tempfile.TemporaryDirectory[str]:
    """Make the git dir that Git is shown: a head, no reference, no object, and a config of ours."""
    is_sha1 = object_format == "sha1"
    extension = "" if is_sha1 else f"objectFormat = {object_format}"
    try:
        folder = tempfile.TemporaryDirectory(prefix="stack-pipeline-git-", ignore_cleanup_errors=True)
        root = Path(folder.name)
        (root / "refs").mkdir()
        (root / "objects").mkdir()
        (root / "HEAD").write_text("ref: refs/heads/none\n")
        (root / "config").write_text(_CONFIG.format(version=0 if is_sha1 else 1, extension=extension))
    except OSError as error:
        raise machine_trouble(error.strerror or "no temporary folder") from None
    return folder


def git_environment(git_dir: str, objects: Path) -> dict[str, str]:
    """Return the whole environment of Git, with `git_dir` as its own and `objects` to read from."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": git_dir,
        "XDG_CONFIG_HOME": git_dir,
        "LC_ALL": "C",
        "GIT_DIR": git_dir,
        "GIT_OBJECT_DIRECTORY": str(objects.absolute()),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
    }


def limit_memory(pid: int) -> bool:
    """Bound the address space of a process to `MEMORY_LIMIT_BYTES`.

    Returns:
        False if the system cannot do it, or the process is bounded more tightly from outside.
    """
    if not hasattr(resource, "prlimit"):
        return False
    try:
        soft, hard = resource.prlimit(pid, resource.RLIMIT_AS)
        known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        if any(limit < MEMORY_LIMIT_BYTES for limit in known):
            return False
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    except (OSError, ValueError):
        return False
    return True


def machine_trouble(what: str) -> RunFailed:
    """Return the error for a machine that does not let Git work."""
    return RunFailed(
        f"git cat-file failed: {what}", hint="check memory, disk and limits, then run the same command again"
    )
