"""A release that would lose nearly all of a language stops with the evidence, until the recipe accepts it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stack_pipeline.errors import RunFailed
from stack_pipeline.licenses.vendored import license_texts
from stack_pipeline.recipe import Recipe
from tests.end_to_end.made_repositories import commit
from tests.end_to_end.pipeline import ingest, release

TEMPLATE = "\n".join(
    f"def handler_{number}(request, response):\n    return response.render('page', section={number})\n"
    for number in range(12)
)


def test_a_template_that_fills_a_language_stops_the_release(tmp_path: Path) -> None:
    files = {f"page_{number}.py": f"{TEMPLATE}\nNAME = {number}\n" for number in range(120)}
    files |= {"main.go": "package main\n\nfunc main() { println(1, 2, 3, 4) }\n"}
    commit(tmp_path / "sources" / "pages", {"LICENSE": license_texts()["MIT"], **files})
    corpus = str(tmp_path / "corpus")
    recipe = Recipe()
    ingest(corpus, [str(tmp_path / "sources")], recipe)
    with pytest.raises(RunFailed, match=r"language Python loses 99\.17 % of its 120 files") as stopped:
        release(corpus, str(tmp_path / "release"), recipe)
    assert stopped.value.hint is not None
    assert "accept_alarms" in stopped.value.hint
    assert not (tmp_path / "release" / "manifest.json").exists()
    accepting = replace(recipe, near_dedup=replace(recipe.near_dedup, accept_alarms=True))
    release(corpus, str(tmp_path / "accepted"), accepting)
    manifest = json.loads((tmp_path / "accepted" / "manifest.json").read_bytes())
    assert manifest["recipe"]["near_dedup"]["accept_alarms"] is True
    first = manifest["notes"]["near_dedup_alarms"][0]
    assert (first["level"], first["subject"], first["removed"]) == ("stop", "Python", 119)
