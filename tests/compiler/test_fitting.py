"""A session lasts as long as it was asked to, within the authors' limits, or the limits are named."""

from __future__ import annotations

import pytest

from audio_builder.compiler.fitting import TOLERANCE_SECONDS, fit
from audio_builder.errors import CompileError
from audio_builder.script import Program, load_routine
from audio_builder.timebase import to_seconds
from tests.compiler.making import placed, sound_length, spoken_length


def asked(minutes: float, routine: str = "thoracic-mobility", **settings: object) -> Program:
    """Load a routine with a length asked for."""
    return load_routine(routine, settings={"length": f"{minutes:g}m", **settings})


@pytest.mark.parametrize("minutes", [12.5, 13, 14, 15.5, 18, 25, 40])
def test_the_session_lasts_as_long_as_asked(minutes: float) -> None:
    """Fit the bundled routine to lengths of one round and of several."""
    assert to_seconds(placed(asked(minutes)).length) == pytest.approx(minutes * 60, abs=TOLERANCE_SECONDS)


@pytest.mark.parametrize("minutes", [12.5, 14, 15.5, 18, 25])
def test_doses_stay_within_their_limits_and_the_pace_stays(minutes: float) -> None:
    """Keep every dose between the author's minimum and maximum."""
    program = asked(minutes)
    fitted = fit(program, spoken_length, sound_length=sound_length)
    assert fitted.routine.breath == program.routine.breath
    for prescription in fitted.prescriptions:
        dose = prescription.exercise.dose
        if dose.reps is not None:
            assert prescription.reps is not None
            assert dose.reps.min <= prescription.reps <= dose.reps.max
        if dose.hold is not None:
            assert prescription.hold is not None
            assert dose.hold.min.breaths <= prescription.hold.breaths <= dose.hold.max.breaths


def test_all_doses_move_evenly_between_their_limits() -> None:
    """Find every dose at the same part of its range, as far as whole reps allow."""
    fitted = fit(asked(16), spoken_length, sound_length=sound_length)
    shares = []
    for prescription in fitted.prescriptions:
        limits = prescription.exercise.dose.reps
        if limits is not None and prescription.reps is not None:
            shares.append(((prescription.reps - limits.min) / (limits.max - limits.min), limits))
    step = max(1 / (limits.max - limits.min) for _, limits in shares)
    assert max(share for share, _ in shares) - min(share for share, _ in shares) <= step


def test_what_was_asked_for_by_itself_is_left_alone() -> None:
    """Keep the reps and the rounds of the command line; fit the others."""
    program = asked(25, **{"cat-cow.reps": 12, "rounds": 2})
    fitted = fit(program, spoken_length, sound_length=sound_length)
    cat_cow = next(each for each in fitted.prescriptions if each.name == "cat-cow")
    assert cat_cow.reps == 12
    assert fitted.rounds == 2
    assert {each.rest for each in fitted.prescriptions} != {each.rest for each in program.prescriptions}


def test_a_length_that_is_too_short_names_the_limits() -> None:
    """Say the shortest and longest possible, and what would have to give."""
    with pytest.raises(CompileError) as caught:
        fit(asked(3), spoken_length, sound_length=sound_length)
    shortest = caught.value.message.partition("between ")[2].partition(" and ")[0]
    assert str(caught.value).startswith(
        f"length: a length of 3m cannot be reached: within its limits this routine lasts between {shortest} and "
    )
    assert caught.value.hint == (
        "Leave an exercise out (--skip), breathe at a faster pace (--pace), or have less said (--guidance light)."
    )
    minutes, seconds = map(int, shortest.split(":"))
    nearly = minutes + (seconds + 2) / 60
    assert to_seconds(placed(asked(nearly)).length) == pytest.approx(nearly * 60, abs=TOLERANCE_SECONDS)


def test_a_length_between_whole_reps_names_the_nearest() -> None:
    """Leave nothing to fit with but whole breaths of 10 s: the nearest length is named and can be had."""
    settings = {"only": "cat-cow", "rounds": 1, "rest": "8s"}
    between = to_seconds(placed(load_routine(settings=settings)).length) + 5
    with pytest.raises(CompileError, match=r"within 2 s; the nearest is \d+:\d\d") as caught:
        fit(asked(between / 60, **settings), spoken_length, sound_length=sound_length)
    minutes, seconds = map(int, caught.value.message.rpartition(" ")[2].split(":"))
    nearest = minutes + seconds / 60
    assert to_seconds(placed(asked(nearest, **settings)).length) == pytest.approx(
        nearest * 60, abs=TOLERANCE_SECONDS
    )


def test_fitting_does_not_touch_a_routine_without_a_length() -> None:
    """Give back the same program."""
    program = load_routine()
    assert fit(program, spoken_length, sound_length=sound_length) is program
