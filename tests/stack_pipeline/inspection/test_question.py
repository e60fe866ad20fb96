from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.question import Question, parse_question


@pytest.mark.parametrize(
    ("what", "question"),
    [
        ("Redis/Redis", Question("repository", name="redis/redis")),
        ("github.com/redis/redis", Question("repository", name="github.com/redis/redis")),
        ("github.com/id/7", Question("repository", name="github.com/id/7")),
        ("redis/redis:src/ae.c", Question("path", name="redis/redis", path=b"src/ae.c")),
        ("redis/redis:/src/a:b.c", Question("path", name="redis/redis", path=b"src/a:b.c")),
        ("redis/redis:gr\udcfcn.c", Question("path", name="redis/redis", path=b"gr\xfcn.c")),
        ("AB" * 20, Question("id", content_id="ab" * 20)),
    ],
)
def test_a_question_is_told_by_its_form(what: str, question: Question) -> None:
    assert parse_question(what) == question


def test_a_file_that_exists_is_a_file_whatever_else_it_could_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner").mkdir()
    (tmp_path / "owner" / "repo").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert parse_question("owner/repo").kind == "file"
    assert parse_question("owner/other").kind == "repository"


@given(st.text())
def test_any_text_is_a_question_or_a_usage_error_with_a_hint(what: str) -> None:
    try:
        parse_question(what)
    except UsageError as error:
        assert error.hint
