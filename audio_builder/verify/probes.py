"""Measure at every cue, tone, chime and join of a session, in order of time."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

import numpy as np

from audio_builder.breath import PHASES
from audio_builder.errors import AudioBuilderError, SoundError
from audio_builder.mix.sources import gather
from audio_builder.session.cuesheet import CueSheet, EventKind, SheetEvent
from audio_builder.sound.levelling import anchored
from audio_builder.sound.loudness import integrated
from audio_builder.sound.reading import load, names
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import Pacer
from audio_builder.timebase import RATE, to_samples
from audio_builder.verify.playback import Powers, Tape, gated_loudness, momentary_powers, mono
from audio_builder.verify.sounds import AROUND_SAMPLES, REACH_SAMPLES, Jump, Match, Reference, jump_near
from audio_builder.verify.voices import (
    BEFORE_SAMPLES,
    ONSET_SAMPLES,
    QUIET_SAMPLES,
    VOICE_AFTER_SAMPLES,
    VOICE_REACH_SAMPLES,
    VoiceMatch,
    find_voice,
    level_before,
    speech_onset,
)

TONES: Final[tuple[EventKind, ...]] = PHASES
CHIMES: Final[tuple[EventKind, ...]] = ("chime", "tick")


def level_db(sheet: CueSheet, name: str) -> float | None:
    """Give a level's setting relative to speech; None where the sheet does not say."""
    try:
        level = float(sheet.settings[f"levels.{name}_db"])
    except (KeyError, ValueError):
        return None
    return level if math.isfinite(level) else None


def pacer_of(sheet: CueSheet) -> Pacer:
    """Give the breath pacer as the settings have it; its own defaults where they do not say, or say what cannot be."""
    chosen: dict[str, object] = {}
    try:
        for setting in fields(Pacer):
            value = sheet.settings.get(f"pacer.{setting.name}")
            if setting.name == "sound":
                chosen["sound"] = value or "glide"
            elif value is not None:
                chosen[setting.name] = float(value.split()[0])
        return Pacer(**chosen)  # type: ignore[arg-type]
    except (AudioBuilderError, ValueError, IndexError):
        return Pacer()


def is_shipped(sound: str) -> bool:
    """Tell whether a sound comes with this program. No other file is opened because a sheet names it."""
    return sound in names()


def overlaps(events: Iterable[SheetEvent], start: int, *, stop: int) -> bool:
    """Say whether any event sounds between two samples."""
    return any(event.start_samples < stop and event.end_samples > start for event in events)


_RINGING = to_samples(0.05)
"""Around speech, where a sound is not looked for: encoding smears words a little."""

_GAP_BEFORE = (to_samples(0.04), to_samples(0.005))
_GAP_AFTER = (to_samples(0.01), to_samples(0.06))
"""Just before a cue and just after it, what lies under speech is still turned down for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFinding:
    """What was heard of a cue."""

    cue: SheetEvent
    sets_in: int | None
    """How many samples later than its place a voice sets in; None where none does."""
    before_dbfs: float
    """What lay there before it."""
    match: VoiceMatch | None
    """Where its own voice was found; None where the sheet does not say what it is like, or it hardly stands out."""
    loudness_lufs: float
    powers: Powers
    """K-weighted, for the loudness of all speech."""
    background: tuple[float, ...]
    """Loudness in LUFS just before and after, where nothing else sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFinding:
    """What was heard of a tone or a chime."""

    event: SheetEvent
    match: Match | None
    """None where speech covers it, or where nobody knows what it should sound like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpFinding:
    """What was heard at a join, or at the end of a sound."""

    place: int
    """Samples from the start of the session."""
    what: str
    jump: Jump


Finding = CueFinding | SoundFinding | JumpFinding
Probe = tuple[int, Callable[[Tape], Finding]]
"""The first sample that is read, and what is done with it."""


def findings(tape: Tape, sheet: CueSheet) -> Iterator[Finding]:
    """Measure at every cue, sound and join, in order of time."""
    probes = [*_cue_probes(sheet), *_sound_probes(sheet), *_jump_probes(sheet)]
    for _, measure in sorted(probes, key=lambda probe: probe[0]):
        yield measure(tape)


def _cue_probes(sheet: CueSheet) -> Iterator[Probe]:
    others = sheet.of_kind("cue", *TONES, *CHIMES)
    for cue in sheet.of_kind("cue"):
        near = [e for e in _near(others, cue) if e is not cue]

        def measure(tape: Tape, cue: SheetEvent = cue, near: list[SheetEvent] = near) -> Finding:
            return _hear_cue(tape, cue, near)

        yield cue.start_samples - BEFORE_SAMPLES, measure


def _near(events: tuple[SheetEvent, ...], cue: SheetEvent) -> Iterator[SheetEvent]:
    reach = to_samples(1)
    for event in events:
        if event.start_samples > cue.end_samples + reach:
            return
        if event.end_samples > cue.start_samples - reach:
            yield event


def _hear_cue(tape: Tape, cue: SheetEvent, near: list[SheetEvent]) -> CueFinding:
    start = cue.start_samples - BEFORE_SAMPLES
    reach = min(VOICE_AFTER_SAMPLES, cue.length_samples + VOICE_REACH_SAMPLES + 2 * to_samples(0.02))
    stop = max(cue.start_samples + max(reach, ONSET_SAMPLES), cue.end_samples + _GAP_AFTER[1])
    around = tape.read(start, stop=stop)
    spoken = around[BEFORE_SAMPLES : BEFORE_SAMPLES + cue.length_samples]
    edge = mono(around[: BEFORE_SAMPLES + ONSET_SAMPLES])
    powers = momentary_powers(spoken)
    gaps = (
        (cue.start_samples - _GAP_BEFORE[0], cue.start_samples - _GAP_BEFORE[1]),
        (cue.end_samples + _GAP_AFTER[0], cue.end_samples + _GAP_AFTER[1]),
    )
    return CueFinding(
        cue=cue,
        sets_in=speech_onset(edge),
        match=_find_voice(around, cue),
        before_dbfs=level_before(edge),
        loudness_lufs=gated_loudness(powers),
        powers=powers,
        background=tuple(
            integrated(around[first - start : last - start], RATE)
            for first, last in gaps
            if first >= 0 and not overlaps(near, first, stop=last)
        ),
    )


def _find_voice(around: Samples, cue: SheetEvent) -> VoiceMatch | None:
    """Look for a cue's own voice in (samples, channels) from BEFORE_SAMPLES before its place."""
    if not cue.contour:
        return None
    as_in_one_channel = mono(around) * np.float32(around.shape[1] ** 0.5)
    return find_voice(as_in_one_channel, BEFORE_SAMPLES, cue.contour, before=(0, QUIET_SAMPLES))


