"""What we measure of the bundled sessions is what independent meters measure of the same files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.script.finding import bundled
from audio_builder.verify import verify
from tests.building.sessions import bundled_session, decoded
from tests.judges import judge, library

ROUTINES = sorted(bundled("routines"))


def measured(path: Path) -> dict[str, float]:
    """Verify a session and give its figures by the check's name."""
    report = verify(path)
    assert report.failures == ()
    numbers = {check.name: re.match(r"-?\d+(\.\d+)?", check.measured) for check in report.checks}
    return {name: float(match[0]) for name, match in numbers.items() if match}


def ebur128(path: Path) -> tuple[float, float]:
    """Let ffmpeg measure a file's integrated loudness, in LUFS, and true peak, in dBTP."""
    command = [
        judge("ffmpeg"),
        "-nostats",
        "-vn",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    loudness = re.findall(r"I:\s+(-?[\d.]+) LUFS", said)
    peak = re.findall(r"Peak:\s+(-?[\d.]+) dBFS", said)
    return float(loudness[-1]), float(peak[-1])


def speech_of(name: str, folder: Path) -> Path:
    """Write the cue spans of a bundled session end to end, as a WAV file."""
    session = bundled_session(name)
    samples = decoded(session.path)
    parts = [samples[cue.start_samples : cue.end_samples] for cue in session.cue_sheet.cues()]
    path = folder / f"{name}.wav"
    soundfile.write(path, np.concatenate(parts), 48_000, subtype="FLOAT")
    return path


@pytest.mark.judge
@pytest.mark.parametrize("name", ROUTINES)
def test_ffmpeg_measures_the_same_loudness_and_true_peak(name: str, tmp_path: Path) -> None:
    """Compare whole session, speech alone and true peak, within 0.2 LU and 0.2 dB."""
    ours = measured(bundled_session(name).path)
    integrated, peak = ebur128(bundled_session(name).path)
    speech, _ = ebur128(speech_of(name, tmp_path))
    assert ours["integrated loudness"] == pytest.approx(integrated, abs=0.2)
    assert ours["true peak"] == pytest.approx(peak, abs=0.2)
    assert ours["speech loudness"] == pytest.approx(speech, abs=0.2)


@pytest.mark.parametrize("name", ROUTINES)
def test_pyloudnorm_measures_the_same_loudness(name: str) -> None:
    """Compare the whole session and the speech alone, within 0.2 LU."""
    pyloudnorm = library("pyloudnorm")
    session = bundled_session(name)
    samples = decoded(session.path).astype(np.float64)
    cues = [samples[cue.start_samples : cue.end_samples] for cue in session.cue_sheet.cues()]
    meter = pyloudnorm.Meter(48_000)
    ours = measured(session.path)
    assert ours["integrated loudness"] == pytest.approx(meter.integrated_loudness(samples), abs=0.2)
    assert ours["speech loudness"] == pytest.approx(meter.integrated_loudness(np.concatenate(cues)), abs=0.2)
