"""The spans of speech come in; the gain of what makes way for it goes out, at any stretch of samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from audio_builder.sound.curves import course, eased
from audio_builder.sound.levels import Samples

Span = tuple[int, int]
"""First sample and the one after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ducking:
    """A gain that sinks before each span of speech, stays down through it, and rises again after it.

    It is worked out from positions alone, never from what came before: so it is the same however it is read.
    """

    spans: tuple[Span, ...]
    """Ordered and apart: see `ducking`."""
    falling: Samples = field(repr=False)
    """Gains over the attack, which ends where speech starts."""
    rising: Samples = field(repr=False)
    """Gains over the release, which starts where speech ends."""
    depth: float
    """The gain under speech."""

    def gain(self, start: int, *, stop: int) -> Samples | None:
        """Give (stop - start,) gains, or None where all of them are 1."""
        result: Samples | None = None
        for first, last in self._near(start, stop):
            if result is None:
                result = np.ones(stop - start, dtype=np.float32)
            _lower(result, self.falling, at=first - len(self.falling) - start)
            _lower(result, self.rising, at=last - start)
            result[max(first - start, 0) : max(last - start, 0)] = self.depth
        return result

    def _near(self, start: int, stop: int) -> Iterator[Span]:
        for first, last in self.spans:
            if last + len(self.rising) > start and first - len(self.falling) < stop:
                yield first, last


def ducking(speech: Iterable[Span], *, depth_db: float, attack: int, release: int) -> Ducking:
    """Plan the ducking by so many dB; pauses too short to rise in and sink again are bridged."""
    spans: list[Span] = []
    for first, last in sorted(speech):
        if spans and first - spans[-1][1] < attack + release:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    falling = np.power(10.0, eased(course(attack)) * (-depth_db / 20.0)).astype(np.float32)
    rising = np.power(10.0, (1.0 - eased(course(release))) * (-depth_db / 20.0)).astype(np.float32)
    return Ducking(
        spans=tuple(spans), falling=falling, rising=rising, depth=float(10.0 ** (-depth_db / 20.0))
    )


def _lower(gains: Samples, ramp: Samples, *, at: int) -> None:
    """Bring gains down to a ramp that starts at a place, which may lie outside."""
    first, last = max(at, 0), min(at + len(ramp), len(gains))
    if first < last:
        np.minimum(gains[first:last], ramp[first - at : last - at], out=gains[first:last])
