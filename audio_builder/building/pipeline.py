"""A routine's name comes in; a finished session lies in its folder: the one place that names every stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from audio_builder.building.encoding import HeadStart, Progress, encoded, meanwhile, stage
from audio_builder.building.records import Record, packed, remember, states
from audio_builder.building.session import Session, target
from audio_builder.building.sheets import cue_sheet
from audio_builder.building.soundscape import Soundscape, soundscape
from audio_builder.building.speaking import Spoken, estimated, spoken, spoken_by_any
from audio_builder.compiler import Timeline
from audio_builder.errors import VoiceError
from audio_builder.files.atomic import write_all
from audio_builder.files.cache import Cache
from audio_builder.mp3.linking import link, tail_frame
from audio_builder.script import DEFAULT_ROUTINE, Override, Program, load_routine, scripts_folder
from audio_builder.session.chapters import chapters_of
from audio_builder.session.cuesheet import CueSheet
from audio_builder.session.sidecars import SIDECARS, sidecar_path, to_lyrics
from audio_builder.sound.library import find, sounds_folder
from audio_builder.speech import ChosenVoice, ClipStore, choose_voice
from audio_builder.timebase import to_seconds

ARTIST = "Audio Builder"


def build(
    routine: str | Path | Program = DEFAULT_ROUTINE,
    out: str | Path = "dist",
    *,
    voice: str | None = None,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
    offline: bool = False,
    cache: Cache | None = None,
    progress: Progress | None = None,
    remember_as: str = "",
) -> Session:
    """Build a session: an MP3 with chapters, and its sidecars beside it.

    `routine` is a bundled name, a path or a loaded program; `out` a folder or a file ending in .mp3;
    `settings` such as `{"cat-cow.reps": 10}` are laid over the routine, `config` is a file of personal
    defaults; `remember_as` names the record to keep of it. Raises an AudioBuilderError, and then leaves an
    earlier session as it was.
    """
    started = time.time()
    program = _loaded(routine, settings, config)
    chosen = _chosen(program, voice, offline=offline)
    scape, cache = soundscape(program), cache or Cache()
    speaking = stage("Speaking", progress)
    with HeadStart(scape, cache) as ahead:
        said, chosen = spoken_by_any(
            program, chosen, store=ClipStore(cache), report=speaking, settled=ahead.settled
        )
    program = said.program
    assert said.clips is not None, "what was spoken has its clips"
    with meanwhile(lambda: _cover(program, said.timeline.length, cache)):
        frames = encoded(said.timeline, said.clips, scape, cache=cache, report=stage("Mixing", progress))
    linking = stage("Linking", progress)
    linking(0, 1)
    sheet = _sheet_of(said, chosen)
    linked = link(frames, scape.form)
    head = tag_of(sheet, program, cache) + bytes(next(linked))
    texts = {ending: write(sheet) for ending, write in SIDECARS.items()}
    path = target(out, program.name)
    sidecars = {sidecar_path(path, ending): [text.encode()] for ending, text in texts.items()}
    write_all({path: chain([head], linked), **sidecars})
    if remember_as:
        record = Record(
            looked_at=states(_looked_at(program, said.timeline, scape, config), before=started),
            wished_voice=voice or program.routine.voice,
            sidecars=texts,
            head=packed(head),
            rows=frames.laid,
            tail=packed(tail_frame(scape.form)),
        )
        remember(remember_as, record, cache)
    linking(1, 1)
    return Session.of(path, sheet, chosen)


def preview(
    routine: str | Path | Program = DEFAULT_ROUTINE,
    *,
    voice: str | None = None,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
    exact: bool = False,
    offline: bool = False,
    cache: Cache | None = None,
) -> CueSheet:
    """Give the timed cue text of a routine; times are estimates, or `exact` ones, for which it is spoken."""
    program = _loaded(routine, settings, config)
    if not exact:
        said = estimated(program, voice=voice)
        return cue_sheet(said.timeline, said.program, voice={})
    chosen = _chosen(program, voice, offline=offline)
    said = spoken(program, chosen, store=ClipStore(cache), report=lambda done, total: None)
    return _sheet_of(said, chosen)


def _loaded(
    routine: str | Path | Program, settings: Mapping[str, Any] | Sequence[Override], config: Path | None
) -> Program:
    if isinstance(routine, Program):
        return routine
    return load_routine(routine, settings=settings, config=config)


def _chosen(program: Program, voice: str | None, *, offline: bool) -> ChosenVoice:
    """Choose who speaks. VoiceError where nobody is called so, naming the place of the wish in the scripts."""
    routine = program.routine
    try:
        return choose_voice(voice or routine.voice, language=routine.language, offline=offline)
    except VoiceError as error:
        wished = None if voice else program.document.values_at.get(("voice",))
        raise VoiceError(error.message, error.where or wished, error.remedy) from error


def _sheet_of(said: Spoken, chosen: ChosenVoice) -> CueSheet:
    clips = said.clips
    return cue_sheet(
        said.timeline,
        said.program,
        voice=_voice_of(chosen, said.program),
        contour_of=lambda text: clips.note(text).contour if clips else "",
    )


def _voice_of(chosen: ChosenVoice, program: Program) -> dict[str, str]:
    identity = chosen.engine.identity(chosen.voice, program.routine.language)
    return {"engine": chosen.engine.name, "version": identity, "voice": chosen.voice}


def tag_of(sheet: CueSheet, program: Program, cache: Cache) -> bytes:
    """Make the tag: titles, chapters, lyrics and cover."""
    from audio_builder.mp3.tags import tag

    return tag(
        title=sheet.title,
        artist=ARTIST,
        album=sheet.title,
        language=sheet.language,
        lyrics=to_lyrics(sheet),
        cover=_cover(program, sheet.length_samples, cache),
        chapters=chapters_of(sheet),
    )


def _cover(program: Program, length: int, cache: Cache) -> bytes:
    """Draw the cover of a session of so many samples, or take the one that was drawn for the same words."""
    from audio_builder.mp3.cover import cover_key, draw_cover

    exercises = list(dict.fromkeys(each.exercise.name for each in program.prescriptions))
    title, language, seconds = program.routine.title, program.routine.language, to_seconds(length)
    key = cover_key(title=title, length_seconds=seconds, exercises=exercises, language=language)
    cover = cache.get("covers", key)
    if cover is None:
        cover = draw_cover(title=title, length_seconds=seconds, exercises=exercises, language=language)
        cache.put("covers", key, cover)
    return cover


def _looked_at(
    program: Program, timeline: Timeline, scape: Soundscape, config: Path | None
) -> Iterator[Path]:
    """Give every file that a session is made from, and every folder where one might have been found."""
    documents = (program.document, *program.exercise_documents.values())
    yield from (Path(document.source) for document in documents)
    yield from (program.folder, program.folder / "exercises")
    yield from (scripts_folder() / "routines", scripts_folder() / "exercises", sounds_folder())
    if config:
        yield config
    names = {event.sound for section in timeline.sections for event in section.events}
    own = {scape.inhale, scape.exhale, "" if scape.bed.made or not scape.over_bed else scape.bed.sound}
    yield from (find(name) for name in sorted((names | own) - {""}))
