"""Show the table of provider rules that the engine holds."""

from __future__ import annotations

from dataclasses import dataclass

import stack_native


@dataclass(frozen=True, slots=True)
class ProviderRule:
    """A row of the table.

    Attributes:
        id: Name of the rule, which is the detector's.
        service: The provider.
        form: "shape" if the value is known by its own shape, "near" if the provider's name must stand before it.
        keywords: Literals that a value of this shape begins with (holds, after a `~`); names of the provider.
        pattern: Regular expression of the whole value.
        entropy: Least Shannon entropy in bits per character.
        example: An invented value.
        source: Where the fact about the form comes from.
    """

    id: str
    service: str
    form: str
    keywords: tuple[str, ...]
    pattern: str
    entropy: float
    example: str
    source: str


def provider_rules() -> tuple[ProviderRule, ...]:
    """Return all rules in the order of the table.

    Examples:
        >>> all(rule.form in ("shape", "near") for rule in provider_rules())
        True
    """
    return tuple(
        ProviderRule(name, service, form, tuple(keywords), pattern, entropy, example, source)
        for name, service, form, keywords, pattern, entropy, example, source in stack_native.pii_rules()
    )
