"""What makes way for speech is down when speech starts, stays down, and comes back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.mix.ducking import Ducking, ducking
from audio_builder.timebase import Span

ATTACK, RELEASE = 1_000, 3_000


def plan(*spans: Span, bounds: Span | None = None) -> Ducking:
    """Plan to sink by 6 dB."""
    return ducking(spans, depth_db=6.0, attack=ATTACK, release=RELEASE, bounds=bounds)


def gains(planned: Ducking, start: int, stop: int) -> np.ndarray:
    """Read gains, ones included."""
    result = planned.gain(start, stop=stop)
    return np.ones(stop - start, np.float32) if result is None else result


def test_it_is_down_by_its_depth_throughout_speech() -> None:
    """From the first sample to the last; and untouched an attack before and a release after."""
    read = gains(plan((10_000, 20_000)), 0, 40_000)
    assert read[10_000:20_000] == pytest.approx(np.full(10_000, 10 ** (-6 / 20)))
    assert (read[: 10_000 - ATTACK] == 1.0).all()
    assert (read[20_000 + RELEASE :] == 1.0).all()


def test_it_moves_without_a_step() -> None:
    """No two neighbouring gains differ by more than the ramps' own steepest."""
    read = gains(plan((10_000, 20_000)), 0, 40_000)
    assert np.abs(np.diff(read)).max() < 0.5 * np.pi / ATTACK


def test_a_short_pause_between_words_is_bridged() -> None:
    """It does not pump."""
    read = gains(plan((10_000, 12_000), (15_000, 17_000)), 0, 40_000)
    assert read[10_000:17_000] == pytest.approx(np.full(7_000, 10 ** (-6 / 20)))


def test_far_from_speech_there_is_nothing_to_do() -> None:
    """And that is said without making gains."""
    assert plan((10_000, 20_000)).gain(30_000, stop=40_000) is None
    assert plan().gain(0, stop=40_000) is None


def test_a_bounded_gain_is_1_at_its_bounds() -> None:
    """However near speech lies, so that neighbours meet; speech itself still has all its depth."""
    read = gains(plan((5_000, 30_000), bounds=(0, 36_000)), -2_000, 38_000)
    assert (read[:2_001] == 1.0).all()
    assert read[7_000:32_000] == pytest.approx(np.full(25_000, 10 ** (-6 / 20)))
    assert (read[37_999:] == 1.0).all()
    assert np.abs(np.diff(read)).max() < 1e-3


@settings(max_examples=60, deadline=None)
@given(
    spans=st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 9_000)), max_size=6),
    cuts=st.lists(st.integers(-5_000, 65_000), max_size=8),
)
def test_reading_in_pieces_gives_the_same(spans: list[tuple[int, int]], cuts: list[int]) -> None:
    """Wherever a reader stops and goes on."""
    planned = plan(*((start, start + length) for start, length in spans), bounds=(0, 60_000))
    edges = sorted({-5_000, 65_000, *cuts})
    pieces = [gains(planned, start, stop) for start, stop in pairwise(edges)]
    assert np.array_equal(np.concatenate(pieces), gains(planned, -5_000, 65_000))
