"""A recording and the text it should hold come in; a complaint goes out where it cannot be right."""

from __future__ import annotations

import math

import numpy as np

from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import speech_span, window_rms
from audio_builder.speech.utterance import Recording, Utterance

NEAR_SILENT_DBFS = -55.0
"""A recording whose loudest 10 ms lie below this holds no speech."""

BREAKS_OFF_DB = -20.0
"""A recording whose last 10 ms are louder, against its loudest, was cut off; whole ones lay below -39 dB."""

SHORTEST_SHARE = 0.35
LONGEST_SHARE = 3.0
LONGEST_EXTRA_SECONDS = 1.5
"""Against the estimate: the fastest and slowest voices measured lie well inside."""


def complaint(recording: Recording, utterance: Utterance) -> str:
    """Say what is wrong with a recording; empty where nothing is."""
    wrong = _no_audio(recording) or _silence(recording)
    return wrong or _odd_length(recording, utterance) or broken_end(recording)


def broken_end(recording: Recording) -> str:
    """Say so where a recording stops while it still sounds; speech dies away, even if cut closely."""
    levels = window_rms(recording.samples, max(1, recording.rate // 100))
    if levels.size and levels[-1] > levels.max() * 10 ** (BREAKS_OFF_DB / 20):
        return "the clip breaks off in the middle of a sound"
    return ""


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
