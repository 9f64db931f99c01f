"""A place in time comes in; the room tone there goes out, which keeps a Bluetooth speaker awake."""

from __future__ import annotations

from functools import lru_cache

from audio_builder.sound.levels import Samples, to_gain
from audio_builder.sound.noise import band, periodic, wrapped

PERIOD_SAMPLES = 1 << 18
"""5.5 s: too long to be heard as a loop at this level, short enough to stay in a cache."""

_SEED = 60


def room_tone(start: int, *, stop: int, level_dbfs: float) -> Samples:
    """Give (stop - start,) samples of room tone, its mean square at a level; negative positions are fine."""
    return wrapped(_table(level_dbfs), start, stop=stop)


@lru_cache(maxsize=8)
def _table(level_dbfs: float) -> Samples:
    table = periodic(PERIOD_SAMPLES, seed=_SEED, spectrum=band(150.0, 5_000.0, slope=-0.5)) * to_gain(
        level_dbfs
    )
    table.setflags(write=False)
    return table
