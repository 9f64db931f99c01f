"""A routine's name comes in; a finished session lies in its folder: the one place that names every stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from audio_builder.building.cuesheet import CueSheet, cue_sheet
from audio_builder.building.encoding import encoded
from audio_builder.building.output import Pieces, target, write_all
from audio_builder.building.session import Session
from audio_builder.building.sidecars import SIDECARS, to_lyrics
from audio_builder.building.soundscape import soundscape
from audio_builder.building.speaking import estimated, spoken, spoken_by_any
from audio_builder.building.store import PieceStore
from audio_builder.mp3.format import Format
from audio_builder.script import DEFAULT_ROUTINE, Override, Program, load_routine
from audio_builder.speech import ChosenVoice, ClipStore, choose_voice
from audio_builder.timebase import to_seconds

Progress = Callable[[str, int, int], None]
"""Gets a stage's name, how much of it is done, and how much there is."""

ARTIST = "Audio Builder"


def build(
    routine: str | Path | Program = DEFAULT_ROUTINE,
    out: str | Path = "dist",
    *,
    voice: str | None = None,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
    offline: bool = False,
    store: ClipStore | None = None,
    pieces: PieceStore | None = None,
    progress: Progress | None = None,
) -> Session:
    """Build a session: an MP3 with chapters, and its sidecars beside it.

    `routine` is a bundled name, a path or a loaded program; `out` a folder or a file ending in .mp3;
    `settings` such as `{"cat-cow.reps": 10}` are laid over the routine, `config` is a file of personal
    defaults. Raises an AudioBuilderError, and then leaves an earlier session as it was.
    """
    report = progress or (lambda stage, done, total: None)
    program = _loaded(routine, settings, config)
    chosen = choose_voice(voice or program.routine.voice, language=program.routine.language, offline=offline)
    said, chosen = spoken_by_any(
        program,
        chosen,
        store=store or ClipStore(),
        report=lambda done, total: report("Speaking", done, total),
    )
    program = said.program
    sheet = cue_sheet(said.timeline, program, voice=_voice_of(chosen, program))
    assert said.clips is not None, "what was spoken has its clips"
    scape = soundscape(program)
    frames = encoded(
        said.timeline,
        said.clips,
        scape,
        store=pieces or PieceStore(),
        report=lambda done, total: report("Mixing", done, total),
    )
    path = target(out, program.name)
    report("Linking", 0, 1)
    write_all({path: _mp3(sheet, program, frames, scape.form), **_sidecars(sheet, path)})
    report("Linking", 1, 1)
    return Session(path=path, cue_sheet=sheet, voice=str(chosen), why=chosen.why, size=path.stat().st_size)


def preview(
    routine: str | Path | Program = DEFAULT_ROUTINE,
    *,
    voice: str | None = None,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
    exact: bool = False,
    offline: bool = False,
    store: ClipStore | None = None,
) -> CueSheet:
    """Give the timed cue text of a routine; times are estimates, or `exact` ones, for which it is spoken."""
    program = _loaded(routine, settings, config)
    if not exact:
        said = estimated(program)
        return cue_sheet(said.timeline, said.program, voice={})
    chosen = choose_voice(voice or program.routine.voice, language=program.routine.language, offline=offline)
    said = spoken(program, chosen, store=store or ClipStore(), report=lambda done, total: None)
    return cue_sheet(said.timeline, said.program, voice=_voice_of(chosen, said.program))


def _loaded(
    routine: str | Path | Program, settings: Mapping[str, Any] | Sequence[Override], config: Path | None
) -> Program:
    if isinstance(routine, Program):
        return routine
    return load_routine(routine, settings=settings, config=config)


def _voice_of(chosen: ChosenVoice, program: Program) -> dict[str, str]:
    identity = chosen.engine.identity(chosen.voice, program.routine.language)
    return {"engine": chosen.engine.name, "version": identity, "voice": chosen.voice}


def _mp3(sheet: CueSheet, program: Program, frames: Sequence[bytes], form: Format) -> Pieces:
    """Put the tag and the linked frames end to end."""
    from audio_builder.mp3 import Chapter, draw_cover, link, tag

    exercises = list(dict.fromkeys(each.exercise.name for each in program.prescriptions))
    yield tag(
        title=sheet.title,
        artist=ARTIST,
        album=sheet.title,
        language=sheet.language,
        lyrics=to_lyrics(sheet),
        cover=draw_cover(title=sheet.title, length_seconds=to_seconds(sheet.length), exercises=exercises),
        chapters=[
            Chapter(title=section.title, start=section.start, end=section.start + section.length)
            for section in sheet.sections
        ],
    )
    yield from link(frames, form)


def _sidecars(sheet: CueSheet, path: Path) -> dict[Path, Pieces]:
    stem = path.name[: -len(path.suffix)]
    return {path.with_name(stem + ending): [write(sheet).encode()] for ending, write in SIDECARS.items()}
