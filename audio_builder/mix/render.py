"""A placed section comes in with its clips and sounds; its mixed samples go out, block by block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from audio_builder.compiler.timeline import PlacedSection
from audio_builder.mix.layers import Layer, layers
from audio_builder.mix.palette import Palette
from audio_builder.sound.levels import Samples, to_gain
from audio_builder.sound.limiter import gain_reduction
from audio_builder.sound.loudness import peak_envelope
from audio_builder.sound.room import room_tone
from audio_builder.sound.settings import Levels
from audio_builder.timebase import RATE

BLOCK_SAMPLES = 1 << 16

CEILING_DB = -2.0
"""True peak of a mix: a decibel below what the decoded MP3 may reach."""

_SCREEN_DB = -0.2
"""How near the ceiling a sample brings the limiter in. Clips come with true peaks under -3 dBTP and what lies
under them is smooth, so a sum that passes the ceiling between two samples comes this near at one of them."""


def render(
    section: PlacedSection,
    clips: Mapping[str, Samples],
    *,
    levels: Levels,
    palette: Palette,
    block_samples: int = BLOCK_SAMPLES,
) -> Iterator[Samples]:
    """Mix a section into blocks of (block_samples,) float32, the last one shorter, section.length in all.

    `clips` maps each cue's text to its clip at the anchor's loudness. The samples depend on the arguments
    alone: not on the section's place in the session, and not on the block size.
    """
    placed = tuple(layers(section, clips, levels=levels, palette=palette))
    return _rebatched(_limited(_mixed(section, placed, levels=levels)), block_samples)


def _mixed(section: PlacedSection, placed: Sequence[Layer], *, levels: Levels) -> Iterator[Samples]:
    """Sum room tone and layers, one block of the inner grid after the other."""
    sounding: defaultdict[int, list[Layer]] = defaultdict(list)
    for layer in placed:
        for index in range(layer.start // BLOCK_SAMPLES, -(-layer.stop // BLOCK_SAMPLES)):
            sounding[index].append(layer)
    for start in range(0, section.length, BLOCK_SAMPLES):
        stop = min(start + BLOCK_SAMPLES, section.length)
        block = np.array(room_tone(start, stop=stop, level_dbfs=levels.room_dbfs))
        for layer in sounding[start // BLOCK_SAMPLES]:
            _add(block, layer, at=start)
        yield block


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
    """Keep true peaks under the ceiling; each block is judged together with both its neighbours."""
    threshold = to_gain(CEILING_DB + _SCREEN_DB)
    nothing = np.zeros(0, dtype=np.float32)
    before, here = (nothing, False), (nothing, False)
    for block in chain(blocks, (nothing,)):
        after = (block, _loudest(block) > threshold)
        if len(here[0]):
            hot = before[1] or here[1] or after[1]
            yield _tamed(before[0], here[0], after=after[0]) if hot else here[0]
        before, here = here, after


def _tamed(before: Samples, here: Samples, *, after: Samples) -> Samples:
    """Turn a block down where it, or a neighbour within the limiter's reach, is too loud."""
    envelope = peak_envelope(np.concatenate([before, here, after]))
    reduction = gain_reduction(envelope, RATE, ceiling=to_gain(CEILING_DB))
    mine = reduction[len(before) : len(before) + len(here)]
    return np.asarray(here * np.power(10.0, mine / -20.0), dtype=np.float32)


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
