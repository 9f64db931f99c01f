"""Build a session, or preview it: the whole way, and the one place that names every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from audio_builder.building.chunks import Soundscape, soundscape
from audio_builder.building.encoding import HeadStart, Progress, encoded, stage
from audio_builder.building.finished import (
    Session,
    check_output,
    cover_of,
    linked,
    recipe_of,
    session_name,
    target,
)
from audio_builder.building.sheets import cue_sheet
from audio_builder.building.spoken import Spoken, estimated, spoken, spoken_by_any
from audio_builder.errors import VoiceError
from audio_builder.files.atomic import holds_already, mend, write_all
from audio_builder.files.cache import Cache
from audio_builder.parallel import meanwhile
from audio_builder.script.finding import DEFAULT_ROUTINE
from audio_builder.script.overrides import Override
from audio_builder.script.program import Program, load_routine
from audio_builder.session.cuesheet import CueSheet
from audio_builder.session.recipe import Recipe
from audio_builder.session.sidecars import SIDECARS, sidecar_path
from audio_builder.speech.choice import ChosenVoice, choose_voice
from audio_builder.speech.clip_store import ClipStore


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
    executor: Executor | None = None,
) -> Session:
    """Build a session: an MP3 with chapters, and its sidecars beside it.

    `routine` is a bundled name, a path or a loaded program; `out` a folder or a file ending in .mp3;
    `settings` such as `{"cat-cow.reps": 10}` are laid over the routine, `config` is a file of personal
    defaults. `cache` keeps what can be used again; unless given, it is the user's. `executor` mixes and encodes in
    place of threads of our own. What lies there already, byte for byte, is not written again. Raises an
    AudioBuilderError, and then leaves an earlier session as it was.
    """
    check_output(out)
    program = _loaded(routine, settings, config)
    path, scape, cache = target(out, program), soundscape(program), cache or Cache()
    with HeadStart(scape, cache) as ahead:
        said, chosen = spoken_by_any(
            program,
            _chosen(program, voice, offline=offline),
            store=ClipStore(cache),
            report=stage("Speaking", progress),
            settled=ahead.settled,
        )
    sheet = _sheet_of(said, chosen, audio=path.name)
    recipe = _put(path, sheet, said, scape, cache=cache, progress=progress, executor=executor)
    return Session.of(path, sheet, chosen, recipe=recipe)


def _put(
    path: Path,
    sheet: CueSheet,
    said: Spoken,
    scape: Soundscape,
    *,
    cache: Cache,
    progress: Progress | None,
    executor: Executor | None,
) -> Recipe:
    """Encode what was spoken, and write it and its sidecars, unless all of it lies there already."""
    clips, report = said.clips, stage("Linking", progress)
    assert clips is not None, "what was spoken has its clips"
    with meanwhile(lambda: cover_of(said.program, said.timeline.length, cache)):
        mixing = stage("Mixing", progress)
        frames = encoded(said.timeline, clips, scape, cache=cache, report=mixing, executor=executor)
    report(0, 1)
    cover = cover_of(said.program, said.timeline.length, cache)
    recipe = recipe_of(sheet, frames, cover=cover, form=scape.form)
    sidecars = {sidecar_path(path, ending): [write(sheet).encode()] for ending, write in SIDECARS.items()}
    lies_there = holds_already(path, linked(recipe, frames, cover))
    if lies_there and all(holds_already(*sidecar) for sidecar in sidecars.items()):
        mend(path.parent)
    else:
        write_all({path: linked(recipe, frames, cover), **sidecars})
    report(1, 1)
    return recipe


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
        return cue_sheet(said.timeline, said.program, voice={}, audio=f"{session_name(program)}.mp3")
    chosen = _chosen(program, voice, offline=offline)
    said = spoken(program, chosen, store=ClipStore(cache), report=lambda done, total: None)
    return _sheet_of(said, chosen, audio=f"{session_name(program)}.mp3")


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
        return choose_voice(voice or program.voice, language=routine.language, offline=offline)
    except VoiceError as error:
        wished = None if voice else program.document.values_at.get(("voice",))
        raise VoiceError(error.message, error.where or wished, error.remedy) from error


def _sheet_of(said: Spoken, chosen: ChosenVoice, *, audio: str) -> CueSheet:
    clips = said.clips
    return cue_sheet(
        said.timeline,
        said.program,
        voice=_voice_of(chosen, said.program),
        contour_of=lambda text: clips.note(text).contour if clips else "",
        audio=audio,
    )


def _voice_of(chosen: ChosenVoice, program: Program) -> dict[str, str]:
    identity = chosen.engine.identity(chosen.voice, program.routine.language)
    return {"engine": chosen.engine.name, "version": identity, "voice": chosen.voice}
