"""The pages say what the code says: generated parts, commands, links, recipes and rules."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import click
import pyarrow as pa
import pytest

from optout import parse_rules
from stack_pipeline.files.linguist_data import linguist_commit
from stack_pipeline.ingest.stages import STAGES as INGEST_STAGES
from stack_pipeline.reasons import Reason
from stack_pipeline.recipe import Recipe, parse_recipe
from stack_pipeline.release.stages import STAGES as RELEASE_STAGES
from stack_pipeline.selection import BLOB_RULES, ORIGIN_RULES
from stack_pipeline.sources.rows import Row, repository_of
from tests.docs.markdown import LINK, PAGES, ROOT, anchors, blocks, command_lines, prose, shown
from tools.command_reference import options_of, walk
from tools.corpus_columns import CORPUS_COLUMNS, CORPUS_SCHEMAS, CORPUS_TABLE_MEANINGS
from tools.generated_sections import RULE_KEYS, SECTIONS, section_names
from tools.reason_sentences import REASON_SENTENCES
from tools.write_docs import pages

DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_generated_parts_and_shown_output_are_up_to_date(page: Path, true_texts: dict[Path, str]) -> None:
    assert page.read_text(encoding="utf-8") == true_texts[page], "run: make docs"


def test_every_generated_section_stands_in_a_page() -> None:
    used = [name for page in pages() for name in section_names(page.read_text(encoding="utf-8"))]
    assert sorted(used) == sorted(SECTIONS)


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_map_names_every_page() -> None:
    linked = {link.partition("#")[0] for link in LINK.findall((DOCS / "index.md").read_text("utf-8"))}
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= linked


def test_every_command_and_option_is_documented() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    for command, context in walk():
        section = page.split(f"## `{context.command_path}`\n")[1].split("\n## `")[0]
        assert [option for option in options_of(command) if option not in section] == []
        assert command.help, context.command_path


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_shown_command_line_is_one_that_exists(page: Path) -> None:
    known = {context.command_path: command for command, context in walk()}
    for line in command_lines(page):
        words = shlex.split(line.split(" | ")[0].split(" 2>&1")[0])
        path = words[0]
        for word in words[1:]:
            if f"{path} {word}" in known:
                path = f"{path} {word}"
        command = known[path]
        assert not isinstance(command, click.Group) or command.invoke_without_command or len(words) == 1, line
        # An option may belong to the group that the command stands in.
        allowed = {name for each in known if path.startswith(each) for name in options_of(known[each])}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert used <= {*allowed, "--help"}, line


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_shown_recipe_and_rules_file_can_be_read(page: Path) -> None:
    for text in blocks(page, "toml"):
        if "[[rule]]" in text:
            assert parse_rules(text).rules
        else:
            assert parse_recipe(text) != Recipe()


def test_the_rules_page_shows_every_scope_and_names_every_key() -> None:
    page = DOCS / "opt-out.md"
    scopes = [parse_rules(text).counts() for text in blocks(page, "toml")]
    assert all(min(counts.values()) > 0 for counts in scopes)
    text = page.read_text(encoding="utf-8")
    keys = ("owner", "owner_id", "repository", "repository_id", "host", "path", "blob", "since", "until")
    assert [key for key in (*keys, "forks", "id", "reason") if f"`{key}`" not in text] == []


class Asked(dict[str, object]):
    """Fields of a listing's row that remember which were asked for."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def test_the_sources_page_names_every_field_that_is_read() -> None:
    asked = Asked({"path": "x.git", "full_name": "a/b"})
    repository_of(Row(asked, "listing:1"), folder=Path())
    leaves = {name for name in asked.names if not any(other.startswith(f"{name}.") for other in asked.names)}
    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    table = {
        name for row in re.findall(r"^\| (`.*?) \|", text, re.M) for name in re.findall(r"`([a-z_.]+)`", row)
    }
    assert table == leaves


def test_the_listing_row_that_the_readme_shows_is_one() -> None:
    (row,) = blocks(ROOT / "README.md", "json")
    read = repository_of(Row(json.loads(row), "README.md"), folder=Path())
    assert (read.key, read.owner_id, read.stars) == ("github.com/id/4711", 12, 31)


def test_every_reason_has_a_sentence_and_real_stages() -> None:
    assert set(REASON_SENTENCES) == set(Reason)
    stages = {stage.name for stage in (*INGEST_STAGES, *RELEASE_STAGES)}
    for reason, told in REASON_SENTENCES.items():
        assert set(told.stage.split(", ")) <= stages, reason
        assert told.sentence.endswith("."), reason


def test_every_selection_rule_names_keys_of_the_recipe() -> None:
    assert list(RULE_KEYS) == [rule.name for rule in (*ORIGIN_RULES, *BLOB_RULES)]
    sections = {section.name: getattr(Recipe(), section.name) for section in fields(Recipe)}
    steering = [key.split(".") for keys in RULE_KEYS.values() for key in keys]
    assert [name for section, name in steering if not hasattr(sections[section], name)] == []
    in_use = {name for section, name in steering if section == "select"}
    assert in_use == {key.name for key in fields(sections["select"])}


def test_every_column_of_a_corpus_has_a_meaning() -> None:
    assert set(CORPUS_TABLE_MEANINGS) == set(CORPUS_SCHEMAS)
    for name, schema in CORPUS_SCHEMAS.items():
        assert isinstance(schema, pa.Schema)
        assert set(CORPUS_COLUMNS[name]) == set(schema.names)


def test_stages_stand_in_the_order_in_which_they_run() -> None:
    text = (DOCS / "how-it-runs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| `(\w+)` \|", text, re.M)
    assert rows == [stage.name for stage in (*INGEST_STAGES, *RELEASE_STAGES)]


def test_the_notices_name_the_vendored_versions() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    vendor = (ROOT / "tools" / "vendor_spdx.py").read_text(encoding="utf-8")
    (spdx,) = re.findall(r'SPDX_PACKAGE = "spdx-license-list@(.*?)"', vendor)
    (blueoak,) = re.findall(r'BLUEOAK_PACKAGE = "@blueoak/list@(.*?)"', vendor)
    for fact in (linguist_commit(), f"spdx-license-list {spdx}", f"@blueoak/list {blueoak}", "14.0.0"):
        assert fact in notice
    named = re.findall(r"\b[\w/]+/[\w.]+\.(?:json|gz|py|txt|rs)(?:\.gz)?\b", notice)
    assert [path for path in named if "//" not in path and not (ROOT / path).exists()] == []
