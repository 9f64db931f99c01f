"""Have an engine speak an utterance, or a second one what it lacks, and take nothing from it that cannot be right."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Engine, PartialEngine, Recording, Utterance, Voice
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import speech_levels, speech_span, spliced, window_rms
from audio_builder.speech.notation import MARKS, PAUSE_SECONDS, keep_marks, parts, plain

log = logging.getLogger(__name__)

TAKES = 3

NEAR_SILENT_DBFS = -55.0
"""A recording whose loudest 10 ms lie below this holds no speech."""

BREAKS_OFF_DB = -20.0
"""A recording whose last 10 ms are louder, against its loudest, was cut off; whole ones lay below -39 dB."""

QUIET_PERCENT = 10
"""Of a recording, at least, lies between its words, or before and after them."""

SHORTEST_SHARE = 0.35
LONGEST_SHARE = 3.0
LONGEST_EXTRA_SECONDS = 1.5
"""Against the estimate: the fastest and slowest voices measured lie well inside."""


def record(engine: Engine, utterance: Utterance) -> Recording:
    """Have an utterance spoken, with silence at the pauses that the engine would not make itself.

    Raises SpeechError where no take can be right.
    """
    if "pause" in engine.understands:
        return _good_take(engine, utterance)
    pieces = [_good_take(engine, replace(utterance, text=part)) for part in parts(utterance.text)]
    if not pieces:
        raise SpeechError("there are no words in this text")
    # A single one, too: cut free of silence once, it shows when it is finished what else is noise before its words.
    return spliced(pieces, [PAUSE_SECONDS / utterance.speed] * len(pieces))


def complaint(recording: Recording, utterance: Utterance) -> str:
    """Say what is wrong with a recording; empty where nothing is."""
    wrong = _no_audio(recording) or _silence(recording)
    return wrong or _odd_length(recording, utterance) or broken_end(recording)


def broken_end(recording: Recording) -> str:
    """Say so where a recording stops while it still sounds; speech dies away, even if cut closely."""
    levels = speech_levels(recording)
    if not levels.size or levels[-1] <= levels.max() * 10 ** (BREAKS_OFF_DB / 20):
        return ""
    if np.percentile(levels, QUIET_PERCENT) > levels.max() * 10 ** (BREAKS_OFF_DB / 20):
        return "the clip's noise is nearly as loud as its words"
    return "the clip breaks off in the middle of a sound"


def _good_take(engine: Engine, utterance: Utterance) -> Recording:
    failure = SpeechError("was not spoken")
    for take in range(1, TAKES + 1):
        try:
            recording = _take(engine, utterance)
        except SpeechError as error:
            if engine.online:  # it has waited and tried again by itself
                raise
            failure = error
        else:
            wrong = complaint(recording, utterance)
            if not wrong:
                return recording
            failure = SpeechError(f"{engine.name}: {wrong}")
        log.info("take %d of %d of %r: %s", take, TAKES, utterance.text, failure.message)
    raise failure


def _take(engine: Engine, utterance: Utterance) -> Recording:
    try:
        return engine.speak(utterance)
    except SpeechError:
        raise
    except Exception as error:  # a plug-in may fail in any way
        raise SpeechError(f"{engine.name} failed: {type(error).__name__}: {error}") from error


def _no_audio(recording: Recording) -> str:
    if recording.samples.size == 0:
        return "the clip is empty"
    if recording.rate <= 0 or recording.samples.ndim != 1:
        return f"the clip has shape {recording.samples.shape} at {recording.rate} Hz; one channel is wanted"
    if not np.isfinite(recording.samples).all():
        return "the clip has samples that are no numbers"
    return ""


def _silence(recording: Recording) -> str:
    loudest = float(window_rms(recording.samples, max(1, recording.rate // 100)).max())
    if loudest > 10 ** (NEAR_SILENT_DBFS / 20):
        return ""
    level = f"{20 * math.log10(loudest):.0f} dBFS" if loudest else "digital zero"
    return f"the clip is silent ({level})"


def _odd_length(recording: Recording, utterance: Utterance) -> str:
    start, stop = speech_span(recording)
    seconds = (stop - start) / recording.rate
    likely = estimate(utterance.text, utterance.language, speed=utterance.speed)
    if seconds < likely * SHORTEST_SHARE:
        return f"the clip lasts {seconds:.2f} s, too short for its text (about {likely:.1f} s)"
    if seconds > likely * LONGEST_SHARE + LONGEST_EXTRA_SECONDS:
        return f"the clip lasts {seconds:.1f} s, too long for its text (about {likely:.1f} s)"
    return ""


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
