"""Link a session's chunks: an Info frame, and all their frames end to end.

Chunks are to a session what object files are to a program. Each began with an empty bit reservoir, so its frames mean
the same wherever they lie. One silent frame follows the last chunk: a gapless player drops the 1,105 samples in front,
where encoder and decoder fill up, and needs as many behind for the whole timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from audio_builder.errors import SoundError
from audio_builder.mp3.format import ENCODER_DELAY, Format, parse
from audio_builder.mp3.info import PADDING, Info, crc16, info_frame, seek_points

Sizes = npt.NDArray[np.uint16]
"""Bytes of each frame: 1,441 at most, and there are millions."""
Encoded = bytes | memoryview
"""The frames of one chunk."""

BATCH_BYTES = 1 << 22


def link(chunks: Sequence[Encoded], form: Format) -> Iterator[Encoded]:
    """Give the finished stream: the Info frame, each chunk's frames, the tail.

    Chunks are what `encode` or `encode_open` gave for this format, in playing order; a memoryview of a
    mapped file will do too. They are gone through twice, so a sequence that reads each from its file when
    asked keeps no more than BATCH_BYTES in memory. Raises SoundError where a chunk's frames are damaged or
    of another format.
    """
    tail = tail_frame(form)
    sizes: list[Sizes] = []
    checksum = 0
    for batch in _batches(chunks, tail):
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
    yield from chunks
    yield tail


def _batches(chunks: Sequence[Encoded], tail: Encoded) -> Iterator[dict[str, Encoded]]:
    """Gather many chunks at a time, by what to call them: long stretches are looked at much faster."""
    batch: dict[str, Encoded] = {}
    size = 0
    for number, chunk in enumerate(chunks, start=1):
        batch[f"chunk {number}"] = chunk
        size += len(chunk)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    yield batch | {"the last frame": tail}


def _batch_sizes(batch: Mapping[str, Encoded], joined: bytes, form: Format) -> list[Sizes]:
    whole = all(len(chunk) and not len(chunk) % form.frame_bytes for chunk in batch.values())
    regular = _regular_sizes(joined, form) if whole else None
    if regular is not None:
        return [regular]
    return [frame_sizes(chunk, name, form) for name, chunk in batch.items()]


def tail_frame(form: Format) -> bytes:
    """Give the frame behind the last chunk: valid, and silent because it holds no main data at all."""
    return form.header.ljust(form.frame_bytes, b"\0")


def frame_sizes(chunk: Encoded, name: str, form: Format) -> Sizes:
    """Give the bytes of each frame; raise SoundError if anything but this format's frames is there."""
    regular = _regular_sizes(chunk, form)
    if regular is not None:
        return regular
    try:
        frames = list(parse(chunk))
    except SoundError as error:
        raise SoundError(
            error.message, where=f"{name}, {error.where}", remedy="clear the cache and build again"
        ) from error
    if not frames or any(frame.channels != form.channels for frame in frames):
        raise SoundError(f"the stored frames do not have {form.channels} channels", where=name)
    return np.array([frame.size for frame in frames], dtype=np.uint16)


def _regular_sizes(chunk: Encoded, form: Format) -> Sizes | None:
    """Check constant-rate frames all at once; None where some frame is of another kind."""
    frames, rest = divmod(len(chunk), form.frame_bytes)
    if rest or not frames:
        return None
    headers = np.frombuffer(chunk, dtype=np.uint8).reshape(frames, form.frame_bytes)[:, :4]
    mode_extension = np.uint8(0x00 if form.channels == 1 else 0x30)
    mask = np.array([0xFF, 0xFF, 0xFF, 0xFF & ~mode_extension], dtype=np.uint8)
    expected = np.frombuffer(form.header, dtype=np.uint8)
    if not ((headers & mask) == expected).all():
        return None
    return np.broadcast_to(np.uint16(form.frame_bytes), frames)
