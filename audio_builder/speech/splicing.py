"""A long text comes in and pieces an engine can take go out; their recordings come in, and one goes out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audio_builder.errors import SpeechError
from audio_builder.speech.utterance import Recording

RESTS_SECONDS = {".": 0.4, "!": 0.4, "?": 0.4, ";": 0.25, ":": 0.25, ",": 0.15}
WORD_REST_SECONDS = 0.04
"""Where a sentence had to be cut between two words."""

_CUTS = (r"(?<=[.!?…])\s+", r"(?<=[;:])\s+", r"(?<=,)\s+", r"\s+")
"""Where a text may be cut, best first."""


def pieces(text: str, limit: int) -> tuple[str, ...]:
    """Cut a text into pieces of at most so many characters, as few as sentences allow. Raises SpeechError."""
    return tuple(_packed(text.strip(), limit, cuts=_CUTS))


def spliced(recordings: Sequence[Recording], rests_seconds: Sequence[float]) -> Recording:
    """Lay recordings end to end, silence cut off, with a rest between each two. Raises SpeechError."""
    import numpy as np

    from audio_builder.speech.finishing import speech_span

    rate = recordings[0].rate
    if any(recording.rate != rate for recording in recordings):
        raise SpeechError("the engine changed its sample rate within one line")
    runs = []
    for index, recording in enumerate(recordings):
        start, stop = speech_span(recording)
        if index:
            runs.append(np.zeros(round(rests_seconds[index - 1] * rate), np.float32))
        runs.append(recording.samples[start:stop])
    return Recording(np.concatenate(runs), rate)


def rest_after(piece: str) -> float:
    """Give the rest in seconds that a piece's last character asks for."""
    return RESTS_SECONDS.get(piece.rstrip("\"')")[-1:], WORD_REST_SECONDS)


def _packed(text: str, limit: int, *, cuts: Sequence[str]) -> list[str]:
    if len(text) <= limit:
        return [text] if text else []
    if not cuts:
        raise SpeechError(
            f'"{text[:20]}…" is longer than {limit} characters without a space',
            hint="write it as several words",
        )
    packed: list[str] = []
    for part in re.split(cuts[0], text):
        for smaller in _packed(part, limit, cuts=cuts[1:]):
            if packed and len(packed[-1]) + 1 + len(smaller) <= limit:
                packed[-1] += " " + smaller
            else:
                packed.append(smaller)
    return packed
