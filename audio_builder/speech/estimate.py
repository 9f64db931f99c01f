"""A text comes in; how many seconds the embedded voice takes to say it goes out, without speaking it."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:['’]\w+)*")

LETTER_SECONDS = 0.062
WORD_SECONDS = 0.02
COMMA_SECONDS = 0.2
STOP_SECONDS = 0.35
BASE_SECONDS = 0.15
DIGIT_SECONDS = 0.25
SHORTEST_SECONDS = 0.25


def estimate(text: str, language: str = "en", engine: str = "espeak", speed: float = 1.0) -> float:
    """Give the likely length of the finished clip, in seconds."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    letters = sum(len(word) for word in words)
    digits = sum(character.isdigit() for character in text)
    inner = text.rstrip(" .!?…,;:")
    commas = len(re.findall(r"[,;:–—](?=\s)", inner))
    stops = len(re.findall(r"[.!?…]+(?=\s)", inner))
    seconds = (
        BASE_SECONDS
        + letters * LETTER_SECONDS
        + len(words) * WORD_SECONDS
        + commas * COMMA_SECONDS
        + stops * STOP_SECONDS
        + digits * DIGIT_SECONDS
    )
    return max(SHORTEST_SECONDS, seconds / speed)
