"""Placing holds and breaths, and what there is room to say in them, by a cursor that stands in a section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from audio_builder.breath import Phase
from audio_builder.compiler.plan import Breath, Hold, Line
from audio_builder.compiler.timeline import Event
from audio_builder.session.cuesheet import EventKind
from audio_builder.timebase import back_on_grid, on_grid, to_samples

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


OUT_LEADS = to_samples(0.5)
"""The silence between the way-out cue and the hold's end."""
HALFWAY_SLACK = 0.1
"""How far from the middle "halfway" is still true, as a part of the hold."""
LAST_SECONDS = to_samples(3.0)
"""How long before its end a hold's soft marker sounds."""
LATE = to_samples(1.0)
"""How much later than wished encouragement may come."""


def phases_in(hold: Hold) -> Iterator[tuple[int, int, Phase, int]]:
    """Walk the whole breath phases of a hold: breath (from 0), start, phase and length, in samples."""
    start, breath = 0, 0
    while True:
        for phase, length in hold.phases:
            if start + length > hold.length:
                return
            yield breath, start, phase, length
            start += length
        breath += 1


def place_hold(hold: Hold, cursor: Cursor) -> None:
    """Place a hold at the cursor's clock and move the clock to its exact end.

    What does not fit is left out: encouragement first, then halfway, the count, the breath words.
    The cue that leads out is never left out; where it is longer than the room, it runs on after the hold.
    """
    start = cursor.clock
    cursor.span("hold", start, hold.length, rep=hold.rep)
    for breath, at, phase, length in phases_in(hold):
        cursor.span(phase, start + at, length, rep=breath + 1)
    _marks(hold, cursor)
    slots = _Slots(hold, cursor)
    for line, wished in _wishes(hold):
        slots.take(line, wished)
    cursor.events.extend(slots.cues)
    if slots.cues:
        cursor.spoken_until = max(cue.end for cue in slots.cues)
    cursor.clock = start + hold.length


def _marks(hold: Hold, cursor: Cursor) -> None:
    if hold.halfway_sound:
        cursor.sound(hold.halfway_sound, "halfway", cursor.clock + hold.length // 2)
    if hold.last_seconds:
        cursor.sound("tick", "last-seconds", cursor.clock + hold.length - LAST_SECONDS)


def _wishes(hold: Hold) -> Iterator[tuple[Line, tuple[int, ...]]]:
    """Give what a hold would like to say, most important first, each with the starts that would do."""
    phases = list(phases_in(hold))
    words = dict(hold.breath_words)
    whole = max(hold.breaths, 1)
    for breath, at, phase, _ in phases:
        if breath < min(hold.spoken_breaths, whole) and phase in words:
            yield words[phase], (at,)
    first = [at for _, at, phase, _ in phases if phase == hold.phases[0][0]]
    for breath, line in hold.counts:
        if breath < len(first):
            yield line, (first[breath],)
    middle = hold.length / 2
    if hold.halfway is not None:
        near = sorted((at for _, at, _, _ in phases), key=lambda at: (abs(at - middle), at))
        wished = (*near, *(round(middle) + late for late in (0, LATE // 2, LATE)))
        yield hold.halfway, tuple(at for at in wished if abs(at - middle) <= HALFWAY_SLACK * hold.length)
    later = [at for breath, at, _, _ in phases if breath >= hold.spoken_breaths]
    for line in hold.encouragement:
        yield line, tuple(at + late for at in later for late in (0, LATE))


class _Slots:
    """The cues of one hold, placed by priority without overlaps."""

    def __init__(self, hold: Hold, cursor: Cursor) -> None:
        self.hold = hold
        self.cursor = cursor
        self.start = cursor.clock
        self.cues: list[Event] = []
        self.limit = self.start + hold.length - GAP
        if hold.out is not None:
            text = hold.out.wordings[0]
            length = cursor.length_of(text)
            wished = self.start + hold.length - OUT_LEADS - cursor.needs(text)
            at = max(cursor.next_start(), back_on_grid(wished))
            self.cues.append(
                Event(kind="cue", start=at, length=length, text=text, role=hold.out.role, rep=hold.rep)
            )
        self.earliest = cursor.free_from()

    def take(self, line: Line, starts: tuple[int, ...]) -> None:
        """Place a line at the first start where one of its wordings fits, or leave it out."""
        for wished in starts:
            at = self.start + wished
            for text in line.wordings:
                if self._free(at, at + self.cursor.needs(text)):
                    length = self.cursor.length_of(text)
                    cue = Event(
                        kind="cue", start=at, length=length, text=text, role=line.role, rep=self.hold.rep
                    )
                    self.cues.append(cue)
                    return

    def _free(self, start: int, end: int) -> bool:
        if start < self.earliest or end > self.limit:
            return False
        taken = ((cue.start, cue.start + self.cursor.needs(cue.text)) for cue in self.cues)
        return all(end + GAP <= first or last + GAP <= start for first, last in taken)


def place_breath(breath: Breath, cursor: Cursor) -> None:
    """Place one breath that a movement follows; words that do not fit into their phases are left out."""
    starts: dict[str, int] = {}
    at = cursor.clock
    for phase, length in breath.phases:
        cursor.span(phase, at, length, rep=breath.rep)
        starts[phase] = at
        at += length
    end = at
    for line, start, until in (
        (breath.inhale, starts["inhale"], starts["exhale"]),
        (breath.exhale, starts["exhale"], end),
    ):
        if line is not None and start >= cursor.free_from():
            wording = cursor.fitting(line, until - GAP - start)
            if wording is not None:
                cursor.speak(line, start, wording=wording, rep=breath.rep)
    if breath.count is not None:
        _lead_next(breath.count, cursor, end)
    cursor.clock = end


def _lead_next(count: Line, cursor: Cursor, end: int) -> None:
    """Say the next rep's number just before it begins, where there is room."""
    wording = cursor.fitting(count, end - GAP - cursor.next_start())
    if wording is not None:
        start = back_on_grid(end - GAP - cursor.needs(count.wordings[wording]))
        cursor.speak(count, start, wording=wording)
