"""Measures of whole sessions, block by block."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import soundfile

from audio_builder.sound.loudness import integrated, true_peak
from audio_builder.verify.playback import LoudnessMeter, PeakMeter, ZeroMeter
from tests.judges import verdict
from tests.verify.planting import Samples, good_session

Kind = TypeVar("Kind", LoudnessMeter, PeakMeter, ZeroMeter)


def _sound(seconds: float, channels: int) -> Samples:
    rng = np.random.default_rng(4)
    count = round(seconds * 48_000)
    swell = np.abs(np.sin(np.arange(count) / 48_000 * 0.7))[:, None] ** 3
    return (rng.standard_normal((count, channels)) * 0.2 * swell).astype(np.float32)


def _fed(meter: Kind, samples: Samples, sizes: list[int]) -> Kind:
    start = 0
    for size in [*sizes, len(samples)]:
        if len(block := samples[start : start + size]):
            meter.feed(block)
        start += size
    meter.finish()
    return meter


SIZES: tuple[list[int], ...] = ([], [1, 47_999, 2], [48_000] * 100, [192_000] * 30, [10_007] * 500)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("sizes", SIZES, ids=len)
def test_meters_do_not_depend_on_blocks(channels: int, sizes: list[int]) -> None:
    """Measure a minute and a half in pieces, and compare with the measures of the whole."""
    samples = _sound(95.3, channels)
    assert _fed(LoudnessMeter(), samples, sizes).integrated_lufs == pytest.approx(
        integrated(samples, 48_000), abs=0.001
    )
    assert _fed(PeakMeter(), samples, sizes).level_dbtp == pytest.approx(true_peak(samples, 48_000), abs=0.01)


def test_peak_between_blocks_is_seen() -> None:
    """Find a peak between two samples that lie in different blocks, and say where."""
    t = np.arange(40_000)
    samples = (0.9 * np.cos(2 * np.pi * (t - 19_999.5) / 4) * np.exp(-(((t - 19_999.5) / 50) ** 2))).astype(
        np.float32
    )[:, None]
    meter = _fed(PeakMeter(), samples, [20_000])
    assert meter.amplitude == pytest.approx(0.9, abs=0.01)
    assert float(np.abs(samples).max()) < 0.65
    assert abs(meter.place - 20_000) <= 1


@pytest.mark.parametrize("sizes", SIZES, ids=len)
def test_longest_run_of_zeros_is_found_across_blocks(sizes: list[int]) -> None:
    """Count zeros at the start, in the middle and at the end; one loud channel is enough to break a run."""
    samples = np.ones((500_000, 2), np.float32)
    for start, stop in ((0, 30_000), (100_000, 250_000), (480_000, 500_000)):
        samples[start:stop] = 0.4 / 32_768
    samples[180_000, 1] = 0.5
    meter = _fed(ZeroMeter(), samples, sizes)
    assert (meter.longest, meter.end) == (80_000, 180_000)


def test_silence_and_nothing_are_measured() -> None:
    """Give minus infinity for silence, and for no samples at all."""
    silence = np.zeros((100_000, 1), np.float32)
    for samples in (silence, silence[:0]):
        assert _fed(LoudnessMeter(), samples, []).integrated_lufs == -np.inf
        assert _fed(PeakMeter(), samples, []).level_dbtp == -np.inf
        assert _fed(ZeroMeter(), samples, []).longest == len(samples)


@pytest.mark.judge
def test_a_sessions_figures_are_those_of_ffmpeg(tmp_path: Path) -> None:
    """Agree with ffmpeg's ebur128 within 0.2 LU and 0.2 dB on a whole session."""
    samples, _ = soundfile.read(str(good_session()), dtype="float32", always_2d=True)
    asked = ("-nostats", "-i", good_session(), "-filter_complex", "ebur128=peak=true", "-f", "null", "-")
    said = verdict("ffmpeg", *asked).stderr.decode()
    summary = said[said.rindex("Summary:") :]
    loudness, peak = (
        float(re.search(pattern, summary)[1])  # type: ignore[index]
        for pattern in (r"I:\s+(-?[\d.]+) LUFS", r"Peak:\s+(-?[\d.]+) dBFS")
    )
    assert _fed(LoudnessMeter(), samples, [192_000] * 20).integrated_lufs == pytest.approx(loudness, abs=0.2)
    assert _fed(PeakMeter(), samples, [192_000] * 20).level_dbtp == pytest.approx(peak, abs=0.2)
