from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.verification.findings import Check
from stack_pipeline.inspection.verifying import verify
from stack_pipeline.storage import Storage
from tests.stack_pipeline.inspection.damage import (
    PYTHON,
    Manifest,
    Row,
    change_manifest,
    change_rows,
    entry_of,
    read_rows,
    rewrite,
    seal_bytes,
    set_text,
    table_name,
    write_manifest,
)
from tests.stack_pipeline.inspection.small_release import ALPHA, BETA, EMAIL, SITE, SmallRelease, git_id

Damage = Callable[[Path], object]

DATA_CHECKS = {"texts", "line_statistics", "git_ids", "redactions", "selection", "personal_data"}
CORPUS_CHECKS = {"corpus_record", "view", "published_ids", "corpus_texts", "opt_outs", "dropped"}
NOBODY = "f" * 40


def failed(checks: list[Check]) -> set[str]:
    return {check.name for check in checks if check.passed is False}


def not_made(checks: list[Check]) -> set[str]:
    return {check.name for check in checks if check.passed is None}


def test_a_release_passes_every_check_with_its_corpus(small: SmallRelease) -> None:
    checks = verify(small.storage, corpus=small.corpus)
    assert [check for check in checks if check.passed is not True] == []
    assert len({check.name for check in checks}) == len(checks)


def test_without_the_corpus_a_release_passes_and_says_what_was_not_checked(small: SmallRelease) -> None:
    checks = verify(small.storage)
    assert failed(checks) == set()
    assert not_made(checks) == CORPUS_CHECKS
    assert all("corpus" in check.detail for check in checks if check.passed is None)


def test_a_release_is_verified_on_an_object_store_too(small: SmallRelease) -> None:
    remote = Storage("memory://verified")
    for name in small.storage.names():
        remote.write_bytes(name, small.storage.read_bytes(name))
    assert verify(remote, corpus=small.corpus) == verify(small.storage, corpus=small.corpus)


