"""A small real release in which every fate occurs once, built from repositories made by hand."""

from __future__ import annotations

import codecs
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from stack_pipeline.corpus import Corpus, open_corpus
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage
from tests.end_to_end.pipeline import ingest, release
from tests.stack_pipeline.sources.made_repository import MadeRepository

EMAIL = "ann.lindqvist" + "@" + "brightwater-mills.io"
RULES = """
[[rule]]
owner = "github.com/zed"
id = "request-7"

[[rule]]
repository = "github.com/pathy/site"
path = "docs/**"
"""
RECIPE = replace(Recipe(), select=replace(Recipe().select, basic_filter=True))


def _module(name: str, changed: str = "total") -> bytes:
    lines = [
        f"def {name}_{n}(first, second):\n    {changed if n == 3 else 'total'} = first * {n} + second\n"
        for n in range(30)
    ]
    return "\n".join(lines).encode()


ALPHA = _module("alpha")
NEAR = _module("alpha", "result")
BETA = _module("beta")
CONTACT = _module("contact") + f"# ask {EMAIL} about this\n".encode()
OTHER_CONTACT = _module("second") + f"# ask {EMAIL} about that\n".encode()
LONG_LINE = b"numbers = '" + b"7a" * 900 + b"'\n"
BINARY = b"\x89PNG\x00\x00picture"
DOCS = _module("docs")
SITE = _module("site")
COPYLEFT = _module("copyleft").replace(b"def", b"static int")
SECRET = _module("secret")

REPOSITORIES: dict[str, dict[str, bytes]] = {
    "acme/tool": {
        "alpha.py": ALPHA,
        "beta.py": BETA,
        "contact.py": CONTACT,
        "empty.py": b"",
        "logo.png": BINARY,
        "long.py": LONG_LINE,
    },
    "bob/copy": {
        "alpha.py": ALPHA,
        "beta16.py": codecs.BOM_UTF16_LE + BETA.decode().encode("utf-16-le"),
        "contact2.py": OTHER_CONTACT,
        "near.py": NEAR,
        "notes": BETA + b"# no language\n",
    },
    "gnu/strict": {"alpha.py": ALPHA, "main.c": COPYLEFT},
    "pathy/site": {"docs/guide.py": DOCS, "site.py": SITE},
    "zed/secret": {"secret.py": SECRET},
    "void/nothing": {},
}
_LICENSES = {"gnu/strict": "GPL-3.0"}
_STARS = {"acme/tool": 50, "bob/copy": 5}


def git_id(data: bytes) -> str:
    """Return the git blob id of a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass(frozen=True)
class SmallRelease:
    """Where the release and its corpus lie."""

    folder: Path
    corpus_folder: Path

    @property
    def storage(self) -> Storage:
        return Storage(str(self.folder))

    @property
    def corpus(self) -> Corpus:
        return open_corpus(str(self.corpus_folder))


def build_small_release(folder: Path) -> SmallRelease:
    """Make the repositories, ingest them and release them."""
    rows = []
    for number, (full_name, files) in enumerate(REPOSITORIES.items(), start=1):
        path = f"{full_name.replace('/', '__')}.git"
        _write_repository(folder / path, files)
        rows.append(
            {
                "path": path,
                "id": number,
                "full_name": full_name,
                "stargazers_count": _STARS.get(full_name, 0),
                "license": {"spdx_id": _LICENSES.get(full_name, "MIT")},
                "previous_names": [{"full_name": "old-acme/gadget"}] if full_name == "acme/tool" else [],
            }
        )
    listing = folder / "repositories.jsonl"
    listing.write_text("\n".join(map(json.dumps, rows)))
    (folder / "rules.toml").write_text(RULES)
    recipe = replace(RECIPE, optout=replace(RECIPE.optout, rules=str(folder / "rules.toml")))
    ingest(str(folder / "corpus"), [str(listing)], recipe)
    release(str(folder / "corpus"), str(folder / "release"), recipe)
    return SmallRelease(folder / "release", folder / "corpus")


def _write_repository(path: Path, files: dict[str, bytes]) -> None:
    repository = MadeRepository(path)
    folders: dict[str, list[tuple[str, bytes, str]]] = {"": []}
    for name, data in sorted(files.items()):
        folder, _, last = name.rpartition("/")
        folders.setdefault(folder, []).append(("100644", last.encode(), repository.add_blob(data)))
    for folder in sorted(set(folders) - {""}):
        folders[""].append(("40000", folder.encode(), repository.add_tree(*folders[folder])))
    if files:
        repository.commit(*sorted(folders[""], key=lambda entry: entry[1]))
