"""Values as people write them are read as quantities, or refused with what would do instead."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.script.quantities import (
    Length,
    duration_text,
    parse_duration,
    parse_length,
    parse_pace,
    parse_tempo,
)
from audio_builder.script.syntax import show

LENGTHS = st.one_of(
    st.integers(1, 1000).map(lambda count: Length(breaths=count)),
    st.integers(1, 43_200).map(lambda count: Length(seconds=count)),
)
HINT = 'write it with its unit, like "20s" or "1m30s"'
LENGTH = 'write seconds or breaths, like "20s" or "4 breaths"'
PACE = 'write inhale/exhale in seconds, like "4/6", or four phases, like "4-4-4-4"'


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20s", 20),
        ("1m30s", 90),
        ("1m 30s", 90),
        ("2 minutes", 120),
        ("1 min", 60),
        ("1.5 min", 90),
        ("2.5s", 2.5),
        ("1h", 3600),
        ("1 hour 2 minutes 3 seconds", 3723),
        ("0s", 0),
        (" 20 S ", 20),
        ("12h", 43_200),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    """Read times in every unit and mixture."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (20, '20 has no unit; write "20s" for seconds'),
        (2.5, '2.5 has no unit; write "2.5s" for seconds'),
        ("20", f'"20" is not a length of time; {HINT}'),
        ("", f'"" is not a length of time; {HINT}'),
        ("s", f'"s" is not a length of time; {HINT}'),
        ("20s30m", f'"20s30m" is not a length of time; {HINT}'),
        ("1e3s", f'"1e3s" is not a length of time; {HINT}'),
        ("-20s", f'"-20s" is less than nothing; {HINT}'),
        (True, f"true is not a length of time; {HINT}"),
        (None, f"an empty value is not a length of time; {HINT}"),
        ([20], f"a list is not a length of time; {HINT}"),
        ({}, f"a group of keys is not a length of time; {HINT}"),
        (math.nan, f"nan is not a length of time; {HINT}"),
        (math.inf, f"inf is not a length of time; {HINT}"),
        ("12h1s", '"12h1s" is too long; a session lasts 12 hours at most'),
        ("9" * 30 + "h", f'"{"9" * 30}h" is too long; a session lasts 12 hours at most'),
        ("9" * 500 + "h", f'"{"9" * 60}…" is not a length of time; {HINT}'),
    ],
)
def test_what_is_no_time_is_told_with_what_would_do(value: object, message: str) -> None:
    """Compare the whole message for wrong units, types, signs and sizes."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_duration(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("4 breaths", Length(breaths=4)),
        ("1 breath", Length(breaths=1)),
        ("4breaths", Length(breaths=4)),
        ("4 Breaths", Length(breaths=4)),
        ("20s", Length(seconds=20)),
        ("1m", Length(seconds=60)),
    ],
)
def test_holds_are_read_in_breaths_and_in_seconds(text: str, length: Length) -> None:
    """Read both kinds of length."""
    assert parse_length(text) == length


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (4, '4 has no unit; write "4s" or "4 breaths"'),
        (0, f"0 is not a length; {LENGTH}"),
        (-4, f"-4 is not a length; {LENGTH}"),
        ("four breaths", f'"four breaths" is not a length; {LENGTH}'),
        ("0 breaths", '"0 breaths" is out of range; a hold lasts 1 to 1000 breaths'),
        ("1001 breaths", '"1001 breaths" is out of range; a hold lasts 1 to 1000 breaths'),
        ("1.5 breaths", '"1.5 breaths" is not a length; a hold lasts whole breaths, like "4 breaths"'),
        ("0.9s", '"0.9s" is too short; a hold lasts at least 1s'),
        ("13h", '"13h" is too long; a session lasts 12 hours at most'),
        ("-4s", f'"-4s" is less than nothing; {HINT}'),
        (None, f"an empty value is not a length; {LENGTH}"),
        (False, f"false is not a length; {LENGTH}"),
    ],
)
def test_what_is_no_hold_is_told_with_what_would_do(value: object, message: str) -> None:
    """Compare the whole message."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_length(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("4/6", {"inhale": "4s", "exhale": "6s"}),
        ("4-6", {"inhale": "4s", "exhale": "6s"}),
        ("4s / 6s", {"inhale": "4s", "exhale": "6s"}),
        ("4.5/6.5", {"inhale": "4.5s", "exhale": "6.5s"}),
        ("4-7-8-0", {"inhale": "4s", "hold_in": "7s", "exhale": "8s", "hold_out": "0s"}),
    ],
)
def test_paces_are_read_as_two_phases_or_four(text: str, phases: dict[str, str]) -> None:
    """Read short forms of a pace into phases."""
    assert parse_pace(text) == phases


@pytest.mark.parametrize(
    "value", ["slow", "4", "4/6/8", "4-6-8", "4/6/8/9/1", "4/x", "/", "-4/6", "4/" + "6" * 60]
)
def test_what_is_no_pace_is_told_with_what_would_do(value: str) -> None:
    """Compare the whole message."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_pace(value)
    assert str(caught.value) == f"{show(value)} is not a breath pace; {PACE}"


def test_tempos_are_two_to_six_parts() -> None:
    """Read tempos, and refuse what is none or takes too long."""
    assert parse_tempo("2-1-3") == (2, 1, 3)
    assert parse_tempo("1.5-0.5") == (1.5, 0.5)
    for wrong in ("2", "slow", "2-1-3-4-5-6-7", "2--1", "0-0", "2-31", 213, None):
        with pytest.raises(ValueError, match=r"is not a tempo|is out of range"):
            parse_tempo(wrong)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (2.5, "2.5s"),
        (60, "1m"),
        (90, "1m30s"),
        (3600, "1h"),
        (3661.5, "1h1m1.5s"),
        (43_200, "12h"),
    ],
)
def test_times_are_written_as_people_do(seconds: float, text: str) -> None:
    """Write times short."""
    assert duration_text(seconds) == text


@settings(max_examples=200)
@given(st.integers(0, 43_200 * 4).map(lambda quarters: quarters / 4))
def test_a_time_written_is_read_back(seconds: float) -> None:
    """Write and read any quarter of a second up to 12 hours."""
    assert parse_duration(duration_text(seconds)) == seconds


@settings(max_examples=200)
@given(LENGTHS)
def test_a_hold_written_is_read_back(length: Length) -> None:
    """Write and read any hold."""
    assert parse_length(str(length)) == length


def test_a_hold_in_breaths_lasts_its_breaths() -> None:
    """Turn both kinds of length into seconds."""
    assert Length(breaths=4).in_seconds(10) == 40
    assert Length(seconds=20).in_seconds(10) == 20


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("calm", '"calm"'),
        ("two\n  lines", '"two lines"'),
        ("a" * 61, f'"{"a" * 60}…"'),
        (None, "an empty value"),
        (True, "true"),
        ({"a": 1}, "a group of keys"),
        ([1], "a list"),
        (1.0, "1"),
        (10**50, "1" + "0" * 39 + "…"),
    ],
)
def test_found_values_are_shown_on_one_short_line(value: object, shown: str) -> None:
    """Quote values of every type."""
    assert show(value) == shown
