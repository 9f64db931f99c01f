"""What is installed comes in; which engines speak here goes out, and what one more step would add."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio_builder.errors import OutputError, SpeechError
from audio_builder.speech.choice import ChosenVoice
from audio_builder.speech.engine import Availability, Voice, engine_names, load_engine
from audio_builder.speech.lexicon import Lexicon
from audio_builder.speech.utterance import Clip, Utterance
from audio_builder.timebase import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReport:
    """What an engine can do here."""

    name: str
    online: bool
    availability: Availability
    voices: Sequence[Voice]
    """Empty where it does not work."""


def survey() -> tuple[EngineReport, ...]:
    """Look at every installed engine, working ones first; one that does not load is reported, too."""
    reports = [_report(name) for name in engine_names()]
    return tuple(sorted(reports, key=lambda report: (not report.availability.works, report.name)))


def say(text: str, voice: ChosenVoice, *, language: str = "en", speed: float = 1.0) -> Clip:
    """Speak one text as a session would, without keeping it. Raises SpeechError."""
    from audio_builder.speech.finishing import finish
    from audio_builder.speech.speaking import prepared
    from audio_builder.speech.takes import record

    utterance = Utterance(text, language=language, speed=speed)
    try:
        return finish(record(voice.engine, prepared(utterance, voice, lexicon=Lexicon())))
    finally:
        voice.engine.close()


def write_wav(clip: Clip, path: Path) -> None:
    """Write a clip as a 16-bit WAV file. Raises OutputError."""
    from audio_builder.speech.finishing import to_pcm

    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(part), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(to_pcm(clip.samples))
        part.replace(path)
    except OSError as error:
        raise OutputError(f"the sample cannot be written: {error.strerror}", where=str(path)) from error


def _report(name: str) -> EngineReport:
    try:
        engine = load_engine(name)
        availability = engine.availability()
        voices = engine.voices() if availability.works else ()
        if not voices:
            availability = replace(availability, works=False)
    except SpeechError as error:
        broken = Availability(works=False, why=error.message, remedy=error.hint or "")
        return EngineReport(name=name, online=False, availability=broken, voices=())
    return EngineReport(name=name, online=engine.online, availability=availability, voices=voices)
