"""Speak with one engine what it has, and by a named second one the lines it lacks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Engine, PartialEngine, Recording, Utterance, Voice
from audio_builder.speech.notation import MARKS, keep_marks, plain
from audio_builder.speech.recording import record

log = logging.getLogger(__name__)


class FilledIn:
    """Speaks with one engine what it has, and the rest with another: the one way a session mixes voices."""

    def __init__(self, first: Engine, *, other: Engine, other_voice: str) -> None:
        self._first = first
        self._passed_over: set[Utterance] = set()
        self.other = other
        self.other_voice = other_voice
        self.name = first.name
        self.online = other.online
        self.at_once = min(first.at_once, other.at_once)
        self.understands = MARKS

    def identity(self, voice: str, language: str) -> str:
        """Name both: which of them speaks a line depends on both."""
        other = self.other.identity(self.other_voice, language)
        return f"{self._first.identity(voice, language)}, else {self.other.name} {self.other_voice} {other}"

    def voices(self) -> Sequence[Voice]:
        """List the first engine's voices."""
        return self._first.voices()

    def availability(self) -> Availability:
        """Say whether both work here."""
        first = self._first.availability()
        return first if not first.works else self.other.availability()

    @property
    def mixes(self) -> bool:
        """Whether both may speak in one session: where the first knows which lines it has."""
        return isinstance(self._first, PartialEngine)

    def speaker(self, utterance: Utterance) -> tuple[Engine, Utterance]:
        """Say which of them speaks an utterance, and give it as that one gets it."""
        own = replace(utterance, text=keep_marks(utterance.text, self._first.understands | {"pause"}))
        lacking = isinstance(self._first, PartialEngine) and bool(self._first.lacking([own]))
        if not lacking and utterance not in self._passed_over:
            return self._first, own
        text = keep_marks(utterance.text, (self.other.understands | {"pause"}) - {"written"})
        return self.other, replace(utterance, text=text, voice=self.other_voice)

    def pass_over(self, utterance: Utterance, error: SpeechError) -> None:
        """Let the other one speak what the first turned out to have no good clip of, from now on.

        Raises the error again where that is not what it is for.
        """
        if not self.mixes or utterance in self._passed_over:
            raise error
        self._passed_over.add(utterance)
        where = f"{error.where}: " if error.where else ""
        log.warning('%s%s; %s speaks "%s"', where, error.message, self.other.name, plain(utterance.text))

    def speak(self, utterance: Utterance) -> Recording:
        """Speak by the first engine, or by the other what it lacks."""
        engine, said = self.speaker(utterance)
        return record(engine, said)

    def close(self) -> None:
        """Close both."""
        self._first.close()
        self.other.close()
