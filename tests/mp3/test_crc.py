"""The checksum of LAME's tag."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.mp3.crc import combine, crc16


def _one_bit_at_a_time(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def _noise(size: int) -> bytes:
    return np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8).tobytes()


def test_check_value_of_the_standard() -> None:
    """Match the published check value of CRC-16/ARC."""
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("size", [0, 1, 2, 2_048, 2_049, 32_766, 32_767, 32_768, 65_534, 65_537])
def test_folding_gives_what_bits_give(size: int) -> None:
    """Compare with the definition, around the sizes where folding and its cycles begin."""
    assert crc16(_noise(size)) == _one_bit_at_a_time(_noise(size))


@pytest.mark.parametrize("cut", [0, 1, 999, 20_000, 40_000])
def test_checksums_of_pieces_combine(cut: int) -> None:
    """Join two checksums without the bytes, and continue one over more bytes."""
    data = _noise(40_000)
    assert combine(crc16(data[:cut]), crc16(data[cut:]), len(data) - cut) == crc16(data)
    assert crc16(data[cut:], crc16(data[:cut])) == crc16(data)
