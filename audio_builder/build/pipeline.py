"""A routine's name comes in; a finished session lies in its folder: the one place that names every stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audio_builder.build.cuesheet import CueSheet, cue_sheet
from audio_builder.build.output import Pieces, target, write_all
from audio_builder.build.session import Session
from audio_builder.build.sidecars import SIDECARS, to_lyrics
from audio_builder.build.speaking import estimated, spoken
from audio_builder.compiler import Timeline, compile_routine
from audio_builder.script import DEFAULT_ROUTINE, Override, Program, load_routine
from audio_builder.speech import ChosenVoice, Clip, ClipStore, choose_voice
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
    offline: bool = False,
    store: ClipStore | None = None,
    progress: Progress | None = None,
) -> Session:
    """Build a session: an MP3 with chapters, and its sidecars beside it.

    `routine` is a bundled name, a path or a loaded program; `out` a folder or a file ending in .mp3;
    `settings` such as `{"cat-cow.reps": 10}` are laid over the routine. Raises an AudioBuilderError,
    and then leaves an earlier session as it was.
    """
    report = progress or (lambda stage, done, total: None)
    program = routine if isinstance(routine, Program) else load_routine(routine, settings=settings)
    plan = compile_routine(program)
    chosen = choose_voice(voice or program.routine.voice, language=program.routine.language, offline=offline)
    clips_store = store or ClipStore()
    timeline, clips = spoken(
        plan, program, chosen, store=clips_store, report=lambda done, total: report("Speaking", done, total)
    )
    sheet = cue_sheet(timeline, program, voice=_voice_of(chosen, program))
    sections = list(_encoded(timeline, program, clips, report))
    path = target(out, program.name)
    report("Linking", 0, 1)
    write_all({path: _mp3(sheet, program, sections), **_sidecars(sheet, path)})
    report("Linking", 1, 1)
    return Session(path=path, cue_sheet=sheet, voice=str(chosen), why=chosen.why, size=path.stat().st_size)


def preview(
    routine: str | Path | Program = DEFAULT_ROUTINE,
    *,
    settings: Mapping[str, Any] | Sequence[Override] = (),
) -> CueSheet:
    """Give the timed cue text of a routine without speaking it; times are estimates."""
    program = routine if isinstance(routine, Program) else load_routine(routine, settings=settings)
    return cue_sheet(estimated(compile_routine(program), program), program, voice={})


def _voice_of(chosen: ChosenVoice, program: Program) -> dict[str, str]:
    identity = chosen.engine.identity(chosen.voice, program.routine.language)
    return {"engine": chosen.engine.name, "version": identity, "voice": chosen.voice}


def _encoded(
    timeline: Timeline, program: Program, clips: Mapping[str, Clip], report: Progress
) -> Iterator[bytes]:
    """Mix and encode each section on its own."""
    from audio_builder.mix import Levels, gather, render
    from audio_builder.mp3 import Format, encode
    from audio_builder.sound.pacers import Pacer

    assert timeline.exact, "the mixer refuses an estimate"
    wished = program.routine.levels
    levels = Levels(
        tones_db=wished.tones, tones_duck_db=-wished.duck, chimes_db=wished.chimes, chimes_duck_db=-wished.duck
    )
    palette = gather(timeline.sections, pacer=Pacer(sound=program.routine.sounds.pacer))
    samples = {text: clip.samples for text, clip in clips.items()}
    total = len(timeline.sections)
    for number, section in enumerate(timeline.sections):
        report("Mixing", number, total)
        yield encode(render(section, samples, levels=levels, palette=palette), Format())
    report("Mixing", total, total)


def _mp3(sheet: CueSheet, program: Program, sections: Sequence[bytes]) -> Pieces:
    """Put the tag and the linked frames end to end."""
    from audio_builder.mp3 import Chapter, Format, draw_cover, link, tag

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
    yield from link(sections, Format())


def _sidecars(sheet: CueSheet, path: Path) -> dict[Path, Pieces]:
    stem = path.name[: -len(path.suffix)]
    return {path.with_name(stem + ending): [write(sheet).encode()] for ending, write in SIDECARS.items()}
