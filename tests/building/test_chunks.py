"""A section is cut where it is quiet, and nothing is lost, moved or heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.breath import Phase
from audio_builder.building.chunks import TAIL_FRAMES, UNHEARD_SAMPLES, Cut, Soundscape
from audio_builder.building.chunks import cut as cut_anywhere
from audio_builder.compiler import Event, PlacedSection
from audio_builder.mix.rendering import render
from audio_builder.mix.sources import gather
from audio_builder.session.cuesheet import EventKind
from audio_builder.sound.pacers import tone
from audio_builder.sound.samples import to_db
from audio_builder.sound.settings import Pacer, PacerName
from audio_builder.timebase import FRAME_SAMPLES, RATE, on_grid

SCAPE = Soundscape()
SILENT = ("hold", "work", "move", "rest", "switch")


def cut(section: PlacedSection, scape: Soundscape = SCAPE) -> tuple[Cut, ...]:
    """Cut a section as it is built."""
    return cut_anywhere(section, scape.audible_end, reach=scape.reach)


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


KINDS: tuple[EventKind, ...] = ("cue", "tick", "move")
EVENTS = st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 50), st.floats(0.01, 5)), max_size=12)


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_chunks_hold_every_sounding_event_at_its_place(rows: list[tuple[EventKind, float, float]]) -> None:
    """Lay the chunks of any section end to end: as long as the section, all events where they were."""
    events = sorted(
        (
            Event(kind=kind, start=round(start * RATE), length=round(length * RATE), text=str(number))
            for number, (kind, start, length) in enumerate(rows)
        ),
        key=lambda event: event.start,
    )
    whole = section(*events, seconds=60)
    found, at = [], 0
    for each in cut(whole):
        if each.section is not None:
            assert each.section.length == each.frames * FRAME_SAMPLES
            for event in each.section.events:
                assert event.start >= 0
                found.append((event.text, event.start + at, event.length))
        at += each.frames * FRAME_SAMPLES
    assert at == whole.length
    assert found == [(e.text, e.start, e.length) for e in events if e.kind not in SILENT]


def breath(start: float) -> tuple[Event, Event]:
    """Make the two tones of a breath, of four seconds and six."""
    return (
        Event(kind="inhale", start=round(start * RATE), length=4 * RATE),
        Event(kind="exhale", start=round((start + 4) * RATE), length=6 * RATE),
    )


def counts(cuts: tuple[Cut, ...]) -> list[int]:
    """Say how many events each chunk holds; 0 is quiet."""
    return [len(each.section.events) if each.section else 0 for each in cuts]


def test_cues_far_apart_have_quiet_between_them_and_near_ones_have_not() -> None:
    """Leave 2 s, then 0.2 s, then 0.02 s."""
    assert counts(cut(section(cue(1), cue(4), cue(5.2), cue(6.22), seconds=10))) == [0, 1, 0, 1, 2, 0]


def test_a_breath_is_cut_where_it_turns() -> None:
    """Cut two breaths into their four tones, each beginning in its chunk's first frame."""
    cuts = cut(section(*breath(0.24), *breath(10.24), seconds=21))
    assert counts(cuts) == [0, 1, 1, 1, 1, 0]
    starts = [each.section.events[0].start for each in cuts if each.section]
    assert starts == [FRAME_SAMPLES, 768, 768, 384]
    assert sum(each.frames for each in cuts) * FRAME_SAMPLES == on_grid(21 * RATE)


def test_a_breath_is_not_cut_under_speech_nor_under_a_ringing_chime() -> None:
    """Speak over the first turn, and let a sound ring over the second."""
    inhale, exhale = breath(0.24)
    bell = Event(kind="chime", start=10 * RATE, length=RATE, sound="switch")
    cuts = cut(section(inhale, cue(4), exhale, bell, *breath(10.24), seconds=21))
    assert counts(cuts) == [0, 5, 1, 0]


@pytest.mark.parametrize(
    ("scape", "parts"),
    [
        (Soundscape(), [0, 1, 1, 0]),
        (Soundscape(pacer=Pacer(sound="waves")), [0, 1, 1, 0]),
        (Soundscape(pacer=Pacer(sound="bells")), [0, 1, 1, 0]),
        (Soundscape(pacer=Pacer(sound="off")), [0]),
        (Soundscape(pacer=Pacer(inhale_fall=0.1)), [0, 2, 0]),
        (Soundscape(exhale="waves.wav"), [0, 2, 0]),
    ],
)
def test_only_tones_that_die_away_slowly_are_parted(scape: Soundscape, parts: list[int]) -> None:
    """Cut one breath with each pacer, with a steep one, and with a person's own sound."""
    assert counts(cut(section(*breath(0.24), seconds=11), scape)) == parts


