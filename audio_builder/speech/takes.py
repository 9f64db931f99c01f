"""An engine and an utterance come in; one recording that can be right goes out, after some takes."""

from __future__ import annotations

import logging
from dataclasses import replace

from audio_builder.errors import SpeechError
from audio_builder.speech.checks import complaint
from audio_builder.speech.engine import Engine
from audio_builder.speech.notation import PAUSE_SECONDS, parts
from audio_builder.speech.splicing import spliced
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
    # A single one, too: cut free of silence once, it shows when it is finished what else is noise before its words.
    return spliced(pieces, [PAUSE_SECONDS / utterance.speed] * len(pieces))


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
