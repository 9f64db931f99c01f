"""Frames and their headers."""

from __future__ import annotations

import pytest

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format, parse, tag_bytes
from audio_builder.mp3.tags import tag
from tests.mp3.sounds import marked_room


@pytest.fixture(scope="module")
def encoded() -> bytes:
    """Give ten frames."""
    return encode([marked_room(10)], Format())


def test_frames_lie_end_to_end(encoded: bytes) -> None:
    """Give each frame's place, size, rate and channels."""
    frames = list(parse(encoded))
    assert [(f.offset, f.size, f.bit_rate_kbps, f.channels) for f in frames] == [
        (288 * n, 288, 96, 1) for n in range(10)
    ]


def test_a_cut_stream_is_found(encoded: bytes) -> None:
    """Say how much is missing and where the last frame began."""
    with pytest.raises(SoundError) as caught:
        list(parse(encoded[:-20]))
    assert str(caught.value) == (
        "MP3 byte 2592: the last frame is cut short by 20 bytes\n"
        "  the file is damaged; build the session again"
    )


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (b"\0\0\0\0", "no MPEG-1 Layer III frame begins with 00000000"),
        (b"\xff\xfb\xf4\xc4", "bit rate index 15 means nothing"),
        (b"\xff\xfb\x70\xc4", "the frame is not at 48000 Hz"),
        (b"\xff\xf3\x74\xc4", "no MPEG-1 Layer III frame begins with fff374c4"),
    ],
)
def test_a_damaged_header_is_found_where_it_is(encoded: bytes, damage: bytes, message: str) -> None:
    """Name the byte at which the chain breaks."""
    broken = encoded[:576] + damage + encoded[580:]
    with pytest.raises(SoundError) as caught:
        list(parse(broken))
    assert (caught.value.where, caught.value.message) == ("MP3 byte 576", message)


def test_tag_in_front_is_measured(encoded: bytes) -> None:
    """Find the first frame behind a tag, and no tag where there is none."""
    front = tag(title="Calm")
    assert tag_bytes(front + encoded) == len(front)
    assert tag_bytes(encoded) == 0
    assert tag_bytes(b"ID3") == 0