def test_progress_ends_at_the_number_of_steps_that_it_promised(small: SmallRelease) -> None:
    seen: list[tuple[int, int]] = []
    verify(small.storage, corpus=small.corpus, progress=lambda name, done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert {total for _, total in seen} == {len(seen)}


# --- one damage each ----------------------------------------------------------------------------------------------


def flip_a_byte(release: Path) -> None:
    data = bytearray((release / PYTHON).read_bytes())
    data[len(data) // 2] ^= 1
    (release / PYTHON).write_bytes(data)


def cut_a_file(release: Path) -> None:
    (release / PYTHON).write_bytes((release / PYTHON).read_bytes()[:-7])


def replace_a_shard_by_no_parquet(release: Path) -> None:
    (release / PYTHON).write_bytes(b"PAR1 no table")
    seal_bytes(release, PYTHON)


def row_of(rows: list[Row], data: bytes) -> Row:
    (row,) = (row for row in rows if row["content_id"] == git_id(data))
    return row


def keyed_rows(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["content_id_kind"] == "keyed"]


def in_data(change: Callable[[list[Row]], list[Row] | None]) -> Damage:
    return lambda release: change_rows(release, PYTHON, change)


def in_table(table: str, change: Callable[[list[Row]], list[Row] | None]) -> Damage:
    return lambda release: change_rows(release, table_name(table), change)


def in_manifest(change: Callable[[Manifest], object]) -> Damage:
    return lambda release: change_manifest(release, change)


def both(*damages: Damage) -> Damage:
    return lambda release: [damage(release) for damage in damages]


def update(data: bytes, **values: object) -> Callable[[list[Row]], None]:
    return lambda rows: row_of(rows, data).update(values)


def update_representative(data: bytes, **values: object) -> Callable[[list[Row]], None]:
    def change(rows: list[Row]) -> None:
        (row,) = (r for r in rows if r["content_id"] == git_id(data) and r["is_representative"])
        row.update(values)

    return change


def same_length_text(rows: list[Row]) -> None:
    row = row_of(rows, BETA)
    row["content"] = row["content"].replace("beta", "zeta")


def same_statistics_text(rows: list[Row]) -> None:
    row = row_of(rows, BETA)
    set_text(row, row["content"].replace("beta", "zeta"))


def insert_an_email(rows: list[Row]) -> None:
    row = keyed_rows(rows)[0]
    set_text(row, row["content"] + f"# or {EMAIL}\n")


def email_in_a_branch(rows: list[Row]) -> None:
    rows[0]["branch_name"] = EMAIL


def without(data: bytes) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row for row in rows if row["content_id"] != git_id(data)]


def first_with(column: str, value: object, **values: object) -> Callable[[list[Row]], None]:
    return lambda rows: next(row for row in rows if row[column] == value).update(values)


def overlapping_places(rows: list[Row]) -> list[Row]:
    first = rows[0]
    return [first, {**first, "start": first["start"] + 1, "end": first["end"] + 1}, *rows[1:]]


def add_a_column(release: Path) -> None:
    table = pq.read_table(release / table_name("clusters"))
    rewrite(release, table_name("clusters"), table.append_column("extra", pa.array([1] * table.num_rows)))


def lower_similarity(rows: list[Row]) -> None:
    near = [row for row in rows if "near" in (row.get("kind"), (row.get("reason") or "").partition("_")[0])]
    for row in near:
        if row.get("content_id") != row.get("representative") and row["similarity"] is not None:
            row["similarity"] = 0.5


def write_indented_manifest(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_bytes())
    write_manifest(release, json.dumps(manifest, indent=1).encode())


def flip_inside_a_page(release: Path) -> None:
    """Break the page of the texts, which starts with the frame mark of zstd, and seal the bytes."""
    group = pq.ParquetFile(release / PYTHON).metadata.row_group(0)
    (column,) = (i for i in range(group.num_columns) if group.column(i).path_in_schema == "content")
    data = bytearray((release / PYTHON).read_bytes())
    start = data.index(b"\x28\xb5\x2f\xfd", group.column(column).data_page_offset)
    data[start : start + 4] = b"none"
    (release / PYTHON).write_bytes(data)
    seal_bytes(release, PYTHON)


ONE_DAMAGE: dict[str, tuple[Damage, set[str]]] = {
    "a flipped byte": (flip_a_byte, {"intact_files"}),
    "a file cut short": (cut_a_file, {"intact_files"}),
    "a missing file": (lambda release: (release / PYTHON).unlink(), {"intact_files"}),
    "no Parquet file under a right hash": (replace_a_shard_by_no_parquet, {"intact_files"}),
    "a broken page under a right hash": (flip_inside_a_page, {"readable"}),
    "a stray file": (lambda release: (release / "data" / "notes.txt").write_text("x"), {"stray_files"}),
    "the mark of an unfinished build": (
        lambda release: (release / "unfinished.json").write_text("{}"),
        {"stray_files"},
    ),
    "an indented manifest": (write_indented_manifest, {"manifest"}),
    "files out of order": (in_manifest(lambda m: m["files"].reverse()), {"manifest"}),
    "another root in run.json": (
        lambda release: (release / "run.json").write_text('{"root": "0"}'),
        {"root"},
    ),
    "a wrong number of rows": (in_manifest(lambda m: entry_of(m, PYTHON).update(rows=99)), {"row_counts"}),
    "a wrong logical digest": (
        in_manifest(lambda m: entry_of(m, PYTHON).update(logical="0" * 64)),
        {"logical_digests"},
    ),
    "a drop that no account has": (
        in_manifest(lambda m: m["stages"][3]["dropped"].update(size=[1, 1])),
        {"accounts"},
    ),
    "a stage that took in more than was kept": (
        in_manifest(
            lambda m: [m["stages"][4][k].__setitem__(0, m["stages"][4][k][0] + 1) for k in ("in", "kept")]
        ),
        {"accounts"},
    ),
    "a wrong Merkle root": (
        in_manifest(lambda m: m["merkle_roots"].update(blobs="0" * 64)),
        {"merkle_roots"},
    ),
    "a further column": (add_a_column, {"schemas"}),
    "a dropped row": (in_data(without(SITE)), {"kept_rows", "origins"}),
    "rows in another order": (in_data(lambda rows: rows[::-1]), {"row_order"}),
    "a row twice": (in_data(lambda rows: [rows[0], *rows]), {"row_order", "unique_ids", "kept_rows"}),
    "another text": (in_data(same_length_text), {"texts", "git_ids"}),
    "another text under a right hash": (in_data(same_statistics_text), {"git_ids"}),
    "another SHA-1": (in_data(update(BETA, blob_id="0" * 40)), {"git_ids"}),
    "a wrong length": (in_data(update(BETA, length_bytes=7)), {"texts"}),
    "wrong line statistics": (in_data(update(BETA, avg_line_length=7.5)), {"line_statistics"}),
    "a redacted row with the SHA-1 of its original": (
        in_data(lambda rows: keyed_rows(rows)[0].update(blob_id="0" * 40)),
        {"git_ids"},
    ),
    "an e-mail put back": (in_data(insert_an_email), {"personal_data"}),
    "an e-mail as a branch": (in_table("repositories", email_in_a_branch), {"personal_data"}),
    "a redacted place beyond the text": (
        in_table("redactions", lambda rows: rows[0].update(end=10**6)),
        {"redactions"},
    ),
    "redacted places that overlap": (in_table("redactions", overlapping_places), {"redactions"}),
    "a redaction too few": (in_table("redactions", lambda rows: rows[1:]), {"redacted_rows", "git_ids"}),
    "a redaction of nobody": (
        in_table("redactions", lambda rows: [*rows, {**rows[0], "content_id": NOBODY}]),
        {"redacted_rows"},
    ),
    "a dangling kept pointer": (
        in_table("decisions", first_with("reason", "near_duplicate", kept_content_id=NOBODY)),
        {"pointers", "clusters"},
    ),
    "a dangling cluster": (in_data(update(ALPHA, near_dup_cluster=NOBODY)), {"pointers", "clusters"}),
    "a representative outside its cluster": (in_data(update(ALPHA, near_dup_cluster=None)), {"clusters"}),
    "a similarity below the threshold": (
        both(in_table("decisions", lower_similarity), in_table("clusters", lower_similarity)),
        {"similarities"},
    ),
    "cluster and decision of two similarities": (
        in_table("decisions", first_with("reason", "near_duplicate", similarity=0.75)),
        {"clusters"},
    ),
    "a decision too few": (in_table("decisions", without(BETA)), {"kept_rows"}),
    "an unknown reason": (
        in_table("decisions", first_with("reason", "long_lines", reason="ugly")),
        {"kept_rows"},
    ),
    "an origin too few": (
        in_table("origins", lambda rows: [r for r in rows if r["repo_name"] != "gnu/strict"]),
        {"origins", "references"},
    ),
    "a blob without a representative": (
        in_table("origins", update_representative(BETA, is_representative=False)),
        {"origins"},
    ),
    "a representative with another licence": (
        in_table("origins", update_representative(BETA, license_expression="ISC")),
        {"origins"},
    ),
    "a row of another language": (
        both(
            in_data(update(BETA, language="Ruby")),
            in_table("origins", update_representative(BETA, language="Ruby")),
        ),
        {"id_ranges"},
    ),
    "a row that the licence profile leaves out": (
        both(
            in_data(update(BETA, license_type="non_permissive")),
            in_table("origins", update_representative(BETA, license_type="non_permissive")),
        ),
        {"selection"},
    ),
    "a repository too few": (in_table("repositories", lambda rows: rows[1:]), {"references"}),
    "a licence text that nobody refers to": (
        in_table("licenses", lambda rows: [*rows, {"id": "0" * 64, "text": "all rights"}]),
        {"references"},
    ),
}


@pytest.mark.parametrize("name", sorted(ONE_DAMAGE))
def test_a_single_damage_fails_the_checks_that_it_breaks_and_no_other(
    copied: SmallRelease, name: str
) -> None:
    damage, expected = ONE_DAMAGE[name]
    damage(copied.folder)
    assert failed(verify(copied.storage)) == expected


@pytest.mark.parametrize("name", ["a flipped byte", "a missing file", "a broken page under a right hash"])
def test_checks_on_a_damaged_table_say_that_they_were_not_made(copied: SmallRelease, name: str) -> None:
    ONE_DAMAGE[name][0](copied.folder)
    checks = verify(copied.storage)
    assert not_made(checks) >= DATA_CHECKS | {"unique_ids", "pointers", "merkle_roots"}
    assert "references" not in not_made(checks)
    assert all(PYTHON in c.detail for c in checks if c.name in DATA_CHECKS)


def test_a_manifest_that_names_a_file_twice_is_refused(copied: SmallRelease) -> None:
    change_manifest(copied.folder, lambda manifest: manifest["files"].append(manifest["files"][0]))
    with pytest.raises(UsageError, match="damaged"):
        verify(copied.storage)


def test_details_name_places_and_never_values(copied: SmallRelease) -> None:
    in_data(insert_an_email)(copied.folder)
    assert not any(EMAIL in check.detail for check in verify(copied.storage))


def test_many_findings_are_counted_and_a_few_are_shown(copied: SmallRelease) -> None:
    count = len(read_rows(copied.folder, PYTHON))
    in_data(lambda rows: [{**row, "length_bytes": 1} for row in rows])(copied.folder)
    (texts,) = (check for check in verify(copied.storage) if check.name == "texts")
    assert texts.detail.count("another hash or length") == 3
    assert texts.detail.endswith(f", and {count - 3} more")


def test_a_release_without_run_json_says_that_its_root_was_not_compared(copied: SmallRelease) -> None:
    (copied.folder / "run.json").unlink()
    assert not_made(verify(copied.storage)) == CORPUS_CHECKS | {"root"}


def test_a_release_without_redaction_is_not_scanned(copied: SmallRelease) -> None:
    change_manifest(copied.folder, lambda m: m["recipe"]["redact"].update(enabled=False))
    assert "personal_data" in not_made(verify(copied.storage))


# --- with the corpus ----------------------------------------------------------------------------------------------


def keep_record(copied: SmallRelease, before: str) -> None:
    """Let the corpus take the damaged release for the one that it made."""
    root = json.loads((copied.folder / "run.json").read_bytes())["root"]
    releases = copied.corpus_folder / "releases"
    if before != root:
        (releases / before).rename(releases / root)


def verified(copied: SmallRelease, damage: Damage) -> list[Check]:
    before = json.loads((copied.folder / "run.json").read_bytes())["root"]
    damage(copied.folder)
    keep_record(copied, before)
    return verify(copied.storage, corpus=copied.corpus)


def with_rules(copied: SmallRelease, text: str) -> Damage:
    """Let release and corpus agree that these were the rules."""
    from optout import parse_rules

    digest = parse_rules(text).digest(copied.corpus.keys.subkey("opt-out rules"))
    (copied.corpus_folder / "rules" / f"{digest[:16]}.toml").write_text(text)
    return in_manifest(lambda m: m["recipe"]["optout"].update(rules_digest=digest))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('repository = "github.com/acme/tool"', {"opt_outs", "view"}),
        ('owner = "github.com/BOB"', {"opt_outs", "view"}),
        ('repository = "github.com/old-acme/gadget"\npath = "*.py"', {"opt_outs"}),
        (f'blob = "{git_id(ALPHA)}"', {"opt_outs"}),
        ('repository = "github.com/acme/tool"\npath = "docs/**"', set()),
        ('owner = "github.com/acm"', set()),
    ],
)
def test_what_a_rule_covers_must_not_be_present(copied: SmallRelease, rule: str, expected: set[str]) -> None:
    zed = '[[rule]]\nowner = "github.com/zed"\n'
    checks = verified(copied, with_rules(copied, f"{zed}\n[[rule]]\n{rule}\n"))
    assert failed(checks) == expected


