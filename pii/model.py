"""Let a token-classification model such as StarPII add to what `redact` replaces.

A text is read in windows of tokens that overlap. A token in two windows has the label of the window in which it
stands further from the edge, where more is seen around it. Needs transformers and PyTorch
(`pip install 'stack-pipeline[model]'`); importing this module imports neither.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pii.finding import kind_names
from pii.spans import EMAIL, KINDS, Span, merge_spans

#: The kinds that a model's labels stand for, without `B-`, `I-`, `E-`, `S-`; a label that is not here has no kind.
LABELS: Mapping[str, str] = MappingProxyType({kind: kind for kind in KINDS} | {"EMAIL_EXAMPLE": EMAIL})

#: Tokens in a window, special ones included, and how many of them the next window repeats.
WINDOW_TOKENS = 512
OVERLAP_TOKENS = 128

#: Tokenizers refuse what is no character.
_SURROGATES = re.compile("[\ud800-\udfff]")

#: Windows that go through the model at once.
_BATCH = 16


@dataclass(frozen=True, slots=True)
class _Token:
    """A token's place in characters, what the model takes it for, and how far it stands from its window's edge."""

    start: int
    end: int
    label: str
    score: float
    from_edge: int


def load(folder: str | Path) -> Any:
    """Return a transformers token-classification pipeline on the CPU, from a local folder.

    Args:
        folder: Holds model and tokenizer as `save_pretrained` writes them. Nothing is downloaded, and no code in
            the folder is run.

    Raises:
        ValueError: If there is no model in the folder, or its tokenizer cannot tell places in the text.
        ImportError: If transformers or PyTorch is not installed.
    """
    if not Path(folder, "config.json").is_file():
        raise ValueError(f"folder must be a local folder that holds a model; got {str(folder)!r}")
    try:
        import torch  # noqa: F401
        from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline
    except ImportError as error:
        raise ImportError(
            "pii.model needs transformers and torch: install stack-pipeline[model]", name=error.name
        ) from error
    # Unless told not to, transformers asks at the terminal whether to run code that it finds in the folder.
    local: Mapping[str, bool] = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(folder, **local)
    if not tokenizer.is_fast:
        raise ValueError(f"folder must hold a fast tokenizer, which tells places; got {str(folder)!r}")
    model = AutoModelForTokenClassification.from_pretrained(folder, **local).eval()
    return pipeline("token-classification", model=model, tokenizer=tokenizer, device="cpu")


def propose(
    text: str, model: Any, *, kinds: Mapping[str, str] = LABELS, least_confidence: float = 0.0
) -> list[Span]:
    """Run a model as a further finder, for `redact(text, proposed=...)`.

    Args:
        text: What to search.
        model: A token-classification pipeline, from `load` or of your own making; its tokenizer must be a fast
            one.
        kinds: Our kind for each label of the model, without prefix; other labels are left out.
        least_confidence: Spans of a lower confidence are left out.

    Returns:
        Disjoint spans in order, in characters; the detector is `model:` and the label, the confidence the mean
        over the span's tokens.

    Raises:
        ValueError: If a kind is unknown.
    """
    kind_names(sorted(set(kinds.values())))
    if not text:
        return []
    spans = []
    for tokens in _entities(text, _tokens(text, model), kinds):
        confidence = sum(token.score for token in tokens) / len(tokens)
        # A byte-level tokenizer counts the space before a word to it.
        start, end = tokens[0].start, tokens[-1].end
        start, end = end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())
        label = _parts(tokens[0].label)[1]
        if start < end and confidence >= least_confidence:
            spans.append(Span(start, end, kinds[label], f"model:{label}", confidence))
    return merge_spans(spans)


def _tokens(text: str, model: Any) -> list[_Token]:
    """Return the tokens in order of place, each once."""
    import torch

    most = getattr(model.model.config, "max_position_embeddings", WINDOW_TOKENS)
    longest = min(WINDOW_TOKENS, model.tokenizer.model_max_length, most)
    windows = model.tokenizer(
        _SURROGATES.sub("\ufffd", text),
        truncation=True,
        max_length=longest,
        stride=min(OVERLAP_TOKENS, longest // 4),
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )
    offsets = windows.pop("offset_mapping").tolist()
    windows.pop("overflow_to_sample_mapping", None)
    best: dict[tuple[int, int], _Token] = {}
    for first in range(0, len(offsets), _BATCH):
        batch = {name: rows[first : first + _BATCH].to(model.device) for name, rows in windows.items()}
        with torch.inference_mode():
            scores = model.model(**batch).logits.float().softmax(-1).max(-1)
        for number, places in enumerate(offsets[first : first + _BATCH]):
            labels = [model.model.config.id2label[index] for index in scores.indices[number].tolist()]
            for token in _of_window(places, labels, scores.values[number].tolist()):
                known = best.get((token.start, token.end))
                if known is None or token.from_edge > known.from_edge:
                    best[token.start, token.end] = token
    return [best[place] for place in sorted(best)]


def _of_window(places: list[list[int]], labels: list[str], scores: list[float]) -> Iterator[_Token]:
    """Yield the tokens of a window; special ones and padding have an empty place."""
    real = [index for index, (start, end) in enumerate(places) if end > start]
    for order, index in enumerate(real):
        from_edge = min(order, len(real) - 1 - order)
        yield _Token(places[index][0], places[index][1], labels[index], scores[index], from_edge)


def _parts(label: str) -> tuple[str, str]:
    """Cut a label into prefix and name; a plain one has the prefix `I`."""
    if label[:2] in ("B-", "I-", "E-", "S-"):
        return label[0], label[2:]
    return "I", label


def _entities(text: str, tokens: list[_Token], kinds: Mapping[str, str]) -> Iterator[list[_Token]]:
    """Yield runs of tokens that name one entity; a run also begins where its first label is missing.

    Pieces of a word go together whatever their prefixes: a model that learned the first piece only may begin anew
    with each.
    """
    entity: list[_Token] = []
    for before, token in itertools.pairwise([None, *tokens]):
        assert token is not None
        prefix, name = _parts(token.label)
        ended, last = _parts(before.label) if before else ("E", "")
        apart = before is None or token.start > before.end or text[token.start].isspace()
        if name != last or (apart and (prefix in "BS" or ended in "ES")):
            if entity:
                yield entity
            entity = []
        if name in kinds:
            entity.append(token)
    if entity:
        yield entity
