"""presidio and `pii` find for each other; engines and recognizers are real, no model is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tldextract
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import (
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    SpacyRecognizer,
    UrlRecognizer,
)

from pii import KINDS, find, redact
from pii.presidio import ENTITIES, ENTITY_KINDS, BlankNlpEngine, analyzer, propose, recognizers
from tests.pii.invented_values import KEY, PROVIDER_KEYS, drawn, pem

GITHUB = PROVIDER_KEYS["github-token"]
PASSWORD = 'password = "w0nder:land"'
BADGE = PatternRecognizer("BADGE", name="badges", patterns=[Pattern("badge", "B-[0-9]{6}", 0.7)])

POSITIVES = [
    ("mail bob@corp.io", "EMAIL_ADDRESS", "bob@corp.io"),
    ("😀😀 Grüße bob@corp.io", "EMAIL_ADDRESS", "bob@corp.io"),
    ("𝔘 host 52.95.110.1:80", "IP_ADDRESS", "52.95.110.1"),
    ("host [2606:4700::1111]", "IP_ADDRESS", "2606:4700::1111"),
    (f"😀 token {GITHUB} 😀", "KEY", GITHUB),
    (f"😀\n{pem(lines=2)}\n", "KEY", pem(lines=2)),
    (f"😀 {PASSWORD}", "PASSWORD", "w0nder:land"),
]
NEGATIVES = [
    "",
    "😀",
    "git@github.com:owner/name.git",
    "version 4.1.12.1",
    "password = os.environ['PASSWORD']",
    "std::vector",
    "<EMAIL> at <IP_ADDRESS>",
    f"commit {drawn(40, '0123456789abcdef')}",
]


class Everything(EntityRecognizer):  # type: ignore[misc, unused-ignore]
    """Reports one place, whatever the text and whatever is asked for."""

    def __init__(self, entity: str, start: int, end: int, score: float = 0.5) -> None:
        self.result = RecognizerResult(entity, start, end, score)
        super().__init__([entity])

    def load(self) -> None:
        """Load nothing."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        return [self.result]


