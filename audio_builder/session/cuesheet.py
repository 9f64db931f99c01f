"""The cue sheet: what happens when in a session, its chapters, and what it was made with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, FailFast, Field

from audio_builder.breath import PHASES, Phase
from audio_builder.errors import OutputError
from audio_builder.session.untrusted import AGAIN, STRICT, read_model
from audio_builder.timebase import RATE, clock, to_seconds

FORMAT: Final = "audio-builder cue sheet"
SHEET_VERSION: Final = 1

MOST_BYTES = 32 << 20
"""Of a cue sheet: a session of twelve hours has about half as many."""
MOST_SECONDS = 24 * 3_600
MOST_SAMPLES = MOST_SECONDS * RATE
MOST_EVENTS = 200_000
MOST_AT_ONCE = 64
"""Events that sound together; who compares them lays each beside the others."""
MOST_LABEL = 40
"""Characters of a cue's words that name it."""

EventKind = Literal[
    "cue",  # a spoken line: `text`
    Phase,  # one phase of a breath, with its pacing tone
    "chime",  # a sound by name: `sound`
    "tick",  # the soft marker of a movement tempo
    "hold", "work", "move", "rest", "switch",  # silent spans that say what the time is for
]  # fmt: skip

SectionKind = Literal["opening", "exercise", "closing"]

LONGEST_SECONDS: Final[Mapping[EventKind, int]] = {
    **dict.fromkeys(PHASES, 120), "cue": 300, "chime": 3_600, "tick": 3_600,
}  # fmt: skip
"""Whatever sounds is made or held whole by who compares it."""

