"""Every sound but speech that sections are mixed from, at the anchor's loudness; and the key a mix is kept by."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from audio_builder.breath import HELD, PHASES, Phase
from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.errors import SoundError
from audio_builder.files.cache import Cache, Kind
from audio_builder.mix.bedding import LoopPosition
from audio_builder.parallel import side_by_side
from audio_builder.sound.beds import bed_loop
from audio_builder.sound.levelling import anchored
from audio_builder.sound.pacers import tone
from audio_builder.sound.reading import fingerprint, load
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import BED_OFF, MADE_BEDS_VERSION, Bed, Levels, Pacer
from audio_builder.sound.synthesis import faded, room_tone, stretched
from audio_builder.timebase import Span, to_samples

MIX_VERSION = 8
"""Raise it when the same ingredients are mixed into another sound."""

TICK = "tick"


def sound_of(event: Event) -> str:
    """Name the sound that an event plays; empty where it plays none from the library."""
    if event.kind == "tick":
        return event.sound or TICK
    return event.sound if event.kind == "chime" else ""


def sounds_of(sections: Iterable[PlacedSection]) -> tuple[str, ...]:
    """Name every sound that sections play, in alphabetical order."""
    return tuple(sorted({sound_of(event) for section in sections for event in section.events} - {""}))


MOST_PREPARED = 8
"""Tones of a session; more come up only where paces vary, and are then made when they are needed."""

OWN_FADE_SECONDS = 0.15
"""Opens and closes a person's own breath sounds, so that turning points stay silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Every sound but speech that a session is mixed from."""

    pacer: Pacer = field(default_factory=Pacer)
    sounds: Mapping[str, Samples] = field(default_factory=dict, repr=False)
    """By the name events use, at the anchor's loudness."""
    own_breaths: Mapping[Phase, str] = field(default_factory=dict)
    """The files a person chose for `inhale`, `exhale` or both; breaths are then held in silence."""
    bed: Bed = field(default_factory=Bed)
    bed_loop: Samples | None = field(default=None, repr=False)
    """Shape (samples,) or (samples, 2), its loudest 3 s at the anchor."""
    cache: Cache | None = field(default=None, repr=False)
    made: dict[str, Samples] = field(default_factory=dict, repr=False)
    """What was made, or found kept, so far."""

    def prepare(self, sections: Iterable[PlacedSection], levels: Levels, *, workers: int = 1) -> None:
        """Make what sections share and is kept once made, each by one thread, so that none makes it again."""
        events = (event for section in sections for event in section.events)
        breaths = {(event.kind, event.length) for event in events if event.kind in PHASES}
        chosen = sorted(breaths, key=lambda breath: (-breath[1], breath[0]))[:MOST_PREPARED]
        tones = [partial(self.tone, phase, length) for phase, length in chosen]
        making = [*tones, partial(self.room, levels.room_dbfs)]
        for _ in side_by_side(lambda make: make(), making, workers=workers):
            pass

    def tone(self, phase: Phase, length: int) -> Samples:
        """Give the tone of a breath's phase, shape (length,), at the anchor's loudness."""
        if phase in self.own_breaths:
            path = self.own_breaths[phase]
            name = f"own breath {fingerprint(path)} {length}"
            return self._once(name, partial(_own_breath, path, length))
        if self.own_breaths and phase in HELD:
            return np.zeros(length, dtype=np.float32)
        name = f"tone {phase} {length} {self.pacer}"
        return self._once(name, partial(tone, phase, length, pacer=self.pacer))

    def room(self, level_dbfs: float) -> Samples:
        """Give a loop of room tone, shape (samples,)."""
        return self._once(f"room tone {level_dbfs}", partial(room_tone, level_dbfs))

    def _once(self, name: str, make: Callable[[], Samples]) -> Samples:
        if name not in self.made:
            self.made[name] = _kept_or_made("tones", name, make, cache=self.cache)
        return self.made[name]


def _kept_or_made(kind: Kind, name: str, make: Callable[[], Samples], *, cache: Cache | None) -> Samples:
    """Take a sound of (samples,) from the cache, or make it and keep it there."""
    key = f"sound {MIX_VERSION}; {name}"
    content = cache.get(kind, key) if cache else None
    if content is not None:
        return np.frombuffer(content, np.float32)
    sound = make()
    if cache:
        cache.put(kind, key, sound.tobytes())
    return sound


def gather(
    sections: Iterable[PlacedSection],
    *,
    pacer: Pacer | None = None,
    inhale: str = "",
    exhale: str = "",
    bed: Bed | None = None,
    cache: Cache | None = None,
) -> Sources:
    """Load the sounds that sections name, a person's own breath sounds by their paths, and a bed.

    Sounds are taken from the cache, and kept there. Raises SoundError for the first that is missing or unreadable.
    """
    own: dict[Phase, str] = {"inhale": inhale, "exhale": exhale}
    chosen = bed or Bed()
    return Sources(
        pacer=pacer or Pacer(),
        sounds=MappingProxyType({name: _at_the_anchor(name, cache) for name in sounds_of(sections)}),
        own_breaths=MappingProxyType({phase: path for phase, path in own.items() if path}),
        bed=chosen,
        bed_loop=bed_loop(chosen),
        cache=cache,
    )


def _at_the_anchor(name: str, cache: Cache | None) -> Samples:
    return _kept_or_made("chimes", f"anchored {fingerprint(name)}", lambda: anchored(load(name)), cache=cache)


def _own_breath(path: str, length: int) -> Samples:
    recorded = load(path)
    if not recorded.any():
        raise SoundError("the breath sound is silent", where=path, remedy="Use a file with sound in it.")
    sound = stretched(recorded, length)
    fade = min(to_samples(OWN_FADE_SECONDS), length // 4)
    return anchored(np.asarray(sound * faded(length, fade_in=fade, fade_out=fade), dtype=np.float32))


def identity(
    section: PlacedSection,
    clips: Mapping[str, str],
    *,
    levels: Levels,
    pacer: Pacer,
    inhale: str = "",
    exhale: str = "",
    bed: Bed | None = None,
    place: LoopPosition | None = None,
    speech_around: Sequence[Span] = (),
) -> str:
    """Give a hash of everything that can change a section's samples, by content.

    `clips` maps each cue's text to its clip's digest. Names, titles and the place in the session are not part
    of it, nor is what the section does not use. Raises SoundError for a missing sound.
    """
    breathes = any(event.kind in PHASES for event in section.events)
    ingredients = (
        MIX_VERSION,
        section.length,
        [_ingredient(event, clips) for event in section.events if _sounds(event)],
        repr(levels),
        repr(pacer) if breathes else "",
        [fingerprint(name) if name and breathes else "" for name in (inhale, exhale)],
        _bed_ingredients(bed or Bed(), place or LoopPosition()),
        list(speech_around),
    )
    return hashlib.sha256(repr(ingredients).encode()).hexdigest()


def _sounds(event: Event) -> bool:
    return event.kind in ("cue", *PHASES) or sound_of(event) != ""


def _ingredient(event: Event, clips: Mapping[str, str]) -> tuple[str, int, int, str]:
    content = clips[event.text] if event.kind == "cue" else ""
    name = sound_of(event)
    return event.kind, event.start, event.length, fingerprint(name) if name else content


def _bed_ingredients(bed: Bed, place: LoopPosition) -> tuple[object, ...]:
    if bed.sound == BED_OFF:
        return (bed.channels,)
    content = f"{bed.sound} {MADE_BEDS_VERSION}" if bed.made else fingerprint(bed.sound)
    return replace(bed, sound=content), place
