"""What is decoded is as loud as what was mixed."""

import io

import numpy as np
import pytest
import soundfile

from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format
from audio_builder.mp3.linking import link
from audio_builder.timebase import FRAME_SAMPLES, RATE


@pytest.mark.parametrize("bit_rate_kbps", [64, 96, 128, 160, 192, 224, 256, 320])
def test_a_tone_is_decoded_as_loud_as_it_was_mixed(bit_rate_kbps: int) -> None:
    """Undo LAME's own attenuation at every bit rate, to 0.02 dB."""
    times = np.arange(FRAME_SAMPLES * 60) / RATE
    mixed = (0.1 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    mixed[-2 * FRAME_SAMPLES :] = 0
    form = Format(bit_rate_kbps=bit_rate_kbps)
    stream = b"".join(link([encode([mixed], form)], form))
    decoded, _ = soundfile.read(io.BytesIO(stream), dtype="float32")
    gain_db = 20 * np.log10(np.dot(mixed, decoded) / np.dot(mixed, mixed))
    assert gain_db == pytest.approx(0, abs=0.02)
