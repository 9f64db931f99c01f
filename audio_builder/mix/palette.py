"""The names of a session's sounds come in; the sounds go out, at the anchor's loudness, ready to be mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import cast

import numpy as np

from audio_builder.compiler.timeline import PlacedSection
from audio_builder.crew import side_by_side
from audio_builder.errors import SoundError
from audio_builder.mix.sounding import BREATHS, sounds_of
from audio_builder.sound.anchor import anchored
from audio_builder.sound.beds import bed_loop
from audio_builder.sound.curves import faded
from audio_builder.sound.levels import Samples
from audio_builder.sound.library import fingerprint, load
from audio_builder.sound.pacers import Phase, tone
from audio_builder.sound.room import room_tone
from audio_builder.sound.settings import Bed, Levels, Pacer
from audio_builder.sound.stretch import stretched
from audio_builder.timebase import to_samples

MOST_PREPARED = 8
"""Tones of a session; more come up only where paces vary, and are then made when they are needed."""

OWN_FADE_SECONDS = 0.15
"""Opens and closes a person's own breath sounds, so that turning points stay silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Every sound but speech that a session is mixed from."""

    pacer: Pacer = field(default_factory=Pacer)
    sounds: Mapping[str, Samples] = field(default_factory=dict, repr=False)
    """By the name events use, at the anchor's loudness."""
    own_breaths: Mapping[Phase, str] = field(default_factory=dict)
    """The files a person chose for `inhale`, `exhale` or both; breaths are then held in silence."""
    bed: Bed = field(default_factory=Bed)
    bed_loop: Samples | None = field(default=None, repr=False)
    """Shape (samples,) or (samples, 2), its loudest 3 s at the anchor."""

    def prepare(self, sections: Iterable[PlacedSection], levels: Levels, *, workers: int = 1) -> None:
        """Make what sections share and is kept once made, each by one thread, so that none makes it again."""
        events = (event for section in sections for event in section.events)
        breaths = {(event.kind, event.length) for event in events if event.kind in BREATHS}
        chosen = sorted(breaths, key=lambda breath: (-breath[1], breath[0]))[:MOST_PREPARED]
        tones = [partial(self.tone, cast("Phase", phase), length) for phase, length in chosen]
        making = [*tones, partial(room_tone, levels.room_dbfs)]
        for _ in side_by_side(lambda make: make(), making, workers=workers):
            pass

    def tone(self, phase: Phase, length: int) -> Samples:
        """Give the tone of a breath's phase, shape (length,), at the anchor's loudness."""
        if phase in self.own_breaths:
            path = self.own_breaths[phase]
            return _own_breath(path, fingerprint(path), length)
        if self.own_breaths and phase in ("hold-in", "hold-out"):
            return np.zeros(length, dtype=np.float32)
        return tone(phase, length, pacer=self.pacer)


def gather(
    sections: Iterable[PlacedSection],
    *,
    pacer: Pacer | None = None,
    inhale: str = "",
    exhale: str = "",
    bed: Bed | None = None,
) -> Palette:
    """Load the sounds that sections name, a person's own breath sounds by their paths, and a bed.

    Raises SoundError for the first that is missing or unreadable.
    """
    own: dict[Phase, str] = {"inhale": inhale, "exhale": exhale}
    chosen = bed or Bed()
    return Palette(
        pacer=pacer or Pacer(),
        sounds=MappingProxyType({name: anchored(load(name)) for name in sounds_of(sections)}),
        own_breaths=MappingProxyType({phase: path for phase, path in own.items() if path}),
        bed=chosen,
        bed_loop=bed_loop(chosen),
    )


@lru_cache(maxsize=16)
def _own_breath(path: str, content: str, length: int) -> Samples:
    del content  # part of the key: a file that was replaced is read again
    recorded = load(path)
    if not recorded.any():
        raise SoundError("the breath sound is silent", where=path, hint="Use a file with sound in it.")
    sound = stretched(recorded, length)
    fade = min(to_samples(OWN_FADE_SECONDS), length // 4)
    return anchored(np.asarray(sound * faded(length, fade_in=fade, fade_out=fade), dtype=np.float32))
