"""Placing a plan in time, by the lengths of its cues: every event at its sample.

What need not stand at one exact sample stands on the frame grid, counted from its section's start: steps, and the
cues in them. So the same words in the same surroundings are the same frames, wherever they lie.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from audio_builder.compiler.holds import BREATHER, GAP, Cursor, LengthOf, place_breath, place_hold
from audio_builder.compiler.plan import Breath, Chime, Draft, Group, Hold, Moment, Plan, Quiet, Speak
from audio_builder.compiler.timeline import MAX_SESSION_SECONDS, Event, PlacedSection, Timeline
from audio_builder.errors import CompileError
from audio_builder.timebase import FRAME_SAMPLES, RATE, on_grid, to_samples

LEAD_IN = on_grid(to_samples(0.1))
"""The silence at a section's start; its first sound follows within half a second."""
TICK = to_samples(0.06)
MARGIN = 1.15
"""By how much a text may take longer than estimated and still be said."""


def place(
    plan: Plan, length_of: LengthOf, *, guess: LengthOf | None = None, sound_length: LengthOf, exact: bool
) -> Timeline:
    """Place every cue, tone and chime of a plan.

    `length_of` gives a spoken text's samples, measured (`exact`) or estimated; `sound_length` a sound's.
    `guess` estimates a text's samples, where `length_of` measures: what is said inside a hold is decided by the
    guess and a margin, so that measuring changes nothing in it as long as a text keeps within the margin.
    Pure: the same lengths give the same timeline. CompileError where the session would be too long.
    """
    likely = guess or length_of

    def room_of(text: str) -> int:
        return round(likely(text) * MARGIN)

    sections: list[PlacedSection] = []
    total = 0
    for group in plan.groups:
        cursors = [
            Cursor(length_of=length_of, room_of=room_of, sound_length=sound_length, clock=LEAD_IN)
            for _ in group.drafts
        ]
        placed = _place_group(group, cursors)
        total += sum(section.length for section in placed)
        if total > MAX_SESSION_SECONDS * RATE:
            raise CompileError(
                "this session would last more than 12 hours",
                where=plan.name,
                remedy="Lower the reps, holds, rests or rounds.",
            )
        sections.extend(placed)
    return Timeline(sections=tuple(sections), exact=exact)


def _place_group(group: Group, cursors: list[Cursor]) -> list[PlacedSection]:
    """Place the sides of an exercise together, step by step, so that their work lasts equally long."""
    for cursor, draft in zip(cursors, group.drafts, strict=True):
        _place_row(draft.lead, cursor)
    starts = [_begin_work(cursor) for cursor in cursors]
    for moments in zip(*(draft.work for draft in group.drafts), strict=True):
        _place_together(moments, cursors)
    for cursor, start in zip(cursors, starts, strict=True):
        cursor.span("work", start, cursor.clock - start)
    for cursor, draft in zip(cursors, group.drafts, strict=True):
        _place_row(draft.tail, cursor)
    return [_section(draft, cursor) for draft, cursor in zip(group.drafts, cursors, strict=True)]


def _begin_work(cursor: Cursor) -> int:
    """Let the lead's last words end before the work begins, so that no side starts under speech."""
    cursor.clock = cursor.next_start()
    return cursor.clock


def _place_row(moments: tuple[Moment, ...], cursor: Cursor) -> None:
    for moment in moments:
        _place_together((moment,), [cursor])


def _place_together(moments: tuple[Moment, ...], cursors: list[Cursor]) -> None:
    """Place the same step of every side; a spoken step lasts as long as the side that needs longest.

    A step begins on the frame grid, but a breath that follows a breath begins where that one ends.
    """
    for moment, cursor in zip(moments, cursors, strict=True):
        breathing = isinstance(moment, Breath)
        if not (breathing and cursor.breathing):
            cursor.clock = on_grid(cursor.clock)
        cursor.breathing = breathing
    starts = [cursor.clock for cursor in cursors]
    for moment, cursor in zip(moments, cursors, strict=True):
        _place_moment(moment, cursor)
    longest = max(cursor.clock - start for cursor, start in zip(cursors, starts, strict=True))
    for moment, cursor, start in zip(moments, cursors, starts, strict=True):
        cursor.clock = start + longest
        if isinstance(moment, Speak | Quiet) and moment.kind is not None:
            cursor.span(moment.kind, start, longest, rep=moment.rep if isinstance(moment, Speak) else 0)


def _place_moment(moment: Moment, cursor: Cursor) -> None:
    match moment:
        case Speak():
            _place_speech(moment, cursor)
        case Hold():
            place_hold(moment, cursor)
        case Breath():
            place_breath(moment, cursor)
        case Quiet():
            cursor.clock += moment.length
        case Chime():
            cursor.sound(moment.sound, moment.role, cursor.clock)
            cursor.clock += moment.wait
        case _:
            assert_never(moment)


def _place_speech(moment: Speak, cursor: Cursor) -> None:
    """Place a movement step: at least its move time, and at least its cues and a breather."""
    start = end = cursor.clock
    for line in (moment.count, moment.line):
        if line is not None:
            end = cursor.speak(line, cursor.next_start(), rep=moment.rep) + BREATHER
    for tick in moment.ticks:
        cursor.span("tick", start + tick, TICK, rep=moment.rep)
    cursor.clock = max(start + moment.move, end)


def _section(draft: Draft, cursor: Cursor) -> PlacedSection:
    end = max(cursor.clock, cursor.spoken_until + GAP if cursor.spoken_until else 0)
    length = on_grid(end) + FRAME_SAMPLES
    events = sorted(cursor.events, key=_order)
    return PlacedSection(
        name=draft.name,
        title=draft.title,
        kind=draft.kind,
        exercise=draft.exercise,
        side=draft.side,
        round=draft.round,
        length=length,
        events=tuple(_within(event, length - FRAME_SAMPLES) for event in events),
    )


def _order(event: Event) -> tuple[int, bool, int]:
    """Order by start; a span before what lies in it."""
    return event.start, event.kind in ("cue", "chime", "tick"), -event.length


def _within(event: Event, length: int) -> Event:
    """Cut a ringing chime before the section's last frame, which is the encoder's; nothing else may reach it."""
    if event.end <= length:
        return event
    assert event.kind == "chime", f"{event.kind} reaches over its section's end"
    return replace(event, length=length - event.start)
