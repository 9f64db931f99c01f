"""An event comes in; the library's sound that it plays goes out, by name."""

from __future__ import annotations

from collections.abc import Iterable

from audio_builder.compiler.timeline import Event, PlacedSection

TICK = "tick"
BREATHS = ("inhale", "hold-in", "exhale", "hold-out")


def sound_of(event: Event) -> str:
    """Name the sound that an event plays; empty where it plays none from the library."""
    if event.kind == "tick":
        return event.sound or TICK
    return event.sound if event.kind == "chime" else ""


def sounds_of(sections: Iterable[PlacedSection]) -> tuple[str, ...]:
    """Name every sound that sections play, in alphabetical order."""
    return tuple(sorted({sound_of(event) for section in sections for event in section.events} - {""}))
