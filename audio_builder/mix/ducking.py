"""Ducking: the gain by which other sounds make way for speech."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

import numpy as np

from audio_builder.sound.samples import Samples
from audio_builder.sound.synthesis import Curve, course, eased
from audio_builder.timebase import Span, to_samples

EDGE_SECONDS = 0.06
"""How fast a bounded gain leaves 1 and comes back to it: speech may start 0.1 s after a section does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ducking:
    """A gain that sinks before each span of speech, stays down through it, and rises again after it.

    It is worked out from positions alone, never from what came before: so it is the same however it is read.
    """

    spans: tuple[Span, ...]
    """Ordered and apart: see `ducking`."""
    depth: float
    """The gain under speech."""
    falling: Samples = field(repr=False)
    """Gains over the attack, which ends where speech starts."""
    rising: Samples = field(repr=False)
    """Gains over the release, which starts where speech ends."""
    bounds: Span | None = None
    """Outside of these the gain is 1, however near there is speech, so that neighbours meet at one level."""

    def gain(self, start: int, *, stop: int) -> Samples | None:
        """Give (stop - start,) gains, or None where all of them are 1."""
        earliest = bisect_right(self.spans, start - len(self.rising), key=itemgetter(1))
        latest = bisect_left(self.spans, stop + len(self.falling), key=itemgetter(0))
        near = self.spans[earliest:latest]
        if not near:
            return None
        result = np.ones(stop - start, dtype=np.float32)
        for first, last in near:
            _meet(result, self.falling, at=first - len(self.falling) - start, how=np.minimum)
            _meet(result, self.rising, at=last - start, how=np.minimum)
            result[max(first - start, 0) : max(last - start, 0)] = self.depth
        if self.bounds is not None:
            self._bound(result, start, self.bounds)
        return result

    def _bound(self, gains: Samples, start: int, bounds: Span) -> None:
        edge = np.power(self.depth, eased(course(to_samples(EDGE_SECONDS)))).astype(np.float32)
        _meet(gains, edge, at=bounds[0] - start, how=np.maximum)
        _meet(gains, edge[::-1], at=bounds[1] - len(edge) - start, how=np.maximum)
        gains[: max(bounds[0] - start, 0)] = 1.0
        gains[max(bounds[1] - start, 0) :] = 1.0


def ducking(
    speech: Iterable[Span], *, depth_db: float, attack: int, release: int, bounds: Span | None = None
) -> Ducking:
    """Plan the ducking by so many dB; pauses too short to rise in and sink again are bridged."""
    spans: list[Span] = []
    for first, last in sorted(speech):
        if spans and first - spans[-1][1] < attack + release:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    depth = 10.0 ** (-depth_db / 20.0)
    return Ducking(
        spans=tuple(spans),
        depth=depth,
        falling=_falling(depth, attack),
        rising=_rising(depth, release),
        bounds=bounds,
    )


@lru_cache(maxsize=16)
def _falling(depth: float, length: int) -> Samples:
    """Give the gains from 1 down to a depth; the same are asked for again and again."""
    return _kept(np.power(depth, eased(course(length))))


@lru_cache(maxsize=16)
def _rising(depth: float, length: int) -> Samples:
    return _kept(np.power(depth, 1.0 - eased(course(length))))


def _kept(gains: Curve) -> Samples:
    result = gains.astype(np.float32)
    result.setflags(write=False)
    return result


def _meet(gains: Samples, ramp: Samples, *, at: int, how: np.ufunc) -> None:
    """Bring gains down (minimum) or up (maximum) to a ramp that starts at a place, which may lie outside."""
    first, last = max(at, 0), min(at + len(ramp), len(gains))
    if first < last:
        how(gains[first:last], ramp[first - at : last - at], out=gains[first:last])
