from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stack_pipeline.sources import GitRepository
from stack_pipeline.sources.trees import canonical_mode, parse_tree

from .made_repository import MadeRepository, run_git


@given(st.binary(max_size=200))
def test_any_bytes_are_a_tree_or_none(data: bytes) -> None:
    entries = parse_tree(data, oid_bytes=20)
    assert (entries is None) == (re.fullmatch(rb"(?s:[0-7]{1,11} [^\0]*\0.{20})*", data) is None)


@given(st.integers(0, 0o37777777777))
def test_every_mode_becomes_one_of_five(mode: int) -> None:
    assert canonical_mode(mode) in (0o100644, 0o100755, 0o120000, 0o160000, 0o40000)
    assert canonical_mode(canonical_mode(mode)) == canonical_mode(mode)


NAMES = st.lists(st.sampled_from([b"a", b"b", b"c\n", b"\xff", b"a.b", b"a-b"]), unique=True, max_size=4)
TREES = st.recursive(
    st.just("file"),
    lambda inner: NAMES.flatmap(lambda n: st.fixed_dictionaries(dict.fromkeys(n, inner))),
    max_leaves=12,
)


def write(made: MadeRepository, shape: object) -> tuple[str, str]:
    """Return mode and id of a tree made of dictionaries."""
    if not isinstance(shape, dict):
        return "100644", made.add_blob(b"content\n")
    entries = [(name, *write(made, inner)) for name, inner in shape.items()]
    entries.sort(key=lambda entry: entry[0] + (b"/" if entry[1] == "40000" else b""))
    return "40000", made.add_tree(*((mode, name, oid) for name, mode, oid in entries))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES.flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, TREES))))
def test_every_honest_tree_is_listed_as_git_lists_it(tmp_path: Path, shape: object) -> None:
    made = MadeRepository(tmp_path / str(len(list(tmp_path.iterdir()))))
    _, tree = write(made, shape)
    with GitRepository(made.path) as repository:
        entries = list(repository.entries(tree))
    found = [f"{e.mode:06o} {e.kind} {e.oid} {e.size:>7}\t".encode() + e.path + b"\0" for e in entries]
    oracle = run_git(made.path, "ls-tree", "-r", "-z", "-l", tree, encoding="latin-1")
    assert b"".join(found).decode("latin-1").strip() == oracle
    assert {entry.occurrence for entry in entries} <= {0}
