"""A session never mixes voices: when one fails for good, all is spoken again by the next, or nothing is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audio_builder import SpeechError, load_routine
from audio_builder.building.spoken import spoken_by_any
from audio_builder.files.cache import Cache
from audio_builder.speech import Availability, ChosenVoice, ClipStore, Recording, Utterance, Voice


class Faltering:
    """An engine that speaks a tone for some lines and then fails for good."""

    name = "faltering"
    online = False
    at_once = 1
    understands: frozenset[str] = frozenset()

    def __init__(self, lines: int) -> None:
        self._left = itertools.count(lines, -1)

    def identity(self, voice: str, language: str) -> str:
        """Give one identity for all."""
        return "1"

    def voices(self) -> Sequence[Voice]:
        """Have no list."""
        return ()

    def availability(self) -> Availability:
        """Work, at first."""
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Give a tone about as long as the text, until the lines run out."""
        if next(self._left) <= 0:
            raise SpeechError("faltering has lost its voice")
        seconds = max(0.6, 0.07 * len(utterance.text))
        times = np.arange(round(seconds * 22_050)) / 22_050
        wave = 0.3 * np.sin(2 * np.pi * 220 * times) * np.hanning(len(times)) ** 0.25
        return Recording(wave.astype(np.float32), 22_050)

    def close(self) -> None:
        """Let go of nothing."""


SETTINGS = {"only": "cat-cow", "guidance": "light"}


def test_the_next_voice_speaks_the_whole_session_again(tmp_path: Path) -> None:
    """Fail at the fifth line: every clip of the session is then the next engine's."""
    program = load_routine("five-minutes", settings={**SETTINGS, "on_failure": "next-engine"})
    voice = ChosenVoice(engine=Faltering(4), voice="", why="as asked", gives_way=False)
    store = ClipStore(Cache(tmp_path))
    said, by = spoken_by_any(program, voice, store=store, report=lambda done, total: None)
    assert by.engine.name != "faltering"
    alone, _ = spoken_by_any(program, by, store=store, report=lambda done, total: None)
    assert said.clips is not None
    assert alone.clips is not None
    assert {text: said.clips.note(text) for text in said.clips} == {
        text: alone.clips.note(text) for text in alone.clips
    }


def test_a_voice_that_was_asked_for_stops_the_build(tmp_path: Path) -> None:
    """Name the line that was not spoken; what was spoken is kept."""
    program = load_routine("five-minutes", settings=SETTINGS)
    voice = ChosenVoice(engine=Faltering(4), voice="", why="as asked", gives_way=False)
    with pytest.raises(SpeechError, match="faltering has lost its voice") as caught:
        spoken_by_any(program, voice, store=ClipStore(Cache(tmp_path)), report=lambda done, total: None)
    assert str(caught.value.where).startswith("five-minutes, ")
    assert len(list(tmp_path.rglob("clips/?/*"))) == 4
