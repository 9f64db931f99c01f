"""Sections become one stream: encoded sections come in, an Info frame and all frames end to end go out.

Sections are to a session what object files are to a program. Each began with an empty bit reservoir, so its
frames mean the same wherever they lie. One silent frame follows the last section: a gapless player drops the
1,105 samples in front, where encoder and decoder fill up, and needs as many behind for the whole timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from audio_builder.errors import SoundError
from audio_builder.mp3.crc import crc16
from audio_builder.mp3.encoder import ENCODER_DELAY
from audio_builder.mp3.format import parse
from audio_builder.mp3.info import PADDING, Info, info_frame, seek_points

if TYPE_CHECKING:
    from audio_builder.mp3.format import Format

Sizes = npt.NDArray[np.uint16]
"""Bytes of each frame: 1,441 at most, and there are millions."""
Piece = bytes | memoryview

BATCH_BYTES = 1 << 22


def link(sections: Sequence[Piece], form: Format) -> Iterator[Piece]:
    """Give the finished stream piece by piece: the Info frame, each section's frames, the tail.

    Sections are what `encode` or `encode_open` gave for this format, in playing order; a memoryview of a
    mapped file will do too. They are gone through twice, so a sequence that reads each from its file when
    asked keeps no more than BATCH_BYTES in memory. Raises SoundError where a section's frames are damaged or
    of another format.
    """
    tail = tail_frame(form)
    sizes: list[Sizes] = []
    checksum = 0
    for batch in _batches(sections, tail):
        joined = b"".join(batch.values())
        checksum = crc16(joined, checksum)
        sizes += _batch_sizes(batch, joined, form)
    every = np.concatenate(sizes)
    info = Info(
        constant=bool((every == form.frame_bytes).all()),
        frames=len(every),
        size=form.frame_bytes + int(every.sum(dtype=np.int64)),
        toc=seek_points(every, form.frame_bytes),
        delay=ENCODER_DELAY,
        padding=PADDING,
        music_crc=checksum,
    )
    yield info_frame(info, form)
    yield from sections
    yield tail


def _batches(sections: Sequence[Piece], tail: Piece) -> Iterator[dict[str, Piece]]:
    """Gather many sections at a time, by what to call them: long stretches are looked at much faster."""
    batch: dict[str, Piece] = {}
    size = 0
    for number, section in enumerate(sections, start=1):
        batch[f"section {number}"] = section
        size += len(section)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    yield batch | {"the last frame": tail}


def _batch_sizes(batch: Mapping[str, Piece], joined: bytes, form: Format) -> list[Sizes]:
    whole = all(len(section) and not len(section) % form.frame_bytes for section in batch.values())
    regular = _regular_sizes(joined, form) if whole else None
    if regular is not None:
        return [regular]
    return [frame_sizes(section, name, form) for name, section in batch.items()]


def tail_frame(form: Format) -> bytes:
    """Give the frame behind the last section: valid, and silent because it holds no main data at all."""
    return form.header.ljust(form.frame_bytes, b"\0")


def frame_sizes(section: Piece, name: str, form: Format) -> Sizes:
    """Give the bytes of each frame; raise SoundError if anything but this format's frames is there."""
    regular = _regular_sizes(section, form)
    if regular is not None:
        return regular
    try:
        frames = list(parse(section))
    except SoundError as error:
        raise SoundError(
            error.message, where=f"{name}, {error.where}", remedy="clear the cache and build again"
        ) from error
    if not frames or any(frame.channels != form.channels for frame in frames):
        raise SoundError(f"the stored frames do not have {form.channels} channels", where=name)
    return np.array([frame.size for frame in frames], dtype=np.uint16)


def _regular_sizes(section: Piece, form: Format) -> Sizes | None:
    """Check constant-rate frames all at once; None where some frame is of another kind."""
    frames, rest = divmod(len(section), form.frame_bytes)
    if rest or not frames:
        return None
    headers = np.frombuffer(section, dtype=np.uint8).reshape(frames, form.frame_bytes)[:, :4]
    mode_extension = np.uint8(0x00 if form.channels == 1 else 0x30)
    mask = np.array([0xFF, 0xFF, 0xFF, 0xFF & ~mode_extension], dtype=np.uint8)
    expected = np.frombuffer(form.header, dtype=np.uint8)
    if not ((headers & mask) == expected).all():
        return None
    return np.broadcast_to(np.uint16(form.frame_bytes), frames)
