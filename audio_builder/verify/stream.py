"""The MP3 as bytes: a mapped file and its sheet come in, checks of its frames and its Info frame go out."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audio_builder.errors import OutputError, SoundError
from audio_builder.mp3.crc import crc16
from audio_builder.mp3.format import Format, parse_frame, tag_bytes
from audio_builder.mp3.info import Info, parse_info
from audio_builder.mp3.linking import Sizes, frame_sizes
from audio_builder.verify.report import Check, check_all
from audio_builder.verify.sheet import Sheet


@contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """Map a file into memory; raises OutputError where it cannot be read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_there:
            view = memoryview(bytes_there)
            try:
                yield view
            finally:
                view.release()
    except (OSError, ValueError) as error:
        remedy = "Build it first, or give the path of its MP3."
        raise OutputError(f"the session cannot be read: {error}", str(path), remedy) from error


def check_stream(data: memoryview, sheet: Sheet) -> Iterator[Check]:
    """Check that frames follow one another to the end, and that the Info frame tells the truth about them."""
    with data[tag_bytes(data) :] as stream:
        try:
            sizes = _sizes(stream)
        except SoundError as error:
            yield check_all(
                "frames", [str(error.message)], measured="broken", limit="whole frames to the end"
            )
        else:
            measured = f"{len(sizes):,} frames"
            yield check_all("frames", [], measured=measured, limit="whole frames to the end")
        try:
            info = parse_info(stream)
        except SoundError as error:
            yield check_all(
                "info frame", [error.message], measured="none", limit="frames, bytes and length as they are"
            )
            return
        wrong = list(_wrong_info(info, stream, sheet))
        yield check_all(
            "info frame",
            wrong,
            measured=f"{info.frames:,} frames, {info.samples:,} samples",
            limit="frames, bytes and length as they are",
        )


def _sizes(stream: memoryview) -> Sizes:
    first = parse_frame(stream, 0)
    return frame_sizes(stream, "the session", Format(max(first.bit_rate_kbps, 64), first.channels))


def _wrong_info(info: Info, stream: memoryview, sheet: Sheet) -> Iterator[str]:
    if not info.intact:
        yield "its own checksum does not fit"
    if info.size != len(stream):
        yield f"it counts {info.size:,} bytes, there are {len(stream):,}"
    if info.samples != sheet.length_samples:
        yield f"it gives {info.samples:,} samples, the cue sheet {sheet.length_samples:,}"
    try:
        frames = len(_sizes(stream)) - 1
    except SoundError:
        return
    if info.frames != frames:
        yield f"it counts {info.frames:,} frames, there are {frames:,}"
    with stream[parse_frame(stream, 0).size :] as music:
        if info.music_crc != crc16(music):
            yield "its checksum of the frames does not fit"
