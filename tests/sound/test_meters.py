"""Independent meters read the same as ours: ffmpeg's, on reference signals and on what we mix."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.sound.fades import faded
from audio_builder.sound.levelling import level
from audio_builder.sound.loudness import integrated, true_peak
from audio_builder.sound.pacers import tone
from audio_builder.sound.samples import Samples
from audio_builder.timebase import RATE
from tests.judges import verdict
from tests.sound.measuring import babble, sine

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
