"""One section's sound becomes MP3 frames."""

from __future__ import annotations

import io
import logging

import numpy as np
import pytest
import soundfile

from audio_builder.errors import SoundError
from audio_builder.mp3.encoder import encode, encode_open
from audio_builder.mp3.format import Format, parse
from audio_builder.mp3.linking import link
from audio_builder.timebase import FRAME_SAMPLES
from tests.mp3.sounds import marked_room


@pytest.mark.parametrize("form", [Format(), Format(64), Format(160, 2)], ids=lambda form: form.key)
@pytest.mark.parametrize("frames", [1, 2, 3, 40])
def test_section_of_k_frames_gives_exactly_k_frames(form: Format, frames: int) -> None:
    """Keep the grid whatever the bit rate."""
    encoded = encode([marked_room(frames, channels=form.channels)], form)
    assert [frame.size for frame in parse(encoded)] == [form.frame_bytes] * frames


def test_block_sizes_make_no_difference() -> None:
    """Encode the same sound in one block and in odd pieces."""
    sound = marked_room(30)
    pieces = np.split(sound, [1, 7, 1_152, 1_153, 9_000, 9_000, 20_011])
    assert encode(pieces, Format()) == encode([sound], Format())


def test_first_frame_of_a_section_needs_nothing_before_it() -> None:
    """Begin with an empty bit reservoir: the side information's first nine bits point nowhere back."""
    encoded = encode([marked_room(20)], Format())
    begins = [int.from_bytes(encoded[f.side_offset : f.side_offset + 2], "big") >> 7 for f in parse(encoded)]
    assert begins[0] == 0
    assert max(begins) > 0


@pytest.mark.parametrize("form", [Format(rate) for rate in (64, 96, 128, 160, 192, 224, 256, 320)], ids=str)
def test_sound_is_decoded_as_loud_as_it_was_mixed(form: Format) -> None:
    """Keep the level within 0.2 dB, on its own or open, though LAME turns some bit rates down."""
    samples = 60 * FRAME_SAMPLES
    sound = (0.1 * np.sin(2 * np.pi * 440 * np.arange(samples) / 48_000)).astype(np.float32)
    sound[-FRAME_SAMPLES:] = 0
    for section, skipped in ((encode([sound], form), 0), (encode_open([sound], form), 4 * FRAME_SAMPLES)):
        decoded, _ = soundfile.read(io.BytesIO(b"".join(link([section], form))), dtype="float32")
        there = slice(20_000, 50_000)
        gain = np.dot(decoded[there], sound[skipped:][there]) / np.sum(np.square(sound[skipped:][there]))
        assert abs(20 * np.log10(gain)) < 0.2


def test_sound_that_would_clip_is_refused_with_its_place() -> None:
    """Say how much too loud it is, and where."""
    sound = marked_room(50)
    sound[24_000] = 1.2
    with pytest.raises(SoundError) as caught:
        encode([sound[:20_000], sound[20_000:]], Format())
    assert str(caught.value) == (
        "0.500 s into the section: the mix is 2.0 dB too loud and would clip\n"
        "  lower the loudest of the levels"
    )


def test_sound_with_no_number_in_it_is_refused() -> None:
    """Find NaN, which would otherwise become a loud click."""
    sound = marked_room(2)
    sound[480] = np.nan
    with pytest.raises(
        SoundError, match=r"0\.010 s into the section: the mix holds a sample that is not a number"
    ):
        encode([sound], Format())


def test_sound_off_the_grid_is_our_own_mistake() -> None:
    """Refuse a section that is no whole number of frames."""
    with pytest.raises(ValueError, match="whole number of MP3 frames"):
        encode([marked_room(3)[:-1]], Format())
    with pytest.raises(ValueError, match="whole number of MP3 frames"):
        encode([], Format())


def test_channels_must_be_the_formats() -> None:
    """Refuse stereo sound for a mono format."""
    with pytest.raises(ValueError, match="2 channels, the format 1"):
        encode([marked_room(3, channels=2)], Format())


def test_sound_in_the_last_frame_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    """Warn when something louder than room tone lies where a section cannot keep it, and only then."""
    sound = marked_room(5)
    with caplog.at_level(logging.WARNING):
        encode([sound], Format())
        assert not caplog.records
        sound[-FRAME_SAMPLES // 2] = 0.3
        encode([sound], Format())
    assert [record.getMessage() for record in caplog.records] == [
        "a chunk's last 24 ms hold sound (peak 0.300) that an MP3 chunk cannot keep"
    ]
