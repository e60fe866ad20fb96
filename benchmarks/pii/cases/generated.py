"""Generate further cases: every template of a class with several invented values.

The cases follow from the templates and from hashes of their names, so every run makes the same ones. The detection's
own rules are not imported: what is right is said by the templates alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

from benchmarks.pii.cases import invented
from benchmarks.pii.cases.contexts import EMAIL_CONTEXTS, HOSTILE, IP_CONTEXTS, SECRET_CONTEXTS
from benchmarks.pii.cases.languages import KEY_NAMES, LANGUAGES, PASSWORD_NAMES, Language, styled
from benchmarks.pii.cases.providers import KEY_TEMPLATES, PROVIDER_KEYS
from benchmarks.pii.cases.reader import BAR, CLOSE, OPEN, Case, parse

Maker = Callable[[str], str]

_PRIVATE_LABELS = (
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "DSA PRIVATE KEY",
)
_PER_CONTEXT = 6
_PER_LANGUAGE = 7


def _hex(length: int) -> Maker:
    return lambda seed: invented.drawn(seed, length, invented.HEX)


def _base64(size_bytes: int) -> Maker:
    return lambda seed: invented.base64_of(seed, size_bytes)


def _dotted(*highest: int) -> Maker:
    return lambda seed: ".".join(
        str(invented.number(f"{seed}/{i}", i == 0, high)) for i, high in enumerate(highest)
    )


def _private_key(joint: str) -> Maker:
    return lambda seed: joint.join(invented.pem_lines(seed, invented.pick(seed, _PRIVATE_LABELS)))


def _basic(seed: str) -> str:
    return base64.b64encode(f"{invented.person(seed)}:{invented.password(seed)}".encode()).decode()


#: Placeholder of a template: the kind that must be found, or none, and the maker of the value.
FILLERS: dict[str, tuple[str | None, Maker]] = {
    "<EMAIL>": ("EMAIL", invented.email),
    "<IPV4>": ("IP_ADDRESS", invented.ipv4),
    "<IPV6>": ("IP_ADDRESS", invented.ipv6),
    "<PASSWORD>": ("PASSWORD", invented.password),
    "<KEY>": ("KEY", invented.secret),
    "<JWT>": ("KEY", invented.json_web_token),
    "<BASIC>": ("KEY", _basic),
    "<B64-32-KEY>": ("KEY", _base64(32)),
    "<B64-64-KEY>": ("KEY", _base64(64)),
    "<PRIVATE-KEY>": ("KEY", _private_key("\n")),
    "<PRIVATE-KEY-ESCAPED>": ("KEY", _private_key("\\n")),
    "<CERTIFICATE>": (None, lambda seed: "\n".join(invented.pem_lines(seed, "CERTIFICATE", 6))),
    "<PUBLIC-KEY>": (None, lambda seed: "\n".join(invented.pem_lines(seed, "PUBLIC KEY"))),
    "<PERSON>": (None, invented.person),
    "<DOMAIN>": (None, invented.domain),
    "<WORD>": (None, invented.word),
    "<UUID>": (None, invented.uuid),
    "<SEMVER>": (None, _dotted(19, 30, 12)),
    "<VERSION4>": (None, _dotted(12, 20, 9, 40)),
    "<SECTION>": (None, _dotted(9, 9, 9)),
    "<OID>": (None, lambda seed: f"1.3.6.1.4.1.{_dotted(40000, 9, 30, 4)(seed)}"),
    **{f"<HEX{length}>": (None, _hex(length)) for length in (2, 8, 32, 40, 64)},
    **{f"<B64-{size}>": (None, _base64(size)) for size in (32, 64, 90)},
}

_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9-]*>")


def generate_cases() -> list[Case]:
    """Return all generated cases, in a fixed order, without two of the same text."""
    cases: list[Case] = []
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    for group, marked in _marked_texts():
        text, spans = parse(marked)
        if text in seen:
            continue
        seen.add(text)
        numbers[group] = numbers.get(group, 0) + 1
        cases.append(Case(f"{group}/{numbers[group]}", group, text, spans))
    return cases


def filled(template: str, seed: str) -> str:
    """Fill the placeholders of a template with invented values, marked where they must be found.

    Raises:
        KeyError: If the template holds an unknown placeholder.
    """
    count = iter(range(len(template)))

    def value(match: re.Match[str]) -> str:
        kind, make = FILLERS[match[0]]
        return marked_as(kind, make(f"{seed}/{next(count)}")) if kind else make(f"{seed}/{next(count)}")

    return _PLACEHOLDER.sub(value, template)


def marked_as(kind: str, value: str) -> str:
    """Put the marks of a kind round a value."""
    return f"{OPEN}{kind}{BAR}{value}{CLOSE}"


def _marked_texts() -> Iterator[tuple[str, str]]:
    yield from _provider_keys()
    yield from _assignments()
    for contexts in (EMAIL_CONTEXTS, IP_CONTEXTS, SECRET_CONTEXTS):
        for group, templates in contexts.items():
            for place, template in enumerate(templates):
                for turn in range(_PER_CONTEXT):
                    yield group, filled(template, f"{group}/{place}/{turn}")
    for part, times, end in HOSTILE:
        yield "generated-hostile", part * times + end


def _provider_keys() -> Iterator[tuple[str, str]]:
    for service, (name, make) in PROVIDER_KEYS.items():
        for place, template in enumerate(KEY_TEMPLATES):
            key = marked_as("KEY", make(f"{service}/{place}"))
            yield f"generated-key-{service}", template.replace("<NAME>", name).replace("<VALUE>", key)


def _assignments() -> Iterator[tuple[str, str]]:
    for name, language in LANGUAGES.items():
        for turn in range(_PER_LANGUAGE):
            seed = f"{name}/{turn}"
            secret = marked_as("KEY", invented.secret(seed))
            password = marked_as("PASSWORD", invented.password(seed))
            yield f"generated-password-in-{name}", _literal(language, PASSWORD_NAMES, password, f"{seed}/p")
            yield f"generated-secret-in-{name}", _literal(language, KEY_NAMES, secret, f"{seed}/k")
        for place, lookup in enumerate(language.lookups):
            for names in (PASSWORD_NAMES, KEY_NAMES):
                yield f"generated-lookup-in-{name}", _named(lookup, language, names, f"{name}/lookup/{place}")


def _literal(language: Language, names: tuple[str, ...], value: str, seed: str) -> str:
    template = language.literals[invented.number(f"literal/{seed}", 0, len(language.literals) - 1)]
    return _named(template, language, names, seed).replace("<VALUE>", value)


def _named(template: str, language: Language, names: tuple[str, ...], seed: str) -> str:
    words = invented.pick(f"name/{seed}", names)
    return template.replace("<NAME>", styled(words, language.style)).replace(
        "<UPPER>", styled(words, "upper")
    )
