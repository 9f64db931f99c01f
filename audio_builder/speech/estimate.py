"""Estimate how many seconds a voice takes to say a text, without speaking it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from audio_builder.language.normalise import normalise
from audio_builder.speech.notation import PAUSE_SECONDS, keep_marks

EMBEDDED = "espeak"

Coefficients = tuple[float, float, float, float, float, float, float]

COEFFICIENTS: Mapping[tuple[str, str], Coefficients] = MappingProxyType(
    {
        ("espeak", "en"): (0.1646, 0.0694, 0.0108, 0.0545, 0.4491, 0.6327, 0.3492),
        ("espeak", "de"): (0.1356, 0.0508, 0.0835, 0.1110, 0.4207, 0.5614, 0.4931),
        ("espeak", "es"): (0.1276, 0.0686, 0.0543, 0.0339, 0.3930, 0.4327, 0.2971),
        ("espeak", "fr"): (0.2196, 0.0359, 0.1377, 0.0400, 0.4479, 0.5376, 0.2401),
        ("flite", "en"): (0.2504, 0.0555, 0.0725, 0.0240, 0.1950, 0.6011, 0.2551),
        ("hibari", "en"): (0.2260, 0.0550, 0.0943, 0.0108, 0.2855, 0.8099, 0.3500),
    }
)
"""Seconds for each of `features`, by engine and main language: least squares over all bundled texts.

Made by tests/benchmarks/calibrate_estimate.py; make them again when a voice or its rate changes. Other engines are
taken for the embedded one, for all speak about as fast, and other languages for English.
"""

SHORTEST_SECONDS = 0.2

_VOWELS = re.compile(r"[aeiouyáéíóúüäöàâèêëîïôùûœæ]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def estimate(text: str, language: str = "en", engine: str = EMBEDDED, speed: float = 1.0) -> float:
    """Give the likely length of the finished clip, in seconds; 0 for a text without words."""
    main = language.lower().partition("-")[0]
    coefficients = next(
        COEFFICIENTS[key]
        for key in ((engine, main), (EMBEDDED, main), (EMBEDDED, "en"))
        if key in COEFFICIENTS
    )
    counts = features(text, language)
    if not any(counts):
        return 0.0
    seconds = sum(count * each for count, each in zip(counts, coefficients, strict=True))
    seconds += PAUSE_SECONDS * _pauses(text)
    return max(SHORTEST_SECONDS, seconds / speed)


@lru_cache(maxsize=4_096)
def features(text: str, language: str = "en") -> Coefficients:
    """Count what takes time: the text itself, letters, vowel groups, words, commas, clause ends inside, digits."""
    said = keep_marks(normalise(text, language), frozenset()).lower()
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", said)
    digits = sum(len(number) for number in _NUMBER.findall(said))
    if not words and not digits:
        return (0.0,) * 7
    inner = said.rstrip(" .,;:!?\"')")
    return (
        1.0,
        float(sum(len(word) for word in words)),
        float(sum(len(_VOWELS.findall(word)) for word in words)),
        float(len(words)),
        float(len(re.findall(r",(?=\s)", inner))),
        float(len(re.findall(r"[.!?;:](?=\s|[\"')])", inner))),
        float(digits),
    )


def _pauses(text: str) -> int:
    """Count the pauses between words."""
    return max(0, sum(bool(re.search(r"\w", part)) for part in re.split(r"\.{3,}|…", text)) - 1)
