"""Whatever session can be built is found to be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_builder import build
from audio_builder.verify import verify
from tests.compiler.making import EXERCISE, program
from tests.verify.drawing import drawn


@pytest.mark.parametrize("number", range(6))
def test_a_session_of_any_shape_passes(tmp_path: Path, number: int) -> None:
    """Build what chance has drawn, and find nothing wrong; `tests.benchmarks.matrix --drawn 100` builds more."""
    session = build(drawn(number), tmp_path, voice="espeak", offline=True)
    assert verify(session.path).failures == ()


@pytest.mark.parametrize("hold", ["3s", "25s", "31.5s"])
@pytest.mark.parametrize("breath", ["4/6", "4-7-8-0"])
def test_a_hold_need_not_be_whole_breaths(tmp_path: Path, hold: str, breath: str) -> None:
    """Hold for seconds that no whole number of breaths fills."""
    routine = program(tmp_path, {"steps": [{"hold": hold}]}, {"breath": breath})
    session = build(routine, tmp_path / "out", voice="espeak", offline=True)
    assert verify(session.path).failures == ()


@pytest.mark.parametrize("sound", ["bell", "switch"])
def test_a_tick_may_start_with_a_chime(tmp_path: Path, sound: str) -> None:
    """Ring right before a movement with a tempo, without a word between them."""
    steps = [{"sound": sound}, {"say": "Reach up.", "tempo": "2-1-3"}, {"sound": sound}, {"sound": sound}]
    routine = program(tmp_path, {"steps": [*EXERCISE["steps"], *steps]}, {"guidance": "bells"})
    session = build(routine, tmp_path / "out", voice="espeak", offline=True)
    assert verify(session.path).failures == ()
