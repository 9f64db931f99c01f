"""Where placement stands in a section: its clock, the end of what was spoken, and the events so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from audio_builder.compiler.plan import Line
from audio_builder.compiler.timeline import Event
from audio_builder.session.cuesheet import EventKind
from audio_builder.timebase import on_grid, to_samples

GAP = to_samples(0.35)
"""The least silence between two spoken cues."""
BREATHER = to_samples(0.5)
"""The silence between a cue and what follows its movement step."""

LengthOf = Callable[[str], int]
"""Gives the samples of a spoken text, or of a sound by name."""


@dataclass(slots=True)
class Cursor:
    """The state of placing one section; positions are samples from the section's start."""

    length_of: LengthOf
    room_of: LengthOf
    """How much room a text is given inside a hold or breath: what it likely needs, and some more."""
    sound_length: LengthOf
    clock: int = 0
    """Where the next moment begins."""
    spoken_until: int = 0
    """Where the last spoken cue ends."""
    breathing: bool = False
    """True after a breath that a movement followed; the next one follows on at the sample."""
    events: list[Event] = field(default_factory=list)

    def free_from(self) -> int:
        """Give the first sample where a new cue may begin."""
        return max(self.clock, self.spoken_until + GAP) if self.spoken_until else self.clock

    def next_start(self) -> int:
        """Give the first place on the frame grid where a new cue may begin."""
        return on_grid(self.free_from())

    def speak(self, line: Line, start: int, *, wording: int = 0, rep: int = 0) -> int:
        """Place a cue at a sample; give where it ends."""
        text = line.wordings[wording]
        length = self.length_of(text)
        self.events.append(Event(kind="cue", start=start, length=length, text=text, role=line.role, rep=rep))
        self.spoken_until = start + length
        return self.spoken_until

    def needs(self, text: str) -> int:
        """Give the room to keep for a text: never less than it takes, and the same for guess and measure."""
        return max(self.length_of(text), self.room_of(text))

    def fitting(self, line: Line, room: int) -> int | None:
        """Give the index of the first wording that fits into so many samples; None where none does."""
        return next((index for index, text in enumerate(line.wordings) if self.needs(text) <= room), None)

    def sound(self, name: str, role: str, start: int) -> None:
        """Place a chime."""
        length = self.sound_length(name)
        self.events.append(Event(kind="chime", start=start, length=length, sound=name, role=role))

    def span(self, kind: EventKind, start: int, length: int, *, rep: int = 0) -> None:
        """Note what a stretch of time is for, or place a tone or tick."""
        if length > 0:
            self.events.append(Event(kind=kind, start=start, length=length, rep=rep))
