"""The hash of a shingle in plain Python: the readable definition that the kernel is tested against.

Source of the mixing step: Wang Yi, "wyhash", 2019; of the keys: SplitMix64 from state 0 (Steele, Lea, Flood, 2014).
"""

from __future__ import annotations

_MASK = 2**64 - 1
_KEYS = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC)
_BASE = 0x9E3779B97F4A7C15
_FINAL = 0xBF58476D1CE4E5B9


def hash32(data: bytes) -> int:
    """Return the 32-bit hash of a shingle: a polynomial over the hashes of its tokens.

    `datasketch.MinHash(hashfunc=hash32)` over `shingles(text)` has the signature that `minhash(text)` computes.

    Args:
        data: Tokens joined by single spaces; any bytes are taken.

    Returns:
        An integer in [0, 2**32 - 1].

    Examples:
        >>> hash32(b"for x in range 10") == hash32(b"for x in range  10")
        False
    """
    total = 0
    for token in data.split(b" "):
        total = (total * _BASE + _token_hash(token)) & _MASK
    total ^= total >> 32
    return (total * _FINAL & _MASK) >> 32


def _token_hash(token: bytes) -> int:
    length = len(token)
    if length <= 16:
        return _multiply(_number(token[:8]) ^ _KEYS[0] ^ length, _number(token[8:]) ^ _KEYS[1])
    state = _KEYS[2] ^ length
    whole = length - length % 16
    for start in range(0, whole, 16):
        low, high = token[start : start + 8], token[start + 8 : start + 16]
        state = _multiply(_number(low) ^ _KEYS[0] ^ state, _number(high) ^ _KEYS[1])
    low, high = token[whole : whole + 8], token[whole + 8 :]
    return _multiply(_number(low) ^ _KEYS[3] ^ state, _number(high) ^ _KEYS[1] ^ length)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _multiply(a: int, b: int) -> int:
    """Return the xor of both halves of a product."""
    product = (a & _MASK) * (b & _MASK)
    return (product & _MASK) ^ (product >> 64)
