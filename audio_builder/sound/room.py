"""A level comes in; a loop of room tone goes out, the noise floor that keeps a Bluetooth speaker awake."""

from __future__ import annotations

from functools import lru_cache

from audio_builder.sound.levels import Samples, to_gain
from audio_builder.sound.noise import band, periodic

PERIOD_SAMPLES = 1 << 18
"""5.5 s: too long to be heard as a loop at this level, short enough to stay in a cache."""

CROSSFADE_SECONDS = 0.5
"""How long one section's room tone takes to turn to the next one's."""

_SEED = 60


@lru_cache(maxsize=8)
def room_tone(level_dbfs: float) -> Samples:
    """Make a loop of room tone, shape (PERIOD_SAMPLES,), its root mean square at a level; read-only."""
    loop = periodic(PERIOD_SAMPLES, seed=_SEED, spectrum=band(150.0, 5_000.0, slope=-0.5))
    loop *= to_gain(level_dbfs)
    loop.setflags(write=False)
    return loop
