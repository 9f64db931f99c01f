"""Levelling reaches the anchor under its ceiling, whatever comes; warmth tilts and softens."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.levelling import CEILING_DB, gain_reduction, level, warmed
from audio_builder.sound.loudness import integrated, peak_envelope, true_peak
from audio_builder.sound.samples import Samples, rms_db, to_db, to_gain
from audio_builder.sound.settings import Warmth
from tests.sound.measuring import babble, sine


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
@pytest.mark.parametrize("gain", [0.01, 0.3, 4.0])
def test_levelling_reaches_the_anchor_under_the_ceiling(gain: float, rate: int) -> None:
    """Whatever its level was, speech stands at -16 LUFS with its true peaks under the ceiling."""
    result = level(babble(2.5, rate=rate) * np.float32(gain), rate)
    assert integrated(result, rate) == pytest.approx(-16.0, abs=0.03)
    assert true_peak(result, rate) <= CEILING_DB + 0.05
    assert len(result) == round(2.5 * rate)


def test_the_argument_is_not_modified() -> None:
    """Levelling works on a copy."""
    clip = babble(0.5) * np.float32(3.0)
    before = clip.copy()
    level(clip, 48_000)
    assert np.array_equal(clip, before)


def test_silence_stays_silent() -> None:
    """There is nothing to level in nothing, not even in none of it."""
    assert not level(np.zeros(4_800, np.float32), 48_000).any()
    assert not level(np.zeros(0, np.float32), 48_000).size


def peak_after(clip: Samples, *, ceiling_db: float) -> float:
    """Turn a clip's envelope down; give its peak in dB."""
    envelope = peak_envelope(clip)
    reduction_db = gain_reduction(envelope, 48_000, ceiling=to_gain(ceiling_db))
    return to_db(float((envelope * 10.0 ** (reduction_db / -20.0)).max()))


@pytest.mark.parametrize("seed", range(4))
def test_peaks_come_to_the_ceiling(seed: int) -> None:
    """Speech-like sound far over the ceiling comes out at it, and not needlessly below."""
    assert -3.6 < peak_after(babble(2.0, seed=seed) * np.float32(2.0), ceiling_db=-3.0) <= -3.0 + 1e-6


def test_a_single_spike_comes_under_the_ceiling() -> None:
    """The worst case for a look-ahead: one loud sample out of nothing."""
    clip = np.zeros(9_600, np.float32)
    clip[4_000] = 1.0
    assert peak_after(clip, ceiling_db=-6.0) <= -6.0 + 1e-6


def test_what_is_below_the_ceiling_is_not_turned_down() -> None:
    """Give nothing at all for a soft clip."""
    envelope = peak_envelope(babble(1.0) * np.float32(0.2))
    assert not gain_reduction(envelope, 48_000, ceiling=to_gain(-2.5)).any()


def test_the_gain_never_moves_fast_enough_to_distort() -> None:
    """A loud burst moves the gain by less than 0.1 dB a sample, and it has recovered a second later."""
    envelope = np.abs(
        np.concatenate([sine(200.0, 0.5, level_db=-20), sine(200.0, 0.2), sine(200.0, 1.5, level_db=-20)])
    )
    reduction = gain_reduction(envelope, 48_000, ceiling=to_gain(-6.0))
    assert reduction.max() == pytest.approx(6.0, abs=0.01)
    assert np.abs(np.diff(reduction)).max() < 0.1
    assert reduction[-48_000:].max() == 0.0


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
