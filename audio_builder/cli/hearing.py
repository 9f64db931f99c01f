"""A text and a voice's name come in; a WAV file to hear it by, or the list of voices, goes out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from audio_builder.building.output import write_all
from audio_builder.speech import (
    ClipStore,
    Engine,
    Utterance,
    choose_voice,
    engine_names,
    load_engine,
    speak_all,
)
from audio_builder.timebase import RATE


def write_sample(text: str, spec: str, output: Path, *, language: str, offline: bool) -> None:
    """Speak a text and write it as a WAV file, as a session would have it."""
    import soundfile

    utterance = Utterance(text, language=language)
    voice = choose_voice(spec, language=language, offline=offline)
    clip = speak_all([utterance], voice, store=ClipStore())[utterance]
    wav = io.BytesIO()
    soundfile.write(wav, clip.samples, RATE, format="WAV", subtype="PCM_16")
    write_all({output: [wav.getvalue()]})


def show_voices(*, everything: bool, as_json: bool) -> None:
    """Print what speaks here, and what would with one more step."""
    rows = [_row(name, load_engine(name)) for name in engine_names()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "works here" if row["works"] else f"does not work here: {row['why']}"
        typer.echo(f"{row['engine']:<12} {state}")
        if row["remedy"]:
            typer.echo(f"{'':<12}   {row['remedy']}")
        for line in _listed(row["voices"], everything=everything):
            typer.echo(f"{'':<12}   {line}")


def _row(name: str, engine: Engine) -> dict[str, Any]:
    found = engine.availability()
    spoken = engine.voices() if found.works else ()
    return {
        "engine": name,
        "works": found.works,
        "why": found.why,
        "remedy": found.remedy,
        "voices": [{"name": voice.name, "language": voice.language} for voice in spoken],
    }


def _listed(voices: list[dict[str, str]], *, everything: bool) -> Iterator[str]:
    if everything:
        yield from (f"{voice['name']} ({voice['language']})" for voice in voices)
    elif voices:
        languages = sorted({voice["language"] for voice in voices})
        shown = ", ".join(languages[:12]) + (" …" if len(languages) > 12 else "")
        yield f"{len(voices)} voices: {shown}"
