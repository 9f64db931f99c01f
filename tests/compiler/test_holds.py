"""A short hold stays calm, whatever the voice's speed: what it says is what one needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder.compiler import compile_routine, place
from audio_builder.timebase import to_samples
from tests.compiler.making import program, sound_length

LONG_NAME = "A Long and Winding Reach Toward the Farthest Corner of the Room"
EXERCISE = {
    "name": LONG_NAME,
    "sides": ["right", "left"],
    "dose": {"hold": {"default": "15s", "min": "5s", "max": "20s"}},
    "steps": [{"hold": "dose", "cues": ["Soften.", "Let go."], "out": "Breathe in, and come back."}],
}


def roles(folder: Path, seconds_each: float) -> list[str]:
    """Give what the first side's cues are there for, each letter taking so many seconds to say."""
    plan = compile_routine(program(folder, EXERCISE))
    timeline = place(
        plan, lambda text: to_samples(seconds_each * len(text)), sound_length=sound_length, exact=True
    )
    return [event.role for event in timeline.sections[1].events if event.kind == "cue"]


@pytest.mark.parametrize("seconds_each", [0.02, 0.05, 0.1, 0.2])
def test_fifteen_seconds_keep_name_side_safety_and_end_and_no_chatter(
    tmp_path: Path, seconds_each: float
) -> None:
    """Say it quickly and slowly: neither halfway nor encouragement, and always the way out."""
    found = roles(tmp_path, seconds_each)
    assert found[:4] == ["name", "position", "easier", "safety"]
    assert found[-1] == "way-out"
    assert set(found[4:-1]) == {"breath"}