@pytest.fixture(scope="module", autouse=True)
def offline() -> Iterator[None]:
    """Let presidio's check of e-mail domains read the list that its library ships, not fetch it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tldextract, "extract", tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None))
        yield


@pytest.fixture(scope="module")
def ours() -> AnalyzerEngine:
    return analyzer()


@pytest.fixture(scope="module")
def mixed() -> AnalyzerEngine:
    """An engine of someone else that got our recognizers besides its own."""
    registry = RecognizerRegistry(recognizers=[BADGE, EmailRecognizer(), IbanRecognizer()])
    for recognizer in recognizers():
        registry.add_recognizer(recognizer)
    return AnalyzerEngine(registry, BlankNlpEngine())


@pytest.mark.parametrize(("text", "entity", "value"), POSITIVES)
def test_an_engine_reports_our_finds_at_their_characters(
    ours: AnalyzerEngine, text: str, entity: str, value: str
) -> None:
    (span,) = find(text)
    (found,) = ours.analyze(text, "en", return_decision_process=True)
    assert (found.entity_type, text[found.start : found.end]) == (entity, value)
    assert (found.start, found.end, found.score) == (span.start, span.end, span.confidence)
    assert found.analysis_explanation.textual_explanation == f"rule {span.detector}"


@pytest.mark.parametrize("text", NEGATIVES)
def test_an_engine_reports_nothing_where_we_find_nothing(ours: AnalyzerEngine, text: str) -> None:
    assert find(text) == []
    assert ours.analyze(text, "en") == []


def test_an_engine_reports_all_our_finds_of_a_text_and_no_other(ours: AnalyzerEngine) -> None:
    text = "\n".join(text for text, _, _ in POSITIVES)
    found = sorted(ours.analyze(text, "en"), key=lambda result: result.start)
    assert [(r.start, r.end, r.entity_type) for r in found] == [
        (span.start, span.end, ENTITIES[span.kind]) for span in find(text)
    ]


def test_our_recognizers_work_beside_those_of_presidio(mixed: AnalyzerEngine) -> None:
    text = f"😀 DE89370400440532013000, B-123456, {PASSWORD}"
    found = {text[r.start : r.end]: r.entity_type for r in mixed.analyze(text, "en")}
    assert found == {
        "DE89370400440532013000": "IBAN_CODE",
        "B-123456": "BADGE",
        "w0nder:land": "PASSWORD",
    }


def test_an_engine_may_ask_for_some_entities(mixed: AnalyzerEngine) -> None:
    text = f"mail bob@corp.io from 52.95.110.1, {PASSWORD}"
    found = mixed.analyze(text, "en", entities=["IP_ADDRESS", "PASSWORD"])
    assert {r.entity_type for r in found} == {"IP_ADDRESS", "PASSWORD"}
    assert {"EMAIL_ADDRESS", "IP_ADDRESS", "KEY", "PASSWORD"} <= set(mixed.get_supported_entities("en"))


def test_our_recognizers_take_the_language_of_their_engine() -> None:
    engine = AnalyzerEngine(
        RecognizerRegistry(recognizers=recognizers(language="de"), supported_languages=["de"]),
        BlankNlpEngine("de"),
        supported_languages=["de"],
    )
    assert [r.start for r in engine.analyze("Grüße an bob@corp.io", "de")] == [9]


def test_kinds_and_policy_are_those_of_find() -> None:
    assert [r.supported_entities for r in recognizers(kinds=KINDS)] == [
        [entity] for entity in sorted(set(ENTITIES.values()))
    ]
    text = "# TODO(bcarol): ask\nhost 8.8.8.8"
    assert [r.entity_type for r in analyzer().analyze(text, "en")] == ["IP_ADDRESS"]
    assert analyzer(policy="redact").analyze(text, "en") == []
    (found,) = analyzer(kinds=["USERNAME"]).analyze(text, "en")
    assert (found.entity_type, text[found.start : found.end]) == ("PERSON", "bcarol")


def test_a_lone_surrogate_does_not_stop_the_engine(ours: AnalyzerEngine) -> None:
    assert [r.start for r in ours.analyze("\ud800 bob@corp.io", "en")] == [2]


@pytest.mark.parametrize("make", [recognizers, analyzer])
def test_unknown_kinds_and_policies_are_refused(make: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="kinds must be"):
        make(kinds=["PERSON"])
    with pytest.raises(ValueError, match="policy must be"):
        make(policy="all")
    with pytest.raises(ValueError, match="kinds must name at least one"):
        analyzer(kinds=[])


@pytest.mark.parametrize(
    ("recognizer", "text", "kind", "value"),
    [
        (EmailRecognizer(), "😀 mail bob@corp.io", "EMAIL", "bob@corp.io"),
        (IpRecognizer(), "𝔘 host 52.95.110.1", "IP_ADDRESS", "52.95.110.1"),
        (Everything("PERSON", 2, 5), "😀 Ann says", "NAME", "Ann"),
        (Everything("KEY", 0, 1), "😀 Ann", "KEY", "😀"),
        *((recognizer, f"😀 {PASSWORD}", "PASSWORD", "w0nder:land") for recognizer in recognizers()[-1:]),
    ],
)
def test_a_recognizer_of_presidio_proposes_spans_in_characters(
    recognizer: Any, text: str, kind: str, value: str
) -> None:
    (span,) = propose(text, [recognizer])
    assert (span.kind, text[span.start : span.end]) == (kind, value)
    assert span.detector == f"presidio:{recognizer.name}"
    assert redact(text, proposed=[span]).text == text.replace(value, f"<{kind}>")


@pytest.mark.parametrize(
    ("recognizer", "text"),
    [
        (EmailRecognizer(), ""),
        (EmailRecognizer(), "bob@corp"),
        (EmailRecognizer(), "mail <EMAIL> or abcdefghijkl@redacted.example"),
        (IpRecognizer(), "nothing here"),
        (UrlRecognizer(), "https://corp.io/"),
        (BADGE, "door B-123456"),
        (Everything("IBAN_CODE", 0, 3), "abcdef"),
        (Everything("PERSON", 0, 3, score=0.0), "abcdef"),
    ],
)
def test_what_has_no_kind_or_no_score_is_not_proposed(recognizer: EntityRecognizer, text: str) -> None:
    assert propose(text, [recognizer]) == []


def test_the_least_score_and_the_kinds_can_be_chosen() -> None:
    text = "😀 door B-123456"
    (span,) = propose(text, [BADGE], kinds={"BADGE": "USERNAME"}, least_score=0.7)
    assert (span.kind, span.detector, text[span.start : span.end]) == (
        "USERNAME",
        "presidio:badges",
        "B-123456",
    )
    assert propose(text, [BADGE], kinds={"BADGE": "USERNAME"}, least_score=0.71) == []
    with pytest.raises(ValueError, match="kinds must be"):
        propose(text, [BADGE], kinds={"BADGE": "BADGE"})
    assert set(ENTITY_KINDS.values()) == set(KINDS)


def test_a_recognizer_that_reads_a_models_entities_gets_those_of_its_engine() -> None:
    engine = BlankNlpEngine()
    ruler: Any = engine.get_nlp("en").add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Ann Lee"}])
    text = "😀 Ann Lee wrote it"
    (span,) = propose(text, [SpacyRecognizer()], nlp_artifacts=engine.process_text(text, "en"))
    assert (span.kind, text[span.start : span.end]) == ("NAME", "Ann Lee")
    assert redact(text, proposed=[span]).text == "😀 <NAME> wrote it"
    assert propose(text, [SpacyRecognizer()]) == []


def test_proposals_that_overlap_are_merged_and_named_by_the_longest() -> None:
    text = "😀 Ann Lee wrote"
    proposers = [Everything("PERSON", 2, 5), Everything("KEY", 4, 9), Everything("PERSON", 10, 12)]
    first, second = propose(text, proposers)
    assert (first.start, first.end, first.kind) == (2, 9, "KEY")
    assert (second.start, second.end) == (10, 12)
    assert redact(text, proposed=[first, second]).text == "😀 <KEY> <NAME>ote"


@pytest.mark.parametrize(("start", "end"), [(0, 99), (-3, 2), (7, 99)])
def test_a_recognizer_that_points_outside_the_text_is_an_error(start: int, end: int) -> None:
    text = "😀 Ann"
    with pytest.raises(ValueError, match="proposed spans must lie in"):
        redact(text, proposed=propose(text, [Everything("PERSON", start, end)]))


@pytest.mark.parametrize("key", [None, KEY])
def test_a_redaction_with_proposals_is_clean_and_another_changes_nothing(key: bytes | None) -> None:
    proposers = [EmailRecognizer(), IpRecognizer(), BADGE, *recognizers(policy="redact")]
    kinds = {**ENTITY_KINDS, "BADGE": "KEY"}
    text = f"😀 B-123456 bob@corp.io {PASSWORD}\nat 52.95.110.1 and 10.0.0.1, {GITHUB}\n"
    once = redact(text, key=key, proposed=propose(text, proposers, kinds=kinds)).text
    assert "B-123456" not in once and "10.0.0.1" not in once
    assert find(once, policy="redact") == []
    again = redact(once, key=key, proposed=propose(once, proposers, kinds=kinds))
    assert again.text == once