def test_rules_that_the_corpus_has_lost_are_not_checked(copied: SmallRelease) -> None:
    shutil.rmtree(copied.corpus_folder / "rules")
    checks = verify(copied.storage, corpus=copied.corpus)
    assert failed(checks) == set()
    assert not_made(checks) == {"view", "opt_outs", "dropped"}


@pytest.mark.parametrize("path", ["logo.png", "long.txt"])
def test_an_origin_that_was_dropped_or_never_read_must_not_be_present(
    copied: SmallRelease, path: str
) -> None:
    names = {"path": path, "path_bytes": path.encode()}
    change = both(in_data(update(BETA, path=path)), in_table("origins", update_representative(BETA, **names)))
    assert failed(verified(copied, change)) == {"dropped"}


def test_a_representative_that_fails_an_origin_rule_must_not_be_present(copied: SmallRelease) -> None:
    def elect_the_copyleft_origin(rows: list[Row]) -> None:
        for row in rows:
            if row["content_id"] == git_id(ALPHA):
                row["is_representative"] = row["repo_name"] == "gnu/strict"
                row["license_type"] = "permissive"

    def follow(rows: list[Row]) -> None:
        (origin,) = (
            row
            for row in read_rows(copied.folder, table_name("origins"))
            if row["content_id"] == git_id(ALPHA) and row["is_representative"]
        )
        row = row_of(rows, ALPHA)
        row.update({key: value for key, value in origin.items() if key in row})

    change = both(in_table("origins", elect_the_copyleft_origin), in_data(follow))
    assert failed(verified(copied, change)) == {"dropped"}


