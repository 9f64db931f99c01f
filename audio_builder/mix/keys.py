"""The identity of a mixed chunk: a digest that differs whenever its sound would."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from audio_builder.breath import PHASES
from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.bedding import LoopPosition
from audio_builder.mix.sources import MIX_VERSION, sound_of
from audio_builder.sound.library import fingerprint
from audio_builder.sound.settings import BED_OFF, MADE_BEDS_VERSION, Bed, Levels, Pacer
from audio_builder.timebase import Span


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
