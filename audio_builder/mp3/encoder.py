"""Encode chunks of sound to MP3 frames that need no others.

A chunk encoded on its own ends in 24 ms of the encoder's silence, which nobody hears over room tone. Over a
bed it would be a dip. So there the encoder hears what lies around the chunk too, and those frames are dropped: an
encoder remembers four frames at most, as long as each frame may take the bits it needs. Frames with enough rolls
around them join without a seam wherever they are cut, so a long chunk is encoded in windows, and one of an hour
takes no more memory than one of half a minute.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from audio_builder.errors import SoundError
from audio_builder.mp3.format import Format, contents, pack
from audio_builder.timebase import FRAME_SAMPLES, RATE, to_seconds

log = logging.getLogger(__name__)

Block = npt.NDArray[np.float32]

DECODER_DELAY = 529
"""Samples that every decoder adds: with the encoder's, a chunk sounds 1,105 samples after its first frame's place."""

LAME_GAIN = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
"""By which LAME turns its input down at a constant bit rate, in kbit/s; 0.95 at all others. Undone here.
At a variable rate it leaves the level alone."""

FULL_SCALE = 32_768

AUDIBLE = 10 ** (-40 / 20)
"""A peak above this in a chunk's last frame is no room tone."""


def encode(blocks: Iterable[Block], form: Format) -> bytes:
    """Encode one chunk on its own, with a fresh encoder.

    The blocks, `(n,)` or `(n, channels)` in [-1, 1], of any sizes, hold k x 1,152 samples; exactly k frames
    come out. The last 1,152 samples are left to the encoder's padding: a chunk ends with a frame of
    room tone. Raises SoundError where a sample would clip or is not a number.
    """
    encoder = open_encoder(form)
    encoded = bytearray(encoder.encode(b""))
    samples = 0
    held = b""
    tail_bytes = FRAME_SAMPLES * form.channels * 2
    full_scale = FULL_SCALE / LAME_GAIN.get(form.bit_rate_kbps, 0.95)
    for pcm in to_pcm(blocks, form, full_scale=full_scale):
        samples += len(pcm) // (2 * form.channels)
        held += pcm
        if len(held) > tail_bytes:
            encoded += encoder.encode(held[:-tail_bytes])
            held = held[-tail_bytes:]
    if samples == 0 or samples % FRAME_SAMPLES:
        raise ValueError(f"a chunk is a whole number of MP3 frames, not {samples} samples")
    _warn_of_lost_sound(held, full_scale)
    encoded += encoder.flush()
    frames = samples // FRAME_SAMPLES
    assert len(encoded) == frames * form.frame_bytes, (len(encoded), frames, form)
    return bytes(encoded)


def open_encoder(form: Format) -> Any:
    """Set up a fresh LAME encoder at 48 kHz and constant bit rate."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(form.channels)
    encoder.set_bit_rate(form.bit_rate_kbps)
    encoder.set_quality(form.quality)
    return encoder


def to_pcm(blocks: Iterable[Block], form: Format, *, full_scale: float = FULL_SCALE) -> Iterator[bytes]:
    """Round float32 blocks to 16 bits, little-endian, interleaved; raise SoundError where one would clip.

    `full_scale` is the 16-bit value of 1.0: above 32,768 where the encoder will take away as much again.
    """
    start = 0
    scale = np.float32(full_scale)
    for block in blocks:
        channels = 1 if block.ndim == 1 else block.shape[1]
        if channels != form.channels:
            raise ValueError(f"the sound has {channels} channels, the format {form.channels}")
        scaled = np.rint(block * scale)
        inside = (scaled >= -32_768) & (scaled <= 32_767)
        if not inside.all():
            raise _clipped(block * scale / np.float32(FULL_SCALE), inside, start)
        yield scaled.astype("<i2").tobytes()
        start += len(block)


def _clipped(block: Block, inside: npt.NDArray[np.bool_], start: int) -> SoundError:
    sample = int(np.flatnonzero(~inside.reshape(len(block), -1).all(axis=1))[0])
    value = float(np.max(np.abs(block[sample])))
    place = f"{to_seconds(start + sample):.3f} s into the section"
    if not np.isfinite(value):
        return SoundError("the mix holds a sample that is not a number", where=place)
    level = 20 * np.log10(value)
    return SoundError(
        f"the mix is {level:.1f} dB too loud and would clip",
        where=place,
        remedy="lower the loudest of the levels",
    )


def _warn_of_lost_sound(pcm: bytes, full_scale: float) -> None:
    peak = int(np.max(np.abs(np.frombuffer(pcm, dtype="<i2").astype(np.int32)), initial=0)) / full_scale
    if peak > AUDIBLE:
        log.warning("a chunk's last 24 ms hold sound (peak %.3f) that an MP3 chunk cannot keep", peak)


PRE_ROLL = 4
"""Frames of the sound before a chunk: with fewer, its first frames differ from those of a single pass."""

POST_ROLL = 3
"""Frames of the sound behind a chunk: what an encoder looks ahead, and what it holds back."""

ALWAYS_FITS_KBPS = 128
"""Up to here, all that a frame can use, its own room and the reservoir's, fits the largest frame there is."""


def encode_open(
    blocks: Iterable[Block], form: Format, *, pre_roll: int = PRE_ROLL, post_roll: int = POST_ROLL
) -> bytes:
    """Encode one chunk as part of the sound it lies in.

    The blocks, `(n,)` or `(n, channels)`, hold `pre_roll` frames before the chunk, the chunk's k, and
    `post_roll` behind it, rendered as they sound in the session (silence beyond its ends). Exactly k frames
    come out, of variable size, that need no others: laid end to end, neighbours decode sample for sample as
    if encoded in a single pass. (Only where a chunk opens with so sharp an attack that its first frame
    would need more than the largest frame has, that frame alone is quantized more coarsely.)
    Raises SoundError where a sample would clip.
    """
    pcm = list(to_pcm(blocks, form))
    samples = sum(map(len, pcm)) // (2 * form.channels)
    frames = samples // FRAME_SAMPLES - pre_roll - post_roll
    if samples % FRAME_SAMPLES or frames < 1:
        raise ValueError(f"a chunk and its rolls are whole MP3 frames, not {samples} samples")
    wanted = list(itertools.islice(contents(_encoded(pcm, form), form), pre_roll, pre_roll + frames))
    packed = pack(wanted, form)
    if packed is not None:
        return packed
    encoded = _encoded(pcm, form, most_kbps=ALWAYS_FITS_KBPS)
    smaller = list(itertools.islice(contents(encoded, form), pre_roll, pre_roll + frames))
    tries = (pack([*smaller[:leading], *wanted[leading:]], form) for leading in range(1, frames + 1))
    return next(packed for packed in tries if packed is not None)


def _encoded(pcm: Iterable[bytes], form: Format, *, most_kbps: int = 0) -> bytes:
    encoder = open_encoder(form)
    encoder.set_vbr(4)
    encoder.set_vbr_quality(form.variable_quality)
    if most_kbps:
        encoder.set_vbr_max_bitrate_kbps(most_kbps)
    return b"".join([*(encoder.encode(block) for block in pcm), encoder.flush()])


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
