"""The CRC-16 of LAME's tag, at the speed of reading the bytes that it sums.

The polynomial is x^16 + x^15 + x^2 + 1, reflected, from zero (known as CRC-16/ARC). Modulo it, x^32767 is 1: it is
(x + 1) (x^15 + x + 1), and the second factor is primitive. So bytes that lie a whole cycle of 32,767 bytes apart
count the same: long data are folded into one cycle by exclusive or, and only that is summed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

POLYNOMIAL = 0xA001
ONE = 0x8000
CYCLE_BYTES = 32_767
FEW_BYTES = 2_048
"""No more are summed one by one."""

Words = npt.NDArray[np.uint16]


def crc16(data: bytes | memoryview, start: int = 0) -> int:
    """Continue a checksum over more bytes."""
    if len(data) <= FEW_BYTES:
        return _one_by_one(data, start)
    buffer = np.frombuffer(data, dtype=np.uint8)
    head = len(buffer) % CYCLE_BYTES
    folded = np.zeros(
        1 + CYCLE_BYTES, dtype=np.uint8
    )  # a zero in front changes nothing, and makes whole rows
    np.bitwise_xor.reduce(buffer[head:].reshape(-1, CYCLE_BYTES), axis=0, out=folded[1:])
    folded[len(folded) - head :] ^= buffer[:head]
    rows = folded.view("<u2").reshape(-1, FEW_BYTES // 2)
    sums = np.zeros(FEW_BYTES // 2, dtype=np.uint16)
    for row in rows:
        sums = _row_table().take(sums) ^ row
    return combine(start, _one_by_one(sums.astype("<u2").tobytes(), 0), len(buffer))


def combine(first: int, second: int, second_bytes: int) -> int:
    """Give the checksum of two stretches laid end to end, from the checksum of each."""
    return _multiply(first, _zeros(second_bytes)) ^ second


def _one_by_one(data: bytes | memoryview, start: int) -> int:
    table = _byte_table()
    for byte in data:
        start = start >> 8 ^ table[(start ^ byte) & 0xFF]
    return start


# Checksums are polynomials over GF(2) modulo the CRC's own, bit 15 being 1 and bit 0 being x^15.


def _zeros(count: int) -> int:
    """Give what so many zero bytes multiply a checksum by: x to the power of their bits."""
    factor, square = ONE, ONE >> 8
    count %= CYCLE_BYTES
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
    """Give what every word becomes when a row follows it."""
    words = np.arange(65_536, dtype=np.uint16)
    products = np.zeros_like(words)
    factor = _zeros(FEW_BYTES)
    for bit in range(15, -1, -1):
        products ^= (words >> np.uint16(bit) & np.uint16(1)) * np.uint16(factor)
        factor = _times_x(factor)
    return products
