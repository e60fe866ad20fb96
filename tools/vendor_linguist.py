"""Write the language data of `stack_pipeline.files` from a checkout of GitHub Linguist.

    python -m tools.vendor_linguist LINGUIST_GIT_DIR COMMIT

Reads Linguist's YAML at one commit and writes compact JSON into `stack_pipeline/files/data/`: the languages,
the content heuristics, the vendored and documentation paths, and the table of language slugs. Run it again on
the same commit and the files do not change.

Linguist's patterns are written for Ruby and trusted with a timeout. Here wall time decides nothing, so each
pattern is translated once, at build time, into one that Python's `re` understands and that has no unbounded
repeat (`linguist_patterns.py`). The slug table only grows: rows of earlier runs are kept as they are.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tools.linguist_patterns import Translator
from tools.linguist_slugs import extend_slugs

DATA_FOLDER = Path(__file__).resolve().parent.parent / "stack_pipeline" / "files" / "data"
NESTED_TABLES = frozenset({"languages.json", "paths.json"})


def main() -> None:
    """Parse the command line and write the data files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("git_dir", type=Path, help="Linguist's Git directory")
    parser.add_argument("commit", help="full commit id to read")
    arguments = parser.parse_args()
    for name, value in vendored_tables(arguments.git_dir, arguments.commit).items():
        write_json(DATA_FOLDER / name, value)


def vendored_tables(git_dir: Path, commit: str) -> dict[str, Any]:
    """Return the contents of the data files, by file name."""
    commit = run_git(git_dir, "rev-parse", "--verify", f"{commit}^{{commit}}").strip()
    languages = read_yaml(git_dir, commit, "languages.yml")
    translator = Translator()
    heuristics = heuristics_table(read_yaml(git_dir, commit, "heuristics.yml"), translator)
    vendored = [translator.path_pattern(p) for p in read_yaml(git_dir, commit, "vendor.yml")]
    documentation = [translator.path_pattern(p) for p in read_yaml(git_dir, commit, "documentation.yml")]
    translator.check_all_used()
    slug_file = DATA_FOLDER / "language_slugs.json"
    known_slugs = json.loads(slug_file.read_text(encoding="utf-8")) if slug_file.exists() else {}
    return {
        "languages.json": {
            "source": "https://github.com/github-linguist/linguist",
            "commit": commit,
            "version": run_git(git_dir, "show", f"{commit}:lib/linguist/VERSION").strip(),
            "languages": {name: language_row(row) for name, row in languages.items()},
            "popular": read_yaml(git_dir, commit, "popular.yml"),
            "generic_extensions": read_yaml(git_dir, commit, "generic.yml")["extensions"],
        },
        "heuristics.json": heuristics,
        "paths.json": {"vendored": vendored, "documentation": documentation},
        "language_slugs.json": extend_slugs(known_slugs, names=list(languages)),
    }


def language_row(row: dict[str, Any]) -> dict[str, Any]:
    """Keep what detection reads; an absent list means an empty one."""
    kept = {"type": row["type"]}
    for key in ("group", "aliases", "extensions", "filenames", "interpreters"):
        if row.get(key):
            kept[key] = row[key]
    return kept


def heuristics_table(source: dict[str, Any], translator: Translator) -> list[dict[str, Any]]:
    """Return Linguist's disambiguations as rules whose conditions must all hold.

    A condition is `["any", patterns]`, `["none", patterns]` or `["vim_filetype", name]`. A rule that carries
    both a pattern and a negative pattern asks for both.
    """
    named = {name: as_list(value) for name, value in source["named_patterns"].items()}

    def conditions(rule: dict[str, Any]) -> list[Any]:
        if "and" in rule:
            return [condition for part in rule["and"] for condition in conditions(part)]
        found = []
        if "named_pattern" in rule:
            found.append(translator.condition("any", named[rule["named_pattern"]]))
        if "pattern" in rule:
            found.append(translator.condition("any", as_list(rule["pattern"])))
        if "negative_pattern" in rule:
            found.append(translator.condition("none", as_list(rule["negative_pattern"])))
        return found

    return [
        {
            "extensions": [extension.lower() for extension in block["extensions"]],
            "rules": [[as_list(rule["language"]), conditions(rule)] for rule in block["rules"]],
        }
        for block in source["disambiguations"]
    ]


def as_list(value: Any) -> list[str]:
    """Return `value` itself if it is a list, else a list of it."""
    return list(value) if isinstance(value, list) else [value]


def read_yaml(git_dir: Path, commit: str, name: str) -> Any:
    """Return the parsed YAML of one file of Linguist's `lib/linguist`."""
    return yaml.safe_load(run_git(git_dir, "show", f"{commit}:lib/linguist/{name}"))


def run_git(git_dir: Path, *arguments: str) -> str:
    """Return what `git` prints."""
    command = ["git", f"--git-dir={git_dir}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def write_json(path: Path, value: Any) -> None:
    """Write a table with a line for each row, so that a new version reads well as a difference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(spread(value, depth=2 if path.name in NESTED_TABLES else 1) + "\n", encoding="utf-8")


def spread(value: Any, *, depth: int) -> str:
    """Return JSON with the members of the outer `depth` levels on lines of their own."""
    if depth == 0 or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}:{spread(member, depth=depth - 1)}" for key, member in value.items()]
        return "{\n" + ",\n".join(members) + "\n}"
    return "[\n" + ",\n".join(spread(member, depth=depth - 1) for member in value) + "\n]"


if __name__ == "__main__":
    main()
