"""Sessions that several tests look at, each built once."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio_builder import Session, build

SHORT_ROUTINE = """\
title: Short
breath: 3/4
rest: 6s
exercises:
  - cat-cow
  - thread-the-needle
"""


@functools.cache
def bundled_session(name: str = "thoracic-mobility") -> Session:
    """Build a bundled routine with the embedded voice."""
    return build(name, Path(tempfile.mkdtemp()), voice="espeak", offline=True)


def decoded(path: Path) -> NDArray[np.float32]:
    """Decode a session, shape (samples,), with libsndfile."""
    samples, rate = soundfile.read(str(path), dtype="float32")
    assert rate == 48_000
    return np.asarray(samples, dtype=np.float32)
