"""Tests that the card follows from the manifest alone and says what a reader must know."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.card import read_facts, readme_text, write_card
from stack_pipeline.card.notices import PROFILE_NOTES, STYLE_NOTES
from stack_pipeline.licenses.profiles import PROFILES
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage

from .made_release import STAGES, changed_recipe, file_ref, make_release, release_manifest

FILES = [
    file_ref("data/c++/train-00000-of-00002.parquet", rows=1000),
    file_ref("data/c++/train-00001-of-00002.parquet", rows=234),
    file_ref("data/c-sharp/train-00000-of-00001.parquet", rows=5),
    file_ref("redactions/00000-of-00001.parquet", rows=17),
    file_ref("repositories/00000-of-00001.parquet", rows=1),
]


def card_of(*, recipe: Recipe | None = None, **changes: Any) -> str:
    return readme_text(read_facts(release_manifest(FILES, recipe=recipe, **changes)))


def section(card: str, title: str) -> str:
    return card.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_card_shows_the_root_that_sha256sum_gives(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    root = hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest()
    assert f"$ sha256sum manifest.json\n{root}  manifest.json" in made.readme


def test_equal_manifests_have_equal_cards_wherever_they_are_written(tmp_path: Path) -> None:
    manifest = release_manifest(FILES)
    written = []
    for storage in (Storage(str(tmp_path / "a")), Storage("memory://card-test")):
        write_card(storage, manifest)
        written.append([storage.read_bytes(name) for name in ("README.md", "croissant.json")])
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in b"".join(written[0])


def test_the_card_is_not_shaped_by_the_order_of_the_files() -> None:
    assert card_of() == readme_text(read_facts(release_manifest(FILES[::-1])))


def test_every_stage_and_every_reason_has_its_line() -> None:
    funnel = section(card_of(), "From repositories to training rows")
    for stage in STAGES:
        counts = [f"{value:,}" for value in (*stage["in"], *stage["kept"])]
        (line,) = re.findall(rf"^\| `{stage['stage']}` \| [^`|]+\| .*$", funnel, re.M)
        taken_in, bytes_in, kept, bytes_kept = counts
        dropped = f"{stage['in'][0] - stage['kept'][0]:,}"
        figures = f"| {stage['unit']} | {taken_in} | {kept} | {dropped} | {bytes_in} | {bytes_kept} |"
        assert line.endswith(figures)
        for reason, (number, size_bytes) in stage["dropped"].items():
            assert (
                f"| `{stage['stage']}` | `{reason}` | {stage['unit']} | {number} | {size_bytes} |" in funnel
            )


def test_languages_are_shown_by_name_with_their_rows_and_bytes() -> None:
    languages = section(card_of(), "Languages")
    assert "| C++ | `data/c++` | 1,234 | 2 | 3,234 |" in languages
    assert "| C# | `data/c-sharp` | 5 | 1 | 1,005 |" in languages


def test_a_folder_of_another_version_of_the_slug_table_is_shown_as_it_is() -> None:
    facts = read_facts(release_manifest([file_ref("data/no-such-language/train-00000-of-00001.parquet")]))
    assert [group.title for group in facts.languages] == ["no-such-language"]


def test_a_release_without_files_still_has_a_card() -> None:
    assert "0 files of source code" in readme_text(read_facts(release_manifest([])))


def test_main_settings_are_shown_and_others_only_where_they_differ() -> None:
    default = section(card_of(), "Recipe")
    assert "| `near_dedup.threshold` | `0.7` |  |" in default
    assert "near_dedup.seed" not in default
    changed = section(card_of(recipe=changed_recipe("select", languages=("C++", "a|b`c"))), "Recipe")
    assert '| `select.languages` | `` ["C++", "a\\|b`c"] `` | `[]` |' in changed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key_is_public": True}, "made with the key that is printed in the program's own repository"),
        ({"recipe": changed_recipe("redact", enabled=False)}, "Redaction was off"),
        ({"recipe": changed_recipe("release", ids="git")}, 'made with `ids = "git"`'),
    ],
)
def test_what_makes_a_release_unfit_for_publication_is_a_warning(changes: dict[str, Any], words: str) -> None:
    warnings = re.findall(r"^> \*\*Warning\.\*\* (.*)$", card_of(**changes), re.M)
    assert len(warnings) == 1
    assert words in warnings[0]


def test_an_ordinary_release_has_no_warning() -> None:
    assert "Warning" not in card_of()


def test_git_ids_come_with_what_they_reveal_and_published_ids_with_why_they_do_not() -> None:
    git = section(card_of(recipe=changed_recipe("release", ids="git")), "Ids")
    assert "reveals what was masked" in git
    assert "A public IPv4 address falls in minutes" in git
    published = section(card_of(), "Ids")
    assert "reveals" not in published
    assert "an id made with the corpus's key (`keyed`)" in published


def test_every_licence_profile_and_redaction_style_has_its_words() -> None:
    assert sorted(PROFILE_NOTES) == sorted(PROFILES)
    assert sorted(STYLE_NOTES) == ["placeholder", "synthetic"]


@pytest.mark.parametrize("name", ["CC-BY", "JSON", "Vim", "LPPL"])
def test_contentious_licences_are_named_under_the_profile_that_has_them(name: str) -> None:
    narrow = changed_recipe("licenses", profile="blueoak-bronze")
    assert name in section(card_of(), "Licences and attribution")
    assert name not in section(card_of(recipe=narrow), "Licences and attribution")


def test_opt_outs_are_counts_by_unit() -> None:
    assert "Left out on request: 2 repositories as a whole, and 3 files" in section(card_of(), "Opt-out")


def test_unchecked_forks_and_truncated_buckets_are_told_where_there_are_any() -> None:
    some = card_of(notes={"unchecked_forks": 4, "truncated_buckets": 1})
    assert "Unchecked forks: 4." in section(some, "Opt-out")
    assert "1 truncated bucket:" in section(some, "Known limits")
    assert "Unchecked forks" not in card_of()
    assert "truncated bucket" not in card_of()


def test_redaction_is_counted_and_its_limits_told() -> None:
    note = section(card_of(), "Personal data and secrets")
    assert "17 replacements in texts" in note
    assert "Names of people" in note
    placeholder = section(
        card_of(recipe=changed_recipe("redact", style="placeholder")), "Personal data and secrets"
    )
    assert "`<EMAIL>`" in placeholder


def test_what_was_not_done_is_not_claimed() -> None:
    off = changed_recipe("redact", enabled=False)
    assert "searched for personal data" not in card_of(recipe=off)
    assert "replacements in texts" not in card_of(recipe=off)
    assert "near duplicates" not in card_of(recipe=changed_recipe("near_dedup", enabled=False))


def test_the_manifest_is_all_that_the_card_reads() -> None:
    manifest = release_manifest(FILES)
    assert read_facts(manifest).manifest == json.loads(manifest)
