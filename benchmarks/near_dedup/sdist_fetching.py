"""Download source distributions with pip's own index, session and hash check, without building or running any of them.

`pip download` runs the build hooks of every source distribution to learn its metadata. This program stops after the
download: it asks pip's finder for the link and lets pip's session fetch it. Run as a program of its own, so that nothing
of pip's state stays in the benchmark:

    python sdist_fetching.py FOLDER NAME==VERSION...

Prints `NAME==VERSION FILE SHA256 BYTES` for each.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

_BLOCK = 1 << 20


def main(folder: str, *wanted: str) -> None:
    from pip._internal.commands import create_command

    command: Any = create_command("download")
    options, _ = command.parse_args(["--no-deps", "--no-binary", ":all:", "--quiet", "nothing"])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session, ignore_requires_python=True)
        for requirement in wanted:
            name, _, version = requirement.partition("==")
            path = _fetch(session, _link(finder, name, version), Path(folder))
            print(requirement, path.name, _sha256(path), path.stat().st_size, flush=True)


def _link(finder: Any, name: str, version: str) -> Any:
    for candidate in finder.find_all_candidates(name):
        if str(candidate.version) == version and not candidate.link.is_wheel:
            return candidate.link
    raise SystemExit(f"the package index has no source distribution of {name} {version}")


def _fetch(session: Any, link: Any, folder: Path) -> Path:
    target = folder / Path(link.filename).name
    part = target.with_name(target.name + ".part")
    answer = session.get(link.url_without_fragment, stream=True, headers={"Accept-Encoding": "identity"})
    answer.raise_for_status()
    with part.open("wb") as stream:
        for block in answer.iter_content(_BLOCK):
            stream.write(block)
    part.rename(target)
    return target


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
