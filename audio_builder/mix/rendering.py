"""Mix a chunk, block by block: what sounds where, how loud, making way for speech, its peaks under the ceiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import assert_never

import numpy as np

from audio_builder.compiler.timeline import Event, PlacedSection
from audio_builder.mix.bedding import (
    POST_SAMPLES,
    PRE_SAMPLES,
    Bedding,
    LoopPosition,
    TurningLoop,
    bedding,
    turning_loop,
)
from audio_builder.mix.ducking import Ducking, ducking
from audio_builder.mix.sources import TICK, Sources, sound_of
from audio_builder.sound.levelling import gain_reduction
from audio_builder.sound.loudness import channels_of, peak_envelope
from audio_builder.sound.samples import Samples, to_gain
from audio_builder.sound.settings import Levels
from audio_builder.sound.synthesis import CROSSFADE_SECONDS, faded
from audio_builder.timebase import FRAME_SAMPLES, RATE, Span, to_samples

BLOCK_SAMPLES = 1 << 16

CEILING_DB = -1.8
"""True peak of a mix: leaves 0.8 dB to the -1 dBTP of the decoded MP3."""

_SCREEN_DB = -0.1
"""How near the ceiling a sample brings the limiter in. Clips come with true peaks under -3 dBTP and what
lies under them is smooth: a sum that passes the ceiling between two samples comes near it at one of these."""

_THRESHOLD = to_gain(CEILING_DB + _SCREEN_DB)

IN_BOTH_CHANNELS = np.float32(0.5**0.5)
"""BS.1770 adds the channels up: what sounds alike in both would stand 3 dB higher than in one."""

_RELEASE_SAMPLES = RATE // 4
"""The limiter has recovered from 30 dB by then: further away it neither hears nor is heard."""


def render(
    section: PlacedSection,
    clips: Mapping[str, Samples],
    *,
    levels: Levels,
    sources: Sources,
    place: LoopPosition | None = None,
    speech_around: Sequence[Span] = (),
    pre_samples: int = 0,
    post_samples: int = 0,
    block_samples: int = BLOCK_SAMPLES,
) -> Iterator[Samples]:
    """Mix a section into float32 blocks of (block_samples,), or (block_samples, 2) over a stereo bed.

    `clips` maps each cue's text to its clip at the anchor's loudness. There are pre_samples + section.length
    + post_samples in all, the last block shorter: before the start and after the end, the bed goes on as the
    neighbouring sections have it. `speech_around` says where speech outside, up to the edge of its span, turns
    down what sounds in here. The samples depend on the arguments alone, and not on the block size.
    """
    placed = tuple(layers(section, clips, levels=levels, sources=sources, speech_around=speech_around))
    under = _bed_under(section, levels=levels, sources=sources, place=place or LoopPosition())
    room = turning_loop(
        sources.room(levels.room_dbfs),
        LoopPosition(),
        length=section.length,
        crossfade=to_samples(CROSSFADE_SECONDS),
    )
    cuts = [
        -pre_samples,
        *range(0, section.length + post_samples, BLOCK_SAMPLES),
        section.length + post_samples,
    ]
    spans = [(start, stop) for start, stop in pairwise(cuts) if start < stop]
    return _rebatched(_limited(_mixed(spans, placed, room=room, under=under)), block_samples)


def _bed_under(
    section: PlacedSection, *, levels: Levels, sources: Sources, place: LoopPosition
) -> Bedding | None:
    if sources.bed_loop is None:
        return None
    # What a neighbour mixes of this section, past the join, has to be what this section mixes there.
    own = (POST_SAMPLES, max(section.length - PRE_SAMPLES, POST_SAMPLES))
    ducking = speech_ducking(section, depth_db=levels.bed_duck_db, levels=levels, bounds=own)
    return bedding(
        sources.bed_loop,
        sources.bed,
        place,
        length=section.length,
        gain=to_gain(levels.bed_db),
        ducking=ducking,
    )


def _mixed(
    spans: Sequence[Span], placed: Sequence[Layer], *, room: TurningLoop, under: Bedding | None
) -> Iterator[Samples]:
    """Sum room tone, layers and bed, one block of the inner grid after the other."""
    sounding: defaultdict[int, list[Layer]] = defaultdict(list)
    for layer in placed:
        for index in range(layer.start // BLOCK_SAMPLES, -(-layer.stop // BLOCK_SAMPLES)):
            sounding[index].append(layer)
    for start, stop in spans:
        block = np.array(room.read(start, stop=stop))
        for layer in sounding[start // BLOCK_SAMPLES]:
            _add(block, layer, at=start)
        yield block if under is None else _joined(block, under.block(start, stop=stop))


def _joined(block: Samples, bed: Samples) -> Samples:
    """Lay (samples,) over a bed of (samples,) or (samples, 2), as loud in two channels as in one."""
    return bed + (block if bed.ndim == 1 else (block * IN_BOTH_CHANNELS)[:, np.newaxis])


def _add(block: Samples, layer: Layer, *, at: int) -> None:
    """Add the part of a layer that sounds in a block which starts at a place."""
    first, last = max(layer.start, at), min(layer.stop, at + len(block))
    part = layer.samples[first - layer.start : last - layer.start]
    if layer.gain != 1.0:
        part = part * np.float32(layer.gain)
    gains = layer.ducking.gain(first, stop=last) if layer.ducking else None
    if gains is not None:
        part = part * gains
    block[first - at : last - at] += part


def _limited(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Keep true peaks under the ceiling; each block is judged together with what lies around it."""
    nothing = np.zeros(0, dtype=np.float32)
    before, here = (nothing, False), (nothing, False)
    for block in chain(blocks, (nothing,)):
        after = (block, _loudest(block) > _THRESHOLD)
        if len(here[0]):
            hot = before[1] or here[1] or after[1]
            yield _tamed(before[0], here[0], after=after[0]) if hot else here[0]
        before, here = here, after


def _tamed(before: Samples, here: Samples, *, after: Samples) -> Samples:
    """Turn a block down where it, or a neighbour within the limiter's reach, is too loud."""
    before, after = before[-_RELEASE_SAMPLES:], after[:_RELEASE_SAMPLES]
    around = np.concatenate([block for block in (before, here, after) if len(block)])
    if _loudest(around) <= _THRESHOLD:
        return here
    envelope = np.max([peak_envelope(channel) for channel in channels_of(around)], axis=0)
    reduction = gain_reduction(envelope, RATE, ceiling=to_gain(CEILING_DB))
    gains = np.power(10.0, reduction[len(before) : len(before) + len(here)] / -20.0)
    return np.asarray((here.T * gains).T, dtype=np.float32)


def _loudest(block: Samples) -> float:
    return max(float(block.max()), -float(block.min())) if len(block) else 0.0


def _rebatched(blocks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """Give the same samples in blocks of a size."""
    waiting: list[Samples] = []
    held = 0
    for block in blocks:
        waiting.append(block)
        held += len(block)
        if held < size:
            continue
        joined = waiting[0] if len(waiting) == 1 else np.concatenate(waiting)
        whole = held - held % size
        for start in range(0, whole, size):
            yield joined[start : start + size]
        waiting, held = [joined[whole:]], held - whole
    if held:
        yield np.concatenate(waiting)


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
