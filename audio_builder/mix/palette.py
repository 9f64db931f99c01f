"""The names of a session's sounds come in; the sounds go out, at the anchor's loudness, ready to be mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.sound.levels import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.library import fingerprint, load
from audio_builder.sound.loudness import integrated
from audio_builder.sound.pacers import Pacer, Phase, tone
from audio_builder.timebase import RATE

DEFAULT_TICK = "tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Every sound but speech that a session is mixed from."""

    pacer: Pacer = field(default_factory=Pacer)
    sounds: Mapping[str, Samples] = field(default_factory=dict, repr=False)
    """By the name events use, at the anchor's loudness."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """Hashes of the sounds' files, by the same names."""

    def tone(self, phase: Phase, length: int) -> Samples:
        """Give the tone of a breath's phase, shape (length,), at the anchor's loudness."""
        return tone(phase, length, pacer=self.pacer)


def gather(sections: Iterable[PlacedSection], *, pacer: Pacer | None = None) -> Palette:
    """Load the sounds that sections name; raises SoundError for the first that is missing or unreadable."""
    names = sorted({sound_of(event) for section in sections for event in section.events if sound_of(event)})
    return Palette(
        pacer=pacer or Pacer(),
        sounds=MappingProxyType({name: anchored(load(name)) for name in names}),
        fingerprints=MappingProxyType({name: fingerprint(name) for name in names}),
    )


def sound_of(event: Event) -> str:
    """Name the sound that an event plays; empty where it plays none from the library."""
    if event.kind == "tick":
        return event.sound or DEFAULT_TICK
    return event.sound if event.kind == "chime" else ""


def anchored(samples: Samples) -> Samples:
    """Bring (samples,) or (samples, channels) to the anchor's loudness; silence stays as it is."""
    loudness = integrated(samples, RATE)
    if not np.isfinite(loudness):
        return samples
    result = np.asarray(samples * np.float32(to_gain(ANCHOR_LUFS - loudness)), dtype=np.float32)
    result.setflags(write=False)
    return result
