from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.corpus_answers import NOT_IN_CORPUS
from stack_pipeline.inspection.explaining import NOT_IN_RELEASE, OTHER_ID, explain
from stack_pipeline.inspection.explanation import Chain, Explanation, Step
from stack_pipeline.keys import PUBLIC_KEY
from stack_pipeline.storage import Storage
from tests.end_to_end.pipeline import ingest
from tests.stack_pipeline.inspection.small_release import (
    ALPHA,
    BETA,
    CONTACT,
    EMAIL,
    NEAR,
    RECIPE,
    REPOSITORIES,
    SECRET,
    SmallRelease,
    git_id,
)

FATES = {
    "acme/tool:alpha.py": "published",
    "acme/tool:beta.py": "published",
    "acme/tool:contact.py": "published",
    "acme/tool:empty.py": "empty_file",
    "acme/tool:logo.png": "binary",
    "acme/tool:long.py": "long_lines",
    "bob/copy:alpha.py": "exact_duplicate",
    "bob/copy:beta16.py": "exact_duplicate",
    "bob/copy:contact2.py": "published",
    "bob/copy:near.py": "near_duplicate",
    "bob/copy:notes": "near_duplicate",
    "gnu/strict:alpha.py": "listed",
    "gnu/strict:main.c": "not_permissive",
    "pathy/site:docs/guide.py": "opted_out",
    "pathy/site:site.py": "published",
    "zed/secret:secret.py": "opted_out",
}
IN_THE_RELEASE = {"published": "published", "listed": "listed", "exact_duplicate": "listed"}


def one(explanation: Explanation) -> Chain:
    (chain,) = explanation.chains
    return chain


def step(chain: Chain, stage: str) -> Step:
    (found,) = (step for step in chain.steps if step.stage == stage)
    return found


def all_paths() -> Iterator[str]:
    for name, files in REPOSITORIES.items():
        yield from (f"{name}:{path}" for path in files)


def test_the_table_of_fates_names_every_file_of_the_sources() -> None:
    assert set(FATES) == set(all_paths())


@pytest.mark.parametrize("what", sorted(FATES))
def test_the_corpus_tells_the_fate_of_every_file(small: SmallRelease, what: str) -> None:
    assert one(explain(small.storage, what, corpus=small.corpus)).fate == FATES[what]


@pytest.mark.parametrize("what", sorted(FATES))
def test_the_release_alone_tells_only_of_what_it_publishes(small: SmallRelease, what: str) -> None:
    answer = explain(small.storage, what)
    expected = IN_THE_RELEASE.get(FATES[what])
    if expected is None:
        assert (answer.chains, answer.note) == ((), NOT_IN_RELEASE)
    else:
        assert one(answer).fate == expected


def test_a_near_duplicate_names_the_published_row_that_it_resembles(small: SmallRelease) -> None:
    dropped = step(one(explain(small.storage, "bob/copy:near.py", corpus=small.corpus)), "near_dedup")
    assert dropped.verdict == "dropped"
    assert dropped.evidence["threshold"] <= dropped.evidence["similarity"] < 1
    assert dropped.evidence["kept"]["content_id"] == git_id(ALPHA)
    assert (dropped.evidence["kept"]["repo_name"], dropped.evidence["kept"]["path"]) == (
        "acme/tool",
        "alpha.py",
    )


def test_a_published_file_is_where_its_chain_says(small: SmallRelease) -> None:
    import pyarrow.parquet as pq

    for what, data in (("acme/tool:alpha.py", ALPHA), ("acme/tool:beta.py", BETA)):
        placed = step(one(explain(small.storage, what)), "publish").evidence
        row = pq.read_table(small.folder / placed["file"]).slice(placed["row"], 1).to_pylist()[0]
        assert row["content"].encode() == data
        assert row["content_id"] == placed["content_id"] == git_id(data)


def test_a_merged_encoding_names_the_blob_that_stands_for_it(small: SmallRelease) -> None:
    merged = step(one(explain(small.storage, "bob/copy:beta16.py", corpus=small.corpus)), "exact_dedup")
    assert merged.verdict == "merged"
    assert merged.evidence["kept"]["content_id"] == git_id(BETA)
    counted = step(one(explain(small.storage, "acme/tool:beta.py")), "exact_dedup")
    assert counted.evidence == {"other_blobs_of_this_text": 1}


def test_redaction_is_told_by_kind_and_place_and_never_by_value(small: SmallRelease) -> None:
    for corpus in (None, small.corpus):
        answer = explain(small.storage, "acme/tool:contact.py", corpus=corpus)
        redacted = step(one(answer), "redact_blobs")
        assert (redacted.verdict, redacted.evidence["kinds"]) == ("redacted", {"EMAIL": 1})
        assert redacted.evidence["places"][0]["start"] == CONTACT.index(EMAIL.encode())
        assert EMAIL not in json.dumps(answer.to_json())
        assert "value_hash" not in json.dumps(answer.to_json())


