"""presidio: its recognizers of e-mail and IP addresses, called directly; any score above zero is a find."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, one_by_one, serve

LABELS = {"EMAIL_ADDRESS": "EMAIL", "IP_ADDRESS": "IP_ADDRESS"}


def load() -> Any:
    tldextract: Any = importlib.import_module("tldextract")
    # The list of top-level domains that the package brings, without a look at a newer one.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    recognizers: Any = importlib.import_module("presidio_analyzer.predefined_recognizers")
    tools = (recognizers.EmailRecognizer(), recognizers.IpRecognizer())

    def find(text: Text) -> Iterator[Place]:
        for tool in tools:
            entities = tool.supported_entities
            results: Iterable[Any] = tool.analyze(text=text.text, entities=entities, nlp_artifacts=None)
            for result in results:
                yield result.start, result.end, LABELS[result.entity_type]

    return one_by_one(find)


if __name__ == "__main__":
    serve(load)
