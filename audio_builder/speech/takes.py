"""An engine and an utterance come in; one recording that can be right goes out, after some takes."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np

from audio_builder.errors import SpeechError
from audio_builder.speech.checks import complaint
from audio_builder.speech.engine import Engine
from audio_builder.speech.finishing import speech_span
from audio_builder.speech.notation import PAUSE_SECONDS, parts
from audio_builder.speech.utterance import Recording, Utterance

log = logging.getLogger(__name__)

TAKES = 3


def record(engine: Engine, utterance: Utterance) -> Recording:
    """Have an utterance spoken, with silence at the pauses that the engine would not make itself.

    Raises SpeechError where no take can be right.
    """
    if "pause" in engine.understands:
        return _good_take(engine, utterance)
    pieces = [_good_take(engine, replace(utterance, text=part)) for part in parts(utterance.text)]
    if not pieces:
        raise SpeechError("there are no words in this text")
    return pieces[0] if len(pieces) == 1 else _joined(pieces, PAUSE_SECONDS / utterance.speed)


def _joined(pieces: list[Recording], pause_seconds: float) -> Recording:
    rate = pieces[0].rate
    if any(piece.rate != rate for piece in pieces):
        raise SpeechError("the engine changed its sample rate within one line")
    pause = np.zeros(round(pause_seconds * rate), np.float32)
    runs: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    for piece in pieces:
        start, stop = speech_span(piece)
        runs += [piece.samples[start:stop], pause]
    return Recording(np.concatenate(runs[:-1]), rate)


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
