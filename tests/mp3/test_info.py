"""The Info frame."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.errors import SoundError
from audio_builder.mp3.format import Format
from audio_builder.mp3.info import Info, info_frame, parse_info, seek_points


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
