"""Whatever the routine, the rules of timing hold: checked on hundreds of generated exercises and routines."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio_builder.compiler import PlacedSection, Timeline, compile_routine, place
from audio_builder.errors import CompileError
from audio_builder.script.document import parse
from audio_builder.script.exercise import Exercise, HoldStep, RepeatStep, Step
from audio_builder.script.program import Prescription, Program
from audio_builder.script.quantities import Length
from audio_builder.script.routine import Routine
from audio_builder.script.validation import validate
from audio_builder.timebase import FRAME_SAMPLES, to_samples
from tests.compiler.generating import document_of, programs
from tests.compiler.making import EXERCISE, sound_length, spoken_length


def measured(seed: int) -> Any:
    """Give lengths that stray from the estimate by a tenth either way, the same for the same text."""

    def length_of(text: str) -> int:
        stray = random.Random(f"{seed} {text}").uniform(0.9, 1.1)
        return round(spoken_length(text) * stray)

    return length_of


SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck))
"""Shapes are large, so few examples take the time of many."""


def both(program: Program, seed: int = 0) -> Timeline:
    """Place a program with lengths that stray from the estimate."""
    lengths = measured(seed)
    return place(
        compile_routine(program), lengths, guess=spoken_length, sound_length=sound_length, exact=True
    )


def asked_holds(steps: tuple[Step, ...], prescription: Prescription) -> Iterator[Length]:
    """Walk through the holds that one side of an exercise asks for, every repeat written out."""
    for step in steps:
        if isinstance(step, HoldStep):
            length = prescription.hold if step.hold == "dose" else step.hold
            assert isinstance(length, Length)
            yield length
        if isinstance(step, RepeatStep):
            times = prescription.reps if step.repeat == "dose" else int(step.repeat)
            for _ in range(times or 0):
                yield from asked_holds(step.steps, prescription)


def spoken(section: PlacedSection) -> list[Any]:
    """Give a section's cues."""
    return [event for event in section.events if event.kind == "cue"]


@SLOW
@given(programs(), st.integers(0, 3))
def test_no_two_cues_overlap(program: Program, seed: int) -> None:
    """Look at every pair of neighbours in every section."""
    for section in both(program, seed).sections:
        assert all(one.end <= other.start for one, other in itertools.pairwise(spoken(section)))


@SLOW
@given(programs())
def test_holds_and_breaths_are_exact(program: Program) -> None:
    """Hold what was asked, breaths or seconds, to the sample; every breath phase has its full length."""
    pace = program.routine.breath
    asked = {each.name: list(asked_holds(each.exercise.steps, each)) for each in program.prescriptions}
    for section in both(program).sections:
        assert [event.length for event in section.events if event.kind == "hold"] == [
            hold.breaths * to_samples(pace.seconds) or to_samples(hold.seconds)
            for hold in asked.get(section.exercise, [])
        ]
        phases = [
            event for event in section.events if event.kind in ("inhale", "hold-in", "exhale", "hold-out")
        ]
        for event in phases:
            assert event.length == to_samples(getattr(pace, event.kind.replace("-", "_")))


@SLOW
@given(programs(), st.integers(0, 3))
def test_both_sides_work_equally_long(program: Program, seed: int) -> None:
    """Compare the work of the sides of each exercise and round, to the sample."""
    lengths: dict[tuple[str, int], list[int]] = {}
    for section in both(program, seed).sections:
        if section.side:
            key = (section.exercise, section.round)
            lengths.setdefault(key, []).append(sum(e.length for e in section.events if e.kind == "work"))
    assert all(len(pair) == 2 and pair[0] == pair[1] for pair in lengths.values())


@SLOW
@given(programs(), st.integers(0, 3))
def test_events_are_ordered_and_inside_sections_of_whole_frames(program: Program, seed: int) -> None:
    """Keep every event within its section, its last frame free; sections add up to the session."""
    timeline = both(program, seed)
    for section in timeline.sections:
        starts = [event.start for event in section.events]
        assert starts == sorted(starts)
        assert section.length % FRAME_SAMPLES == 0
        assert all(e.start >= 0 and e.end <= section.length - FRAME_SAMPLES for e in section.events)
        assert min(starts) <= to_samples(0.5)
    assert timeline.length == sum(section.length for section in timeline.sections)
    assert len({section.name for section in timeline.sections}) == len(timeline.sections)


