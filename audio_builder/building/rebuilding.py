"""A build is asked for; the session comes from what is remembered of the last such build, or is made."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio_builder.building.encoding import Progress
from audio_builder.building.records import Record, recall, request, unpacked
from audio_builder.building.session import Session, target
from audio_builder.errors import SpeechError
from audio_builder.files.atomic import holds_already, mend, write_all
from audio_builder.files.cache import Cache
from audio_builder.session.cuesheet import CueSheet
from audio_builder.session.sidecars import sidecar_path
from audio_builder.speech import ChosenVoice, choose_voice

if TYPE_CHECKING:
    from audio_builder.script import Override, Program

DEFAULT_ROUTINE = "thoracic-mobility"

OFTEN = 20
"""What is needed more often than so is kept in memory; only room tone is."""


class _Gone(Exception):  # noqa: N818
    """A piece that a record names is not there any more."""


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
) -> Session:
    """Build a session: an MP3 with chapters, and its sidecars beside it.

    `routine` is a bundled name, a path or a loaded program; `out` a folder or a file ending in .mp3;
    `settings` such as `{"cat-cow.reps": 10}` are laid over the routine, `config` is a file of personal
    defaults. `cache` keeps what can be used again; unless given, it is the user's.
    Raises an AudioBuilderError, and then leaves an earlier session as it was.
    """
    cache = cache or Cache()
    name = ""
    if isinstance(routine, str | Path):
        environment = {key: value for key, value in os.environ.items() if key.startswith("AUDIO_BUILDER_")}
        asked = {"routine": str(routine), "voice": voice, "settings": settings, "config": config}
        name = request(**asked, offline=offline, environment=environment)
        session = _again(name, out, offline=offline, cache=cache, progress=progress)
        if session is not None:
            return session
    from audio_builder.building.pipeline import build as make

    return make(
        routine,
        out,
        voice=voice,
        settings=settings,
        config=config,
        offline=offline,
        cache=cache,
        progress=progress,
        remember_as=name,
    )


def _again(
    name: str, out: str | Path, *, offline: bool, cache: Cache, progress: Progress | None
) -> Session | None:
    """Put the session together as the last time; None where anything is not as it was then."""
    record = recall(name, cache)
    if record is None:
        return None
    sheet = CueSheet.model_validate_json(record.sidecars[".json"])
    chosen = _same_voice(record, sheet, offline=offline)
    if chosen is None:
        return None
    path = target(out, sheet.routine)
    try:
        sidecars = {sidecar_path(path, ending): [text.encode()] for ending, text in record.sidecars.items()}
        unchanged = holds_already(path, _stream(record, cache))
        if unchanged and all(holds_already(*each) for each in sidecars.items()):
            mend(path.parent)
        else:
            write_all({path: _stream(record, cache), **sidecars})
    except _Gone:
        return None
    if progress:
        progress("Linking", 1, 1)
    return Session.of(path, sheet, chosen)


def _same_voice(record: Record, sheet: CueSheet, *, offline: bool) -> ChosenVoice | None:
    """Choose the voice anew; None where it is another one by now, or there is none."""
    try:
        chosen = choose_voice(record.wished_voice, language=sheet.language, offline=offline)
        version = chosen.engine.identity(chosen.voice, sheet.language)
    except SpeechError:
        return None
    same = {"engine": chosen.engine.name, "version": version, "voice": chosen.voice} == dict(sheet.voice)
    return chosen if same else None


def _stream(record: Record, cache: Cache) -> Iterator[bytes]:
    """Give the session's bytes; what it holds many times over, room tone, is read once."""
    times = Counter(key for key, _ in record.rows)
    often: dict[str, bytes] = {}
    yield unpacked(record.head)
    for key, size in record.rows:
        frames = often.get(key) or cache.get("chunks", key)
        if frames is None:
            raise _Gone
        if times[key] > OFTEN:
            often[key] = frames
        yield frames if size is None else frames[:size]
    yield unpacked(record.tail)
