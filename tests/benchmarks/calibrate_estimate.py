"""Every text the bundled sessions say comes in, spoken; the coefficients of the length estimate go out.

    python tests/benchmarks/calibrate_estimate.py

Prints, for each language, the coefficients for `audio_builder/speech/estimate.py` by least squares, and how far
the estimate is off in total, on all texts and on every fifth one when fitted on the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from audio_builder.files.cache import Cache
from audio_builder.speech import ChosenVoice, ClipStore, Utterance, load_engine, speak_all
from audio_builder.speech.estimate import features
from audio_builder.timebase import RATE

LANGUAGES = ("en", "de", "es", "fr")
ROUTINES = ("thoracic-mobility", "five-minutes", "gentle")

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
    found: dict[str, None] = {}
    for routine in ROUTINES:
        command = [
            sys.executable,
            "-m",
            "audio_builder",
            "cues",
            routine,
            "--language",
            language,
            "--format",
            "json",
        ]
        sheet = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        found |= {event["text"]: None for event in sheet["events"] if event.get("text")}
    return (*found, *NUMBERED[language])


def measured_seconds(lines: tuple[str, ...], language: str, engine: str, store: ClipStore) -> np.ndarray:
    """Speak every text; give the lengths of the finished clips."""
    voice = ChosenVoice(engine=load_engine(engine), voice="", why="calibration")
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
        for language in LANGUAGES:
            lines = texts(language)
            matrix = np.array([features(text, language) for text in lines])
            seconds = measured_seconds(lines, language, "espeak", store)
            found = fitted(matrix, seconds)
            held = np.arange(len(lines)) % 5 == 0
            unseen = matrix[held] @ fitted(matrix[~held], seconds[~held])
            guessed = matrix @ found
            numbers = ", ".join(f"{value:.4f}" for value in found)
            sys.stdout.write(
                f'        "{language}": ({numbers}),\n'
                f"        # {len(lines)} texts, {seconds.sum():.0f} s; off by {_off(guessed, seconds)} in all, "
                f"{_off(unseen, seconds[held])} unseen; each by {np.abs(guessed - seconds).mean():.2f} s\n"
            )
        flite = measured_seconds(texts("en"), "en", "flite", store)
        ours = measured_seconds(texts("en"), "en", "espeak", store)
        sys.stdout.write(f"flite lasts {flite.sum() / ours.sum():.3f} times as long\n")


if __name__ == "__main__":
    main()
