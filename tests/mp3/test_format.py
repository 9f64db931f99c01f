"""How a session is encoded, and its frames' headers."""

from __future__ import annotations

import pytest

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format, parse, tag_bytes
from audio_builder.mp3.tags import tag
from tests.mp3.sounds import marked_room

RATES = "  use one of 64, 80, 96, 112, 128, 160, 192, 224, 256, 320"


@pytest.mark.parametrize(("rate", "size"), [(64, 192), (96, 288), (128, 384), (160, 480), (320, 960)])
def test_frame_is_a_whole_number_of_bytes_without_padding(rate: int, size: int) -> None:
    """Compute a frame's size at 48 kHz."""
    assert Format(rate).frame_bytes == size


def test_standard_format_is_mono_at_96() -> None:
    """Keep what Apple asks for and what the grid needs."""
    assert (Format().bit_rate_kbps, Format().channels) == (96, 1)


def test_header_says_layer_three_mono_at_48_khz() -> None:
    """Write the four bytes that LAME writes too."""
    assert Format().header.hex() == "fffb74c4"
    assert Format(160, channels=2).header.hex() == "fffba444"


def test_key_tells_formats_apart() -> None:
    """Put everything that can change the bytes into the key."""
    keys = {Format().key, Format(64).key, Format(96, 2).key, Format(quality=2).key}
    assert len(keys) == 4
    assert all(key.startswith("lameenc ") for key in keys)


@pytest.mark.parametrize(
    ("rate", "channels", "quality", "message"),
    [
        (
            100,
            1,
            5,
            "100 kbit/s is no MP3 bit rate we build\n" + RATES,
        ),
        (
            32,
            1,
            5,
            "32 kbit/s is no MP3 bit rate we build\n" + RATES,
        ),
        (96, 3, 5, "an MP3 has 1 or 2 channels, not 3"),
        (96, 1, 9, "the encoder's quality goes from 2 (best) to 7 (fastest), not 9"),
    ],
)
def test_impossible_formats_are_refused(rate: int, channels: int, quality: int, message: str) -> None:
    """Say what would do."""
    with pytest.raises(SoundError) as caught:
        Format(rate, channels, quality)
    assert str(caught.value) == message


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
