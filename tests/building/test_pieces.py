"""A section is cut where it is quiet, and nothing is lost, moved or heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.building.pieces import SILENT_KINDS, TAIL_FRAMES, cut
from audio_builder.compiler import Event, PlacedSection
from audio_builder.mix import Levels, gather, render
from audio_builder.timebase import FRAME_SAMPLES, RATE, on_grid

REACH = RATE


def section(*events: Event, seconds: float) -> PlacedSection:
    """Make a section of some events."""
    return PlacedSection(
        name="a", title="A", kind="exercise", length=on_grid(round(seconds * RATE)), events=events
    )


def cue(start: float, length: float = 1.0) -> Event:
    """Make a cue at a time in seconds."""
    return Event(kind="cue", start=round(start * RATE), length=round(length * RATE), text="x")


def chime(start: float) -> Event:
    """Make a tick, which speech turns down."""
    return Event(kind="tick", start=round(start * RATE), length=round(0.06 * RATE))


EVENTS = st.lists(
    st.tuples(st.sampled_from(["cue", "tick", "move"]), st.floats(0, 50), st.floats(0.01, 5)), max_size=12
)


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_pieces_hold_every_sounding_event_at_its_place(rows: list[tuple[str, float, float]]) -> None:
    """Lay the pieces of any section end to end: as long as the section, all events where they were."""
    events = sorted(
        (
            Event(kind=kind, start=round(start * RATE), length=round(length * RATE), text=str(number))
            for number, (kind, start, length) in enumerate(rows)
        ),
        key=lambda event: event.start,
    )
    whole = section(*events, seconds=60)
    found, at = [], 0
    for piece in cut(whole, reach=REACH):
        if piece.sounding is not None:
            assert piece.sounding.length == piece.frames * FRAME_SAMPLES
            for event in piece.sounding.events:
                assert event.start >= 0
                found.append((event.text, event.start + at, event.length))
        at += piece.frames * FRAME_SAMPLES
    assert at == whole.length
    assert found == [(e.text, e.start, e.length) for e in events if e.kind not in SILENT_KINDS]


def test_cues_far_apart_are_cut_and_near_ones_are_not() -> None:
    """Leave 2 s, then 0.2 s."""
    pieces = cut(section(cue(1), cue(4), cue(5.2), seconds=10), reach=REACH)
    assert [len(piece.sounding.events) if piece.sounding else 0 for piece in pieces] == [0, 1, 0, 2, 0]


def test_there_is_no_cut_where_speech_reaches_over_it() -> None:
    """Leave 0.6 s between a cue and a tick, which is enough between two cues."""
    assert len([p for p in cut(section(cue(1), chime(2.6), seconds=6), reach=REACH) if p.sounding]) == 1
    assert len([p for p in cut(section(cue(1), cue(2.6), seconds=6), reach=REACH) if p.sounding]) == 2


def test_a_section_without_sound_is_one_quiet_piece() -> None:
    """Give a section that only rests."""
    rest = Event(kind="rest", start=0, length=5 * RATE)
    (piece,) = cut(section(rest, seconds=5), reach=REACH)
    assert piece.sounding is None
    assert piece.frames == 209


def test_every_piece_ends_in_quiet_for_the_encoder() -> None:
    """Leave the last frame of a piece, which the encoder pads, free of sound."""
    for piece in cut(section(cue(1), cue(4), cue(8), seconds=12), reach=REACH):
        if piece.sounding is not None:
            last = max(event.end for event in piece.sounding.events)
            assert piece.sounding.length - last >= (TAIL_FRAMES - 1) * FRAME_SAMPLES


def test_pieces_sound_as_the_section_mixed_as_a_whole_but_for_room_tone() -> None:
    """Mix a section with ducked sounds whole and in pieces: they differ by the noise floor at most."""
    whole = section(cue(1), chime(1.5), chime(2.9), cue(5), cue(7), chime(11), seconds=14)
    rng = np.random.default_rng(1)
    clips = {"x": np.asarray(rng.uniform(-0.2, 0.2, RATE), dtype=np.float32)}
    levels = Levels()
    palette = gather([whole])
    mixed = np.concatenate(list(render(whole, clips, levels=levels, palette=palette)))
    pieces = cut(whole, reach=round((levels.duck_attack_seconds + levels.duck_release_seconds) * RATE))
    assert sum(piece.sounding is None for piece in pieces) >= 2
    at = 0
    for piece in pieces:
        stop = at + piece.frames * FRAME_SAMPLES
        if piece.sounding is not None:
            here = np.concatenate(list(render(piece.sounding, clips, levels=levels, palette=palette)))
            assert float(np.abs(here - mixed[at:stop]).max()) < 2 * 10 ** (-45 / 20)
        at = stop


@pytest.mark.parametrize("start", [0.0, 0.01, 0.1])
def test_sound_at_a_sections_very_start_is_kept(start: float) -> None:
    """Begin with a cue at once."""
    first = cut(section(cue(start), seconds=3), reach=REACH)[0]
    assert first.sounding is not None
    assert first.sounding.events[0].start == round(start * RATE)
