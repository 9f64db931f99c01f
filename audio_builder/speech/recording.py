"""Have an engine speak an utterance, and take nothing from it that cannot be right."""

from __future__ import annotations

import logging
import math
from dataclasses import replace

import numpy as np

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Engine, Recording, Utterance
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import speech_levels, speech_span, spliced, window_rms
from audio_builder.speech.notation import PAUSE_SECONDS, parts

log = logging.getLogger(__name__)

TAKES = 3

NEAR_SILENT_DBFS = -55.0
"""A recording whose loudest 10 ms lie below this holds no speech."""

BREAKS_OFF_DB = -20.0
"""A recording whose last 10 ms are louder, against its loudest, was cut off; whole ones lay below -39 dB."""

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
    if levels.size and levels[-1] > levels.max() * 10 ** (BREAKS_OFF_DB / 20):
        return "the clip breaks off in the middle of a sound"
    return ""


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
