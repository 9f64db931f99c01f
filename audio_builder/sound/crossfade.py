"""Two stretches of sound come in; one goes out that turns from the first into the second at an even level."""

from __future__ import annotations

import numpy as np

from audio_builder.sound.curves import course, eased
from audio_builder.sound.levels import Samples
from audio_builder.sound.loops import fade_length, loop_length


def crossfaded(old: Samples, new: Samples) -> Samples:
    """Turn from old to new over their common length, both (samples,) or both (samples, channels).

    Sounds with nothing in common add by power, equal ones by amplitude. So the sum is held level by how much
    the two have in common, their correlation r: its power is a² + b² + 2abr for gains a and b.
    """
    length = old.shape[0]
    rising = eased(course(length))
    falling = 1.0 - rising
    alike = correlation(old, new)
    level = 1.0 / np.sqrt(rising**2 + falling**2 + 2.0 * rising * falling * alike)
    shape = (length,) + (1,) * (old.ndim - 1)
    return np.asarray(
        old * (falling * level).reshape(shape) + new * (rising * level).reshape(shape), dtype=np.float32
    )


def correlation(one: Samples, other: Samples) -> float:
    """Say how alike two sounds are, from 0 (unrelated, opposed or silent) to 1 (the same)."""
    power = float(np.vdot(one, one).real) * float(np.vdot(other, other).real)
    return min(max(float(np.vdot(one, other).real) / power**0.5, 0.0), 1.0) if power > 0.0 else 0.0


def looped(samples: Samples, *, crossfade: int, multiple: int = 1) -> Samples:
    """Make a loop of (samples,) or (samples, channels), whose end turns into its start; see `loop_length`."""
    count = samples.shape[0]
    fade = fade_length(count, crossfade=crossfade)
    length = loop_length(count, crossfade=crossfade, multiple=multiple)
    loop = samples[:length].copy()
    loop[:fade] = crossfaded(samples[length : length + fade], samples[:fade])
    return loop
