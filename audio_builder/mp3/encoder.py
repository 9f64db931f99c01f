"""One section's sound becomes MP3: float32 blocks come in, whole frames with an empty reservoir go out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from audio_builder.errors import SoundError
from audio_builder.timebase import FRAME_SAMPLES, RATE, to_seconds

if TYPE_CHECKING:
    from audio_builder.mp3.format import Format

log = logging.getLogger(__name__)

Block = npt.NDArray[np.float32]

ENCODER_DELAY = 576
"""Samples that LAME puts in front of what it is given."""

DECODER_DELAY = 529
"""Samples that every decoder adds: together, a section sounds 1,105 samples after its first frame's place."""

LAME_GAIN = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
"""By which LAME turns its input down at a constant bit rate, in kbit/s; 0.95 at all others. Undone here.
At a variable rate it leaves the level alone."""

FULL_SCALE = 32_768

AUDIBLE = 10 ** (-40 / 20)
"""A peak above this in a section's last frame is no room tone."""


def encode(blocks: Iterable[Block], form: Format) -> bytes:
    """Encode one section on its own, with a fresh encoder.

    The blocks, `(n,)` or `(n, channels)` in [-1, 1], of any sizes, hold k x 1,152 samples; exactly k frames
    come out. The last 1,152 samples are left to the encoder's padding: a section ends with a frame of
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
        raise ValueError(f"a section is a whole number of MP3 frames, not {samples} samples")
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
        hint="lower the loudest of the levels",
    )


def _warn_of_lost_sound(pcm: bytes, full_scale: float) -> None:
    peak = int(np.max(np.abs(np.frombuffer(pcm, dtype="<i2").astype(np.int32)), initial=0)) / full_scale
    if peak > AUDIBLE:
        log.warning("a section's last 24 ms hold sound (peak %.3f) that an MP3 section cannot keep", peak)
