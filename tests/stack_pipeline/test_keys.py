"""Keys: derivation against RFC 5869 by hand, files, and that no key text is ever shown."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.errors import UsageError
from stack_pipeline.keys import KEY_NAME, PUBLIC_KEY, KeyRing, create_key, load_key, parse_key, read_key_file
from stack_pipeline.storage import Storage

MASTER = bytes(range(32))


def hkdf_by_hand(master: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """Extract and expand as RFC 5869, sections 2.2 and 2.3, say."""
    secret = hmac.new(salt, master, hashlib.sha256).digest()
    block, output, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.new(secret, block + info + bytes([counter]), hashlib.sha256).digest()
        output, counter = output + block, counter + 1
    return output[:length]


def test_the_derivation_by_hand_agrees_with_the_first_test_case_of_the_rfc() -> None:
    found = hkdf_by_hand(
        bytes.fromhex("0b" * 22),
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
        length=42,
    )
    assert found.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(codec="utf-8")))
def test_subkeys_are_hkdf(master: bytes, purpose: str) -> None:
    expected = hkdf_by_hand(master, salt=b"stack-pipeline", info=purpose.encode(), length=32)
    assert KeyRing(master).subkey(purpose) == expected


def test_each_purpose_has_its_own_key() -> None:
    ring = KeyRing(MASTER)
    purposes = ["redaction", "published ids", "opt-out rules", "opt-out blobs", "key-id", "", "Redaction"]
    assert len({ring.subkey(purpose) for purpose in purposes}) == len(purposes)
    assert ring.subkey("redaction") != KeyRing(PUBLIC_KEY).subkey("redaction")


def test_the_key_id_is_short_stable_and_no_part_of_the_key() -> None:
    ring = KeyRing(MASTER)
    assert ring.key_id == hkdf_by_hand(MASTER, salt=b"stack-pipeline", info=b"key-id", length=32)[:8].hex()
    assert len(ring.key_id) == 16
    assert ring.key_id not in MASTER.hex()


def test_neither_repr_nor_str_nor_format_shows_the_key() -> None:
    ring = KeyRing(MASTER)
    for shown in (repr(ring), str(ring), f"{ring}", f"{[ring]!r}"):
        assert MASTER.hex() not in shown
        assert repr(MASTER) not in shown
        assert ring.key_id in shown


def test_only_the_printed_key_is_public() -> None:
    assert KeyRing(PUBLIC_KEY).is_public
    assert not KeyRing(MASTER).is_public
    assert (
        hashlib.sha256(b"stack-pipeline: the public key of the demo and the benchmarks").digest()
        == PUBLIC_KEY
    )


@pytest.mark.parametrize(
    "text", [MASTER.hex(), MASTER.hex().upper(), f"  {MASTER.hex()}\r\n", MASTER.hex() + "\n"]
)
def test_a_key_is_read_with_blanks_around_it(text: str) -> None:
    assert parse_key(text, name="k") == MASTER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "ab" * 31,
        "ab" * 33,
        "ab" * 31 + "a",
        "zz" * 32,
        "0x" + "ab" * 31,
        "ab" * 16 + "\n" + "ab" * 16,
        "ab" * 31 + "a٣",
        "sup3rs3cret" * 6,
        "\x00" * 64,
    ],
)
def test_anything_else_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_key(text, name="keys/mine")
    assert caught.value.message == "keys/mine: a key is 64 hexadecimal characters"
    shown = caught.value.message + str(caught.value.hint)
    assert not text.strip() or text.strip()[:6] not in shown
    assert caught.value.__cause__ is None


def write_key_file(path: Path, data: bytes, *, mode: int = 0o600) -> Path:
    path.write_bytes(data)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_file_of_its_owner_is_read(mode: int, tmp_path: Path) -> None:
    assert read_key_file(write_key_file(tmp_path / "k", MASTER.hex().encode(), mode=mode)) == MASTER


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602, 0o601])
def test_a_key_file_that_others_can_reach_is_refused(mode: int, tmp_path: Path) -> None:
    path = write_key_file(tmp_path / "k", MASTER.hex().encode(), mode=mode)
    with pytest.raises(UsageError, match="can be read by others") as caught:
        read_key_file(path)
    assert caught.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe" * 32, b"-----BEGIN " + b"KEY-----\n", b"\x00" * 32, b"ab" * 40]
)
def test_a_key_file_of_garbage_is_refused_without_showing_it(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_key_file(write_key_file(tmp_path / "k", data))
    assert caught.value.message == f"{tmp_path / 'k'}: a key is 64 hexadecimal characters"


def test_a_key_file_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(UsageError, match="cannot read the key file") as caught:
            read_key_file(path)
        assert "openssl rand -hex 32" in str(caught.value.hint)


def test_a_made_key_is_new_each_time_and_private(tmp_path: Path) -> None:
    one, other = (Storage(str(tmp_path / name)) for name in ("one", "other"))
    assert create_key(one, given=None).master != create_key(other, given=None).master
    assert stat.S_IMODE(one.local_path(KEY_NAME).stat().st_mode) == 0o600
    assert load_key(one).master != load_key(other).master


def test_a_given_key_is_kept_and_never_overwritten(tmp_path: Path) -> None:
    corpus = Storage(str(tmp_path))
    assert create_key(corpus, given=MASTER).master == MASTER
    with pytest.raises(FileExistsError):
        create_key(corpus, given=PUBLIC_KEY)
    assert load_key(corpus) == KeyRing(MASTER)


def test_a_lost_key_and_a_damaged_one_are_named(tmp_path: Path) -> None:
    corpus = Storage(str(tmp_path))
    with pytest.raises(UsageError, match="has lost its key"):
        load_key(corpus)
    corpus.write_bytes(KEY_NAME, b"0123456789 damaged \xff")
    with pytest.raises(UsageError, match="the corpus key: a key is 64") as caught:
        load_key(corpus)
    assert "0123456789" not in caught.value.message + str(caught.value.hint)
