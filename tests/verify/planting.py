"""Sessions on disk with one fault each, made of a good one."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio_builder import build
from audio_builder.mp3.encoder import encode
from audio_builder.mp3.format import Format, tag_bytes
from audio_builder.mp3.linking import link
from audio_builder.session.cuesheet import CueSheet, EventKind, SheetEvent, read_sheet
from audio_builder.sound.synthesis import room_tone
from audio_builder.timebase import FRAME_SAMPLES, to_samples

Samples = NDArray[np.float32]

ROUTINE = """\
title: Short & plain
breath: 3/4
rest: 5s
guidance: light
opening: [Welcome.]
closing: [Well done.]
exercises:
  - use: thread-the-needle
    hold: 3 breaths
"""


@functools.cache
def good_session() -> Path:
    """Build a session of two minutes, once."""
    folder = Path(tempfile.mkdtemp())
    routine = folder / "short.yaml"
    routine.write_text(ROUTINE)
    return build(routine, folder / "out", voice="espeak", offline=True).path


@functools.cache
def good_sheet() -> CueSheet:
    """Read what the good session says of itself."""
    return read_sheet(good_session().with_suffix(".json"))


@functools.cache
def _good_samples() -> Samples:
    samples, _ = soundfile.read(str(good_session()), dtype="float32")
    samples.setflags(write=False)
    return np.asarray(samples)


def copied(folder: Path) -> Path:
    """Copy the good session with all its sidecars."""
    for file in good_session().parent.iterdir():
        shutil.copy(file, folder)
    return folder / good_session().name


def planted(folder: Path, fault: Callable[[Samples], object], *, form: Format | None = None) -> Path:
    """Copy the good session, change its samples, and encode them anew behind the same tag."""
    path = copied(folder)
    samples = _good_samples().copy()
    fault(samples)
    front = good_session().read_bytes()
    section = encode([samples], form or Format(128))
    stream = b"".join(link([section], form or Format(128)))
    path.write_bytes(front[: tag_bytes(front)] + stream)
    return path


def room(samples: int) -> Samples:
    """Give the room tone that sessions have, from a place of its own."""
    return np.resize(np.roll(room_tone(-60.0), 5_000), samples).astype(np.float32)


def quietly(samples: Samples, event: SheetEvent) -> None:
    """Put room tone in place of an event, with soft edges."""
    edge = np.minimum(1, np.arange(event.length_samples) / 480)
    share = (edge * edge[::-1]).astype(np.float32)
    there = slice(event.start_samples, event.end_samples)
    samples[there] = (1 - share) * samples[there] + share * room(event.length_samples)


def moved(samples: Samples, event: SheetEvent, *, milliseconds: float) -> None:
    """Let an event sound later, or earlier, than it should."""
    sound = samples[event.start_samples : event.end_samples].copy()
    quietly(samples, event)
    start = event.start_samples + to_samples(milliseconds / 1_000)
    samples[start : start + len(sound)] = sound


def alone(kind: EventKind, *, nth: int = 0) -> SheetEvent:
    """Find an event of a kind that no other sound overlaps."""
    sounding = good_sheet().of_kind("cue", "inhale", "exhale", "chime", "tick")
    free = [
        event
        for event in good_sheet().of_kind(kind)
        if not overlaps([other for other in sounding if other is not event and _disturbs(other, kind)], event)
    ]
    return free[nth]


def _disturbs(other: SheetEvent, kind: str) -> bool:
    """Say whether another sound near an event matters: breath tones follow one another without a gap."""
    return other.kind == "cue" or kind == "cue"


def overlaps(others: list[SheetEvent], event: SheetEvent) -> bool:
    """Say whether any of the others sounds within a quarter of a second of an event."""
    margin = to_samples(0.25)
    return any(
        other.start_samples < event.end_samples + margin and other.end_samples + margin > event.start_samples
        for other in others
    )


def second_join() -> int:
    """Give the first sample of the third section."""
    start = good_sheet().sections[2].start_samples
    assert start % FRAME_SAMPLES == 0
    return start
