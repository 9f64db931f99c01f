"""Beds, synthesised or from a file: loops that can be laid under a whole session without a seam."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from audio_builder.errors import SoundError
from audio_builder.sound.loudness import integrated, over_time
from audio_builder.sound.reading import fingerprint, load
from audio_builder.sound.samples import ANCHOR_LUFS, Samples, to_gain
from audio_builder.sound.settings import BED_OFF, Bed
from audio_builder.sound.synthesis import band, looped, periodic, uniform
from audio_builder.timebase import FRAME_SAMPLES, RATE, to_samples

LOOP_SAMPLES = 2_000 * FRAME_SAMPLES
"""48 s."""

FRAME_HZ = RATE / FRAME_SAMPLES
"""41.7 Hz: whole multiples of it are in step again at the start of every MP3 frame."""

_SHARED = 0.75
"""How much of its noise each channel of a stereo bed has in common with the other."""


def bed_loop(bed: Bed) -> Samples | None:
    """Make a bed's loop, (samples,) or (samples, 2), its loudest 3 s at the anchor; None for no bed.

    Its length is a whole number of MP3 frames. It is kept and shared, so it cannot be written to. Raises
    SoundError.
    """
    if bed.sound == BED_OFF:
        return None
    return _loop(bed, "" if bed.made else fingerprint(bed.sound))


@lru_cache(maxsize=2)  # one takes half a second to make, and may have hundreds of megabytes
def _loop(bed: Bed, content: str) -> Samples:
    del content  # a file that was replaced is read again
    return _made(bed.sound, bed.channels) if bed.made else _from_file(bed)


def _made(sound: str, channels: int) -> Samples:
    make = {"waves": _waves, "rain": _rain, "drone": _drone}[sound]
    if channels == 1:
        return _anchored(make(0))
    shared, left, right = make(0), make(1), make(2)
    apart = np.sqrt(1.0 - _SHARED**2)
    return _anchored(np.stack([_SHARED * shared + apart * side for side in (left, right)], axis=1))


def _from_file(bed: Bed) -> Samples:
    loop = looped(
        load(bed.sound, channels=bed.channels),
        crossfade=to_samples(bed.crossfade_seconds),
        multiple=FRAME_SAMPLES,
    )
    if len(loop) < 2 * FRAME_SAMPLES:
        raise SoundError(
            "the sound is too short for a bed",
            where=bed.sound,
            remedy="Use one of a few seconds or more.",
        )
    if loop.ndim == 1 and bed.channels == 2:
        loop = np.stack([loop, loop], axis=1)
    return _anchored(loop, where=bed.sound)


def _anchored(loop: Samples, *, where: str | None = None) -> Samples:
    """Bring the loudest 3 s of a loop of our own to the anchor, so that its level holds at every moment."""
    around = np.concatenate([loop, loop[: 3 * RATE]])
    loudest = max(over_time(around, RATE, window_seconds=3.0), default=integrated(loop, RATE))
    if not np.isfinite(loudest):
        raise SoundError("the bed is silent", where=where, remedy="Use a file with sound in it.")
    loop *= np.float32(to_gain(ANCHOR_LUFS - loudest))
    loop.setflags(write=False)
    return loop


def _turns(count: int) -> Samples:
    """Give a wave from 0 to 1 and back, so many times a loop."""
    angle = np.arange(LOOP_SAMPLES, dtype=np.float32) * np.float32(2 * np.pi * count / LOOP_SAMPLES)
    return np.asarray(0.5 - 0.5 * np.cos(angle), dtype=np.float32)


def _waves(seed: int) -> Samples:
    """Let the sea run up and draw back: no two waves alike, and too slow to be taken for a breath."""
    swell = 0.3 + 0.5 * _turns(3) * (0.6 + 0.4 * _turns(1)) + 0.2 * _turns(2) ** 2
    deep = periodic(LOOP_SAMPLES, seed=100 + seed, spectrum=band(180.0, 900.0, slope=-0.7))
    foam = periodic(LOOP_SAMPLES, seed=110 + seed, spectrum=band(900.0, 5_000.0, slope=-0.6))
    return np.asarray(deep * swell + 1.2 * foam * swell**2, dtype=np.float32)


def _rain(seed: int) -> Samples:
    """Let rain fall steadily: a hiss of far drops, and near ones that can be told apart."""
    hiss = periodic(LOOP_SAMPLES, seed=200 + seed, spectrum=band(400.0, 7_000.0, slope=-0.4))
    return np.asarray(hiss + 5.0 * _drops(seed, count=1_200), dtype=np.float32)


def _drops(seed: int, *, count: int) -> Samples:
    """Scatter short pips of many pitches over the loop; they run on over its end into its start."""
    places, pitches, sizes = uniform(3 * count, seed=210 + seed).reshape(3, count)
    time = np.arange(to_samples(0.02)) / RATE
    result = np.zeros(LOOP_SAMPLES, dtype=np.float32)
    for place, pitch, size in zip(places, pitches, sizes, strict=True):
        pip = (
            np.sin(2 * np.pi * 900.0 * 4.0**pitch * time)
            * np.exp(-time / 0.004)
            * (1 - np.exp(-time / 0.0005))
        )
        where = (int(place * LOOP_SAMPLES) + np.arange(len(time))) % LOOP_SAMPLES
        result[where] += (0.2 + size**3) * pip
    return result


_DRONE = (
    # multiple of FRAME_HZ, strength, swells a loop
    (6, 1.00, 2),  # 250 Hz, the root
    (9, 0.50, 3),  # its fifth
    (12, 0.45, 5),  # its octave
    (18, 0.22, 4),
    (24, 0.14, 7),
    (36, 0.06, 6),
)


def _drone(seed: int) -> Samples:
    """Hold a soft fifth whose parts come and go; every part is in step again at every frame."""
    angle = 2 * np.pi * FRAME_HZ / RATE * np.arange(FRAME_SAMPLES)
    result = np.zeros(LOOP_SAMPLES, dtype=np.float32)
    for multiple, strength, swells in _DRONE:
        partial = strength * np.sin(multiple * angle + multiple).astype(np.float32)
        swell = np.float32(0.35) + np.float32(0.65) * _turns(swells + seed)
        result += np.tile(partial, LOOP_SAMPLES // FRAME_SAMPLES) * swell
    return result
