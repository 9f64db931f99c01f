"""Times are written as people and players read them."""

from __future__ import annotations

import pytest

from audio_builder.timebase import RATE, clock


@pytest.mark.parametrize(
    ("samples", "form", "written"),
    [
        (0, {}, "0:00"),
        (59.5 * RATE, {}, "1:00"),
        (3_599 * RATE, {}, "59:59"),
        (3_600 * RATE, {}, "1:00:00"),
        (65.25 * RATE, {"decimals": 1}, "1:05.3"),
        (23, {"decimals": 3}, "0:00.000"),
        (24, {"decimals": 3}, "0:00.001"),
        (3_661.5 * RATE, {"decimals": 3, "hours": True}, "01:01:01.500"),
        (3_661.5 * RATE, {"decimals": 3, "hours": False}, "61:01.500"),
        (59.9999 * RATE, {"decimals": 3, "hours": True}, "00:01:00.000"),
    ],
)
def test_a_time_is_written_to_the_digit_that_is_asked_for(
    samples: float, form: dict[str, int], written: str
) -> None:
    """Round half up, and carry over into seconds, minutes and hours."""
    assert clock(round(samples), **form) == written  # type: ignore[arg-type]
