"""Peaks of made voices are spread: the same sounds, less height, in the same place."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.loudness import integrated
from audio_builder.speech import Utterance
from audio_builder.speech.engines.espeak.engine import DELAY_SECONDS, EspeakEngine, dispersed
from audio_builder.speech.finishing import finish
from audio_builder.timebase import RATE

RATE_HZ = 22_050


def test_every_frequency_keeps_its_strength() -> None:
    """Spread a click: its spectrum stays flat to half a decibel, and its peak falls by 3 dB."""
    click = np.zeros(4_096, np.float32)
    click[1_000] = 0.9
    spread = dispersed(click, RATE_HZ)
    strengths = np.abs(np.fft.rfft(spread, 16_384)) / 0.9
    assert np.abs(20 * np.log10(strengths[50:])).max() < 0.5
    assert np.abs(spread).max() < 0.64


def test_silence_before_and_long_after_stays_silence() -> None:
    """Spread a click: nothing sounds before it or later than the longest delay, but for what rings out."""
    click = np.zeros(8_192, np.float32)
    click[4_000] = 0.9
    sounding = np.flatnonzero(np.abs(dispersed(click, RATE_HZ)) > 0.003) - 4_000
    assert sounding.min() > -0.002 * RATE_HZ
    assert sounding.max() < (DELAY_SECONDS + 0.002) * RATE_HZ


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("First: Cat-Cow, on all fours.", "Breathe out.")),
        ("de", ("Einatmen. Vor ins Brett.", "Aus. Rücken rund.")),
        ("es", ("Toca, o acércate.", "Espira.")),
        ("fr", ("Ensuite : Le chat et la vache, à quatre pattes.", "Quatre.")),
    ],
)
def test_the_embedded_voice_can_be_as_loud_as_speech_is_to_be(language: str, lines: tuple[str, ...]) -> None:
    """Finish the default voice's most pointed lines: each reaches the anchor, which not all did unspread."""
    engine = EspeakEngine()
    recordings = [engine.speak(Utterance(text, language=language)) for text in lines]
    engine.close()
    found = [integrated(finish(recording).samples, RATE) for recording in recordings]
    assert found == pytest.approx([-16.0] * len(lines), abs=0.5)
