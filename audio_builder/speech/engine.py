"""What a speech engine is: the protocol that built-in engines and plug-ins fulfil, and how they are found."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.speech.utterance import Recording, Utterance

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "audio_builder.engines"
"""The entry point group that engines register in; each entry names a class that needs no arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice of an engine."""

    name: str
    """What follows `ENGINE:` when choosing it."""
    language: str
    """An IETF tag such as `en` or `en-GB`; `*` for any."""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether an engine works here and, where it does not, why and what would help."""

    works: bool
    why: str = ""
    remedy: str = ""


@runtime_checkable
class Engine(Protocol):
    """Gives samples for an utterance. `audio_builder.speech.contract` checks an implementation."""

    @property
    def name(self) -> str:
        """What a user writes before the colon; the name of the entry point."""
        ...

    @property
    def online(self) -> bool:
        """Whether it needs the network."""
        ...

    @property
    def at_once(self) -> int:
        """How many calls of `speak` it takes at a time, from different threads."""
        ...

    @property
    def understands(self) -> frozenset[str]:
        """Which of `audio_builder.speech.notation.MARKS` it wants left in the text.

        Pauses it does not understand are put in for it as silence; other marks are taken out.
        """
        ...

    def identity(self, voice: str, language: str) -> str:
        """Name everything besides the utterance that can change the sound: version, model, settings.

        Raises VoiceError for a voice that there is not.
        """
        ...

    def voices(self) -> Sequence[Voice]:
        """List the voices that work here."""
        ...

    def availability(self) -> Availability:
        """Say whether it works here, without using the network."""
        ...

    def speak(self, utterance: Utterance) -> Recording:
        """Speak one utterance. Raises SpeechError where it cannot."""
        ...

    def close(self) -> None:
        """Give back what speaking held, such as processes; speaking again afterwards works.

        Also called while others speak, who then may end early with a SpeechError.
        """
        ...


@runtime_checkable
class StartingEngine(Protocol):
    """An engine that takes a while to start, and can do so while others get ready."""

    def start(self, lines: int) -> None:
        """Begin to start what so many lines will need; speaking waits for it."""
        ...


def engine_names() -> tuple[str, ...]:
    """Name all installed engines."""
    return tuple(sorted(_entry_points()))


def load_engine(name: str) -> Engine:
    """Make the engine of this name. Raises VoiceError where there is none, SpeechError where it does not load."""
    entries = _entry_points()
    if name not in entries:
        close = get_close_matches(name, entries, n=1)
        meant = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(sorted(entries))}"
        raise VoiceError(f'no speech engine is called "{name}"', hint=meant)
    entry = entries[name]
    try:
        made = entry.load()()
    except Exception as error:  # a plug-in may fail in any way
        raise SpeechError(
            f'the speech engine "{name}" ({entry.value}) does not load: {error}',
            hint="update or remove the package that brings it",
        ) from error
    if not isinstance(made, Engine):
        raise SpeechError(
            f'"{name}" ({entry.value}) is not a speech engine: it lacks {", ".join(lacking_members(made))}',
            hint="see audio_builder.speech.contract",
        )
    return made


def lacking_members(made: object) -> list[str]:
    """Name the members of the engine protocol that an object has not."""
    wanted = [member for member in vars(Engine) if not member.startswith("_")]
    return [member for member in wanted if not hasattr(made, member)]


def _entry_points() -> Mapping[str, EntryPoint]:
    return _found_on(tuple(sys.path))


@lru_cache(maxsize=4)
def _found_on(search_path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Look through all packages on a search path, which takes some milliseconds, once."""
    del search_path  # the key alone: another path, other packages
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP)}
