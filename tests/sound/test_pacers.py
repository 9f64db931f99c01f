"""Breath tones lead a breath: up to breathe in, down to breathe out, and silent where it turns."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.breath import PHASES, Phase
from audio_builder.errors import AudioBuilderError
from audio_builder.sound.loudness import integrated
from audio_builder.sound.pacers import Pacer, tone
from audio_builder.sound.settings import PACERS, PacerName
from audio_builder.timebase import RATE
from tests.sound.measuring import centroids, clicks, pitches, slope, through_mp3

UP_AND_DOWN: tuple[tuple[Phase, int], ...] = (("inhale", 1), ("exhale", -1))
SOUNDING: tuple[PacerName, ...] = ("glide", "waves", "bells")


def lead(phase: Phase, seconds: float, sound: PacerName = "glide") -> np.ndarray:
    """Make a tone."""
    return tone(phase, round(seconds * RATE), pacer=Pacer(sound=sound))


@pytest.mark.parametrize("seconds", [1.5, 4.0, 6.0, 12.0])
def test_a_glide_rises_on_an_inhale_and_falls_on_an_exhale(seconds: float) -> None:
    """Its measured pitch goes from one end of the range to the other, never turning back."""
    rising, falling = pitches(lead("inhale", seconds)), pitches(lead("exhale", seconds))
    assert (np.diff(rising) > -3.0).all()
    assert (np.diff(falling) < 3.0).all()
    assert (rising[0] < 320, rising[-1] > 400) == (True, True)
    assert (falling[0] > 400, falling[-1] < 320) == (True, True)


@pytest.mark.parametrize("seconds", [3.0, 6.0])
def test_bells_climb_on_an_inhale_and_descend_on_an_exhale(seconds: float) -> None:
    """The strongest partial after each of the three strikes is higher, or lower, than before."""
    for phase, way in UP_AND_DOWN:
        sound = lead(phase, seconds, "bells")
        starts = [index * len(sound) // 4 for index in range(3)]
        struck = [pitches(sound[start + 2_400 : start + 12_000], low_hz=500)[0] for start in starts]
        assert (np.diff(struck) * way > 20).all()


@pytest.mark.parametrize("seconds", [2.0, 4.0, 6.0])
def test_waves_brighten_on_an_inhale_and_darken_on_an_exhale(seconds: float) -> None:
    """The middle of the spectrum moves up by half, or down by half."""
    assert slope(centroids(lead("inhale", seconds, "waves"))) > 0.5
    assert slope(centroids(lead("exhale", seconds, "waves"))) < -0.5


@pytest.mark.parametrize("sound", SOUNDING)
def test_the_direction_survives_a_phone(sound: PacerName) -> None:
    """Through MP3 and a speaker that gives nothing below 400 Hz, up is still up and down is still down."""
    for phase, way in UP_AND_DOWN:
        decoded = through_mp3(lead(phase, 4.0, sound) * np.float32(0.35))
        spectrum = np.fft.rfft(decoded)
        spectrum[np.fft.rfftfreq(len(decoded), 1 / RATE) < 400.0] = 0.0
        heard = np.fft.irfft(spectrum, len(decoded)).astype(np.float32)
        if sound == "waves":
            assert slope(centroids(heard)) * way > 0.4
        elif sound == "glide":
            assert slope(pitches(heard, low_hz=560, high_hz=920)) * way > 0.3
        else:
            first, last = heard[2_400:12_000], heard[98_400:108_000]
            assert (pitches(last, low_hz=500)[0] - pitches(first, low_hz=500)[0]) * way > 100


@pytest.mark.parametrize("sound", SOUNDING)
@pytest.mark.parametrize("phase", PHASES)
def test_turning_points_are_silent(phase: Phase, sound: PacerName) -> None:
    """The last 10 ms, and the first of what is not struck, are 40 dB below the tone."""
    samples = lead(phase, 4.0, sound)
    loudest = np.abs(samples).max()
    assert np.abs(samples[-480:]).max() <= 0.01 * loudest
    assert abs(samples[0]) <= 0.001
    if sound != "bells":
        assert np.abs(samples[:480]).max() <= 0.01 * loudest


@pytest.mark.parametrize("seconds", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("phase", PHASES)
def test_a_glide_does_not_click(phase: Phase, seconds: float) -> None:
    """Laid between silences, it has nothing above 8 kHz."""
    quiet = np.zeros(4_800, np.float32)
    assert clicks(np.concatenate([quiet, lead(phase, seconds), quiet])) == []


def test_the_click_meter_finds_a_planted_click() -> None:
    """A tone cut off in full sound is found, where it was cut."""
    cut = lead("inhale", 4.0)[:96_000].copy()
    found = clicks(np.concatenate([cut, np.zeros(48_000, np.float32)]))
    assert found
    assert min(found) <= 96_000 <= max(found)
    assert max(found) - min(found) < 9_600


@pytest.mark.parametrize("sound", SOUNDING)
def test_tones_stay_in_the_band_of_a_phone_speaker(sound: PacerName) -> None:
    """Ninety-nine hundredths of the power lie between 200 and 4,000 Hz."""
    for phase in ("inhale", "exhale"):
        samples = lead(phase, 5.0, sound)
        power = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        inside = (hertz >= 200) & (hertz <= 4_000)
        assert power[inside].sum() > 0.99 * power.sum()


def test_a_glide_is_heard_on_a_phone_speaker() -> None:
    """At least a fifth of its power lies above 500 Hz, where small speakers begin."""
    samples = lead("exhale", 6.0)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    assert power[hertz > 500].sum() > 0.2 * power.sum()


@pytest.mark.parametrize("seconds", [0.5, 2.0, 4.0, 9.0])
@pytest.mark.parametrize("sound", SOUNDING)
def test_every_tone_stands_at_the_anchor(sound: PacerName, seconds: float) -> None:
    """Whatever its length, so that one level holds for all."""
    for phase, _ in UP_AND_DOWN:
        assert integrated(lead(phase, seconds, sound), RATE) == pytest.approx(-16.0, abs=0.05)


def test_a_held_breath_is_marked_softly_at_a_steady_pitch() -> None:
    """High after breathing in, low after breathing out, 10 dB below the tones."""
    pitch_of: dict[Phase, float] = {"hold-in": 440.0, "hold-out": 294.0}
    for phase, hertz in pitch_of.items():
        samples = lead(phase, 4.0)
        assert pitches(samples) == pytest.approx(np.full(len(pitches(samples)), hertz), abs=1.5)
        assert integrated(samples, RATE) == pytest.approx(-26.0, abs=0.1)


def test_off_is_silent() -> None:
    """No pacer, no tone, but the length is kept."""
    for phase in PHASES:
        assert not lead(phase, 1.0, "off").any()
        assert len(lead(phase, 1.0, "off")) == RATE


@pytest.mark.parametrize("sound", PACERS)
@pytest.mark.parametrize("length", [0, 1, 2, 3, 100])
def test_the_shortest_phases_are_no_trouble(length: int, sound: PacerName) -> None:
    """Even a tone of one sample has its length and no bad value."""
    for phase in PHASES:
        samples = tone(phase, length, pacer=Pacer(sound=sound))
        assert samples.shape == (length,)
        assert np.isfinite(samples).all()


def test_a_tone_cannot_be_written_to() -> None:
    """It may be shared."""
    with pytest.raises(ValueError, match="read-only"):
        lead("inhale", 4.0)[0] = 1.0


def test_a_range_too_narrow_to_hear_is_refused() -> None:
    """The message says which setting, why, and what would do."""
    with pytest.raises(AudioBuilderError) as caught:
        Pacer(low_hz=400.0, high_hz=420.0)
    assert str(caught.value) == (
        "pacer.high_hz: 420 Hz is too near low_hz (400 Hz) to be heard as a rise\n  Use 440 Hz or more."
    )
