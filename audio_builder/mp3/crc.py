"""The CRC-16 of LAME's tag: bytes come in, a checksum goes out, at array speed.

The polynomial is x^16 + x^15 + x^2 + 1, reflected, from zero (known as CRC-16/ARC). It is linear, so
long data are laid out in rows, each column is summed as a lane, and the lanes' sums are joined pair by pair.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

POLYNOMIAL = 0xA001
ONE = 0x8000
LANES = 8_192
"""A power of two: in the end, pairs join until one is left."""

Words = npt.NDArray[np.uint16]


def crc16(data: bytes | memoryview, start: int = 0) -> int:
    """Continue a checksum over more bytes."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    rows = len(buffer) // (2 * LANES)
    if rows:
        body = 2 * LANES * rows
        start = combine(start, _join(_sum_lanes(buffer[:body].view("<u2").reshape(rows, LANES))), body)
        buffer = buffer[body:]
    table = _byte_table()
    for byte in buffer.tolist():
        start = start >> 8 ^ table[(start ^ byte) & 0xFF]
    return start


def combine(first: int, second: int, second_bytes: int) -> int:
    """Give the checksum of two stretches laid end to end, from the checksum of each."""
    return _multiply(first, _zeros(second_bytes)) ^ second


def _sum_lanes(words: Words) -> Words:
    """Give each column's checksum: from one of its words to the next lies a whole row."""
    step = _row_table()
    sums = np.zeros(LANES, dtype=np.uint16)
    for row in words:
        sums = step.take(sums) ^ row
    return sums


def _join(sums: Words) -> int:
    factor = _zeros(2)
    while len(sums) > 1:
        sums = _multiply_each(sums[0::2], factor) ^ sums[1::2]
        factor = _multiply(factor, factor)
    return _multiply(int(sums[0]), _zeros(2))


# Checksums are polynomials over GF(2) modulo the CRC's own, bit 15 being 1 and bit 0 being x^15.


def _zeros(count: int) -> int:
    """Give what so many zero bytes multiply a checksum by: x to the power of their bits."""
    factor, square = ONE, ONE >> 8
    while count:
        if count & 1:
            factor = _multiply(factor, square)
        square = _multiply(square, square)
        count >>= 1
    return factor


def _multiply(one: int, other: int) -> int:
    product = 0
    for bit in range(15, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = _times_x(other)
    return product


def _multiply_each(sums: Words, factor: int) -> Words:
    products = np.zeros_like(sums)
    for bit in range(15, -1, -1):
        products ^= (sums >> np.uint16(bit) & np.uint16(1)) * np.uint16(factor)
        factor = _times_x(factor)
    return products


def _times_x(value: int) -> int:
    return value >> 1 ^ (POLYNOMIAL if value & 1 else 0)


@cache
def _byte_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = _times_x(crc)
        table.append(crc)
    return tuple(table)


@cache
def _row_table() -> Words:
    return _multiply_each(np.arange(65_536, dtype=np.uint16), _zeros(2 * LANES))