Samples = Annotated[int, Field(ge=0, le=MOST_SAMPLES)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Texts = Annotated[dict[str, str], Field(max_length=10_000)]


class _Timed(BaseModel):
    """A stretch of the session."""

    model_config = STRICT

    start_samples: Samples
    """From the start of the session."""
    length_samples: Samples

    @property
    def end_samples(self) -> int:
        """The first sample after it."""
        return self.start_samples + self.length_samples

    @property
    def start_seconds(self) -> float:
        """Seconds from the start of the session."""
        return _seconds(self.start_samples)

    @property
    def length_seconds(self) -> float:
        """How many seconds it lasts."""
        return _seconds(self.length_samples)


class SheetSection(_Timed):
    """One section, with its place in the session."""

    name: str
    """Unique in the session, such as `thread-the-needle/right`."""
    title: str
    """What a player shows as the chapter."""
    kind: SectionKind
    exercise: str = ""
    side: str = ""
    round: Count = 0


class SheetEvent(_Timed):
    """One event, with its place in the session."""

    kind: EventKind
    text: str = ""
    role: str = ""
    sound: str = ""
    section: str = ""
    exercise: str = ""
    side: str = ""
    rep: Count = 0
    contour: Annotated[str, Field(pattern=r"^([0-9A-Za-z_-]{3}){0,150}$")] = ""
    """Of a cue: how its clip goes, as `sound.contour` writes it; by it `verify` finds it."""

    @property
    def label(self) -> str:
        """Name it for a person: when, and what."""
        words = self.text if len(self.text) <= MOST_LABEL else f"{self.text[: MOST_LABEL - 1].rstrip()}…"
        what = f'"{words}"' if words else " ".join(filter(None, (self.kind, self.sound)))
        return f"{clock(self.start_samples, decimals=3)} {what}"


class CueSheet(BaseModel):
    """Everything that happens in a session, and what it was made with."""

    model_config = STRICT

    format: Literal["audio-builder cue sheet"]
    version: Literal[1]
    title: str
    about: str = ""
    language: Annotated[str, Field(max_length=35)] = "en"
    routine: str = ""
    audio: str = ""
    """The name of the MP3 that lies beside it."""
    estimated: bool = False
    """True where cue lengths were estimated, not measured."""
    sample_rate: Literal[48_000] = RATE
    length_samples: Samples
    builder: str = ""
    voice: Texts = Field(default_factory=dict)
    """Engine, its version, and the voice; empty for an estimate."""
    settings: Texts = Field(default_factory=dict)
    sections: Annotated[tuple[SheetSection, ...], Field(max_length=MOST_EVENTS), FailFast()]
    events: Annotated[tuple[SheetEvent, ...], Field(max_length=MOST_EVENTS), FailFast()]

    @property
    def length_seconds(self) -> float:
        """How many seconds the session lasts."""
        return _seconds(self.length_samples)

    def cues(self) -> Iterator[SheetEvent]:
        """Give the spoken cues in order."""
        return (event for event in self.events if event.kind == "cue")

    def of_kind(self, *kinds: EventKind) -> tuple[SheetEvent, ...]:
        """Give the events of some kinds, in order of time."""
        found = (event for event in self.events if event.kind in kinds)
        return tuple(sorted(found, key=lambda event: event.start_samples))

    def to_json(self) -> str:
        """Write the sheet as JSON, a section or event to a line; times in exact samples and in seconds."""
        lines = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in ("sections", "events"):
                rows = ",\n  ".join(_json(_row(entry)) for entry in value)
                lines.append(f'"{name}": [\n  {rows}\n ]')
            elif name == "length_samples":
                lines += [f"{_json(key)}: {_json(length)}" for key, length in _length(value).items()]
            else:
                lines.append(f"{_json(name)}: {_json(value)}")
        return "{\n " + ",\n ".join(lines) + "\n}\n"


def read_sheet(path: Path) -> CueSheet:
    """Read a finished session's cue sheet. Raises OutputError saying what is wrong with it."""
    sheet = read_model(path, CueSheet, name="cue sheet", most_bytes=MOST_BYTES)
    if sheet.estimated:
        raise OutputError("the times in this cue sheet are an estimate", str(path), AGAIN)
    if not sheet.sections or not sheet.length_samples:
        raise OutputError("this cue sheet is empty", str(path), AGAIN)
    for entry in (*sheet.sections, *sheet.events):
        if entry.start_samples > sheet.length_samples:
            raise OutputError("something in this cue sheet lies outside the session", str(path), AGAIN)
    for event in sheet.events:
        longest = LONGEST_SECONDS.get(event.kind)
        if longest is not None and event.length_seconds > longest:
            raise OutputError(f"{event.label} lasts {event.length_seconds:,.0f} s", str(path), AGAIN)
    if (most := _most_at_once(sheet.events)) > MOST_AT_ONCE:
        raise OutputError(f"{most:,} sounds lie over each other in this cue sheet", str(path), AGAIN)
    return sheet


def _most_at_once(events: Iterable[SheetEvent]) -> int:
    """Count how many events sound together at most; one that ends where another begins does not."""
    sounding = [event for event in events if event.kind in LONGEST_SECONDS]
    turns = sorted(turn for event in sounding for turn in ((event.start_samples, 1), (event.end_samples, -1)))
    return max(accumulate(step for _, step in turns), default=0)


def _row(entry: SheetSection | SheetEvent) -> dict[str, Any]:
    """Give an entry without what is empty or 0, its place and length last."""
    values = {name: value for name, value in entry if value not in ("", 0) and not name.endswith("_samples")}
    places = {"start_samples": entry.start_samples, "start_seconds": entry.start_seconds}
    return values | places | _length(entry.length_samples)


def _length(samples: int) -> dict[str, Any]:
    return {"length_samples": samples, "length_seconds": _seconds(samples)}


def _seconds(samples: int) -> float:
    return round(to_seconds(samples), 6)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


MOST_CHAPTERS = 255
"""The table of contents of an MP3 counts its entries in one byte."""

Group = Sequence[SheetSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A stretch of a session that a player lists and jumps to."""

    title: str
    start: int
    """Samples from the start of the session."""
    end: int
    """Samples; where the next one starts."""


def chapters_of(sheet: CueSheet) -> tuple[Chapter, ...]:
    """Give at most MOST_CHAPTERS: the sections, else one for each exercise of a round, else for each round.

    Where that is still too many, neighbours are joined.
    """
    groups: list[Group] = [(section,) for section in sheet.sections]
    shared: tuple[Callable[[SheetSection], object], ...] = (
        lambda section: (section.kind, section.round, section.exercise),
        lambda section: (section.kind, section.round),
    )
    for what in shared:
        if len(groups) > MOST_CHAPTERS:
            groups = [tuple(group) for _, group in groupby(sheet.sections, what)]
    size = -(-len(groups) // MOST_CHAPTERS)
    if size > 1:
        groups = [
            tuple(section for group in groups[first : first + size] for section in group)
            for first in range(0, len(groups), size)
        ]
    return tuple(
        Chapter(title=_title(group), start=group[0].start_samples, end=group[-1].end_samples)
        for group in groups
    )


def _title(group: Group) -> str:
    """Name what the titles have in common (`Cat-Cow`, `Round 2`) or, where that is nothing, the first and the last."""
    first, *others = (section.title.split(", ") for section in group)
    common = [part for part in first if all(part in other for other in others)]
    if not others or common:
        title = ", ".join(common)
        return title[:1].upper() + title[1:]
    return f"{group[0].title} – {group[-1].title}"
