"""A long section under a bed comes in as blocks; its frames go out, encoded one window after the other.

Frames with enough rolls around them join without a seam wherever they are cut, so a section of an hour takes
no more memory than one of half a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from audio_builder.mp3.encoder import Block
from audio_builder.mp3.format import Format
from audio_builder.mp3.seams import POST_ROLL, PRE_ROLL, encode_open
from audio_builder.timebase import FRAME_SAMPLES

WINDOW_FRAMES = 1_000
"""24 s; the rolls of each window cost 0.7 % of time."""

ROLLS_SAMPLES = (PRE_ROLL + POST_ROLL) * FRAME_SAMPLES


def encode_in_windows(blocks: Iterable[Block], form: Format, *, window_frames: int = WINDOW_FRAMES) -> bytes:
    """Encode what `encode_open` takes, with its rolls, in windows of so many frames.

    Raises SoundError where a sample would clip, ValueError where there are no whole MP3 frames.
    """
    return b"".join(encode_open([window], form) for window in _windows(blocks, window_frames * FRAME_SAMPLES))


def _windows(blocks: Iterable[Block], step: int) -> Iterator[Block]:
    """Give windows of step + ROLLS_SAMPLES samples that overlap by the rolls; the last one is what is left."""
    held: list[Block] = []
    size = windows = 0
    for block in blocks:
        held.append(block)
        size += len(block)
        if size < step + ROLLS_SAMPLES:
            continue
        joined = np.concatenate(held)
        while len(joined) >= step + ROLLS_SAMPLES:
            yield joined[: step + ROLLS_SAMPLES]
            joined = joined[step:]
            windows += 1
        held, size = [joined.copy()], len(joined)
    if size > ROLLS_SAMPLES or not windows:
        yield np.concatenate([*held, np.zeros((0, *held[0].shape[1:]) if held else 0, np.float32)])
