"""Make Git repositories for tests, object by object, also such as Git would refuse to make."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zlib
from pathlib import Path

MISSING = "0123456789" * 4
COMMIT_TIME = 1_700_000_000
COMMIT_DATE = "2023-11-14T22:13:20Z"


def run_git(folder: Path, *arguments: str, encoding: str = "utf-8") -> str:
    """Run git with fixed dates and names, without the configuration of this machine."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": f"{COMMIT_TIME} +0000",
        "GIT_COMMITTER_DATE": f"{COMMIT_TIME} +0000",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(encoding).strip()


class MadeRepository:
    """A bare repository written by hand; `add_*` methods return object ids."""

    def __init__(self, path: Path, *, object_format: str = "sha1") -> None:
        self.path = path
        self.object_format = object_format
        for folder in ("objects/pack", "objects/info", "refs/heads", "refs/tags"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        version, extension = (0, "") if object_format == "sha1" else (1, f"objectFormat = {object_format}")
        config = (
            f"[core]\n\trepositoryformatversion = {version}\n\tbare = true\n[extensions]\n\t{extension}\n"
        )
        (path / "config").write_text(config)

    def add(self, kind: str, content: bytes, *, oid: str | None = None) -> str:
        """Write a loose object, under its own id or a false one."""
        data = f"{kind} {len(content)}\0".encode() + content
        oid = oid or hashlib.new(self.object_format, data).hexdigest()
        file = self.loose(oid)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zlib.compress(data, 1))
        return oid

    def loose(self, oid: str) -> Path:
        """Return the file of a loose object."""
        return self.path / "objects" / oid[:2] / oid[2:]

    def add_blob(self, content: bytes) -> str:
        return self.add("blob", content)

    def add_tree(self, *entries: tuple[str, bytes, str]) -> str:
        """Write a tree of (mode, name, id) exactly as given: unsorted, twice, or with a forbidden name."""
        data = b"".join(
            mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries
        )
        return self.add("tree", data)

    def add_commit(self, tree: str, *, time: int = COMMIT_TIME, parents: tuple[str, ...] = ()) -> str:
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author A <a@example.org> {time} +0000", f"committer A <a@example.org> {time} +0200"]
        return self.add("commit", ("\n".join(lines) + "\n\nmessage\n").encode())

    def add_tag(self, oid: str, *, kind: str = "commit") -> str:
        text = f"object {oid}\ntype {kind}\ntag v1\ntagger A <a@example.org> {COMMIT_TIME} +0000\n\nrelease\n"
        return self.add("tag", text.encode())

    def set_ref(self, name: str, oid: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(oid + "\n")

    def commit(self, *entries: tuple[str, bytes, str], branch: str = "main", time: int = COMMIT_TIME) -> str:
        """Write tree and commit, and let a branch name it; return the commit's id."""
        oid = self.add_commit(self.add_tree(*entries), time=time)
        self.set_ref(f"refs/heads/{branch}", oid)
        return oid

    def pack(self) -> Path:
        """Move everything that refs reach into one pack, and return the pack."""
        run_git(self.path, "repack", "-a", "-d", "-q")
        (pack,) = (self.path / "objects" / "pack").glob("*.pack")
        pack.chmod(0o644)
        return pack
