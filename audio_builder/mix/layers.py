"""What sounds where in a chunk, how loud, and what makes way for speech."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.ducking import Ducking, ducking
from audio_builder.mix.sources import TICK, Sources, sound_of
from audio_builder.sound.fades import faded
from audio_builder.sound.samples import Samples, to_gain
from audio_builder.sound.settings import Levels
from audio_builder.timebase import FRAME_SAMPLES, Span, to_samples

CUT_SECONDS = 0.3
"""How long a sound takes to fade where its event or its section ends before it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One sound at its place."""

    start: int
    """Samples from the start of the section."""
    samples: Samples = field(repr=False)
    """Shape (samples,)."""
    gain: float = 1.0
    ducking: Ducking | None = None
    """How it makes way for speech; speech itself does not."""

    @property
    def stop(self) -> int:
        """The first sample after it."""
        return self.start + len(self.samples)


def layers(
    section: PlacedSection,
    clips: Mapping[str, Samples],
    *,
    levels: Levels,
    sources: Sources,
    speech_around: Sequence[Span] = (),
) -> Iterator[Layer]:
    """Give every sounding event of a section as a layer that ends within it, in the order of the events."""
    tones, chimes = (
        speech_ducking(section, depth_db=depth_db, levels=levels, around=speech_around)
        for depth_db in (levels.tones_duck_db, levels.chimes_duck_db)
    )
    way: Ducking | None
    for event in section.events:
        match event.kind:
            case "cue":
                samples, gain_db, way = _clip(event, clips), 0.0, None
            case "inhale" | "hold-in" | "exhale" | "hold-out":
                tone = sources.tone(event.kind, event.length)[: section.length - event.start]
                samples, gain_db, way = tone, levels.tones_db, tones
            case "chime" | "tick":
                name = sound_of(event)
                gain_db = levels.ticks_db if name == TICK else levels.chimes_db
                samples, way = sources.sounds[name], chimes
            case "hold" | "work" | "move" | "rest" | "switch":
                continue
            case _:
                assert_never(event.kind)
        fitted = _fitted(samples, event, section_length=section.length)
        yield Layer(start=event.start, samples=fitted, gain=to_gain(gain_db), ducking=way)


def speech_ducking(
    section: PlacedSection,
    *,
    depth_db: float,
    levels: Levels,
    around: Sequence[Span] = (),
    bounds: Span | None = None,
) -> Ducking:
    """Plan how something makes way for a section's cues, and for those around it."""
    return ducking(
        (*around, *((event.start, event.end) for event in section.events if event.kind == "cue")),
        depth_db=depth_db,
        attack=to_samples(levels.duck_attack_seconds),
        release=to_samples(levels.duck_release_seconds),
        bounds=bounds,
    )


def _clip(event: Event, clips: Mapping[str, Samples]) -> Samples:
    """Look up a cue's clip; placement was made from these very clips, so a mismatch is our own mistake."""
    clip = clips.get(event.text)
    assert clip is not None, f"no clip for the cue {event.text!r}"
    assert len(clip) == event.length, f"{event.text!r}: clip of {len(clip)}, placed as {event.length} samples"
    return clip


def _fitted(samples: Samples, event: Event, *, section_length: int) -> Samples:
    """Cut a sound where its event or its section ends before it does, with a fade.

    A cut sound is over a frame before the section is: that frame is left to the encoder's padding.
    """
    if len(samples) <= min(event.length, section_length - event.start):
        return samples
    room = max(min(event.length, section_length - FRAME_SAMPLES - event.start), 0)
    fade = min(to_samples(CUT_SECONDS), room // 2)
    return np.asarray(samples[:room] * faded(room, fade_out=fade), dtype=np.float32)