def _sound_probes(sheet: CueSheet) -> Iterator[Probe]:
    references = _References(sheet)
    cues, sounds = sheet.of_kind("cue"), sheet.of_kind(*TONES, *CHIMES)
    for event in sounds:
        spoken = list(_near(cues, event))
        others = [
            e
            for e in _near(sounds, event)
            if e is not event and overlaps([e], event.start_samples, stop=event.end_samples)
        ]

        def measure(
            tape: Tape,
            event: SheetEvent = event,
            spoken: list[SheetEvent] = spoken,
            others: list[SheetEvent] = others,
        ) -> Finding:
            return SoundFinding(
                event=event, match=_find(tape, event, references, spoken=spoken, others=others)
            )

        yield event.start_samples - REACH_SAMPLES, measure


def _find(
    tape: Tape,
    event: SheetEvent,
    references: _References,
    *,
    spoken: list[SheetEvent],
    others: list[SheetEvent],
) -> Match | None:
    start = event.start_samples - REACH_SAMPLES
    reference = references.of(event)
    if reference is None or reference.is_silent:
        return None
    around = mono(tape.read(start, stop=event.start_samples + reference.length + REACH_SAMPLES))
    known = [(other.start_samples - start, sound) for other in others if (sound := references.of(other))]
    covering = [*spoken, *(other for other in others if references.of(other) is None)]
    spans = [(e.start_samples - _RINGING - start, e.end_samples + _RINGING - start) for e in covering]
    return reference.find(around, spans, known)


class _References:
    """What tones and chimes should sound like, as loud as speech."""

    def __init__(self, sheet: CueSheet) -> None:
        own = [sheet.settings.get(f"pacer.{kind}", "") for kind in ("inhale", "exhale")]
        self._leads = all(is_shipped(sound) for sound in own if sound)
        inhale, exhale = own if self._leads else ("", "")
        self._sources = gather((), pacer=pacer_of(sheet), inhale=inhale, exhale=exhale)
        self._tone = lru_cache(maxsize=64)(self._make_tone)
        self._chime = lru_cache(maxsize=64)(self._make_chime)

    def of(self, event: SheetEvent) -> Reference | None:
        """Give what an event should sound like; None for a file of somebody's own."""
        try:
            if event.kind in TONES:
                return self._tone(event.kind, event.length_samples) if self._leads else None
            name = event.sound or event.kind
            return self._chime(name, event.length_samples) if is_shipped(name) else None
        except SoundError:
            return None

    def _make_tone(self, kind: str, length: int) -> Reference:
        return Reference(self._sources.tone(kind, length))  # type: ignore[arg-type]

    def _make_chime(self, name: str, length: int) -> Reference:
        return Reference(anchored(load(name))[:length])


def _jump_probes(sheet: CueSheet) -> Iterator[Probe]:
    places = {section.start_samples: f"the join before {section.title!r}" for section in sheet.sections[1:]}
    for event in sheet.of_kind(*TONES, *CHIMES):
        places.setdefault(event.end_samples, f"the end of {event.kind} {event.sound}".rstrip())
    for event in sheet.of_kind(*TONES):
        places.setdefault(event.start_samples, f"the start of {event.kind}")
    struck = [event.start_samples for event in sheet.of_kind(*CHIMES)]
    for place, what in places.items():
        after = bisect_left(struck, place - AROUND_SAMPLES)
        if after < len(struck) and struck[after] < place + AROUND_SAMPLES:
            continue  # a chime's own attack is no click

        def measure(tape: Tape, place: int = place, what: str = what) -> Finding:
            around = mono(tape.read(place - AROUND_SAMPLES, stop=place + AROUND_SAMPLES))
            return JumpFinding(place=place, what=what, jump=jump_near(around))

        yield place - AROUND_SAMPLES, measure
