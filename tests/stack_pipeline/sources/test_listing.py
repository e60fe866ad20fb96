from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stack_pipeline.errors import UsageError
from stack_pipeline.sources import PreviousName, Repository, read_listing

ROW: dict[str, Any] = {
    "path": "clones/redis.git",
    "id": 156018,
    "full_name": "redis/redis",
    "owner": {"id": 1529926, "login": "redis", "type": "Organization"},
    "default_branch": "unstable",
    "commit": "AB" * 20,
    "ref": "7.4",
    "fork": True,
    "parent": {"id": 1, "full_name": "antirez/redis"},
    "source": {"id": 2, "full_name": "antirez/old"},
    "stargazers_count": 70000,
    "forks_count": 0,
    "license": {"spdx_id": "NOASSERTION", "key": "other"},
    "created_at": "2009-03-21T22:32:25Z",
    "pushed_at": "2024-10-18T03:11:23.5+02:00",
    "archived": False,
    "private": False,
    "visit_date": "2024-10-19",
    "previous_names": [
        {"full_name": "antirez/redis", "since": "2009-03-21T22:32:25Z", "until": "2020-06-30"},
        {"full_name": "older/name"},
    ],
    "node_id": "ignored",
    "topics": ["ignored"],
}


def expected(folder: Path) -> Repository:
    return Repository(
        location=str(folder / "clones/redis.git"),
        key="github.com/id/156018",
        identity="listed",
        full_name="redis/redis",
        host="github.com",
        id=156018,
        ref="7.4",
        commit="ab" * 20,
        owner_id=1529926,
        owner_login="redis",
        default_branch="unstable",
        fork=True,
        parent_id=1,
        parent_full_name="antirez/redis",
        source_id=2,
        source_full_name="antirez/old",
        stars=70000,
        forks=0,
        license_spdx_id="NOASSERTION",
        created_at="2009-03-21T22:32:25Z",
        pushed_at="2024-10-18T01:11:23Z",
        archived=False,
        private=False,
        visit_date="2024-10-19T00:00:00Z",
        previous_names=(
            PreviousName("antirez/redis", "2009-03-21T22:32:25Z", "2020-06-30T00:00:00Z"),
            PreviousName("older/name", None, None),
        ),
    )


