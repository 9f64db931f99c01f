"""Warmth takes out rumble and edge, adds body, and leaves length, timing and recordings alone."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.samples import rms_db
from audio_builder.sound.settings import Warmth
from audio_builder.sound.warmth import warmed
from tests.sound.measuring import babble, sine


def change_db(hertz: float, warmth: Warmth, *, rate: int = 24_000, level_db: float = -20.0) -> float:
    """Measure what warmth does to a tone."""
    tone = sine(hertz, 1.0, level_db=level_db, rate=rate)
    return rms_db(warmed(tone, rate, warmth=warmth)[2_400:-2_400]) - rms_db(tone[2_400:-2_400])


def test_an_amount_of_nothing_changes_nothing() -> None:
    """Sample for sample."""
    clip = babble(1.0)
    assert np.array_equal(warmed(clip, 48_000, warmth=Warmth()), clip)


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
def test_the_curve_is_the_one_described(rate: int) -> None:
    """No rumble, more body, the middle as it was, softer on top."""
    full = Warmth(amount=1.0, harsh_db=0.0)
    assert change_db(30.0, full, rate=rate) < -15.0
    assert change_db(200.0, full, rate=rate) == pytest.approx(1.0, abs=0.5)
    assert change_db(1_000.0, full, rate=rate) == pytest.approx(0.0, abs=0.4)
    assert change_db(9_000.0, full, rate=rate) == pytest.approx(-2.3, abs=0.5)


def test_half_the_amount_does_half_as_much() -> None:
    """In decibels, at the top."""
    full, half = (change_db(9_000.0, Warmth(amount=amount, harsh_db=0.0)) for amount in (1.0, 0.5))
    assert half == pytest.approx(full / 2, abs=0.1)


def test_a_harsh_moment_is_turned_down_and_a_mild_one_is_not() -> None:
    """A hiss alone loses decibels in its band; the same hiss under a strong voice keeps its own."""
    warmth = Warmth(amount=1.0, body_db=0.0, air_db=0.0)
    hiss, voice = sine(4_200.0, 1.0, level_db=-30.0), sine(300.0, 1.0, level_db=-10.0)
    assert rms_db(warmed(hiss, 48_000, warmth=warmth)) < rms_db(hiss) - 3.0
    both = warmed(hiss + voice, 48_000, warmth=warmth)
    spectrum = np.abs(np.fft.rfft(both))
    assert 20 * np.log10(spectrum[4_200] / (24_000 * 10 ** (-30 / 20))) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("count", [0, 1, 10, 48_000])
def test_length_and_timing_stay(count: int) -> None:
    """The clip is as long as before, and its loudest moment lies where it lay."""
    clip = babble(1.0)[:count]
    result = warmed(clip, 48_000, warmth=Warmth(amount=1.0))
    assert result.shape == clip.shape
    assert result.dtype == np.float32
    if count == 48_000:
        lag = np.argmax(np.fft.irfft(np.fft.rfft(result) * np.conj(np.fft.rfft(clip))))
        assert lag == 0
