from __future__ import annotations

import pytest

from optout import blob_hash

ID = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def test_a_hash_depends_on_key_and_id_and_not_on_spelling() -> None:
    assert blob_hash(b"k", ID) == blob_hash(b"k", ID.upper()) == blob_hash(b"k", bytes.fromhex(ID))
    assert (
        len({blob_hash(b"k", ID), blob_hash(b"l", ID), blob_hash(b"k", "0" * 40), blob_hash(b"k", "0" * 64)})
        == 4
    )
    assert len(blob_hash(b"k", ID)) == 16


@pytest.mark.parametrize(
    "blob_id", ["", "abc", "z" * 40, b"x", b"x" * 40, "e6 9de29bb2d1d6434b8b29ae775ad8c2e48c539"]
)
def test_what_is_no_blob_id_is_refused(blob_id: str | bytes) -> None:
    with pytest.raises(ValueError, match="blob_id"):
        blob_hash(b"k", blob_id)


@pytest.mark.parametrize("key", [b"", b"k" * 65])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        blob_hash(key, ID)
