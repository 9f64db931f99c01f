"""How a session is encoded."""

from __future__ import annotations

import pytest

from audio_builder.errors import SoundError
from audio_builder.mp3.format import Format

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
