"""Speak with one engine what it has, and by a named second one the lines it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audio_builder.speech.engine import Availability, Engine, PartialEngine, Recording, Utterance, Voice
from audio_builder.speech.notation import MARKS, keep_marks
from audio_builder.speech.recording import record


class FilledIn:
    """Speaks with one engine what it has, and the rest with another: the one way a session mixes voices."""

    def __init__(self, first: Engine, *, other: Engine, other_voice: str) -> None:
        self._first = first
        self._other = other
        self._other_voice = other_voice
        self.name = first.name
        self.online = other.online
        self.at_once = min(first.at_once, other.at_once)
        self.understands = MARKS

    def identity(self, voice: str, language: str) -> str:
        """Name both: which of them speaks a line depends on both."""
        other = self._other.identity(self._other_voice, language)
        return f"{self._first.identity(voice, language)}, else {self._other.name} {self._other_voice} {other}"

    def voices(self) -> Sequence[Voice]:
        """List the first engine's voices."""
        return self._first.voices()

    def availability(self) -> Availability:
        """Say whether both work here."""
        first = self._first.availability()
        return first if not first.works else self._other.availability()

    def speaker(self, utterance: Utterance) -> tuple[Engine, Utterance]:
        """Say which of them speaks an utterance, and give it as that one gets it."""
        own = replace(utterance, text=keep_marks(utterance.text, self._first.understands | {"pause"}))
        if not (isinstance(self._first, PartialEngine) and self._first.lacking([own])):
            return self._first, own
        text = keep_marks(utterance.text, (self._other.understands | {"pause"}) - {"written"})
        return self._other, replace(utterance, text=text, voice=self._other_voice)

    def speak(self, utterance: Utterance) -> Recording:
        """Speak by the first engine, or by the other what it lacks."""
        engine, said = self.speaker(utterance)
        return record(engine, said)

    def close(self) -> None:
        """Close both."""
        self._first.close()
        self._other.close()