def test_a_stub_tells_what_the_tree_said_of_it(small: SmallRelease) -> None:
    read = step(one(explain(small.storage, "acme/tool:logo.png", corpus=small.corpus)), "ingest")
    assert (read.verdict, read.reason) == ("dropped", "binary")
    assert read.evidence["size_bytes"] == len(REPOSITORIES["acme/tool"]["logo.png"])


def test_a_license_verdict_comes_with_its_evidence(small: SmallRelease) -> None:
    chain = one(explain(small.storage, "gnu/strict:main.c", corpus=small.corpus))
    told = step(chain, "ingest").evidence["license"]
    assert (told["expression"], told["source"], told["status"]) == ("GPL-3.0-only", "repo_metadata", "clear")
    assert step(chain, "judge_origins").evidence["rule"] == "is_permissive"


def test_a_file_out_by_a_blob_rule_names_rule_and_thresholds(small: SmallRelease) -> None:
    told = step(
        one(explain(small.storage, "acme/tool:long.py", corpus=small.corpus)), "filter_blobs"
    ).evidence
    assert told["rule"] == "has_short_lines"
    assert told["max_line_length"] == RECIPE.select.max_line_length


@pytest.mark.parametrize(
    "what", ["ACME/Tool:alpha.py", "github.com/acme/tool:/alpha.py", "github.com/id/1:alpha.py"]
)
def test_names_match_in_any_letter_case_and_with_their_host(small: SmallRelease, what: str) -> None:
    assert one(explain(small.storage, what)).fate == "published"
    assert one(explain(small.storage, what, corpus=small.corpus)).fate == "published"


def test_former_names_are_known_to_the_corpus_alone(small: SmallRelease) -> None:
    what = "Old-Acme/gadget:alpha.py"
    assert one(explain(small.storage, what, corpus=small.corpus)).fate == "published"
    assert explain(small.storage, what).note == NOT_IN_RELEASE


def test_a_repository_is_summed_up_by_fate(small: SmallRelease) -> None:
    answer = explain(small.storage, "acme/tool", corpus=small.corpus)
    counted = {(row["stage"], row["fate"]): row["files"] for row in answer.summary}
    assert counted == {
        ("ingest", "binary"): 1,
        ("ingest", "empty_file"): 1,
        ("filter_blobs", "long_lines"): 1,
        ("publish", "published"): 3,
    }
    assert sum(row["bytes"] for row in answer.summary) == sum(map(len, REPOSITORIES["acme/tool"].values()))


@pytest.mark.parametrize("name", sorted(REPOSITORIES))
def test_a_summary_counts_the_fates_that_single_files_have(small: SmallRelease, name: str) -> None:
    answer = explain(small.storage, name, corpus=small.corpus)
    counted: dict[str, int] = {}
    for row in answer.summary:
        fate = "listed" if (name, row["fate"]) == ("gnu/strict", "not_permissive") else row["fate"]
        counted[fate] = counted.get(fate, 0) + row["files"]
    expected: dict[str, int] = {}
    for what, fate in FATES.items():
        if what.startswith(f"{name}:") and name != "zed/secret":
            shown = "listed" if name == "gnu/strict" else fate
            expected[shown] = expected.get(shown, 0) + 1
    assert counted == expected


def test_an_opted_out_repository_names_scope_and_the_operators_reference(small: SmallRelease) -> None:
    chain = one(explain(small.storage, "zed/secret", corpus=small.corpus))
    assert chain.fate == "opted_out"
    assert step(chain, "ingest").verdict == "not read"
    told = step(chain, "take_view").evidence
    assert (told["scope"], told["rule_id"]) == ("owner", "request-7")


def test_an_empty_repository_is_dropped_with_its_reason(small: SmallRelease) -> None:
    assert one(explain(small.storage, "void/nothing", corpus=small.corpus)).fate == "empty_repository"


def test_a_repository_that_nobody_listed_is_unknown(small: SmallRelease) -> None:
    assert explain(small.storage, "nobody/nothing", corpus=small.corpus).note == NOT_IN_CORPUS
    assert explain(small.storage, "nobody/nothing").note == NOT_IN_RELEASE


def test_a_path_that_is_not_in_the_tree_is_said_to_be_missing(small: SmallRelease) -> None:
    answer = explain(small.storage, "acme/tool:nowhere.py", corpus=small.corpus)
    assert answer.chains == ()
    assert answer.note is not None and "no such path" in answer.note


def test_the_git_id_of_a_redacted_blob_is_known_to_the_corpus_alone(small: SmallRelease) -> None:
    assert explain(small.storage, git_id(CONTACT)).note == OTHER_ID
    chain = one(explain(small.storage, git_id(CONTACT).upper(), corpus=small.corpus))
    published = step(chain, "publish").evidence["content_id"]
    assert (chain.subject, chain.fate) == ("acme/tool:contact.py", "published")
    assert published != git_id(CONTACT)
    assert one(explain(small.storage, published)).fate == "published"
    assert one(explain(small.storage, published, corpus=small.corpus)).subject == "acme/tool:contact.py"


