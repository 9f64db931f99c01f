"""A long section is encoded window by window, and nobody can tell."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from audio_builder.mp3.encoder import POST_ROLL, PRE_ROLL, encode_in_windows, encode_open
from audio_builder.mp3.format import Format, parse
from audio_builder.mp3.linking import link
from audio_builder.timebase import FRAME_SAMPLES
from tests.mp3.sounds import marked_room

FRAMES = 90


def sound(frames: int = FRAMES) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Make a sound with rolls on both sides, louder than room tone."""
    time = np.arange((PRE_ROLL + frames + POST_ROLL) * FRAME_SAMPLES) / 48_000
    hum = 0.05 * np.sin(2 * np.pi * 220 * time) * (1 + 0.5 * np.sin(2 * np.pi * 3 * time))
    return np.asarray(hum + marked_room(PRE_ROLL + frames + POST_ROLL), dtype=np.float32)


def decoded(section: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Decode a session of one section."""
    samples, _ = soundfile.read(io.BytesIO(b"".join(link([section], Format()))), dtype="float32")
    return np.asarray(samples, dtype=np.float32)


@pytest.mark.parametrize("window", [30, 37, 89, 90, 91])
def test_windows_decode_as_one_pass(window: int) -> None:
    """Cut a section in three, unevenly, one frame before its end, at it, and behind it."""
    whole, cut = (
        encode_open([sound()], Format()),
        encode_in_windows([sound()], Format(), window_frames=window),
    )
    assert len(list(parse(cut))) == FRAMES
    assert float(np.abs(decoded(cut) - decoded(whole)).max()) < 1e-4


@pytest.mark.parametrize("block", [500, FRAME_SAMPLES, 20_000])
def test_the_size_of_blocks_changes_no_byte(block: int) -> None:
    """Give the same sound in blocks of several sizes."""
    samples = sound()
    blocks = [samples[start : start + block] for start in range(0, len(samples), block)]
    assert encode_in_windows(blocks, Format(), window_frames=30) == encode_in_windows(
        [samples], Format(), window_frames=30
    )


def test_no_sound_at_all_is_refused() -> None:
    """Give nothing, and rolls alone."""
    with pytest.raises(ValueError, match="whole MP3 frames"):
        encode_in_windows([], Format())
    with pytest.raises(ValueError, match="whole MP3 frames"):
        encode_in_windows([sound(0)], Format())
