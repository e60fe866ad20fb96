"""A token-classification model proposes: loaded by transformers from a folder that the test makes, without network.

The model is a BERT of one layer whose weights are set, not trained: each word of the vocabulary has a label, and
attention and feed-forward layers are silent, so that a token's label depends on the token alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForTokenClassification,
    PreTrainedTokenizerFast,
    TokenClassificationPipeline,
)

from pii import Span, find, redact
from pii.model import LABELS, load, propose
from tests.pii.invented_values import KEY

#: Word pieces and the label that the model gives to each.
PIECES = {
    "[PAD]": "O",
    "[UNK]": "O",
    "[CLS]": "B-NAME",
    "[SEP]": "B-NAME",
    "ann": "B-NAME",
    "lee": "I-NAME",
    "bo": "B-NAME",
    "##ris": "B-NAME",
    "ivan": "I-NAME",
    "##ov": "I-KEY",
    "zoe": "S-NAME",
    "kim": "E-NAME",
    "bob": "USERNAME",
    "42": "USERNAME",
    "paris": "B-CITY",
    "and": "O",
    "says": "O",
    ".": "O",
    "<": "B-KEY",
    "email": "B-KEY",
    ">": "B-KEY",
}
POSITIVES = [
    ("Ann", [("NAME", "Ann")]),
    ("😀😀 says Ann Lee.", [("NAME", "Ann Lee")]),
    ("𝔘 é Ann Lee and Lee", [("NAME", "Ann Lee"), ("NAME", "Lee")]),
    ("Ann Ann Lee", [("NAME", "Ann"), ("NAME", "Ann Lee")]),
    ("😀 Boris.", [("NAME", "Boris")]),
    ("Ivanov", [("NAME", "Ivan"), ("KEY", "ov")]),
    ("Zoe Lee", [("NAME", "Zoe"), ("NAME", "Lee")]),
    ("Ann Kim Lee", [("NAME", "Ann Kim"), ("NAME", "Lee")]),
    ("bob 42 says", [("USERNAME", "bob 42")]),
    ("bob Ann", [("USERNAME", "bob"), ("NAME", "Ann")]),
    ("Ann\r\n\tLee\r\n", [("NAME", "Ann\r\n\tLee")]),
    ("\ud800 Ann \udfff", [("NAME", "Ann")]),
]
NEGATIVES = ["", " \n\t", "😀", "and says .", "Paris", "and unknown words", "\ud800"]


def save(folder: Path, backend: Tokenizer, labels: list[str], **settings: Any) -> Path:
    """Save a model that gives the label with its own number to each entry of the vocabulary."""
    names = sorted(set(labels))
    config = BertConfig(
        vocab_size=len(labels),
        hidden_size=len(names),
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=1,
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
        **settings,
    )
    model = BertForTokenClassification(config).eval()
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
        for entry, label in enumerate(labels):
            model.bert.embeddings.word_embeddings.weight[entry, names.index(label)] = 1.0
        model.classifier.weight.copy_(torch.eye(len(names)))
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    tokenizer.save_pretrained(folder)
    return folder


def word_pieces() -> Tokenizer:
    """Return a WordPiece tokenizer for `PIECES`, with special tokens around each window as BERT has them."""
    vocabulary = {piece: number for number, piece in enumerate(PIECES)}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return backend


def byte_pairs() -> tuple[Tokenizer, list[str]]:
    """Return a byte-level BPE tokenizer that joins ` Ann`, and labels for it; its tokens hold the space before."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    joined = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *alphabet, "An", "Ann", "ĠAnn"]
    merges = [("A", "n"), ("An", "n"), ("Ġ", "Ann")]
    backend = Tokenizer(models.BPE({token: number for number, token in enumerate(joined)}, merges))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.post_processor = processors.ByteLevel(trim_offsets=False)
    backend.decoder = decoders.ByteLevel()
    return backend, ["B-NAME" if "Ann" in token else "O" for token in joined]


def shown(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in spans]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("model"), word_pieces(), list(PIECES.values()))


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return load(folder)


def test_a_saved_model_is_loaded_as_a_pipeline_of_transformers(model: Any) -> None:
    assert isinstance(model, TokenClassificationPipeline)
    assert isinstance(model.model, BertForTokenClassification)
    assert not model.model.training
    assert model.device.type == "cpu"


@pytest.mark.parametrize(("text", "found"), POSITIVES)
def test_what_the_model_names_is_proposed_in_characters(
    model: Any, text: str, found: list[tuple[str, str]]
) -> None:
    spans = propose(text, model)
    assert shown(text, spans) == found
    assert [span.detector for span in spans] == [f"model:{kind}" for kind, _ in found]
    assert all(0.1 < span.confidence < 1 for span in spans)


@pytest.mark.parametrize("text", NEGATIVES)
def test_what_the_model_does_not_name_or_has_no_kind_is_not_proposed(model: Any, text: str) -> None:
    assert propose(text, model) == []


def test_the_pipeline_of_transformers_finds_the_same(model: Any) -> None:
    text = "😀 and Ann Lee says bob 42"
    theirs = [text[each["start"] : each["end"]] for each in model(text, aggregation_strategy="simple")]
    assert [value for _, value in shown(text, propose(text, model))] == theirs


