"""Share finds with presidio, in both directions.

`recognizers` and `analyzer` let presidio find what `pii` finds; `propose` lets presidio's recognizers add to what
`redact` replaces. Needs presidio-analyzer 2.2 (`pip install 'stack-pipeline[presidio]'`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from pii.finding import POLICIES, find, kind_names
from pii.spans import DEFAULT_KINDS, EMAIL, KINDS, NAME, USERNAME, Span, merge_spans

try:
    import spacy
    from presidio_analyzer import (
        AnalysisExplanation,
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
except ImportError as error:
    raise ImportError(
        "pii.presidio needs presidio-analyzer: install stack-pipeline[presidio]", name=error.name
    ) from error

#: What presidio calls our kinds: it has one word for people, and none for secrets.
ENTITIES: Mapping[str, str] = MappingProxyType(
    {kind: kind for kind in KINDS} | {EMAIL: "EMAIL_ADDRESS", NAME: "PERSON", USERNAME: "PERSON"}
)

#: The kinds that presidio's entity types stand for; a type that is not here has no kind.
ENTITY_KINDS: Mapping[str, str] = MappingProxyType(
    {kind: kind for kind in KINDS} | {"EMAIL_ADDRESS": EMAIL, "PERSON": NAME}
)

_SURROGATES = re.compile("[\ud800-\udfff]")

#: Longest text for the blank pipeline, in characters; spaCy's own limit is meant for parsers.
_MOST_CHARACTERS = 2**31 - 1


class FindRecognizer(EntityRecognizer):
    """Finds one entity type by `pii.find`; made by `recognizers`."""

    name: str

    def __init__(self, entity: str, *, kinds: Collection[str], policy: str, language: str) -> None:
        self._kinds = tuple(kinds)
        self._policy = policy
        super().__init__([entity], name=f"pii {entity}", supported_language=language)

    def load(self) -> None:
        """Load nothing: the engine is native and always there."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return the finds of this entity; the score is the rule's confidence, the explanation names the rule."""
        (entity,) = self.supported_entities
        if entity not in entities:
            return []
        # All kinds together, so that the finds of all our recognizers are disjoint.
        spans = find(text, kinds=self._kinds, policy=self._policy)
        return [self._result(span, entity) for span in spans if ENTITIES[span.kind] == entity]

    def _result(self, span: Span, entity: str) -> RecognizerResult:
        explanation = AnalysisExplanation(
            self.name, span.confidence, textual_explanation=f"rule {span.detector}"
        )
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return RecognizerResult(entity, span.start, span.end, span.confidence, explanation, metadata)


class BlankNlpEngine(SpacyNlpEngine):
    """A tokenizer and nothing else: no model is loaded, none is downloaded."""

    nlp: Any

    def __init__(self, language: str = "en") -> None:
        super().__init__(models=[{"lang_code": language, "model_name": "blank"}])
        pipeline = spacy.blank(language)
        pipeline.max_length = _MOST_CHARACTERS
        self.nlp = {language: pipeline}

    def load(self) -> None:
        """Load nothing."""

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the tokens of a text; a lone surrogate, which spaCy refuses, counts as an unknown character."""
        return super().process_text(_SURROGATES.sub("\ufffd", text), language)


def recognizers(
    *, kinds: Collection[str] | None = None, policy: str = "detect", language: str = "en"
) -> list[EntityRecognizer]:
    """Return our detectors as presidio recognizers, one per entity type, in alphabetical order.

    Their finds are disjoint and those of `find`.

    Args:
        kinds: As in `find`; `NAME` and `USERNAME` are both reported as `PERSON`, all others as in `ENTITIES`.
        policy: As in `find`.
        language: The language that the engine is asked for; ours take any.

    Raises:
        ValueError: If a kind or the policy is unknown.

    Examples:
        >>> [recognizer.supported_entities for recognizer in recognizers()]
        [['EMAIL_ADDRESS'], ['IP_ADDRESS'], ['KEY'], ['PASSWORD']]
    """
    wanted = kind_names(kinds)
    chosen = DEFAULT_KINDS if wanted is None else wanted
    if policy not in POLICIES:
        raise ValueError(f"policy must be one of {', '.join(POLICIES)}; got {policy!r}")
    entities = sorted({ENTITIES[kind] for kind in chosen})
    return [FindRecognizer(entity, kinds=chosen, policy=policy, language=language) for entity in entities]


def analyzer(*, kinds: Collection[str] | None = None, policy: str = "detect") -> AnalyzerEngine:
    """Return a presidio engine for English that holds only our recognizers and needs no language model.

    Args:
        kinds: As in `recognizers`; at least one.
        policy: As in `find`.

    Raises:
        ValueError: If a kind or the policy is unknown, or no kind is wanted.

    Examples:
        >>> [(found.entity_type, found.start) for found in analyzer().analyze("mail bob@corp.io", "en")]
        [('EMAIL_ADDRESS', 5)]
    """
    ours = recognizers(kinds=kinds, policy=policy)
    if not ours:
        # The engine would take an empty registry for a wish to have all of presidio's own.
        raise ValueError(f"kinds must name at least one of {', '.join(KINDS)}; got none")
    engine = BlankNlpEngine()
    return AnalyzerEngine(RecognizerRegistry(recognizers=ours), engine)


def propose(
    text: str,
    recognizers: Iterable[EntityRecognizer],
    *,
    kinds: Mapping[str, str] = ENTITY_KINDS,
    least_score: float = 0.0,
    nlp_artifacts: NlpArtifacts | None = None,
) -> list[Span]:
    """Run presidio's recognizers as further finders, for `redact(text, proposed=...)`.

    Args:
        text: What to search.
        recognizers: Of presidio or of its kind. One that reads tokens or a model's entities needs `nlp_artifacts`;
            `EmailRecognizer` fetches a list of domains when first used (see the settings of tldextract).
        kinds: Our kind for each entity type; finds of other types are left out.
        least_score: Finds of a lower score are left out, and those of score 0.
        nlp_artifacts: What an `NlpEngine` says of this text.

    Returns:
        Disjoint spans in order, in characters; the detector is `presidio:` and the recognizer's name.

    Raises:
        ValueError: If a kind is unknown.

    Examples:
        >>> from presidio_analyzer import Pattern, PatternRecognizer
        >>> badge = PatternRecognizer("BADGE", patterns=[Pattern("badge", "B-[0-9]{6}", 0.7)])
        >>> propose("door B-123456", [badge], kinds={"BADGE": "USERNAME"})
        [Span(start=5, end=13, kind='USERNAME', detector='presidio:PatternRecognizer', confidence=0.7)]
    """
    kind_names(sorted(set(kinds.values())))
    spans = []
    recognizer: Any
    for recognizer in recognizers:
        wanted = [entity for entity in recognizer.supported_entities if entity in kinds]
        # Asked for nothing, some recognizers answer with everything.
        results = recognizer.analyze(text, wanted, nlp_artifacts) if wanted else []
        spans += [
            Span(found.start, found.end, kinds[found.entity_type], f"presidio:{recognizer.name}", found.score)
            for found in results or ()
            if found.entity_type in kinds and found.score > 0 and found.score >= least_score
        ]
    return merge_spans(spans)