def test_the_keyed_id_of_a_dropped_blob_leads_to_its_names_with_the_corpus(small: SmallRelease) -> None:
    import pyarrow.parquet as pq

    decisions = pq.read_table(small.folder / "decisions" / "00000-of-00001.parquet").to_pylist()
    (long_line,) = (row["content_id"] for row in decisions if row["reason"] == "long_lines")
    assert one(explain(small.storage, long_line)).subject == long_line
    assert one(explain(small.storage, long_line, corpus=small.corpus)).subject == "acme/tool:long.py"


def test_an_id_of_many_origins_gives_a_chain_for_each(small: SmallRelease) -> None:
    answer = explain(small.storage, git_id(ALPHA), corpus=small.corpus)
    assert {chain.subject: chain.fate for chain in answer.chains} == {
        what: fate for what, fate in FATES.items() if what.endswith("alpha.py")
    }
    alone = step(one(explain(small.storage, git_id(ALPHA))), "judge_origins")
    assert alone.evidence["origins"] == 3
    assert [row["repo_name"] for row in alone.evidence["first"] if row.get("elected")] == ["acme/tool"]


@pytest.mark.parametrize(
    ("data", "alone", "with_corpus"),
    [
        (ALPHA, "published", "published"),
        (CONTACT, "unknown", "published"),
        (NEAR, "unknown", "near_duplicate"),
    ],
)
def test_a_local_file_is_found_by_its_bytes(
    small: SmallRelease, tmp_path: Path, data: bytes, alone: str, with_corpus: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(data)
    assert explain(small.storage, str(file)).chains[0].fate == alone
    assert explain(small.storage, str(file), corpus=small.corpus).chains[0].fate == with_corpus


def test_a_local_file_in_another_encoding_is_found_by_its_text(small: SmallRelease, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(b"\xef\xbb\xbf" + BETA)
    for corpus in (None, small.corpus):
        answer = explain(small.storage, str(file), corpus=corpus)
        assert "published" in {chain.fate for chain in answer.chains}
        assert answer.chains[0].steps[0].evidence["git_id"] == git_id(b"\xef\xbb\xbf" + BETA)


def test_a_copy_saved_from_the_release_is_found_by_its_text(small: SmallRelease, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(small.folder / "data" / "python" / "train-00000-of-00001.parquet").to_pylist()
    (redacted, _) = (row for row in rows if row["content_id_kind"] == "keyed")
    file = tmp_path / "saved.py"
    file.write_text(redacted["content"])
    assert one(explain(small.storage, str(file))).fate == "published"


def test_a_local_file_of_an_opted_out_owner_stays_unknown(small: SmallRelease, tmp_path: Path) -> None:
    file = tmp_path / "secret.py"
    file.write_bytes(SECRET)
    answer = explain(small.storage, str(file))
    assert (one(answer).fate, answer.note) == ("unknown", OTHER_ID)


def test_rows_of_an_explanation_are_flat_and_their_evidence_is_json(small: SmallRelease) -> None:
    answer = explain(small.storage, "acme/tool:contact.py", corpus=small.corpus)
    rows = answer.rows()
    assert [row["stage"] for row in rows] == [step.stage for step in one(answer).steps]
    assert all(
        json.loads(row["evidence"] or "{}") == s.evidence
        for row, s in zip(rows, one(answer).steps, strict=True)
    )


def test_explain_reads_a_release_that_lies_on_an_object_store(small: SmallRelease) -> None:
    remote = Storage("memory://explained")
    for name in small.storage.names():
        remote.write_bytes(name, small.storage.read_bytes(name))
    here = explain(small.storage, git_id(ALPHA), corpus=small.corpus)
    assert explain(remote, git_id(ALPHA), corpus=small.corpus) == here


@pytest.mark.parametrize(
    "what", ["", "acme", "acme/tool:", "abcdef0123", "a" * 39, "./missing.py", "/missing/x.py", "0" * 64]
)
def test_what_is_no_question_is_refused(small: SmallRelease, what: str) -> None:
    with pytest.raises(UsageError) as error:
        explain(small.storage, what)
    assert error.value.hint


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no release"):
        explain(Storage(str(tmp_path)), "acme/tool")


def test_a_corpus_with_another_key_is_refused(small: SmallRelease, tmp_path: Path) -> None:
    from stack_pipeline.corpus import open_or_create_corpus

    other = open_or_create_corpus(str(tmp_path / "other"), key=hashlib.sha256(b"another").digest())
    with pytest.raises(UsageError, match="another key"):
        explain(small.storage, "acme/tool", corpus=other)


def test_a_corpus_that_did_not_make_the_release_is_refused(small: SmallRelease, tmp_path: Path) -> None:
    from stack_pipeline.corpus import open_corpus

    ingest(str(tmp_path / "other"), [str(small.folder.parent / "repositories.jsonl")], RECIPE, key=PUBLIC_KEY)
    with pytest.raises(UsageError, match="no record"):
        explain(small.storage, "acme/tool", corpus=open_corpus(str(tmp_path / "other")))


def test_a_manifest_that_names_files_elsewhere_is_refused(copied: SmallRelease) -> None:
    manifest = copied.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("data/python/train", "data/../train"))
    with pytest.raises(UsageError, match="damaged"):
        explain(copied.storage, "acme/tool")
