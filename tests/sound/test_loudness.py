"""Loudness and true peak against the standard's reference signals and against independent meters."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.sound.levelling import level
from audio_builder.sound.loudness import integrated, over_time, true_peak
from audio_builder.sound.pacers import tone
from audio_builder.sound.samples import Samples, to_gain
from audio_builder.sound.synthesis import faded
from audio_builder.timebase import RATE
from tests.judges import library, verdict
from tests.sound.measuring import babble, sine


@pytest.mark.parametrize(("level_db", "expected"), [(0.0, -3.01), (-20.0, -23.01), (-33.0, -36.01)])
def test_a_sine_reads_as_the_standard_says(level_db: float, expected: float) -> None:
    """A mono sine of 997 Hz at full scale reads -3.01 LUFS (BS.1770-4), and falls dB by dB."""
    assert integrated(sine(997.0, 5.0, level_db=level_db), 48_000) == pytest.approx(expected, abs=0.01)


def test_two_channels_add_by_power() -> None:
    """EBU Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS."""
    one = sine(1_000.0, 20.0, level_db=-23.0)
    assert integrated(np.stack([one, one], axis=1), 48_000) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (((-36, 10), (-23, 60), (-36, 10)), -23.0),
        (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23.0),
        (((-26, 20), (-20, 20.1), (-26, 20)), -23.0),
    ],
    ids=["case 3", "case 4", "case 5"],
)
def test_the_gates_leave_quiet_parts_out(steps: tuple[tuple[float, float], ...], expected: float) -> None:
    """EBU Tech 3341 cases 3, 4 and 5: stereo sines of 1 kHz in steps of level read -23 LUFS."""
    one = np.concatenate([sine(1_000.0, seconds, level_db=level) for level, seconds in steps])
    assert integrated(np.stack([one, one], axis=1), 48_000) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_an_independent_meter_agrees(rate: int) -> None:
    """pyloudnorm, with the standard's own filters, reads the same within 0.01 LU at any rate."""
    pyloudnorm = library("pyloudnorm")
    clip = babble(6.3, rate=rate)
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    assert integrated(clip, rate) == pytest.approx(meter.integrated_loudness(clip.astype(float)), abs=0.01)


def test_a_clip_shorter_than_a_block_is_as_loud_as_it_is_while_it_lasts() -> None:
    """A quarter second of a tone reads like a long one, once its filter's start is past."""
    assert integrated(sine(997.0, 0.25), 48_000) == pytest.approx(-3.01, abs=0.1)
    assert integrated(sine(997.0, 0.39), 48_000) == pytest.approx(
        integrated(sine(997.0, 0.4), 48_000), abs=0.05
    )


@pytest.mark.parametrize("count", [0, 1, 100, 48_000])
def test_silence_is_minus_infinity(count: int) -> None:
    """Nothing, however long, has no loudness."""
    assert integrated(np.zeros(count, np.float32), 48_000) == -math.inf
    assert true_peak(np.zeros(count, np.float32), 48_000) == -math.inf


def test_loudness_over_time_follows_a_step() -> None:
    """Windows before a step of 10 dB read the one level, windows after it the other."""
    steps = np.concatenate([sine(997.0, 2.0, level_db=-30.0), sine(997.0, 2.0, level_db=-20.0)])
    momentary = over_time(steps, 48_000)
    assert len(momentary) == 37
    assert momentary[5] == pytest.approx(-33.01, abs=0.02)
    assert momentary[30] == pytest.approx(-23.01, abs=0.02)
    assert over_time(steps[:48_000], 48_000, window_seconds=3.0).size == 0


@pytest.mark.parametrize("phase", [0.0, 45.0, 60.0, 67.5])
def test_true_peak_sees_between_the_samples(phase: float) -> None:
    """EBU Tech 3341 cases 15 to 18: a quarter-rate sine at -6 dBTP reads -6 (+0.2, -0.4) at any phase."""
    count = 48_000
    ramp = np.minimum(np.minimum(np.arange(count), np.arange(count)[::-1]) / 4_800, 1.0)
    wave = 0.5 * ramp * np.sin(np.pi / 2 * np.arange(count) + math.radians(phase))
    assert true_peak(wave.astype(np.float32), 48_000) == pytest.approx(-6.02, abs=0.1)


def test_true_peak_is_where_finer_oversampling_finds_it() -> None:
    """Exact interpolation, sixteen-fold, finds the same peak in speech-like sound within 0.1 dB."""
    clip = babble(1.0)
    clip[:64] = clip[-64:] = 0.0
    spectrum = np.fft.rfft(clip, len(clip))
    finer = np.fft.irfft(spectrum, 16 * len(clip)) * 16
    assert true_peak(clip, 48_000) == pytest.approx(20 * math.log10(np.abs(finer).max()), abs=0.1)


def test_the_louder_channel_sets_the_true_peak() -> None:
    """A stereo signal's true peak is its louder channel's."""
    one = sine(997.0, 0.5, level_db=-6.0)
    both = np.stack([one * np.float32(to_gain(-12.0)), one], axis=1)
    assert true_peak(both, 48_000) == pytest.approx(-6.0, abs=0.02)


SIGNALS: dict[str, Samples] = {
    "a sine": sine(997.0, 5.0, level_db=-18.0),
    "a quarter-rate sine": np.asarray(
        0.5 * faded(5 * RATE, fade_in=2_400) * np.sin(np.pi / 2 * np.arange(5 * RATE) + math.pi / 4),
        dtype=np.float32,
    ),
    "something like speech": level(babble(8.0), RATE),
    "a breath": np.concatenate([tone("inhale", 4 * RATE), tone("exhale", 6 * RATE)]),
    "speech in long pauses": np.concatenate([level(babble(3.0), RATE), np.zeros(6 * RATE, np.float32)]),
    "stereo": np.stack([sine(440.0, 5.0, level_db=-20.0), sine(997.0, 5.0, level_db=-30.0)], axis=1),
}


@pytest.mark.judge
@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_ffmpeg_reads_the_same(tmp_path: Path, name: str) -> None:
    """Within 0.1 LU and 0.2 dB."""
    path = tmp_path / "signal.wav"
    soundfile.write(path, SIGNALS[name], RATE, subtype="FLOAT")
    said = verdict("ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-")
    summary = said.stderr.decode().rpartition("Summary:")[2]
    loudness, peak = (
        float(re.search(pattern, summary)[1])  # type: ignore[index]
        for pattern in (r"I:\s+(-?[\d.]+) LUFS", r"Peak:\s+(-?[\d.]+) dBFS")
    )
    assert integrated(SIGNALS[name], RATE) == pytest.approx(loudness, abs=0.1)
    assert true_peak(SIGNALS[name], RATE) == pytest.approx(peak, abs=0.2)
