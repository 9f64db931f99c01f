"""A breath has four phases, and a pace turns them into samples without adding up roundings."""

from __future__ import annotations

from audio_builder.breath import HELD, PHASES, Pace
from audio_builder.timebase import to_samples


def test_a_breath_has_its_phases_in_order() -> None:
    """Name them as cue sheets do."""
    assert PHASES == ("inhale", "hold-in", "exhale", "hold-out")
    assert (PHASES[1], PHASES[3]) == HELD


def test_a_phase_that_takes_no_time_is_left_out() -> None:
    """Compare a plain pace with one of four phases, as data and as people write it."""
    plain, box = Pace(), Pace(inhale=4, hold_in=4, exhale=4, hold_out=4)
    assert plain.phases() == (("inhale", 4.0), ("exhale", 6.0))
    assert [phase for phase, _ in box.phases()] == list(PHASES)
    assert (str(plain), plain.seconds, str(box), box.seconds) == ("4/6", 10, "4-4-4-4", 16)


def test_boundaries_are_rounded_never_lengths() -> None:
    """Take a pace whose phases are no whole samples: its breath is off by half a sample at most."""
    odd = Pace(inhale=1.00001, hold_in=0.00001, exhale=1.00001, hold_out=0.00001)
    assert sum(samples for _, samples in odd.in_samples()) == to_samples(odd.seconds)
    assert Pace().in_samples() == (("inhale", 192_000), ("exhale", 288_000))
