"""A contour says how a clip begins, in so few signs that a cue sheet has room for it."""

from __future__ import annotations

import numpy as np
import pytest

from audio_builder.sound.contour import BANDS, HOP_SAMPLES, MOST_MOMENTS, contour, read_contour
from audio_builder.timebase import RATE


def sine(hertz: float, seconds: float, *, amplitude: float = 0.1) -> np.ndarray:
    """Make a tone, 23 dB under full scale (as a mean square) by default."""
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def test_a_contour_gives_each_bands_level_at_each_moment() -> None:
    """A tone of -23 dBFS lies in one band alone, at its level, from its start to its end."""
    quiet = np.zeros(10 * HOP_SAMPLES, np.float32)
    levels = read_contour(contour(np.concatenate([quiet, sine(1_000, 0.3), quiet])))
    assert levels.shape == (40, BANDS)
    assert (levels[12:28, 1] == -23).all()
    assert (levels[12:28, [0, 2]] < -60).all()
    assert (levels[:9] == -75).all()
    assert (levels[32:] == -75).all()


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.015, 0.4, 0.75, 3.0, 20.0])
def test_a_contour_is_as_long_as_its_clip_and_never_longer_than_its_limit(seconds: float) -> None:
    """Three signs for every 15 ms of the first three quarters of a second, then for every 60 ms, 450 at most."""
    hops = round(seconds * RATE) // HOP_SAMPLES
    moments = min(MOST_MOMENTS, hops if hops <= 50 else 50 + (hops - 50) // 4)
    written = contour(sine(300, seconds))
    assert len(written) == BANDS * moments
    assert len(read_contour(written)) == moments


def test_levels_beyond_the_scale_stay_at_its_ends() -> None:
    """A full-scale tone and silence."""
    assert set(contour(sine(300, 1.0, amplitude=8.0))[0::3]) == {"_"}
    assert set(contour(np.zeros(RATE, np.float32))) == {"0"}


def test_what_is_no_contour_is_refused() -> None:
    """A sign that is none, and half a moment."""
    for text in ("00!", "00"):
        with pytest.raises(ValueError, match=r"substring not found|cannot reshape"):
            read_contour(text)