def test_the_same_breath_is_the_same_chunk_wherever_it_lies() -> None:
    """Cut six breaths: their tones begin at three places of a frame, so every third is alike."""
    breaths = [tone for number in range(6) for tone in breath(0.24 + 10 * number)]
    sounding = [each.section for each in cut(section(*breaths, seconds=61)) if each.section]
    alike = {tuple((event.kind, event.start, event.length) for event in each.events) for each in sounding[1:]}
    assert (len(sounding), len(alike)) == (12, 6)


def test_speech_near_a_chunk_is_told_where_it_turns_something_down() -> None:
    """Speak at an exhale's start: the inhale before it knows where; a chunk of speech alone does not."""
    inhale, exhale = breath(0.24)
    said = Event(kind="cue", start=exhale.start, length=RATE, text="x")
    _, first, second, _ = cut(section(inhale, exhale, said, seconds=11))
    begins = exhale.start - 9 * FRAME_SAMPLES
    assert first.speech_around == ((begins, begins + 1),)
    assert second.speech_around == ()
    assert all(each.speech_around == () for each in cut(section(cue(1), cue(2.5), seconds=6)))


def test_a_section_without_sound_is_one_quiet_chunk() -> None:
    """Give a section that only rests."""
    rest = Event(kind="rest", start=0, length=5 * RATE)
    (each,) = cut(section(rest, seconds=5))
    assert each.section is None
    assert each.frames == 209


def test_every_chunk_ends_in_quiet_for_the_encoder() -> None:
    """Leave the last frame of a chunk, which the encoder pads, free of sound."""
    for each in cut(section(cue(1), cue(4), cue(8), seconds=12)):
        if each.section is not None:
            last = max(event.end for event in each.section.events)
            assert each.section.length - last >= (TAIL_FRAMES - 1) * FRAME_SAMPLES


def test_chunks_sound_as_the_section_mixed_as_a_whole_but_for_room_tone() -> None:
    """Mix a section with ducked sounds whole and in cuts: they differ by the noise floor at most.

    What is left out of a tone, its last frames, is below that floor too.
    """
    tones = (*breath(14.03), *breath(24.03))
    said = Event(kind="cue", start=tones[1].start, length=RATE, text="x")
    events = (
        cue(1),
        chime(1.5),
        chime(2.9),
        cue(5),
        cue(6.4),
        chime(7.9),
        cue(9),
        chime(11),
        *tones[:2],
        said,
    )
    whole = section(*events, *tones[2:], seconds=36)
    rng = np.random.default_rng(1)
    clips = {"x": np.asarray(rng.uniform(-0.2, 0.2, RATE), dtype=np.float32)}
    sources = gather([whole])
    mixed = np.concatenate(list(render(whole, clips, levels=SCAPE.levels, sources=sources)))
    cuts = cut(whole)
    assert counts(cuts) == [0, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 1, 1, 0]
    at = 0
    for each in cuts:
        stop = at + each.frames * FRAME_SAMPLES
        if each.section is not None:
            around = each.speech_around
            blocks = render(each.section, clips, levels=SCAPE.levels, sources=sources, speech_around=around)
            here = np.concatenate(list(blocks))
            assert float(np.abs(here - mixed[at:stop]).max()) < 2 * 10 ** (-45 / 20)
        at = stop


@pytest.mark.parametrize("pacer", ["glide", "waves", "bells"])
@pytest.mark.parametrize("phase", ["inhale", "exhale"])
def test_what_a_cut_leaves_out_of_a_tone_is_not_heard(pacer: PacerName, phase: Phase) -> None:
    """Measure a tone's last frames at their level in a session: well under the room tone."""
    seconds = {"inhale": 4, "exhale": 6}[phase]
    lost = tone(phase, seconds * RATE, pacer=Pacer(sound=pacer))[-UNHEARD_SAMPLES:]
    level_db = to_db(float(np.sqrt(np.mean(np.square(lost))))) + SCAPE.levels.tones_db
    assert level_db < SCAPE.levels.room_dbfs - 6


@pytest.mark.parametrize("start", [0.0, 0.01, 0.1])
def test_sound_at_a_sections_very_start_is_kept(start: float) -> None:
    """Begin with a cue at once."""
    first = cut(section(cue(start), seconds=3))[0]
    assert first.section is not None
    assert first.section.events[0].start == round(start * RATE)
