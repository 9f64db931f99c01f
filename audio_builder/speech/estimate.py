"""A text comes in; how many seconds a voice takes to say it goes out, without speaking it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from audio_builder.language.normalise import normalise
from audio_builder.speech.notation import PAUSE_SECONDS, keep_marks

Coefficients = tuple[float, float, float, float, float, float, float]

COEFFICIENTS: Mapping[str, Coefficients] = MappingProxyType(
    {
        "en": (0.1243, 0.0513, 0.0115, 0.0479, 0.2986, 0.5666, 0.2736),
        "de": (0.0957, 0.0358, 0.0576, 0.0597, 0.2284, 0.5212, 0.3278),
        "es": (0.0767, 0.0569, 0.0265, 0.0167, 0.2434, 0.4174, 0.2159),
        "fr": (0.1345, 0.0207, 0.0854, 0.0258, 0.2291, 0.4973, 0.1575),
    }
)
"""Seconds for each of `features`, by main language: least squares over all bundled texts, eSpeak NG's defaults.

Made by tests/benchmarks/calibrate_estimate.py; make them again when the default voice or its settings change.
"""

ENGINES: Mapping[str, float] = MappingProxyType({"flite": 1.027})
"""How much longer other engines' clips last than the embedded voice's, where that was measured."""

SHORTEST_SECONDS = 0.2

_VOWELS = re.compile(r"[aeiouyáéíóúüäöàâèêëîïôùûœæ]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def estimate(text: str, language: str = "en", engine: str = "espeak", speed: float = 1.0) -> float:
    """Give the likely length of the finished clip, in seconds; 0 for a text without words."""
    main = language.lower().partition("-")[0]
    coefficients = COEFFICIENTS.get(main, COEFFICIENTS["en"])
    counts = features(text, language)
    if not any(counts):
        return 0.0
    seconds = sum(count * each for count, each in zip(counts, coefficients, strict=True))
    seconds = seconds * ENGINES.get(engine, 1.0) + PAUSE_SECONDS * _pauses(text)
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
