"""Write the card into a release."""

from __future__ import annotations

from stack_pipeline.card.croissant import croissant_json
from stack_pipeline.card.facts import read_facts
from stack_pipeline.card.readme import readme_text
from stack_pipeline.storage import Storage

CARD_NAME = "README.md"
CROISSANT_NAME = "croissant.json"


def write_card(release: Storage, manifest: bytes) -> None:
    """Write `README.md` and `croissant.json` of a release.

    Both follow from the manifest's values alone: equal manifests have equal cards. Neither is under the root.

    Args:
        release: The release, whose tables are complete.
        manifest: The bytes that will be `manifest.json`.
    """
    facts = read_facts(manifest)
    release.write_bytes(CARD_NAME, readme_text(facts).encode("utf-8"))
    release.write_bytes(CROISSANT_NAME, croissant_json(facts))
