"""The frames of an MP3 stream: bytes come in, checked frame headers with their places go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audio_builder.errors import SoundError
from audio_builder.mp3.format import BIT_RATES_KBPS, HEADER_BYTES, frame_bytes
from audio_builder.timebase import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame's header and where it lies."""

    offset: int
    """Bytes from the start of what was parsed."""
    size: int
    """Bytes, header included."""
    bit_rate_kbps: int
    channels: int
    mode_extension: int
    """Joint stereo: bit 1 says mid/side, bit 0 intensity."""
    protected: bool
    """True where a 16-bit CRC follows the header."""

    @property
    def side_offset(self) -> int:
        """Where the side information begins, from the start of what was parsed."""
        return self.offset + HEADER_BYTES + (2 if self.protected else 0)


def parse_frame(data: bytes | memoryview, offset: int) -> Frame:
    """Read the frame header at a byte; raise SoundError where no MPEG-1 Layer III frame at 48 kHz begins."""
    head = bytes(data[offset : offset + HEADER_BYTES])
    if len(head) < HEADER_BYTES:
        raise _error(offset, "the data end inside a frame header")
    if head[0] != 0xFF or head[1] & 0xFE != 0xFA:
        raise _error(offset, f"no MPEG-1 Layer III frame begins with {head.hex()}")
    rate_index, sampling, padding = head[2] >> 4, head[2] >> 2 & 0b11, head[2] >> 1 & 1
    if not 1 <= rate_index <= 14:
        raise _error(offset, f"bit rate index {rate_index} means nothing")
    if sampling != 0b01:
        raise _error(offset, f"the frame is not at {RATE} Hz")
    rate = BIT_RATES_KBPS[rate_index - 1]
    return Frame(
        offset=offset,
        size=frame_bytes(rate) + padding,
        bit_rate_kbps=rate,
        channels=1 if head[3] >> 6 == 0b11 else 2,
        mode_extension=head[3] >> 4 & 0b11,
        protected=not head[1] & 1,
    )


def parse(data: bytes | memoryview, offset: int = 0) -> Iterator[Frame]:
    """Give every frame from a byte to the end; raise SoundError where the chain of frames breaks."""
    while offset < len(data):
        frame = parse_frame(data, offset)
        if offset + frame.size > len(data):
            missing = offset + frame.size - len(data)
            raise _error(offset, f"the last frame is cut short by {missing} bytes")
        yield frame
        offset += frame.size


def tag_bytes(data: bytes | memoryview) -> int:
    """Count the bytes of the ID3v2 tag in front of the frames; 0 where there is none."""
    head = bytes(data[:10])
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    footer = 10 if head[5] & 0x10 else 0
    return 10 + size + footer


def _error(offset: int, message: str) -> SoundError:
    return SoundError(
        message, where=f"MP3 byte {offset}", hint="the file is damaged; build the session again"
    )
