"""A text and a voice's name come in; a WAV file to hear it by, or the list of voices, goes out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from audio_builder.building.output import write_all
from audio_builder.cli import printing
from audio_builder.speech import ClipStore, Utterance, Voice, choose_voice, speak_all
from audio_builder.speech.registry import EngineReport, survey
from audio_builder.timebase import RATE

LANGUAGES_SHOWN = 12


def write_sample(text: str, spec: str, output: Path, *, language: str, offline: bool) -> str:
    """Speak a text and write it as a WAV file, as a session would have it; say who spoke."""
    import soundfile

    utterance = Utterance(text, language=language)
    voice = choose_voice(spec, language=language, offline=offline)
    clip = speak_all([utterance], voice, store=ClipStore())[utterance]
    wav = io.BytesIO()
    soundfile.write(wav, clip.samples, RATE, format="WAV", subtype="PCM_16")
    write_all({output: [wav.getvalue()]})
    return str(voice)


def show_voices(*, language: str | None, everything: bool, as_json: bool) -> None:
    """Print what speaks here, and what would with one more step."""
    reports = survey()
    if as_json:
        rows = [_row(report, language) for report in reports]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for report in reports:
        voices = _in_language(report.voices, language)
        listed = _each(report, voices) if everything else _summary(report, voices)
        found, *details = [*state(report), *listed]
        typer.echo(f"{report.name:<12} {found}")
        for line in details:
            typer.echo(f"{'':<12}   {line}")


def state(report: EngineReport) -> tuple[str, ...]:
    """Say whether an engine speaks here or, if not, why, and which step would change that."""
    found = report.availability
    if found.works:
        return ("works here, with the network" if report.online else "works here",)
    if found.remedy:
        return (f"would work with one more step: {found.remedy}", found.why)
    return (f"does not work here: {found.why}",)


def _row(report: EngineReport, language: str | None) -> dict[str, Any]:
    return {
        "engine": report.name,
        "works": report.availability.works,
        "online": report.online,
        "why": report.availability.why,
        "remedy": report.availability.remedy,
        "voices": [
            {"name": voice.name, "language": voice.language, "about": voice.about}
            for voice in _in_language(report.voices, language)
        ],
        "variants": list(report.variants),
    }


def _in_language(voices: Sequence[Voice], language: str | None) -> list[Voice]:
    """Choose the voices of a language, all of its regions, and those that speak any."""
    if language is None:
        return list(voices)
    wanted = {language.lower().partition("-")[0], "*"}
    return [voice for voice in voices if voice.language.lower().partition("-")[0] in wanted]


def _summary(report: EngineReport, voices: Sequence[Voice]) -> Iterator[str]:
    languages = sorted({voice.language for voice in voices} - {"*"})
    if languages:
        shown = ", ".join(languages[:LANGUAGES_SHOWN]) + (" …" if len(languages) > LANGUAGES_SHOWN else "")
        yield f"{printing.counted(len(voices), 'voice')}: {shown}"
    elif report.voices and not voices:
        yield "no voice in this language"
    if report.variants and voices:
        named = f"{report.name}:VOICE+{report.variants[0]}"
        yield f"each in {len(report.variants)} timbres, as in {named}; --all lists them"


def _each(report: EngineReport, voices: Sequence[Voice]) -> Iterator[str]:
    for voice in voices:
        named = f"{report.name}:{voice.name}" if voice.name else report.name
        yield f"{named:<28} {voice.language:<12} {voice.about}".rstrip()
    if report.variants and voices:
        yield f"each with any of these behind a +: {', '.join(report.variants)}"