def test_an_id_of_another_key_is_found(copied: SmallRelease) -> None:
    (old, *_) = (row["content_id"] for row in keyed_rows(read_rows(copied.folder, PYTHON)))
    new = old[:-1] + ("0" if old[-1] != "0" else "1")

    def rename(rows: list[Row]) -> None:
        for row in rows:
            row.update({key: new for key, value in row.items() if value == old})

    tables = ("origins", "decisions", "redactions", "clusters")
    change = both(in_data(rename), *(in_table(table, rename) for table in tables))
    assert failed(verified(copied, change)) == {"published_ids"}


def test_a_text_that_the_corpus_does_not_hold_is_found(copied: SmallRelease) -> None:
    for file in copied.corpus_folder.glob("snapshots/1/contents/*.parquet"):
        table = pq.read_table(file)
        rows = table.to_pylist()
        for row in rows:
            row["text_sha256"] = "0" * 64 if row["content_id"] == git_id(BETA) else row["text_sha256"]
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    assert failed(verify(copied.storage, corpus=copied.corpus)) == {"corpus_texts"}


def test_another_input_digest_is_found(copied: SmallRelease) -> None:
    assert failed(verified(copied, in_manifest(lambda m: m.update(input_digest="0" * 64)))) == {"view"}


def test_a_release_that_the_corpus_has_no_record_of_fails(copied: SmallRelease) -> None:
    in_manifest(lambda m: m["notes"].update(unchecked_forks=1))(copied.folder)
    checks = verify(copied.storage, corpus=copied.corpus)
    assert failed(checks) == {"corpus_record"}
    assert not_made(checks) == CORPUS_CHECKS - {"corpus_record"}


def test_a_release_of_another_key_fails(copied: SmallRelease) -> None:
    in_manifest(lambda m: m["key"].update(id="0" * 16))(copied.folder)
    assert failed(verify(copied.storage, corpus=copied.corpus)) == {"corpus_record"}


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no release"):
        verify(Storage(str(tmp_path)))


@pytest.mark.parametrize("key", ["files", "stages", "recipe", "key", "merkle_roots", "notes"])
def test_a_manifest_that_lacks_a_part_is_refused(copied: SmallRelease, key: str) -> None:
    change_manifest(copied.folder, lambda manifest: manifest.pop(key))
    with pytest.raises(UsageError, match="damaged"):
        verify(copied.storage)
