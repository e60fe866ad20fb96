"""Parse files of nine languages: whether a file parses, at which line it does not, and the shape of its syntax tree.

Nothing is run or built: Python, JSON, YAML, TOML and XML are parsed here, the others by the programs in `parsers`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

import yaml

_SUFFIXES = {
    "Go": (".go",),
    "Java": (".java",),
    "JavaScript": (".js", ".mjs", ".cjs"),
    "JSON": (".json", ".ipynb", ".jsonl", ".webmanifest"),
    "Python": (".py", ".pyi"),
    "Shell": (".sh", ".bash"),
    "TOML": (".toml",),
    "XML": (".xml", ".xsd", ".svg", ".plist", ".xhtml", ".xaml", ".csproj", ".vcxproj", ".xsl"),
    "YAML": (".yml", ".yaml"),
}
_LANGUAGES = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes}
_NAMES = {"Cargo.lock": "TOML", "poetry.lock": "TOML", "Pipfile": "TOML", "Pipfile.lock": "JSON"}

LANGUAGES = tuple(_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The first line that does not parse, 0 if all do; a digest of the tree, empty if the parser shows none."""

    error_line: int
    shape: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the file parses."""
        return self.error_line == 0


def language_of(path: str) -> str | None:
    """Return the language of a path, by its name.

    Examples:
        >>> language_of("a/b.py"), language_of("Cargo.lock"), language_of("README")
        ('Python', 'TOML', None)
    """
    name = PurePosixPath(path).name
    return _NAMES.get(name) or _LANGUAGES.get(PurePosixPath(path).suffix.lower())


def parse_here(language: str, contents: Sequence[bytes]) -> list[Parsed]:
    """Parse contents of a language of `HERE`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [_parse(HERE[language], content) for content in contents]


def _parse(read: Callable[[bytes], Iterable[str]], content: bytes) -> Parsed:
    digest = hashlib.blake2b(digest_size=8)
    try:
        for part in read(content):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Parsed(mark.line + 1 if mark else 1)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        return Parsed(int(line[1]) if line else content.count(b"\n") + 1)
    except (SyntaxError, json.JSONDecodeError, expat.ExpatError) as error:
        return Parsed(error.lineno or 1)
    except (ValueError, RecursionError, MemoryError):
        return Parsed(1)
    return Parsed(0, digest.hexdigest())


def _python(content: bytes) -> Iterator[str]:
    return (type(node).__name__ for node in ast.walk(ast.parse(content)))


def _json(content: bytes) -> Iterator[str]:
    return _value_types(json.loads(content.decode("utf-8-sig")))


def _toml(content: bytes) -> Iterator[str]:
    return _value_types(tomllib.loads(content.decode("utf-8")))


def _value_types(value: Any) -> Iterator[str]:
    rest = [value]
    while rest:
        value = rest.pop()
        yield type(value).__name__
        if isinstance(value, (list, dict)):
            yield str(len(value))
            rest += value.values() if isinstance(value, dict) else value


def _yaml(content: bytes) -> Iterator[str]:
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return (type(event).__name__ for event in yaml.parse(content, Loader=loader))


def _xml(content: bytes) -> Iterator[str]:
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: names.extend((name, *attributes))
    parser.EndElementHandler = lambda name: names.append("/")
    parser.Parse(content, True)
    return iter(names)


#: How to read each language that is parsed here: the parts that make up the shape.
HERE: dict[str, Callable[[bytes], Iterable[str]]] = {
    "JSON": _json,
    "Python": _python,
    "TOML": _toml,
    "XML": _xml,
    "YAML": _yaml,
}
