"""Find the installed speech engines by their entry points, make them, and say which of them work here."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech.engine import Availability, DownloadingEngine, Engine, VariedEngine, Voice

GROUP = "audio_builder.engines"
"""The entry point group that engines register in; each entry names a class that needs no arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReport:
    """What an engine can do here."""

    name: str
    online: bool
    availability: Availability
    voices: Sequence[Voice] = ()
    """Empty where it does not work."""
    variants: Sequence[str] = ()
    """Timbres that each voice can take on."""
    downloads: Sequence[Voice] = ()
    """Voices that are not here yet: the network is needed once for each."""


def engine_names() -> tuple[str, ...]:
    """Name all installed engines."""
    return tuple(sorted(_entry_points()))


def load_engine(name: str) -> Engine:
    """Make the engine of this name. Raises VoiceError where there is none, SpeechError where it does not load."""
    entries = _entry_points()
    if name not in entries:
        close = get_close_matches(name, entries, n=1)
        meant = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(sorted(entries))}"
        raise VoiceError(f'no speech engine is called "{name}"', remedy=meant)
    entry = entries[name]
    try:
        made = entry.load()()
    except Exception as error:  # a plug-in may fail in any way
        raise SpeechError(
            f'the speech engine "{name}" ({entry.value}) does not load: {error}',
            remedy="update or remove the package that brings it",
        ) from error
    if not isinstance(made, Engine):
        raise SpeechError(
            f'"{name}" ({entry.value}) is not a speech engine: it lacks {", ".join(lacking_members(made))}',
            remedy="see audio_builder.speech.contract",
        )
    return made


def lacking_members(made: object) -> list[str]:
    """Name the members of the engine protocol that an object has not."""
    wanted = [member for member in vars(Engine) if not member.startswith("_")]
    return [member for member in wanted if not hasattr(made, member)]


def survey() -> tuple[EngineReport, ...]:
    """Look at every installed engine, working ones first; one that does not load is reported, too."""
    reports = [_report(name) for name in engine_names()]
    return tuple(sorted(reports, key=lambda report: (not report.availability.works, report.name)))


def _report(name: str) -> EngineReport:
    try:
        return _looked_at(name, load_engine(name))
    except SpeechError as error:
        why, remedy = error.message, error.remedy or ""
    except Exception as error:  # noqa: BLE001 -- a plug-in may fail in any way, and is to hide no other engine
        why, remedy = f"{type(error).__name__}: {error}", ""
    return EngineReport(
        name=name, online=False, availability=Availability(works=False, why=why, remedy=remedy)
    )


def _looked_at(name: str, engine: Engine) -> EngineReport:
    availability = engine.availability()
    voices = engine.voices() if availability.works else ()
    if not voices:
        availability = replace(availability, works=False)
    return EngineReport(
        name=name,
        online=engine.online,
        availability=availability,
        voices=voices,
        variants=engine.variants() if voices and isinstance(engine, VariedEngine) else (),
        downloads=engine.downloadable() if voices and isinstance(engine, DownloadingEngine) else (),
    )


def _entry_points() -> Mapping[str, EntryPoint]:
    return _found_on(tuple(sys.path))


@lru_cache(maxsize=4)
def _found_on(search_path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Look through all packages on a search path, which takes some milliseconds, once."""
    del search_path  # the key alone: another path, other packages
    return {entry.name: entry for entry in entry_points(group=GROUP)}
