"""Routines of every shape and sound, drawn by chance and short enough to be built."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from audio_builder.building.spoken import estimated
from audio_builder.script.program import Program
from audio_builder.sound.settings import BEDS, PACERS
from audio_builder.timebase import to_samples
from tests.compiler.generating import programs, routines

SHORTEST_SAMPLES, LONGEST_SAMPLES = to_samples(30), to_samples(180)
"""Longer ones show nothing that shorter ones do not, and take their time."""

TELLING = {"hold", "inhale", "tick"}
"""A routine with none of them has nothing that others have not."""


@st.composite
def sounding(draw: st.DrawFn) -> dict[str, Any]:
    """Make the settings of a routine, those of its sound among them."""
    return {
        **draw(routines()),
        "pacer": draw(st.sampled_from(PACERS)),
        "bed": draw(st.sampled_from(("none", *BEDS))),
        "quality": draw(st.sampled_from(["small", "standard", "high"])),
        "speed": draw(st.sampled_from([1.0, 0.8, 1.3])),
    }


def drawn(number: int) -> Program:
    """Draw a routine, the same for the same number; every other one has a hold."""
    wanted = {"hold"} if number % 2 else TELLING
    found: list[Program] = []

    @seed(number)
    @settings(
        max_examples=100,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(sounding()))
    def look(program: Program) -> None:
        if found:
            return
        timeline = estimated(program).timeline
        kinds = {event.kind for section in timeline.sections for event in section.events}
        if SHORTEST_SAMPLES < timeline.length <= LONGEST_SAMPLES and kinds & wanted:
            found.append(program)

    look()
    return found[0]
