"""A section's events come in, with their clips and sounds; what sounds where, and how loud, goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.ducking import Ducking, ducking
from audio_builder.mix.palette import Palette, sound_of
from audio_builder.sound.curves import faded
from audio_builder.sound.levels import Samples, to_gain
from audio_builder.sound.settings import Levels
from audio_builder.timebase import to_samples

CUT_SECONDS = 0.03
"""How fast a sound fades where its event or its section ends before it does."""


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
    section: PlacedSection, clips: Mapping[str, Samples], *, levels: Levels, palette: Palette
) -> Iterator[Layer]:
    """Give every sounding event of a section as a layer that ends within it, in the order of the events."""
    tones = speech_ducking(section, depth_db=levels.tones_duck_db, levels=levels)
    chimes = speech_ducking(section, depth_db=levels.chimes_duck_db, levels=levels)
    way: Ducking | None
    for event in section.events:
        match event.kind:
            case "cue":
                samples, gain_db, way = _clip(event, clips), 0.0, None
            case "inhale" | "hold-in" | "exhale" | "hold-out":
                samples, gain_db, way = palette.tone(event.kind, event.length), levels.tones_db, tones
            case "chime":
                samples, gain_db, way = palette.sounds[sound_of(event)], levels.chimes_db, chimes
            case "tick":
                samples, gain_db, way = palette.sounds[sound_of(event)], levels.ticks_db, chimes
            case "hold" | "work" | "move" | "rest" | "switch":
                continue
            case _:
                assert_never(event.kind)
        fitted = _fitted(samples, min(event.length, section.length - event.start))
        yield Layer(start=event.start, samples=fitted, gain=to_gain(gain_db), ducking=way)


def speech_ducking(section: PlacedSection, *, depth_db: float, levels: Levels) -> Ducking:
    """Plan how something makes way for a section's cues."""
    return ducking(
        ((event.start, event.end) for event in section.events if event.kind == "cue"),
        depth_db=depth_db,
        attack=to_samples(levels.duck_attack_seconds),
        release=to_samples(levels.duck_release_seconds),
    )


def _clip(event: Event, clips: Mapping[str, Samples]) -> Samples:
    """Look up a cue's clip; placement was made from these very clips, so a mismatch is our own mistake."""
    clip = clips.get(event.text)
    assert clip is not None, f"no clip for the cue {event.text!r}"
    assert len(clip) == event.length, f"{event.text!r}: clip of {len(clip)}, placed as {event.length} samples"
    return clip


def _fitted(samples: Samples, room: int) -> Samples:
    """Cut a sound where its event or its section ends before it does, with a short fade."""
    if len(samples) <= room:
        return samples
    cut = samples[: max(room, 0)].copy()
    cut *= faded(len(cut), fade_out=to_samples(CUT_SECONDS))
    return cut
