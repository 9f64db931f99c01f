"""A breath: its four phases, and the pace at which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal, get_args

from audio_builder.timebase import to_samples

Phase = Literal["inhale", "hold-in", "exhale", "hold-out"]
PHASES: tuple[Phase, ...] = get_args(Phase)
HELD: tuple[Phase, ...] = ("hold-in", "hold-out")
"""The phases in which nothing moves: the pauses after the inhale and after the exhale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How one breath goes; seconds."""

    inhale: float = 4.0
    hold_in: float = 0.0
    """The pause after the inhale."""
    exhale: float = 6.0
    hold_out: float = 0.0
    """The pause after the exhale."""

    @property
    def seconds(self) -> float:
        """The length of one whole breath."""
        return self.inhale + self.hold_in + self.exhale + self.hold_out

    def phases(self) -> tuple[tuple[Phase, float], ...]:
        """Give the phases that take time, in order, each with its seconds."""
        each = (self.inhale, self.hold_in, self.exhale, self.hold_out)
        return tuple((phase, seconds) for phase, seconds in zip(PHASES, each, strict=True) if seconds > 0)

    def in_samples(self) -> tuple[tuple[Phase, int], ...]:
        """Give the same in samples; each boundary is rounded, never each length."""
        phases = self.phases()
        turns = map(to_samples, accumulate((seconds for _, seconds in phases), initial=0.0))
        return tuple(
            (phase, end - start) for (phase, _), (start, end) in zip(phases, pairwise(turns), strict=True)
        )

    def __str__(self) -> str:
        if self.hold_in or self.hold_out:
            values = (self.inhale, self.hold_in, self.exhale, self.hold_out)
            return "-".join(f"{value:g}" for value in values)
        return f"{self.inhale:g}/{self.exhale:g}"
