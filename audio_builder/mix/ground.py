"""A loop and a section's place in it come in; what lies under the section goes out, turning to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from audio_builder.mix.bedplace import PRE_SAMPLES, BedPlace
from audio_builder.sound.crossfade import crossfaded
from audio_builder.sound.levels import Samples
from audio_builder.sound.noise import wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A loop under one section, from some frames before its start to some after its end.

    Shortly before the end it turns, by a crossfade, to where the next section starts it: so what lies around
    a join is the same for both neighbours, and neither needs to know the other.
    """

    loop: Samples = field(repr=False)
    """Shape (samples,) or (samples, channels)."""
    here: int
    """The loop's sample at the section's first one, until the turn."""
    there: int
    """The same after the turn."""
    turn_start: int
    """Samples from the section's start."""
    turn: Samples = field(repr=False)
    """The crossfade; it ends PRE_SAMPLES before the section does."""

    def read(self, start: int, *, stop: int) -> Samples:
        """Give (stop - start,) or (stop - start, channels) samples, perhaps a view not to be written to."""
        turned = self.turn_start + len(self.turn)
        if stop <= self.turn_start:
            return wrapped(self.loop, self.here + start, stop=self.here + stop)
        if start >= turned:
            return wrapped(self.loop, self.there + start, stop=self.there + stop)
        first, last = max(start, self.turn_start), min(stop, turned)
        return np.concatenate(
            [
                wrapped(self.loop, self.here + start, stop=self.here + first),
                self.turn[first - self.turn_start : last - self.turn_start],
                wrapped(self.loop, self.there + last, stop=self.there + stop),
            ]
        )


def lay(loop: Samples, place: BedPlace, *, length: int, crossfade: int) -> Ground:
    """Lay a loop under a section of a length; the shortest sections turn faster than asked."""
    turned = max(length - PRE_SAMPLES, 0)
    start = turned - min(crossfade, max(turned - PRE_SAMPLES, 0))
    here, there = place.phase, place.next_phase - length
    old = wrapped(loop, here + start, stop=here + turned)
    new = wrapped(loop, there + start, stop=there + turned)
    return Ground(loop=loop, here=here, there=there, turn_start=start, turn=crossfaded(old, new))
