"""The plan: what happens in what order, before the lengths of cues are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from audio_builder.breath import Phase
from audio_builder.session.cuesheet import EventKind, SectionKind

ANNOUNCED_SECONDS = 5.0
"""How much of a rest lies after the next exercise has been announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words to be spoken: one of several wordings, the first that fits."""

    wordings: tuple[str, ...]
    """In falling preference; never empty."""
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """A spoken line with the movement it leads; lasts as long as the longer of the two."""

    line: Line | None
    move: int
    """The least time, in samples."""
    kind: EventKind | None = None
    """What the time is for, where that is worth an event: `move`, `rest`, `switch`."""
    count: Line | None = None
    """The rep's number, spoken before the line."""
    ticks: tuple[int, ...] = ()
    """Where the movement's parts begin, in samples from its start."""
    rep: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A static stretch of exact length, with what is said in it as far as there is room."""

    length: int
    """Samples."""
    phases: tuple[tuple[Phase, int], ...]
    """The phases of one breath, with their samples."""
    breaths: int
    """Whole breaths that fit."""
    breath_words: tuple[tuple[Phase, Line], ...] = ()
    """What is said with the phases of the first breaths."""
    spoken_breaths: int = 0
    """How many breaths have spoken words."""
    counts: tuple[tuple[int, Line], ...] = ()
    """Each with the breath (from 0) at whose start it is said."""
    halfway: Line | None = None
    halfway_sound: str = ""
    encouragement: tuple[Line, ...] = ()
    out: Line | None = None
    last_seconds: bool = False
    """A soft marker shortly before the end."""
    rep: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breath:
    """One breath that a movement follows; its words start with its tones."""

    phases: tuple[tuple[Phase, int], ...]
    inhale: Line | None
    exhale: Line | None
    count: Line | None = None
    """What leads the next rep, said at the very end where there is room."""
    rep: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Silence of an exact length."""

    length: int
    """Samples."""
    kind: EventKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chime:
    """A sound, and how long to wait before going on."""

    sound: str
    role: str
    wait: int
    """Samples; the sound may ring on."""


Moment = Speak | Hold | Breath | Quiet | Chime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A section before placement."""

    name: str
    title: str
    kind: SectionKind
    exercise: str = ""
    side: str = ""
    round: int = 1
    lead: tuple[Moment, ...] = ()
    """Before the work: announcements, the way to the position, the gap of a switch."""
    work: tuple[Moment, ...] = ()
    """The work; the drafts of a group have equally many of the same kinds, and equal time for each."""
    tail: tuple[Moment, ...] = ()
    """After the work: the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The sides of one exercise in one round: their work lasts equally long."""

    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A compiled routine, ready to be placed in time."""

    name: str
    title: str
    groups: tuple[Group, ...]


def wordings(plan: object) -> Iterator[str]:
    """Give every text that a plan, or a part of one, may say."""
    if isinstance(plan, Line):
        yield from plan.wordings
    elif isinstance(plan, tuple):
        for each in plan:
            yield from wordings(each)
    elif is_dataclass(plan):
        for each in fields(plan):
            yield from wordings(getattr(plan, each.name))
