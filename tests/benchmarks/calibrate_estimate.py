"""Fit the estimate of how long a text takes to what the voices here take for all bundled texts.

    python -m tests.benchmarks.calibrate_estimate

Prints, for each engine and language, the coefficients for `audio_builder/speech/estimate.py` by least squares, and
how far the estimate is off in total, on all texts and on every fifth one when fitted on the others.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from audio_builder.files.cache import Cache
from audio_builder.speech import ClipStore, Utterance, choose_voice, speak_all
from audio_builder.speech.estimate import features
from audio_builder.timebase import RATE
from tests.benchmarks.voices import bundled_cues, spoken_here

NUMBERED = {
    "en": (
        "Hold for 30 seconds.",
        "Do 6 to 8 reps.",
        "Rest for 75 seconds.",
        "12 breaths.",
        "Number 7.",
        "Part 2 of 10.",
    ),
    "de": (
        "30 Sekunden halten.",
        "6 bis 8 Mal.",
        "75 Sekunden Pause.",
        "12 Atemzüge.",
        "Nummer 7.",
        "Teil 2 von 10.",
    ),
    "es": (
        "Mantén 30 segundos.",
        "De 6 a 8 veces.",
        "Descansa 75 segundos.",
        "12 veces.",
        "Número 7.",
        "Parte 2 de 10.",
    ),
    "fr": (
        "Tenez 30 secondes.",
        "6 à 8 fois.",
        "75 secondes de repos.",
        "12 fois.",
        "Numéro 7.",
        "Partie 2 de 10.",
    ),
}
"""The scripts write numbers as words; other people's may not."""


def texts(language: str) -> tuple[str, ...]:
    """Collect what all bundled sessions say in a language, each text once."""
    return (*bundled_cues(language), *NUMBERED[language])


def measured_seconds(lines: tuple[str, ...], language: str, spec: str, store: ClipStore) -> np.ndarray:
    """Speak every text; give the lengths of the finished clips."""
    voice = choose_voice(spec, language=language)
    said = {Utterance(text, language=language): text for text in lines}
    clips = speak_all(said, voice, store=store)
    return np.array([clips[utterance].length / RATE for utterance in said])


def fitted(matrix: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Solve for the coefficients, each text weighing by its share, so that short cues count too."""
    weights = 1 / np.sqrt(seconds)
    return np.linalg.lstsq(matrix * weights[:, None], seconds * weights, rcond=None)[0]


def _off(guessed: np.ndarray, seconds: np.ndarray) -> str:
    return f"{guessed.sum() / seconds.sum() - 1:+.2%}"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        store = ClipStore(Cache(Path(folder)))
        for spec, language in spoken_here():
            engine = spec.partition(":")[0]
            lines = texts(language)
            matrix = np.array([features(text, language) for text in lines])
            seconds = measured_seconds(lines, language, spec, store)
            found = fitted(matrix, seconds)
            held = np.arange(len(lines)) % 5 == 0
            unseen = matrix[held] @ fitted(matrix[~held], seconds[~held])
            guessed = matrix @ found
            numbers = ", ".join(f"{value:.4f}" for value in found)
            sys.stdout.write(
                f'        ("{engine}", "{language}"): ({numbers}),\n'
                f"        # {len(lines)} texts, {seconds.sum():.0f} s; off by {_off(guessed, seconds)} in all, "
                f"{_off(unseen, seconds[held])} unseen; each by {np.abs(guessed - seconds).mean():.2f} s\n"
            )


if __name__ == "__main__":
    main()
