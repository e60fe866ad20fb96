"""Write packs that no Git would write, with an index that fits."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

_BLOB, _REF_DELTA = 3, 7


def write_pack(repository: Path, objects: list[tuple[str, bytes]]) -> None:
    """Write a version 2 pack and index of (id, encoded object) as they are."""
    data = b"PACK" + struct.pack(">II", 2, len(objects))
    offsets = {}
    for oid, encoded in objects:
        offsets[oid] = len(data)
        data += encoded
    data += hashlib.sha1(data).digest()
    oids = sorted(offsets)
    fanout = [sum(int(oid[:2], 16) <= first for oid in oids) for first in range(256)]
    index = b"\xfftOc" + struct.pack(">I256I", 2, *fanout)
    index += b"".join(map(bytes.fromhex, oids))
    index += b"".join(struct.pack(">I", zlib.crc32(dict(objects)[oid])) for oid in oids)
    index += b"".join(struct.pack(">I", offsets[oid]) for oid in oids)
    index += data[-20:]
    index += hashlib.sha1(index).digest()
    stem = repository / "objects" / "pack" / f"pack-{data[-20:].hex()}"
    stem.with_suffix(".pack").write_bytes(data)
    stem.with_suffix(".idx").write_bytes(index)


def encode(kind: int, size: int, body: bytes) -> bytes:
    """Return the header of a packed object, which claims `size` bytes, and the body."""
    first, rest = size & 15, size >> 4
    header = bytearray()
    byte = kind << 4 | first
    while rest:
        header.append(byte | 128)
        byte, rest = rest & 127, rest >> 7
    header.append(byte)
    return bytes(header) + body


def varint(number: int) -> bytes:
    """Return a size as deltas hold it."""
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def write_delta_bomb(repository: Path, *, base_bytes: int) -> str:
    """Write a small blob as a delta on a base that claims a huge size; return the small blob's id."""
    content = b"small\n"
    delta = varint(base_bytes) + varint(len(content)) + bytes([len(content)]) + content
    base = "aa" * 20
    small = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    write_pack(
        repository,
        [
            (base, encode(_BLOB, base_bytes, zlib.compress(bytes(1000)))),
            (small, encode(_REF_DELTA, len(delta), bytes.fromhex(base) + zlib.compress(delta))),
        ],
    )
    return small


def write_delta_cycle(repository: Path) -> tuple[str, str]:
    """Write two deltas, each of which names the other as its base; return their ids."""
    one, two = "aa" * 20, "bb" * 20
    delta = varint(5) + varint(5) + bytes([5]) + b"12345"
    body = zlib.compress(delta)
    write_pack(
        repository,
        [
            (one, encode(_REF_DELTA, len(delta), bytes.fromhex(two) + body)),
            (two, encode(_REF_DELTA, len(delta), bytes.fromhex(one) + body)),
        ],
    )
    return one, two
