"""Run programs that speak, and read the sound they write."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Recording

PATIENCE_SECONDS = 60.0


def run(command: Sequence[str], *, patience_seconds: float = PATIENCE_SECONDS, may_fail: bool = False) -> str:
    """Run a program to its end; give its standard output. Raises SpeechError where it fails or hangs.

    Some say their version with an exit code that means failure: those may fail.
    """
    name = Path(command[0]).stem
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise SpeechError(f"{name} did not end within {patience_seconds:g} s") from error
    except OSError as error:
        raise SpeechError(f"{name} cannot be run: {error.strerror or error}") from error
    if done.returncode != 0 and not may_fail:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SpeechError(f"{name} failed: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout.decode(errors="replace")


def read_wav(path: Path, *, by: str) -> Recording:
    """Read what a program wrote, channels averaged. Raises SpeechError where it wrote no sound."""
    import numpy as np
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise SpeechError(f"{by} wrote no sound: {error}") from error
    return Recording(np.asarray(samples.mean(axis=1), np.float32), int(rate))