@SLOW
@given(programs())
def test_every_placeholder_is_filled(program: Program) -> None:
    """Find no brace, no double space and no small first letter in what is spoken."""
    for section in both(program).sections:
        for cue in spoken(section):
            assert not re.search(r"[{}#]|  ", cue.text)
            assert cue.text[0] == cue.text[0].upper()


@SLOW
@given(programs(), st.integers(0, 3))
def test_bells_say_nothing_during_the_work(program: Program, seed: int) -> None:
    """Find no cue within the work of a session with bells only."""
    if program.routine.guidance != "bells":
        return
    for section in both(program, seed).sections:
        for work in (event for event in section.events if event.kind == "work"):
            assert all(cue.end <= work.start or cue.start >= work.end for cue in spoken(section))


@SLOW
@given(programs(), st.integers(0, 3))
def test_what_must_be_said_is_said(program: Program, seed: int) -> None:
    """Name every exercise and side; say every way out, unless only bells ring; safety is said once."""
    timeline = both(program, seed)
    roles = [cue.role for section in timeline.sections for cue in spoken(section)]
    turns = len(program.prescriptions) * program.rounds
    assert roles.count("name") == turns
    sided = sum(bool(each.exercise.sides) for each in program.prescriptions) * program.rounds
    assert roles.count("side") == sided
    opening = [cue.role for cue in spoken(timeline.sections[0])]
    assert opening.count("safety") == (3 if program.routine.safety == "on" else 0)
    if program.routine.guidance == "bells":
        return
    holds = sum(event.kind == "hold" for section in timeline.sections for event in section.events)
    outs = roles.count("way-out")
    plan_outs = sum(
        getattr(moment, "out", None) is not None
        for group in compile_routine(program).groups
        for draft in group.drafts
        for moment in draft.work
    )
    assert outs == plan_outs <= holds


@SLOW
@given(programs(), st.integers(0, 3))
def test_an_estimate_has_the_events_of_the_exact_plan(program: Program, seed: int) -> None:
    """Place with estimates and with lengths a tenth off either way: the same events in the same order.

    The ticks of a tempo and the chimes are compared among themselves: words before them may be shorter or longer.
    """
    plan = compile_routine(program)
    guess = place(plan, spoken_length, sound_length=sound_length, exact=False)
    exact = place(plan, measured(seed), guess=spoken_length, sound_length=sound_length, exact=True)
    assert not guess.exact
    assert exact.exact
    for guessed, measured_ in zip(guess.sections, exact.sections, strict=True):
        for kinds in (
            ("cue", "inhale", "exhale", "hold-in", "hold-out"),
            ("chime",),
            ("tick",),
            ("hold", "work"),
        ):
            assert _order_of(guessed, kinds) == _order_of(measured_, kinds)


def _order_of(section: PlacedSection, kinds: tuple[str, ...]) -> list[tuple[str, str, str, int]]:
    return [(e.kind, e.role, e.text, e.rep) for e in section.events if e.kind in kinds]


def test_a_session_of_more_than_twelve_hours_is_refused() -> None:
    """Say so, and what to lower."""
    raw = {
        **EXERCISE,
        "steps": [{"hold": "1000 breaths"}, {"repeat": 50, "steps": [{"hold": "1000 breaths"}]}],
    }
    program = Program(
        name="endless",
        routine=validate(document_of({"title": "Endless", "exercises": ["x"]}), Routine)[0],
        prescriptions=(
            Prescription(
                name="x",
                exercise=validate(document_of(raw), Exercise)[0],
                reps=None,
                hold=None,
                rest=0,
                folder=Path(),
            ),
        ),
        rounds=1,
        folder=Path(),
        document=parse("title: Endless", source="endless.yaml"),
        exercise_documents={},
    )
    with pytest.raises(CompileError) as caught:
        both(program)
    assert str(caught.value) == (
        "endless: this session would last more than 12 hours\n  Lower the reps, holds, rests or rounds."
    )
