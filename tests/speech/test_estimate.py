"""The estimate of how long a text takes: near the truth in total, in step with marks, speed and language."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audio_builder.files.cache import Cache
from audio_builder.speech import ChosenVoice, ClipStore, Utterance, estimate, load_engine, speak_all
from audio_builder.speech.notation import PAUSE_SECONDS
from audio_builder.timebase import RATE

UNSEEN = {
    "en": (
        "Sit tall on the edge of your chair, feet flat on the floor.",
        "Lift your chest a little, and let your shoulders drop.",
        "Turn slowly to the right, as far as is comfortable.",
        "Look over your shoulder.",
        "Stay here for three gentle breaths.",
        "Come back to the middle. Pause for a moment.",
        "Now the left side.",
        "Interlace your fingers behind your head, elbows wide.",
        "Lean back over the chair, and look up toward the ceiling.",
        "If this hurts your neck, keep your gaze forward.",
        "Well done.",
        "Stand up, shake out your arms, and walk a few steps.",
        "Hold for 20 seconds.",
        "Breathe out through your mouth, as if you were blowing out a candle.",
    ),
    "de": (
        "Setz dich aufrecht auf die Stuhlkante, die Füße flach auf dem Boden.",
        "Heb das Brustbein ein wenig, und lass die Schultern sinken.",
        "Dreh dich langsam nach rechts, so weit es angenehm ist.",
        "Schau über deine Schulter.",
        "Bleib hier für drei ruhige Atemzüge.",
        "Komm zurück zur Mitte. Mach eine kurze Pause.",
        "Jetzt die linke Seite.",
        "Verschränke die Finger hinter dem Kopf, die Ellbogen weit auseinander.",
        "Gut gemacht.",
        "20 Sekunden halten.",
    ),
    "es": (
        "Siéntate erguido en el borde de la silla, con los pies en el suelo.",
        "Levanta un poco el pecho, y deja caer los hombros.",
        "Gira despacio hacia la derecha, hasta donde sea cómodo.",
        "Mira por encima del hombro.",
        "Quédate aquí durante tres respiraciones suaves.",
        "Vuelve al centro. Haz una pausa.",
        "Ahora el lado izquierdo.",
        "Muy bien.",
        "Mantén 20 segundos.",
    ),
    "fr": (
        "Asseyez-vous bien droit au bord de la chaise, les pieds à plat sur le sol.",
        "Soulevez un peu la poitrine, et laissez tomber les épaules.",
        "Tournez lentement vers la droite, aussi loin que possible.",
        "Regardez par-dessus votre épaule.",
        "Restez ici pendant trois respirations douces.",
        "Revenez au centre. Faites une pause.",
        "Maintenant le côté gauche.",
        "Très bien.",
        "Tenez 20 secondes.",
    ),
}


@pytest.mark.parametrize("language", UNSEEN)
@pytest.mark.parametrize("speed", [0.85, 1.0, 1.2])
def test_the_total_over_unseen_lines_is_near_the_truth(tmp_path: Path, language: str, speed: float) -> None:
    """Speak lines that no coefficient was fitted to: the estimate's total is within 5 %, at any usual speed."""
    voice = ChosenVoice(engine=load_engine("espeak"), voice="", why="test")
    lines = [Utterance(text, language=language, speed=speed) for text in UNSEEN[language]]
    clips = speak_all(lines, voice, store=ClipStore(Cache(tmp_path)))
    measured = sum(clip.length for clip in clips.values()) / RATE
    guessed = sum(estimate(line.text, language, speed=speed) for line in lines)
    assert guessed == pytest.approx(measured, rel=0.05)


def test_a_pause_takes_its_time() -> None:
    """Put a pause between words, and at the end where there is nothing to wait for."""
    plain = estimate("Reach up and hold.")
    assert estimate("Reach up ... and hold.") == pytest.approx(plain + PAUSE_SECONDS)
    assert estimate("Reach up and hold. ...") == pytest.approx(plain, abs=0.05)


def test_emphasis_takes_none() -> None:
    """Mark words: the estimate is that of what is said."""
    assert estimate("Move *slowly* now.") == estimate("Move slowly now.")


def test_speed_divides() -> None:
    """Speak twice as fast: half the time."""
    text = "Reach your right hand up ... to the ceiling."
    assert estimate(text, speed=2.0) == pytest.approx(estimate(text) / 2)


@pytest.mark.parametrize("text", ["", " ... ", "?!", "*"])
def test_no_words_take_no_time(text: str) -> None:
    """Estimate nothing."""
    assert estimate(text) == 0.0


def test_what_is_written_short_is_estimated_long() -> None:
    """Write a unit out: the estimate is the same."""
    assert estimate("Hold for 30 s.") == estimate("Hold for 30 seconds.")


def test_estimating_loads_nothing_heavy() -> None:
    """Estimate in a fresh interpreter: soundfile, requests and pydub stay out."""
    code = (
        "import sys; from audio_builder.speech import estimate; estimate('Breathe in.');"
        "print(sorted({'soundfile', 'requests', 'pydub', 'gtts', 'soxr', 'tenacity'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
