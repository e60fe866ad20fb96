"""Borrow the patterns of presidio and detect-secrets, in memory and offline.

Both packages bring an engine that this library has no use for: presidio's asks for a language model,
detect-secrets' for a file on disk and for the network. Only their recognizers' patterns are used here, over
short windows or as compiled expressions; what they propose, the rules of the other modules check.

Of detect-secrets' plugins these are left out, and covered by own rules: NpmDetector, OpenAIDetector and
JwtTokenDetector, AWS secret keys, Cloudant, IBM and SoftLayer assignments (their patterns take quadratic
time on hostile input, and the JWT one drops the signature), BasicAuthDetector and KeywordDetector (they
give a value without a place, one per line), IPPublicDetector (presidio's is used).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: What to install for `pii.find` to work.
EXTRA = "stack-pipeline[presidio,detect-secrets]"

Proposal = tuple[int, int, float]

#: detector name: module below `detect_secrets.plugins`, class, index of the pattern in its deny list.
_DETECT_SECRETS_PATTERNS: dict[str, tuple[str, str, int]] = {
    "artifactory-api-key": ("artifactory", "ArtifactoryDetector", 0),
    "artifactory-password": ("artifactory", "ArtifactoryDetector", 1),
    "aws-access-key-id": ("aws", "AWSKeyDetector", 0),
    "azure-storage-key": ("azure_storage_key", "AzureStorageKeyDetector", 0),
    "discord-bot-token": ("discord", "DiscordBotTokenDetector", 0),
    "github-token": ("github_token", "GitHubTokenDetector", 0),
    "gitlab-token": ("gitlab_token", "GitLabTokenDetector", 0),
    "gitlab-runner-registration-token": ("gitlab_token", "GitLabTokenDetector", 1),
    "gitlab-job-token": ("gitlab_token", "GitLabTokenDetector", 2),
    "gitlab-incoming-mail-token": ("gitlab_token", "GitLabTokenDetector", 3),
    "gitlab-trigger-token": ("gitlab_token", "GitLabTokenDetector", 4),
    "gitlab-agent-token": ("gitlab_token", "GitLabTokenDetector", 5),
    "gitlab-oauth-secret": ("gitlab_token", "GitLabTokenDetector", 6),
    "mailchimp-api-key": ("mailchimp", "MailchimpDetector", 0),
    "pypi-token": ("pypi_token", "PypiTokenDetector", 0),
    "pypi-test-token": ("pypi_token", "PypiTokenDetector", 1),
    "sendgrid-api-key": ("sendgrid", "SendGridDetector", 0),
    "slack-token": ("slack", "SlackDetector", 0),
    "slack-webhook": ("slack", "SlackDetector", 1),
    "softlayer-api-url": ("softlayer", "SoftlayerDetector", 1),
    "square-oauth-secret": ("square_oauth", "SquareOAuthDetector", 0),
    "stripe-key": ("stripe", "StripeDetector", 0),
    "telegram-bot-token": ("telegram_token", "TelegramBotTokenDetector", 0),
    "twilio-account-sid": ("twilio", "TwilioKeyDetector", 0),
    "twilio-api-key": ("twilio", "TwilioKeyDetector", 1),
}


class MissingExtraError(ImportError, ValueError):
    """Raised when a package that proposes candidates is not installed."""


def _load(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(f"{package} is not installed; pii needs {EXTRA}") from error


@lru_cache(maxsize=1)
def _email_recognizer() -> Any:
    base = _load("presidio_analyzer.predefined_recognizers", "EmailRecognizer")
    # presidio would check the domain with tldextract, which fetches its list from the network.
    offline = type("OfflineEmailRecognizer", (base,), {"validate_result": lambda self, pattern_text: None})
    return offline()


@lru_cache(maxsize=1)
def _ip_recognizer() -> Any:
    return _load("presidio_analyzer.predefined_recognizers", "IpRecognizer")()


def propose_emails(window: str) -> list[Proposal]:
    """Return presidio's proposals (start, end, score) for e-mail addresses in a short window.

    The pattern is superlinear: give it at most a few hundred characters.
    """
    return [(r.start, r.end, r.score) for r in _email_recognizer().analyze(window, ["EMAIL_ADDRESS"])]


def propose_addresses(window: str) -> list[Proposal]:
    """Return presidio's proposals (start, end, score) for IP addresses in a short window."""
    return [(r.start, r.end, r.score) for r in _ip_recognizer().analyze(window, ["IP_ADDRESS"])]


@lru_cache(maxsize=1)
def provider_patterns() -> dict[str, re.Pattern[str]]:
    """Return detect-secrets' patterns for provider keys by detector name; all take linear time."""
    return {
        name: _load(f"detect_secrets.plugins.{module}", plugin).denylist[index]
        for name, (module, plugin, index) in _DETECT_SECRETS_PATTERNS.items()
    }


@lru_cache(maxsize=1)
def quoted_token_pattern() -> re.Pattern[str]:
    """Return detect-secrets' pattern for quoted base64 or hex strings; group 2 is the value."""
    plugin = _load("detect_secrets.plugins.high_entropy_strings", "Base64HighEntropyString")
    pattern: re.Pattern[str] = plugin().regex
    return pattern


@lru_cache(maxsize=1)
def private_key_markers() -> tuple[str, ...]:
    """Return the words that detect-secrets takes for the beginning of a private key."""
    plugin = _load("detect_secrets.plugins.private_key", "PrivateKeyDetector")
    return tuple(pattern.pattern for pattern in plugin.denylist)


def require() -> None:
    """Load all proposers now.

    Raises:
        MissingExtraError: An `ImportError` and a `ValueError` at once, naming the extra to install.
    """
    loaders: tuple[Callable[[], object], ...] = (
        _email_recognizer,
        _ip_recognizer,
        provider_patterns,
        quoted_token_pattern,
        private_key_markers,
    )
    for load in loaders:
        load()