def test_the_places_are_those_of_the_text_for_a_byte_level_tokenizer_too(tmp_path: Path) -> None:
    backend, labels = byte_pairs()
    model = load(save(tmp_path, backend, labels))
    text = "😀é Ann Ann, \n AnnAnn😀 An"
    assert shown(text, propose(text, model)) == [("NAME", "Ann"), ("NAME", "Ann"), ("NAME", "AnnAnn")]
    assert redact(text, proposed=propose(text, model)).text == "😀é <NAME> <NAME>, \n <NAME>😀 An"


@pytest.mark.parametrize("settings", [{}, {"max_position_embeddings": 16}])
@pytest.mark.parametrize("repeats", [1, 2, 5, 12, 13, 14, 150, 1500])
def test_a_text_of_any_length_is_read_to_its_end(
    tmp_path: Path, settings: dict[str, int], repeats: int
) -> None:
    model = load(save(tmp_path, word_pieces(), list(PIECES.values()), **settings))
    text = "😀 and Ann Lee. " * repeats
    expected = [(15 * i + 6, 15 * i + 13) for i in range(repeats)]
    assert text[expected[-1][0] : expected[-1][1]] == "Ann Lee"
    assert [(span.start, span.end) for span in propose(text, model)] == expected


def test_a_token_has_the_label_of_the_window_in_which_more_is_around_it(tmp_path: Path) -> None:
    # This model names no token that stands first or last in a window of 14.
    labels = ["O"] * len(PIECES)
    labels[list(PIECES).index("ann")] = "B-NAME"
    folder = save(tmp_path, word_pieces(), labels, max_position_embeddings=16)
    model = load(folder)
    with torch.no_grad():
        places = model.model.bert.embeddings.position_embeddings.weight
        places[:, model.model.config.label2id["B-NAME"]] = torch.tensor([-9.0] * 2 + [0.0] * 12 + [-9.0] * 2)
    text = "ann " * 44
    assert [span.start for span in propose(text, model)] == [4 * i for i in range(1, 43)]


def test_the_confidence_is_the_mean_of_the_tokens_and_can_be_asked_for(model: Any) -> None:
    (span,) = propose("Ann Lee", model)
    tokens = [token["score"] for token in model("Ann Lee", aggregation_strategy="none", ignore_labels=[])]
    assert span.confidence == pytest.approx(sum(tokens) / len(tokens))
    assert propose("Ann Lee", model, least_confidence=span.confidence) == [span]
    assert propose("Ann Lee", model, least_confidence=span.confidence + 0.01) == []


def test_kinds_can_be_given_to_labels(model: Any) -> None:
    text = "Ann in Paris"
    assert shown(text, propose(text, model, kinds={"CITY": "NAME"})) == [("NAME", "Paris")]
    with pytest.raises(ValueError, match="kinds must be"):
        propose(text, model, kinds={"CITY": "CITY"})
    assert LABELS["EMAIL_EXAMPLE"] == "EMAIL"


def test_two_loads_propose_the_same(folder: Path) -> None:
    text = "😀 Ann Lee, Boris, bob 42. " * 60
    assert propose(text, load(folder)) == propose(text, load(str(folder)))


def test_a_folder_that_is_none_is_refused_and_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="folder must be a local folder"):
        load("owner/name")
    with pytest.raises(ValueError, match="folder must be a local folder"):
        load(tmp_path)


def test_code_in_the_folder_is_not_run(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "model"))
    (copy / "code.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w').close()\nclass Model: ...\n", "utf-8"
    )
    config = json.loads((copy / "config.json").read_text("utf-8"))
    config |= {"model_type": "unknown", "auto_map": {"AutoConfig": "code.Model"}}
    (copy / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ValueError, match="trust_remote_code"):
        load(copy)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("key", [None, KEY])
def test_a_redaction_with_a_models_proposals_is_clean_and_another_changes_nothing(
    model: Any, key: bytes | None
) -> None:
    text = "😀 Ann Lee <bob@corp.io>, Boris and bob 42 at 52.95.110.1\r\nIvanov says <EMAIL>.\r\n"
    once = redact(text, key=key, proposed=propose(text, model)).text
    assert not any(name in once for name in ("Ann", "Lee", "Boris", "bob", "52.95", "Ivan"))
    assert find(once, policy="redact") == []
    assert redact(once, key=key, proposed=propose(once, model)).text == once
    assert once.endswith("says <EMAIL>.\r\n")


def test_proposals_of_several_finders_are_merged(model: Any) -> None:
    text = "😀 Ann Lee says"
    other = Span(6, 14, "KEY", "test", 0.9)
    assert redact(text, proposed=[*propose(text, model), other]).text == "😀 <KEY>"


@pytest.mark.parametrize("move", [lambda place: place + 99, lambda place: place - 99])
def test_places_of_another_text_are_an_error(model: Any, move: Callable[[int], int]) -> None:
    (span,) = propose("😀 Ann", model)
    wrong = Span(move(span.start), move(span.end), span.kind, span.detector, span.confidence)
    with pytest.raises(ValueError, match="proposed spans must lie in"):
        redact("😀 Ann", proposed=[wrong])
