"""Sections under a bed: blocks that reach beyond a section come in, frames that join without a seam go out.

A section encoded on its own ends in 24 ms of the encoder's silence, which nobody hears over room tone. Over a
bed it would be a dip. So the encoder hears what lies around the section too, and those frames are dropped: an
encoder remembers four frames at most, as long as each frame may take the bits it needs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from audio_builder.mp3.encoder import Block, open_encoder, to_pcm
from audio_builder.mp3.format import Format
from audio_builder.mp3.reservoir import contents, pack
from audio_builder.timebase import FRAME_SAMPLES

PRE_ROLL = 4
"""Frames of the sound before a section: with fewer, its first frames differ from those of a single pass."""

POST_ROLL = 3
"""Frames of the sound behind a section: what an encoder looks ahead, and what it holds back."""

ALWAYS_FITS_KBPS = 128
"""Up to here, all that a frame can use, its own room and the reservoir's, fits the largest frame there is."""


def encode_open(
    blocks: Iterable[Block], form: Format, *, pre_roll: int = PRE_ROLL, post_roll: int = POST_ROLL
) -> bytes:
    """Encode one section as part of the sound it lies in.

    The blocks, `(n,)` or `(n, channels)`, hold `pre_roll` frames before the section, the section's k, and
    `post_roll` behind it, rendered as they sound in the session (silence beyond its ends). Exactly k frames
    come out, of variable size, that need no others: laid end to end, neighbours decode sample for sample as
    if encoded in a single pass. (Only where a section opens with so sharp an attack that its first frame
    would need more than the largest frame has, that frame alone is quantized more coarsely.)
    Raises SoundError where a sample would clip.
    """
    pcm = list(to_pcm(blocks, form))
    samples = sum(map(len, pcm)) // (2 * form.channels)
    frames = samples // FRAME_SAMPLES - pre_roll - post_roll
    if samples % FRAME_SAMPLES or frames < 1:
        raise ValueError(f"a section and its rolls are whole MP3 frames, not {samples} samples")
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
    return b"".join([*(encoder.encode(piece) for piece in pcm), encoder.flush()])
