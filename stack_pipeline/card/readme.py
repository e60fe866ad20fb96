"""The card for people: what a release is, how to check and load it, and what was left out and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from stack_pipeline.card import notices
from stack_pipeline.card.columns import COLUMNS, RELEASE_SCHEMAS, TABLE_MEANINGS, type_words
from stack_pipeline.card.facts import ReleaseFacts
from stack_pipeline.card.front_matter import front_matter, pretty_name
from stack_pipeline.card.loading import loading_note
from stack_pipeline.card.markdown import code, count, number, plain, prose, table
from stack_pipeline.recipe import Recipe

MAIN_SETTINGS = (
    *("licenses.profile", "select.max_size_bytes", "near_dedup.enabled", "near_dedup.threshold"),
    *("redact.enabled", "redact.style", "redact.notices", "release.ids"),
)
"""Settings that the card always shows; others are shown where they differ from the default."""

STAGE_WORDS = {
    "take_view": "repositories read",
    "judge_origins": "licence, opt-out and selection by file",
    "exact_dedup": "exact deduplication",
    "filter_blobs": "selection by text",
    "choose_representatives": "near-deduplication",
    "redact_blobs": "redaction",
}
"""What each accounted stage does."""


def readme_text(facts: ReleaseFacts) -> str:
    """Return the whole card, which ends with a newline."""
    return "\n\n".join([front_matter(facts), *_sections(facts)]) + "\n"


def _sections(facts: ReleaseFacts) -> Iterator[str]:
    yield f"# {pretty_name(facts)}"
    yield _introduction(facts)
    yield from (f"> **Warning.** {warning}" for warning in notices.warnings(facts))
    yield "## Check"
    yield _check(facts)
    yield "## Load"
    yield loading_note(facts.largest_language)
    yield "## Languages"
    yield _languages(facts)
    yield "## From repositories to training rows"
    yield _funnel(facts.manifest["stages"])
    yield "## Recipe"
    yield _settings(facts.recipe)
    yield "## Ids"
    yield notices.ids_note(facts)
    yield "## Licences and attribution"
    yield notices.license_note(facts)
    yield "## Opt-out"
    yield notices.opt_out_note(facts)
    yield "## Personal data and secrets"
    yield notices.redaction_note(facts)
    yield "## Known limits"
    yield "\n".join(f"- {limit}" for limit in notices.limits(facts))
    yield "## Tables"
    yield _tables(facts)
    yield "## Columns"
    yield from (_columns(name) for name in TABLE_MEANINGS)
    yield "## Made with"
    yield _versions(facts.manifest)


def _introduction(facts: ReleaseFacts) -> str:
    files = count(facts.table("data").rows, "file")
    languages = count(len(facts.languages), "language")
    repositories = count(facts.table("repositories").rows, "repository", "repositories")
    return prose(f"""
        {files} of source code in {languages} from {repositories}, for training and studying language models
        of code: {notices.treatment(facts)}. Every file that went in is accounted for below.""")


def _check(facts: ReleaseFacts) -> str:
    what = prose("""
        `manifest.json` holds the SHA-256, the rows and a logical digest of every file of the tables, the
        recipe, and what each stage took in, kept and dropped; `stack-pipeline verify` recomputes them. This
        card and `croissant.json` are made from the manifest and are not under the root.""")
    shown = f"```console\n$ sha256sum manifest.json\n{facts.root}  manifest.json\n```"
    return f"This release is named by its root, the SHA-256 of `manifest.json`:\n\n{shown}\n\n{what}"


def _languages(facts: ReleaseFacts) -> str:
    header = ("language", "folder", "rows", "files", "bytes of files")
    groups = facts.languages
    rows = [(plain(g.title), code(f"data/{g.name}"), g.rows, g.files, g.size_bytes) for g in groups]
    return table(header, rows) + "\n\nBytes are those of the Parquet files, compressed."


def _funnel(stages: list[dict[str, Any]]) -> str:
    header = ("stage", "", "unit", "in", "kept", "dropped", "bytes in", "bytes kept")
    rows = [
        (
            *(code(stage["stage"]), STAGE_WORDS.get(stage["stage"], ""), plain(stage["unit"])),
            *(stage["in"][0], stage["kept"][0], stage["in"][0] - stage["kept"][0]),
            *(stage["in"][1], stage["kept"][1]),
        )
        for stage in stages
    ]
    reasons = [
        (code(stage["stage"]), code(reason), plain(stage["unit"]), dropped, size_bytes)
        for stage in stages
        for reason, (dropped, size_bytes) in stage["dropped"].items()
    ]
    words = prose("""
        An *origin* is one path in one commit of a repository, a *blob* is one content. In is kept plus
        dropped at every stage. What `exact_dedup` keeps of its origins are blobs, and from there on what a
        stage keeps is what the next takes in. Bytes are those of the original files up to `judge_origins`,
        of the decoded text after it.""")
    parts = [words, table(header, rows)]
    if reasons:
        parts += ["Dropped, by reason:", table(("stage", "reason", "unit", "dropped", "bytes"), reasons)]
    return "\n\n".join(parts)


def _settings(recipe: dict[str, Any]) -> str:
    defaults = {
        section: values for section, values in asdict(Recipe()).items() if section not in ("engine", "optout")
    }
    rows = []
    for section, values in sorted(recipe.items()):
        for key, value in sorted(values.items()):
            default = defaults.get(section, {}).get(key, value)
            changed = value != (list(default) if isinstance(default, tuple) else default)
            if changed or f"{section}.{key}" in MAIN_SETTINGS:
                rows.append((code(f"{section}.{key}"), _value(value), _value(default) if changed else ""))
    parts = [
        "The main settings, and all others that differ from the default. The manifest has the whole recipe."
    ]
    parts.append(table(("setting", "value", "default, where it differs"), rows))
    if rules := recipe.get("optout", {}).get("rules_digest"):
        parts.append(f"Keyed digest of the opt-out rules: {code(str(rules))}.")
    return "\n\n".join(parts)


def _value(value: object) -> str:
    return code(json.dumps(value, ensure_ascii=False))


def _tables(facts: ReleaseFacts) -> str:
    rows = [(code(f"{g.name}/"), TABLE_MEANINGS[g.name], g.rows, g.files, g.size_bytes) for g in facts.tables]
    return table(("folder", "holds", "rows", "files", "bytes of files"), rows)


def _columns(name: str) -> str:
    schema = RELEASE_SCHEMAS[name]
    rows = [
        (code(field.name), type_words(field.type), "yes" if field.nullable else "", COLUMNS[name][field.name])
        for field in schema
    ]
    return f"### `{name}/`\n\n" + table(("column", "type", "may be null", "meaning"), rows)


def _versions(manifest: dict[str, Any]) -> str:
    rows = [(plain(name), code(str(version))) for name, version in sorted(manifest["versions"].items())]
    facts = [
        ("input digest", manifest["input_digest"]),
        *((f"Merkle root of {name}", root) for name, root in sorted(manifest["merkle_roots"].items())),
        ("key id", manifest["key"]["id"]),
        ("layout", ".".join(number(part) for part in manifest["layout"])),
    ]
    digests = table(("", "value"), ((name, code(value)) for name, value in facts))
    return table(("rules and libraries", "version"), rows) + "\n\n" + digests
