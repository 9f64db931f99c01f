"""What the commands around voices do: list voices, write a sample, install one, write the lines to record."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio_builder.building.overview import inventory
from audio_builder.building.pipeline import preview
from audio_builder.cli import options, printing
from audio_builder.errors import CompileError, Place, SpeechError, VoiceError, worded
from audio_builder.files.atomic import write_all
from audio_builder.language import LANGUAGES
from audio_builder.script.overrides import Override
from audio_builder.script.program import load_routine
from audio_builder.speech.choice import EngineReport, choose_voice, survey
from audio_builder.speech.clip_store import ClipStore
from audio_builder.speech.engine import Utterance, Voice
from audio_builder.speech.engines import hibari, piper_voices
from audio_builder.speech.engines.google import reachable
from audio_builder.speech.notation import Lexicon
from audio_builder.speech.speaking import speak_all
from audio_builder.speech.voice_script import Line, write_voice_script
from audio_builder.timebase import RATE

if TYPE_CHECKING:
    from audio_builder.building import CueSheet


LANGUAGES_SHOWN = 12


def write_sample(text: str, spec: str, output: Path, *, language: str, offline: bool) -> str:
    """Speak a text and write it as a WAV file, as a session would have it; say who spoke."""
    import soundfile

    utterance = Utterance(text, language=language)
    voice = choose_voice(spec, language=language, offline=offline)
    lexicon = Lexicon.of_language(language)
    clip = speak_all([utterance], voice, store=ClipStore(), lexicon=lexicon)[utterance]
    wav = io.BytesIO()
    soundfile.write(wav, clip.samples, RATE, format="WAV", subtype="PCM_16")
    write_all({output: [wav.getvalue()]})
    return str(voice)


def show_voices(*, language: str | None, everything: bool, offline: bool, as_json: bool) -> None:
    """Print who speaks where nobody else is asked for, what speaks here, and what would with one more step."""
    reports = survey()
    if as_json:
        rows = [_row(report, language) for report in reports]
        printing.say_json(rows)
        return
    reach = cache(reachable)
    for each in [language] if language else LANGUAGES:
        printing.say(f"{each:<12} {speaks(each, offline=offline, is_reachable=reach)}")
    printing.say()
    for report in reports:
        voices = _in_language(report.voices, language)
        listed = _each(report, voices) if everything else _summary(report, voices)
        more = _downloads(report, _in_language(report.downloads, language))
        found, *details = [*state(report), *listed, *more]
        printing.say(f"{report.name:<12} {found}")
        for line in details:
            printing.say(f"{'':<12}   {line}")


def show_inventory(*, as_json: bool) -> None:
    """Print what there is to build with, and who speaks where nobody else is asked for."""
    found = inventory()
    if as_json:
        printing.say_json(found)
    else:
        printing.inventory(found)
        speaker = speaks("en", offline=False)
        printing.say(f"Where no other voice is asked for, English is spoken by {speaker}")


def speaks(language: str, *, offline: bool, is_reachable: Callable[[], bool] = reachable) -> str:
    """Say in one line who speaks a language where nobody else is asked for, why, and what one step would give."""
    try:
        voice = choose_voice("auto", language=language, offline=offline, is_reachable=is_reachable)
    except SpeechError as error:
        return error.message
    step = worded(voice.better, options.called)
    more = f"; a better voice is one step away: {step}" if step else ""
    return f"{voice}: {voice.why}{more}"


def state(report: EngineReport) -> tuple[str, ...]:
    """Say whether an engine speaks here or, if not, why, and which step would change that."""
    found = report.availability
    if found.works:
        return ("works here, with the network" if report.online else "works here",)
    if found.remedy:
        return (f"would work with one more step: {worded(found.remedy, options.called)}", found.why)
    return (f"does not work here: {found.why}",)


def _row(report: EngineReport, language: str | None) -> dict[str, Any]:
    return {
        "engine": report.name,
        "works": report.availability.works,
        "online": report.online,
        "why": report.availability.why,
        "remedy": worded(report.availability.remedy, options.called),
        "voices": [
            {"name": voice.name, "language": voice.language, "about": voice.about}
            for voice in _in_language(report.voices, language)
        ],
        "variants": list(report.variants),
        "downloads": [voice.name for voice in _in_language(report.downloads, language)],
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


def _downloads(report: EngineReport, voices: Sequence[Voice]) -> Iterator[str]:
    if voices:
        listed = ", ".join(f"{report.name}:{voice.name} ({voice.about})" for voice in voices)
        yield f"with one download each, which needs the network once: {listed}"
        yield f"as in: audio-builder voices install {report.name}:{voices[0].name}"


def _each(report: EngineReport, voices: Sequence[Voice]) -> Iterator[str]:
    for voice in voices:
        named = f"{report.name}:{voice.name}" if voice.name else report.name
        yield f"{named:<28} {voice.language:<12} {voice.about}".rstrip()
    if report.variants and voices:
        yield f"each with any of these behind a +: {', '.join(report.variants)}"


def install(name: str) -> str:
    """Download a voice, showing how far it is; give its full name."""
    engine, _, voice = name.rpartition(":")
    if engine not in {"", "hibari", "piper"}:
        raise VoiceError(f"{engine} has no voices to install", remedy="Piper and hibari have")
    if engine == "hibari":
        hibari.install_voice(voice)
    else:
        with printing.progress(shown=True) as report:
            piper_voices.install_voice(voice, progress=lambda file, count: report(file, count, 0))
    return f"{engine or 'piper'}:{voice}"


PACES = (1.0, 0.75, 0.87, 1.15, 1.3)
"""Of reading aloud, against the estimate's: which lines fit, and which doses make a length, depends on it."""

SLOWEST, FASTEST = 0.5, 1.5
"""What a routine allows as its speed."""


def write_lines(routine: str, wished: Sequence[Override], folder: Path) -> tuple[Path, ...]:
    """Write a routine's lines, section by section, those of other paces of reading at their end."""
    sheets = list(_sheets(routine, wished))
    titles = {section.name: section.title for sheet in sheets for section in sheet.sections}
    order = list(titles)
    cues = [(cue.section, cue.text, sheet.language) for sheet in sheets for cue in sheet.cues()]
    lines = [
        Line(text=text, language=language, section=titles[section])
        for section, text, language in sorted(cues, key=lambda cue: order.index(cue[0]))
    ]
    return write_voice_script(lines, folder, title=sheets[0].title)


def _sheets(routine: str, wished: Sequence[Override]) -> Iterator[CueSheet]:
    """Plan the routine at each pace; one at which it cannot be, for the length that is asked, is left out."""
    config = options.personal_config()
    speed = load_routine(routine, settings=wished, config=config).routine.speed
    for pace in PACES:
        value = min(FASTEST, max(SLOWEST, speed * pace))
        at_pace = Override(path="speed", value=value, place=Place(source="voice-script"))
        try:
            yield preview(routine, settings=[*wished, at_pace], config=config)
        except CompileError:
            if pace == PACES[0]:
                raise
