"""A baseline after the published description of SantaCoder's rules: patterns for addresses, detect-secrets for keys.

Written anew from the description, without the mistakes that are known of the original. The letter-pair model behind the
gibberish filter is the one that detect-secrets brings, with the original's limit; the original has a model of its own.
"""

from __future__ import annotations

import importlib
import re
import tempfile
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, occurrences, one_by_one, serve

_PLUGINS: tuple[dict[str, Any], ...] = (
    {"name": "Base64HighEntropyString", "limit": 4.5},
    {"name": "HexHighEntropyString", "limit": 3.0},
    *(
        {"name": name}
        for name in (
            "ArtifactoryDetector",
            "AWSKeyDetector",
            "AzureStorageKeyDetector",
            "CloudantDetector",
            "DiscordBotTokenDetector",
            "GitHubTokenDetector",
            "IbmCloudIamDetector",
            "IbmCosHmacDetector",
            "JwtTokenDetector",
            "MailchimpDetector",
            "NpmDetector",
            "SendGridDetector",
            "SlackDetector",
            "SoftlayerDetector",
            "StripeDetector",
            "TwilioKeyDetector",
        )
    ),
)
_FILTERS = (
    "is_potential_uuid",
    "is_likely_id_string",
    "is_templated_secret",
    "is_sequential_string",
)
_GIBBERISH_LIMIT = 4.0
_HASH_LENGTHS = (32, 40, 64)
_HASH_WORDS = re.compile("sha|md5|hash|byte", re.IGNORECASE)
_HASH_SHARE = 0.02

_HAN = "\u4e00-\u9fff"
_EMAIL = re.compile(
    rf"(?:^|(?<=[\[({{<\b\s@,?!;'\":.{_HAN}¿¡]))"
    r"((?:[^\s\[\](){}<>\b@,?!;'\":#/\\=.\-]|[=.\-](?![.@]))+"
    r"@(?:\w(?:[\w\-]{0,62}\w)?\.){1,10}(?:[^\W\d_]{2,63}|xn--[a-z0-9\-]{1,59}))"
    r"(?=$|[\])}>\s,;!?'\"]|\\[nrt\"']|:(?!\d)|\.(?=\s|$))",
    re.MULTILINE,
)
_BEFORE_ADDRESS = rf"(?:^|(?<=[\b\s@?,!;:'\")(.{_HAN}]))"
_AFTER_ADDRESS = rf"(?=$|[\s@,?!;:'\"(.{_HAN}])"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_ADDRESS = re.compile(
    rf"{_BEFORE_ADDRESS}((?:{_OCTET}\.){{3}}{_OCTET}|[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}}){_AFTER_ADDRESS}",
    re.MULTILINE,
)
_SHORTEST_ADDRESS = 7
_CONTEXT = 100


def load() -> Any:
    scan: Any = importlib.import_module("detect_secrets.core.scan")
    settings: Any = importlib.import_module("detect_secrets.settings")
    gibberish: Any = importlib.import_module("detect_secrets.filters.gibberish")
    detection: Any = importlib.import_module("gibberish_detector.detector")
    filters = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in _FILTERS]
    context = settings.transient_settings({"plugins_used": [*_PLUGINS], "filters_used": filters})
    context.__enter__()
    gibberish.initialize(limit=_GIBBERISH_LIMIT)
    detector = detection.Detector(model=gibberish.get_model(), threshold=_GIBBERISH_LIMIT)
    settings.get_settings().filters.pop("detect_secrets.filters.gibberish.should_exclude_secret")
    folder = tempfile.TemporaryDirectory()

    def find(text: Text, _kept: Any = context) -> Iterator[Place]:
        yield from find_addresses(text.text)
        path = Path(folder.name) / "text.txt"
        path.write_text(text.text, encoding="utf-8", errors="surrogatepass", newline="")
        values = {secret.secret_value for secret in scan.scan_file(str(path))}
        if not too_many_hashes(text.text):
            for value in sorted(value for value in values if value):
                if detector.is_gibberish(value.lower()) and not is_hash(text.text, value):
                    yield from occurrences(text.text, value, 0, len(text.text))

    return one_by_one(find)


def find_addresses(text: str) -> Iterator[Place]:
    """Yield e-mail and IP addresses."""
    for match in _EMAIL.finditer(text):
        yield match.start(1), match.end(1), "EMAIL"
    for match in _ADDRESS.finditer(text):
        start, end = match.span(1)
        around = text[max(0, start - _CONTEXT) : end + _CONTEXT].lower()
        like_a_version = "." in match[1] and end - start == _SHORTEST_ADDRESS
        if is_address(match[1]) and not (like_a_version and "dns" not in around and "server" not in around):
            yield start, end, "IP_ADDRESS"


def is_address(value: str) -> bool:
    """Say whether a value with a digit parses as an address."""
    if not any(character.isdigit() for character in value):
        return False
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def is_hash(text: str, value: str) -> bool:
    """Say whether a value has a digest's length and stands behind a word for digests in its line."""
    place = text.find(value)
    if place < 0 or len(value) not in _HASH_LENGTHS:
        return False
    return _HASH_WORDS.search(text[text.rfind("\n", 0, place) + 1 : place]) is not None


def too_many_hashes(text: str) -> bool:
    """Say whether words for digests are in more than one line of fifty."""
    allowed = max(1, int(_HASH_SHARE * text.count("\n")))
    return any(text.lower().count(word) > allowed for word in ("sha", "hash"))


if __name__ == "__main__":
    serve(load)
