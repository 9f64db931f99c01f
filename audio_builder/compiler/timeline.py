"""What placement gives and the mixer takes: events with positions in samples, section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audio_builder.session.cuesheet import EventKind, SectionKind

MAX_SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens in a section."""

    kind: EventKind
    start: int
    """Samples from the start of the section."""
    length: int
    """Samples."""
    text: str = ""
    """The spoken words of a cue."""
    role: str = ""
    """What a cue or chime is there for: `name`, `side`, `safety`, `way-out`, `count`, `begin` …"""
    sound: str = ""
    """The name of a chime, or the file a script named."""
    rep: int = 0
    """The rep or the breath it belongs to, from 1; 0 where there is none."""

    @property
    def end(self) -> int:
        """The first sample after it, from the start of the section."""
        return self.start + self.length

    def counted_from(self, sample: int) -> Event:
        """Give the same event with its start counted from a sample of the section."""
        return Event(  # ten times as fast as `replace`, and there are thousands
            kind=self.kind,
            start=self.start - sample,
            length=self.length,
            text=self.text,
            role=self.role,
            sound=self.sound,
            rep=self.rep,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSection:
    """A stretch of a session that is mixed, encoded and kept on its own."""

    name: str
    """Unique in the session, such as `thread-the-needle/right`."""
    title: str
    """What a player shows as the chapter."""
    kind: SectionKind
    exercise: str = ""
    side: str = ""
    round: int = 1
    length: int
    """Samples, a whole number of MP3 frames."""
    events: tuple[Event, ...]
    """Ordered by start."""

    @property
    def texts(self) -> Iterator[str]:
        """Give what is spoken, in order."""
        return (event.text for event in self.events if event.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A whole session in time."""

    sections: tuple[PlacedSection, ...]
    exact: bool
    """True where every cue's length was measured; the mixer refuses an estimate."""

    @property
    def length(self) -> int:
        """Samples."""
        return sum(section.length for section in self.sections)

    def starts(self) -> Iterator[tuple[int, PlacedSection]]:
        """Give each section with its first sample's place in the session."""
        start = 0
        for section in self.sections:
            yield start, section
            start += section.length
