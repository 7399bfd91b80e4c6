"""Symbols: Crockford's 32, which hold no look-alikes, and the field GF(32) that checks are counted in.

The check of a group is `s1·a + s2·a² + … + s5·a⁵ + aⁿ`, where n is the group's number. The powers of `a` up to the
31st are all different, so any single wrong symbol, any two swapped (the check among them) and any two groups
swapped make another check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
"""Every Latin letter and digit that is read, in capitals; only U means nothing."""

_POLYNOMIAL = 0b100101
ORDER = 31


def _powers() -> Iterator[int]:
    power = 1
    for _ in range(ORDER):
        yield power
        power <<= 1
        if power & 0b100000:
            power ^= _POLYNOMIAL


_POWER = tuple(_powers())
_LOG = {power: exponent for exponent, power in enumerate(_POWER)}


def check(symbols: Sequence[int], number: int) -> int:
    """The check symbol of the group with this number."""
    total = _POWER[number % ORDER]
    for weight, symbol in enumerate(symbols, 1):
        if symbol:
            total ^= _POWER[(_LOG[symbol] + weight) % ORDER]
    return total


def to_symbols(data: bytes) -> list[int]:
    """Five bits a symbol, the last one filled up with zeros."""
    count = -(-len(data) * 8 // 5)
    bits = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return [bits >> shift & 31 for shift in range((count - 1) * 5, -1, -5)]


def from_symbols(symbols: Sequence[int]) -> bytes | None:
    """The bytes that were written; None where the filling is not zeros or not the shortest."""
    size, filling = divmod(len(symbols) * 5, 8)
    bits = 0
    for symbol in symbols:
        bits = bits << 5 | symbol
    if filling >= 5 or bits & ((1 << filling) - 1):
        return None
    return (bits >> filling).to_bytes(size, "big")
