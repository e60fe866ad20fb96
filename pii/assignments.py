"""Find values that are assigned to a name which says "secret".

`password = "..."`, `"api_key": "..."`, `DB_PASSWORD=...` in an environment file, `--password ...` on a
command line, `?token=...` in a URL. The name is found first; everything after it is matched from there with
bounded patterns. A password may be any value that is no placeholder; a key must look drawn by a machine,
since "key" and "token" name many harmless things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pii.quoted_tokens import is_path_like
from pii.randomness import is_hex, is_placeholder, looks_random, reads_like_words, shannon_entropy
from pii.spans import KEY, PASSWORD, Span

MAX_VALUE_LENGTH = 512

#: Lower-case pieces of which one stands in every name, and how far a name reaches around its piece.
_ROOTS = ("auth", "contrase", "credential", "key", "pass", "psw", "pwd", "secret", "token")
_REACH = 24

_NAME = re.compile(
    r"(?ai)(?P<password>passw(?:or)?d|passwrd|passphrase|passcode|(?<![a-z])pass(?![a-z])"
    r"|(?<=[a-z_-])pass(?=[\"'\s=:\]])|(?<![a-z])pwd|_pwd"
    r"|(?<=[a-z])Pwd|contrase[ñÑn]a|(?<![a-z])psw|(?<![a-z])pswd)"
    r"|(?P<key>secret|token|api[_.-]?key|apikey|access[_.-]?key|auth[_.-]?key|private[_.-]?key"
    r"|client[_.-]?key"
    r"|account[_.-]?key|service[_.-]?key|encryption[_.-]?key|signing[_.-]?key|master[_.-]?key|app[_.-]?key"
    r"|license[_.-]?key|session[_.-]?key|secret[_.-]?key|consumer[_.-]?key|shared[_.-]?key"
    r"|credential|(?<![a-z])auth(?![a-z])"
    r"|(?<=[a-z0-9_.-])key(?![a-z])|(?<=[a-z])Key(?![a-z]))"
)
#: From the end of the name to the first character of the value, in any language that sets values.
_GLUE = re.compile(
    r"(?P<suffix>[\w.-]{0,24})(?:\\{0,3}[\"'`])?\]?(?:\[[0-9]{0,4}\])?\??"
    r"(?:\s{0,4}:\s{0,2}(?:[A-Za-z][\w<>?.]{0,24}\s{0,2}=(?!=))?|\s{0,12}(?::{1,3}=|\?=|=>|={1,3}"
    r"|!={1,2}|\.=|:)|\s{0,2}\(|\s{0,2},(?=\s{0,2}\\?[\"'`])|\s{1,4}(?=\\?[\"'`]))"
    r"[ \t]{0,8}(?:\n[ \t]{1,40}(?=[\"'`]))?(?:[\w.:&]{1,40}\()?(?P<at>[@bBurfLR]{0,2}|\|\s{0,2}"
    r"|&)(?P<quote>\\{0,3}(?:\"\"\"|'''|[\"'`]))"
)
_PLAIN = re.compile(
    r"(?P<suffix>[\w.-]{0,24})(?:[ \t]{0,4}[=:]>?[ \t]{0,4}"
    r"|[ \t]{1,2}(?=[^\s=:]))(?P<value>[^\s\"'`<>,;&()\[\]{}|\\]{4,512})(?P<after>[^\n]?)"
)
_TAG = re.compile(r"(?P<suffix>[\w.-]{0,24})[^<>\n]{0,40}>\s{0,2}(?P<value>[^<>\s]{4,256})\s{0,2}</")

_IDENTIFIER = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:_[a-z]+)+_?"
)
_NAME_LIKE = re.compile(
    r"(?i)(?:[a-z0-9_. -]{0,30}[_. -])?(?:new|old|my|the|your|user|db|root|admin|test|current"
    r"|confirm|repeat|hashed|encrypted|plain|default)?"
    r"[_. -]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|key|credentials?|username"
    r"|login|email|string|text|hidden|true|false"
    r"|null|none|nil|undefined|required|optional|empty|invalid|missing|unknown|value|basic|bearer"
    r"|plain|name|type|number|object|boolean|hash)s?"
    r"(?:[_. -]?(?:field|label|input|text|name|hash|confirm|confirmation|error|message|type|value"
    r"|id))?[0-9]{0,2}[:?!.]?"
)
_HARMLESS_SUFFIX = re.compile(
    r"(?i)(?:_|-|\.)?(?:hash|hint|policy|length|len|file|path|name|field|label|type|url|uri"
    r"|endpoint|count|size|id|ids|prompt|message|msg|error"
    r"|reset|regex|pattern|rule|strength|expir|min|max|title|text|placeholder|input|form|link"
    r"|column|header|param|class|format|provider"
    r"|manager|service|store|encoder|dir|env|var|ref|selector|location|arn|version|index|code"
    r"|digest|checksum|md5|sha)"
)
_HARMLESS_PREFIX = re.compile(
    r"(?i)(?:public|primary|foreign|partition|sort|cache|hash|row|group|index|object|unique|dict"
    r"|map|sort|shortcut|hot|next.?page|csrf|xsrf|site|idempotency|page|count|order|item"
    r"|translation|i18n|message|ssh)[_.-]?$"
)


def find_assigned_secrets(text: str) -> Iterator[Span]:
    """Yield values assigned to secret names; linear, not sorted."""
    for name in _find_names(text):
        is_password = name.group("password") is not None
        if not is_password and _HARMLESS_PREFIX.search(text, max(0, name.start() - 16), name.start()):
            continue
        place = _quoted_value(text, name.end()) or _plain_value(text, name) or _tagged_value(text, name)
        if place is None:
            continue
        start, end, suffix, confidence = place
        value = text[start:end]
        if is_password and not _HARMLESS_SUFFIX.match(suffix):
            if is_password_value(value):
                yield Span(start, end, PASSWORD, "assigned-password", confidence)
        elif is_key_value(value):
            yield Span(start, end, KEY, "assigned-key", confidence)


def _find_names(text: str) -> Iterator[re.Match[str]]:
    """Yield what `_NAME` matches, looking only where a root stands: the expression alone is slow."""
    lowered = text.lower()
    if len(lowered) != len(text):
        yield from _NAME.finditer(text)
        return
    starts = sorted(start for root in _ROOTS for start in _occurrences(lowered, root))
    low = high = 0
    for start in starts:
        if start - _REACH > high:
            yield from _NAME.finditer(text, low, high)
            low = start - _REACH
        high = start + _REACH
    yield from _NAME.finditer(text, low, high)


def _occurrences(text: str, word: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + len(word))


def is_password_value(value: str) -> bool:
    """Tell whether an assigned value is a password and not a name, a prompt or a template.

    Examples:
        >>> [is_password_value(v) for v in ("hunter2!", "Enter your password", "user_password", "%(p)s")]
        [True, False, False, False]
    """
    if not 4 <= len(value) <= 128 or value != value.strip() or value.count(" ") > 1:
        return False
    if is_placeholder(value) or _NAME_LIKE.fullmatch(value) or _IDENTIFIER.fullmatch(value):
        return False
    if value.startswith(
        ("/", "./", "../", "http://", "https://", "--", "#", ".", "\\", "$")
    ) or value.endswith(("(", ":", "=")):
        return False
    if value[0] in "([{<" or len(set(value)) < 3 or not any(c.isalnum() for c in value):
        return False
    return not (
        " " in value
        and any(word in value.lower() for word in ("password", "must", "invalid", "enter", "please"))
    )


def is_key_value(value: str) -> bool:
    """Tell whether an assigned value looks drawn by a machine.

    Examples:
        >>> [is_key_value(v) for v in ("f9864980cba331c05910", "application/json", "next_page_token")]
        [True, False, False]
    """
    if not 10 <= len(value) <= MAX_VALUE_LENGTH or any(c.isspace() or c in "{}<>()[]," for c in value):
        return False
    if (
        is_placeholder(value)
        or _IDENTIFIER.fullmatch(value)
        or value.startswith(("/", "http", "./", "#", "@", "--"))
    ):
        return False
    if looks_random(value):
        return not (is_path_like(value) and not any(c.isdigit() for c in value)) and (
            "/" not in value or not value.count("/") > 3
        )
    if not any(c.isdigit() for c in value) or value.isdigit():
        return False
    if is_hex(value):
        return len(value) >= 16
    return shannon_entropy(value) >= 2.9 and not reads_like_words(value) and value.isalnum()


def _quoted_value(text: str, position: int) -> tuple[int, int, str, float] | None:
    glue = _GLUE.match(text, position)
    if glue is None:
        return None
    quote = glue.group("quote")
    start = glue.end()
    end = text.find(quote, start, start + MAX_VALUE_LENGTH + len(quote))
    if end < 0 or text.find("\n", start, end) >= 0:
        return None
    return start, end, glue.group("suffix"), 0.8


def _plain_value(text: str, name: re.Match[str]) -> tuple[int, int, str, float] | None:
    """Match an unquoted value as configuration files, shells and query strings write it."""
    plain = _PLAIN.match(text, name.end())
    if plain is None or not _is_plain_context(text, name, plain):
        return None
    value = plain.group("value").rstrip(".:")
    return plain.start("value"), plain.start("value") + len(value), plain.group("suffix"), 0.6


def _is_plain_context(text: str, name: re.Match[str], plain: re.Match[str]) -> bool:
    """Tell whether an unquoted value stands where one is data and not code."""
    line_start = text.rfind("\n", max(0, name.start() - 120), name.start()) + 1
    if line_start == 0:
        line_start = max(0, name.start() - 120)
    before = text[line_start : name.start()]
    separator = text[plain.end("suffix") : plain.start("value")]
    after = plain.group("after")
    value = plain.group("value")
    if before.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")[-1:] in ("?", "&"):
        return separator == "="
    if not separator.strip():
        return re.search(r"(?:^|\s)--?[\w-]*$", before) is not None and not value.startswith("-")
    if after in ("(", "[", "{", ";", ",", "'", '"', "`", ")"):
        return bool(
            separator == "="
            and after in ("'", '"', "`", ",", ";")
            and not _IDENTIFIER.fullmatch(value)
            and _has_digit_and_letter(value)
        )
    if separator == "=" and re.search(
        r"(?:^|[\s'\"])(?:-[eD] ?|export |ENV |--)?[A-Za-z][\w.-]{0,60}$|^$", before
    ):
        return True
    return re.fullmatch(r"[ \t]*(?:- |# ?|;|export |ENV |set |\* )?[\w.-]{0,60}", before) is not None and (
        ":" in separator or _has_digit_and_letter(value) or separator.strip() == "="
    )


def _has_digit_and_letter(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _tagged_value(text: str, name: re.Match[str]) -> tuple[int, int, str, float] | None:
    if text[max(0, name.start() - 40) : name.start()].rfind("<") < 0:
        return None
    tag = _TAG.match(text, name.end())
    return None if tag is None else (tag.start("value"), tag.end("value"), tag.group("suffix"), 0.6)