def flat(row: dict[str, Any]) -> dict[str, str]:
    """Return a row as CSV holds it: dotted names, text only."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells.update({f"{name}.{inner}": str(of) for inner, of in value.items()})
        else:
            cells[name] = json.dumps(value) if isinstance(value, bool | list) else str(value)
    return cells


def jsonl(folder: Path, *rows: Any) -> Path:
    path = folder / "list.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    assert read_listing(jsonl(tmp_path, ROW)) == [expected(tmp_path)]
    with (tmp_path / "list.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*flat(ROW), "parent.id", "unknown"])
        writer.writeheader()
        writer.writerow(flat(ROW))
    assert read_listing(tmp_path / "list.csv") == [expected(tmp_path)]
    typed = dict(ROW, created_at=datetime(2009, 3, 21, 22, 32, 25, tzinfo=UTC))
    pq.write_table(pa.Table.from_pylist([typed]), tmp_path / "list.parquet")
    assert read_listing(tmp_path / "list.parquet") == [expected(tmp_path)]


def test_a_path_is_enough_and_then_there_is_no_identity(tmp_path: Path) -> None:
    (found,) = read_listing(jsonl(tmp_path, {"path": "a b/c.git", "stargazers_count": 3, "owner": None}))
    assert found == Repository(
        location=str(tmp_path / "a b/c.git"),
        key="local/a%20b/c",
        identity="local",
        full_name="local/a%20b/c",
        stars=3,
    )
    assert (found.owner, found.name) == ("local", "a%20b/c")


@pytest.mark.parametrize(
    ("fields", "key", "host"),
    [
        ({"full_name": "Redis/Redis"}, "github.com/name/redis/redis", "github.com"),
        ({"full_name": "a/b", "id": 5, "host": "GitLab.com"}, "gitlab.com/id/5", "gitlab.com"),
        ({"full_name": "a/b/c", "host": "gitlab.com"}, "gitlab.com/name/a/b/c", "gitlab.com"),
        ({"host": "gitlab.com"}, "local/x", None),
    ],
)
def test_the_key_is_made_of_host_and_id_or_name(
    tmp_path: Path, fields: dict[str, Any], key: str, host: str | None
) -> None:
    (found,) = read_listing(jsonl(tmp_path, {"path": "x", **fields}))
    assert (found.key, found.host) == (key, host)


WRONG = [
    ({"path": None}, "'path': missing"),
    ({"path": ""}, "'path': missing"),
    ({"path": 5}, "'path': a text"),
    ({"path": "a\nb"}, "'path': a text"),
    ({"path": "a\u0000b"}, "'path': a text"),
    ({"path": "a\ud800b"}, "'path': a text"),
    ({"id": "5"}, "'id': an integer"),
    ({"id": True}, "'id': an integer"),
    ({"id": 5.0}, "'id': an integer"),
    ({"id": 0}, "'id': an integer"),
    ({"id": 2**63}, "'id': an integer"),
    ({"id": 5, "full_name": None}, "'full_name': missing"),
    ({"full_name": "redis"}, "'full_name'"),
    ({"full_name": "a/b/c"}, "'full_name'"),
    ({"full_name": "a/.."}, "'full_name'"),
    ({"full_name": "a/b\u200b"}, "'full_name'"),
    ({"full_name": "../b"}, "'full_name'"),
    ({"host": "https://github.com"}, "'host'"),
    ({"host": "localhost"}, "'host'"),
    ({"owner": "redis"}, "'owner': an object"),
    ({"license": "MIT"}, "'license': an object"),
    ({"parent": []}, "'parent': an object"),
    ({"parent": {"full_name": "x"}}, "'parent.full_name'"),
    ({"stargazers_count": -1}, "'stargazers_count': an integer"),
    ({"stargazers_count": None, "forks_count": "many"}, "'forks_count': an integer"),
    ({"fork": "yes"}, "'fork': true or false"),
    ({"private": 0}, "'private': true or false"),
    ({"created_at": "yesterday"}, "'created_at': a date"),
    ({"created_at": 1700000000}, "'created_at': a date"),
    ({"pushed_at": "0001-01-01T00:00:00+23:00"}, "'pushed_at': a date"),
    ({"pushed_at": "2024-02-30"}, "'pushed_at': a date"),
    ({"commit": "abc123"}, "'commit': a full commit id"),
    ({"commit": "HEAD"}, "'commit': a full commit id"),
    ({"ref": "a..b"}, "'ref'"),
    ({"ref": "../x"}, "'ref'"),
    ({"ref": "-x y"}, "'ref'"),
    ({"previous_names": {}}, "'previous_names': a list"),
    ({"previous_names": ["a/b"]}, "'previous_names': a list"),
    ({"previous_names": [{"since": "2020-01-01"}]}, "previous_names[0]: field 'full_name': missing"),
    ({"previous_names": [{"full_name": "a/b", "until": "x"}]}, "previous_names[0]: field 'until'"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG)
def test_a_wrong_field_is_named_with_file_and_row(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    path = jsonl(tmp_path, ROW, {**ROW, **fields})
    with pytest.raises(UsageError) as caught:
        read_listing(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "[]", "5", "null", '"x"', "{", "{'path': 1}", "[" * 100_000, '{"path": "a"}{}', "\x00"],
)
def test_a_line_that_is_no_object_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        read_listing(jsonl(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name\nx\n",
        "path\n",
        "path,id\na,b,c\n",
        'path\n"a',
        "path,stargazers_count\na,12.0\n",
        "path\n\x00",
    ],
)
def test_a_broken_csv_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UsageError):
        read_listing(tmp_path / "list.csv")


def test_bytes_that_are_no_text_or_no_parquet_are_an_error(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        (tmp_path / name).write_bytes(b"path\n\xff\xfe\x00")
        with pytest.raises(UsageError) as caught:
            read_listing(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
    with pytest.raises(UsageError, match="cannot be read"):
        read_listing(tmp_path / "gone.csv")


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["id", "full_name", "since"]), inner, max_size=2),
    ),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(ROW)), VALUES, max_size=6))
def test_any_json_is_a_repository_or_a_usage_error(tmp_path: Path, fields: dict[str, Any]) -> None:
    try:
        (found,) = read_listing(jsonl(tmp_path, {"path": "x", **fields}))
    except UsageError:
        return
    assert found.key
