"""Ask detect-secrets for a second opinion on a text in memory, for `redact(text, proposed=...)`.

detect-secrets names a value and a line, no place; the find is every occurrence of the value on that line. Nothing is
verified, so nothing leaves the machine, and no setting of detect-secrets is changed. Its patterns have no bound on
time as ours do. The other direction is
`pii.detect_secrets_plugin`. Needs detect-secrets 1.5 (`pip install 'stack-pipeline[detect-secrets]'`).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from pii.spans import IP_ADDRESS, KEY, PASSWORD, Span, merge_spans

try:
    from detect_secrets import plugins as own
    from detect_secrets.constants import VerifiedResult
    from detect_secrets.core.plugins.util import get_plugins_from_module
    from detect_secrets.filters import heuristic
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.util.code_snippet import get_code_snippet
    from detect_secrets.util.importlib import get_modules_from_package
except ImportError as error:
    raise ImportError(
        "pii.detect_secrets needs detect-secrets: install stack-pipeline[detect-secrets]", name=error.name
    ) from error

#: The kinds of the secret types that are no key.
KINDS_OF_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Basic Auth Credentials": PASSWORD,
        "Password (stack-pipeline)": PASSWORD,
        "Public IP (ipv4)": IP_ADDRESS,
        "Secret Keyword": PASSWORD,
    }
)

#: Plugins that `second_opinion` leaves out unless they are given: one reports every public IPv4 address, versions
#: among them, the other the words `BEGIN PRIVATE KEY` without the key.
LEFT_OUT: frozenset[str] = frozenset({"IPPublicDetector", "PrivateKeyDetector"})

#: detect-secrets does not say how sure it is; this is less than our own rules are.
CONFIDENCE = 0.5

_OF_THE_VALUE = (
    heuristic.is_potential_uuid,
    heuristic.is_prefixed_with_dollar_sign,
    heuristic.is_sequential_string,
    heuristic.is_templated_secret,
)
_LINE = re.compile(r"[^\r\n]+")
_IN_A_TOKEN = re.compile(r"[\w-]")


def own_plugins() -> list[BasePlugin]:
    """Return the plugins that come with detect-secrets, with their default limits, but those in `LEFT_OUT`."""
    # Not by the mapping of detect-secrets: it keeps what it first saw, so later plugins of a user would be lost.
    found: dict[str, type[BasePlugin]] = {}
    for name in get_modules_from_package(own):
        classes: Iterable[type[BasePlugin]] = get_plugins_from_module(import_module(name))
        found |= {each.__name__: each for each in classes}
    return [found[name]() for name in sorted(found.keys() - LEFT_OUT)]


def second_opinion(
    text: str, plugins: Collection[BasePlugin] | None = None, *, filename: str = ""
) -> list[Span]:
    """Run plugins of detect-secrets, and its filters of values that are no secret, over each line of a text.

    A value that stands alone nowhere on its line is widened to the end of its token: of some tokens a pattern of
    detect-secrets gives the prefix only.

    A line that asks to be passed over (`pragma: allowlist secret`) is searched like any other: what its author
    may keep, a release may not.

    Args:
        text: What to search; lines end at LF, CR or both.
        plugins: By default `own_plugins()`.
        filename: Says which language the text is in, by its ending; it is not opened.

    Returns:
        Disjoint spans in order, in characters; the detector is `detect-secrets:` and the plugin's class.

    Examples:
        >>> second_opinion('passwd = "Tr0ub4dor-88"\\n')
        [Span(start=10, end=22, kind='PASSWORD', detector='detect-secrets:KeywordDetector', confidence=0.5)]
    """
    silent = [_unverifying(plugin) for plugin in (own_plugins() if plugins is None else plugins)]
    matches = list(_LINE.finditer(text))
    lines = [match.group() for match in matches]
    spans: list[Span] = []
    for number, match in enumerate(matches, start=1):
        for plugin in silent:
            kind = KINDS_OF_TYPES.get(plugin.secret_type, KEY)
            detector = f"detect-secrets:{type(plugin).__name__}"
            for value in _values(plugin, filename, lines, number):
                spans += [
                    Span(start, end, kind, detector, CONFIDENCE)
                    for start, end in _places(text, value, match.start(), match.end())
                ]
    return merge_spans(spans)


def _unverifying(plugin: BasePlugin) -> BasePlugin:
    """Return a copy that answers without asking the provider, whatever the settings say."""
    silent = copy.copy(plugin)
    silent.verify = _unverified  # type: ignore[method-assign]
    return silent


def _unverified(secret: str) -> VerifiedResult:
    return VerifiedResult.UNVERIFIED


# detect-secrets calls a function with the arguments that are named here.
_unverified.injectable_variables = {"secret"}  # type: ignore[attr-defined]


def _values(plugin: BasePlugin, filename: str, lines: list[str], number: int) -> Iterator[str]:
    line = lines[number - 1].rstrip()
    context = get_code_snippet(lines, number)
    for secret in plugin.analyze_line(filename=filename, line=line, line_number=number, context=context):
        value = secret.secret_value
        if value and not _is_no_secret(plugin, value, line):
            yield value


def _is_no_secret(plugin: BasePlugin, value: str, line: str) -> bool:
    """Apply the filters of detect-secrets that look at the value and its line."""
    if plugin.secret_type == "Public IP (ipv4)":
        return False  # The filter that wants a letter would leave no address.
    return (
        any(rule(value) for rule in _OF_THE_VALUE)
        or heuristic.is_not_alphanumeric_string(value)
        or heuristic.is_likely_id_string(value, line, plugin)
        # The same to its pattern, which takes seconds for a line of spaces.
        or heuristic.is_indirect_reference(" ".join(line.split()))
    )


def _places(text: str, value: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where a value stands in a part of a text: alone, or else at the beginning of a longer token."""
    begins, ends = (_IN_A_TOKEN.match(edge) is not None for edge in (value[0], value[-1]))
    literal = re.escape(value)
    alone = (r"(?<![\w-])" if begins else "") + literal + (r"(?![\w-])" if ends else "")
    places = [place.span() for place in re.compile(alone).finditer(text, start, end)]
    widened = literal + (r"[\w-]*" if ends else "")
    return places or [place.span() for place in re.compile(widened).finditer(text, start, end)]
