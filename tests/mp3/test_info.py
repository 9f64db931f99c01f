"""The Info frame and its checksums."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.errors import SoundError
from audio_builder.mp3.format import Format
from audio_builder.mp3.info import Info, combine, crc16, info_frame, parse_info, seek_points


def _info(**changes: object) -> Info:
    said = {
        "constant": True,
        "frames": 1_001,
        "size": 288 * 1_002,
        "toc": bytes(range(100)),
        "delay": 576,
        "padding": 576,
        "music_crc": 0x1234,
    }
    return Info(**(said | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "form", [Format(64), Format(96), Format(64, 2), Format(160, 2)], ids=lambda form: form.key
)
def test_info_frame_reads_back(form: Format) -> None:
    """Write and read every field, checksum included, in one frame of the session's own size."""
    frame = info_frame(_info(), form)
    assert len(frame) == form.frame_bytes
    assert parse_info(frame) == _info()


def test_variable_rate_says_xing() -> None:
    """Let players choose the table of contents over a multiplication."""
    frame = info_frame(_info(constant=False), Format())
    assert b"Xing" in frame
    assert b"Info" not in frame
    assert not parse_info(frame).constant


def test_gapless_length_is_the_timelines() -> None:
    """Take delay and padding from the frames."""
    assert _info().samples == 1_000 * 1_152


def test_a_flipped_bit_is_noticed() -> None:
    """Check the frame against its own checksum."""
    frame = bytearray(info_frame(_info(), Format()))
    frame[60] ^= 1
    assert not parse_info(bytes(frame)).intact


def test_an_ordinary_frame_is_no_info_frame() -> None:
    """Refuse what does not say Info or Xing."""
    with pytest.raises(SoundError, match="the first frame is no Info frame"):
        parse_info(Format().header.ljust(288, b"\0"))


def test_seek_points_lead_to_the_right_bytes() -> None:
    """Find each hundredth of the time within one 256th of the bytes, with frames of uneven size."""
    sizes = np.array([288] * 300 + [960] * 300, dtype=np.uint16)
    points = seek_points(sizes, 288)
    total = 288 + int(sizes.sum(dtype=np.int64))
    for hundredth, point in enumerate(points):
        place = 288 + int(sizes[: hundredth * 6].sum(dtype=np.int64))
        assert 0 <= place - point * total / 256 < total / 256


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
