"""A session lasts as long as it was asked to, within the authors' limits, or the limits are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audio_builder.compiler.fitting import TOLERANCE_SECONDS
from audio_builder.errors import CompileError
from audio_builder.script.program import Program, load_routine
from audio_builder.timebase import to_seconds
from tests.compiler.making import fitted_to, placed, program, unfitted


def asked(minutes: float, **settings: object) -> Program:
    """Load the default routine with a length asked for."""
    return load_routine(settings={"length": f"{minutes:g}m", **settings})


@pytest.mark.parametrize("minutes", [12.5, 13, 14, 15.5, 18, 25, 40])
def test_the_session_lasts_as_long_as_asked(minutes: float) -> None:
    """Fit the bundled routine to lengths of one round and of several."""
    assert to_seconds(placed(asked(minutes)).length) == pytest.approx(minutes * 60, abs=TOLERANCE_SECONDS)


@pytest.mark.parametrize("minutes", [12.5, 14, 15.5, 18, 25])
def test_doses_stay_within_their_limits_and_the_pace_stays(minutes: float) -> None:
    """Keep every dose between the author's minimum and maximum."""
    program = asked(minutes)
    fitted = fitted_to(program)
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
    fitted = fitted_to(asked(16))
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
    fitted = fitted_to(program)
    cat_cow = next(each for each in fitted.prescriptions if each.name == "cat-cow")
    assert cat_cow.reps == 12
    assert fitted.rounds == 2
    assert {each.rest for each in fitted.prescriptions} != {each.rest for each in program.prescriptions}


def test_a_length_that_is_too_short_names_the_limits() -> None:
    """Say the shortest and longest possible, and what would have to give."""
    with pytest.raises(CompileError) as caught:
        fitted_to(asked(3))
    shortest, longest = caught.value.message.partition("between ")[2].split(" and ")
    assert str(caught.value) == (
        f"length: a length of 3m cannot be reached: within its limits this routine lasts between {shortest} and "
        f"{longest}\n  Have less said (guidance: light), leave an exercise out (skip), or breathe at a faster pace "
        "(breath)."
    )
    minutes, seconds = map(int, shortest.split(":"))
    nearly = minutes + (seconds + 2) / 60
    assert to_seconds(placed(asked(nearly)).length) == pytest.approx(nearly * 60, abs=TOLERANCE_SECONDS)


def test_a_length_between_whole_reps_names_the_nearest() -> None:
    """Leave nothing to fit with but whole breaths of 10 s: the nearest length is named and can be had."""
    settings = {"only": "cat-cow", "rounds": 1, "rest": "8s"}
    between = to_seconds(placed(load_routine(settings=settings)).length) + 5
    with pytest.raises(CompileError, match=r"cannot be reached: the nearest is \d+:\d\d") as caught:
        fitted_to(asked(between / 60, **settings))
    assert str(caught.value.remedy) == (
        "What was asked for stays as it is: the setting rounds, the setting rest. Leave that out. "
        "Doses and rounds are whole numbers, and rests have limits: ask for such a length."
    )
    minutes, seconds = map(int, caught.value.message.rpartition(" ")[2].split(":"))
    nearest = minutes + seconds / 60
    assert to_seconds(placed(asked(nearest, **settings)).length) == pytest.approx(
        nearest * 60, abs=TOLERANCE_SECONDS
    )


def test_a_length_between_two_numbers_of_rounds_names_both() -> None:
    """Say how long the fewer rounds can last and how short the more can be; both can be had."""
    settings = {"only": "open-book-twist"}
    with pytest.raises(CompileError) as caught:
        fitted_to(asked(5.5, **settings))
    clock = r"(\d+):(\d\d)"
    lasting = f"one round lasts {clock} at most, 2 rounds last {clock} at least"
    found = re.fullmatch(f"a length of 5m30s cannot be reached: {lasting}", caught.value.message)
    assert found
    for minutes, seconds in (found.groups()[:2], found.groups()[2:]):
        nearest = int(minutes) + int(seconds) / 60
        assert to_seconds(placed(asked(nearest, **settings)).length) == pytest.approx(
            nearest * 60, abs=TOLERANCE_SECONDS
        )


def test_a_rest_that_was_asked_for_stays() -> None:
    """Fit the other rests around the one of the command line."""
    fitted = fitted_to(asked(14, **{"cat-cow.rest": "31s"}))
    rests = {each.name: each.rest for each in fitted.prescriptions}
    assert rests.pop("cat-cow") == 31.0
    assert len(set(rests.values())) == 1


def test_a_session_that_could_last_too_long_is_fitted_all_the_same(tmp_path: Path) -> None:
    """Reach half an hour with a hold whose own limit is more than a session may last."""
    hold = {"default": "30s", "min": "1s", "max": "12h"}
    made = program(
        tmp_path, {"dose": {"hold": hold}, "steps": [{"hold": "dose"}]}, {"length": "30m", "rounds": 1}
    )
    assert to_seconds(placed(made).length) == pytest.approx(1800, abs=TOLERANCE_SECONDS)


def test_an_estimate_may_miss_the_length_by_its_slack() -> None:
    """Give the nearest session where the length is only just out of reach by the estimate."""
    with pytest.raises(CompileError) as caught:
        fitted_to(asked(3))
    minutes, seconds = caught.value.message.partition("between ")[2].partition(" and ")[0].split(":")
    shortest = 60 * int(minutes) + int(seconds)
    wished = asked((shortest - 10) / 60)
    with pytest.raises(CompileError):
        fitted_to(wished)
    nearest = fitted_to(wished, slack=0.03)
    made = unfitted(nearest)
    assert to_seconds(made.length) == pytest.approx(shortest, abs=0.5)


def test_fitting_does_not_touch_a_routine_without_a_length() -> None:
    """Give back the same program."""
    program = load_routine()
    assert fitted_to(program) is program
