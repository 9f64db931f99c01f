"""The format of a session's MP3: bit rate, channels, frame headers, and frames that stand alone.

An encoder lets a frame's main data begin in the frames before it (the bit reservoir), so a frame cut out of its stream
loses what it is made of. Moving the data home changes no bit of sound: the same numbers are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from audio_builder.errors import SoundError
from audio_builder.timebase import FRAME_SAMPLES, RATE

BIT_RATES_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""What a Layer III frame of MPEG-1 may have, in the order of the header's index 1 to 14."""

HEADER_BYTES = 4

ENCODER_DELAY = 576
"""Samples that LAME puts in front of what it is given."""

LAME_QUALITY = 5
"""LAME's effort, 2 the most careful and 7 the fastest. At 5 psychoacoustics and noise shaping are on;
2 takes longer and changes nothing that can be heard in speech over quiet tones."""


@dataclass(frozen=True, slots=True)
class Format:
    """The one encoding that all chunks of a session share."""

    bit_rate_kbps: int = 96
    """Constant, one of the fourteen of MPEG-1 Layer III, from 64 up: less has no room for the Info frame."""
    channels: int = 1
    """1, or 2 for joint stereo."""
    quality: int = LAME_QUALITY

    def __post_init__(self) -> None:
        allowed = [rate for rate in BIT_RATES_KBPS if rate >= 64]
        if self.bit_rate_kbps not in allowed:
            rates = ", ".join(map(str, allowed))
            raise SoundError(
                f"{self.bit_rate_kbps} kbit/s is no MP3 bit rate we build", remedy=f"use one of {rates}"
            )
        if self.channels not in (1, 2):
            raise SoundError(f"an MP3 has 1 or 2 channels, not {self.channels}")
        if not 2 <= self.quality <= 7:
            raise SoundError(f"the encoder's quality goes from 2 (best) to 7 (fastest), not {self.quality}")

    @property
    def frame_bytes(self) -> int:
        """Every frame's size: at 48 kHz a whole number without padding."""
        return frame_bytes(self.bit_rate_kbps)

    @property
    def side_bytes(self) -> int:
        """The size of the side information that follows a frame's header."""
        return 17 if self.channels == 1 else 32

    @property
    def header(self) -> bytes:
        """The four bytes that begin each frame: MPEG-1 Layer III, no CRC, 48 kHz, no padding, "original"."""
        return header(self, self.bit_rate_kbps)

    @property
    def variable_quality(self) -> int:
        """LAME's quality for variable rate, 0 to 9: over a quiet bed it comes near this bit rate."""
        return min(9, max(0, 2 + (96 - self.bit_rate_kbps // self.channels) // 8))

    @property
    def key(self) -> str:
        """Everything about the encoding that can change its bytes, for the key of a stored chunk."""
        return (
            f"lameenc {_encoder_version()}; {RATE} Hz; {self.bit_rate_kbps} kbit/s CBR; "
            f"{self.channels} ch; quality {self.quality}"
        )

    @property
    def open_key(self) -> str:
        """The same for a chunk that is encoded with the sound around it, at a variable rate."""
        return f"{self.key}; open, in windows, V{self.variable_quality}"


@cache
def _encoder_version() -> str:
    return version("lameenc")


def frame_bytes(bit_rate_kbps: int) -> int:
    """Give the size of a frame without padding."""
    return FRAME_SAMPLES // 8 * bit_rate_kbps * 1_000 // RATE


def header(form: Format, bit_rate_kbps: int, *, mode_extension: int = 0) -> bytes:
    """Build a frame header of this format at any legal bit rate."""
    rate_index = BIT_RATES_KBPS.index(bit_rate_kbps) + 1
    mode = 0b11 if form.channels == 1 else 0b01
    return bytes((0xFF, 0xFB, rate_index << 4 | 0b01 << 2, mode << 6 | mode_extension << 4 | 0b01 << 2))


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
        message, where=f"MP3 byte {offset}", remedy="the file is damaged; build the session again"
    )


REACH = 511
"""Bytes that main data can begin before their own frame's: as far as nine bits count."""

GRANULE_BITS = 59
"""Side information for one channel of one granule; its first twelve bits count the main data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one frame is made of, wherever it lay."""

    mode_extension: int
    side: int
    """The side information as a number, without the place where the main data begin."""
    main: bytes
    """Scale factors and Huffman codes of all granules."""


def contents(stream: bytes, form: Format) -> Iterator[Content]:
    """Give each frame of a whole stream with its own main data."""
    reservoir = b""
    width = 8 * form.side_bytes - 9
    for frame in parse(stream):
        body = frame.side_offset + form.side_bytes
        side = int.from_bytes(stream[frame.side_offset : body], "big")
        bits = _main_bits(side, form)
        pool = reservoir + stream[body : frame.offset + frame.size]
        start = len(reservoir) - (side >> width)
        assert start >= 0, "a fresh encoder's frames reach back no further than its first"
        main = _without_stuffing(pool[start : start + -(-bits // 8)], bits)
        yield Content(mode_extension=frame.mode_extension, side=side & (1 << width) - 1, main=main)
        reservoir = pool[-REACH:]


def pack(frames: Sequence[Content], form: Format) -> bytes | None:
    """Lay frames end to end, each with its own data, at the smallest bit rate that holds them.

    Where one needs more than the largest frame has, the rest goes to the end of the frame before it, so the
    work is done from the last frame to the first. Gives None where the first has nowhere to turn.
    """
    packed: list[bytes] = []
    guest = b""
    for frame in reversed(frames):
        rate, room = _smallest(len(frame.main) + len(guest), form)
        borrowed = max(0, len(frame.main) + len(guest) - room)
        assert borrowed <= REACH, "what came out of a reservoir fits a larger one"
        side = borrowed << 8 * form.side_bytes - 9 | frame.side
        head = header(form, rate, mode_extension=frame.mode_extension) + side.to_bytes(form.side_bytes, "big")
        own = frame.main[borrowed:]
        packed.append(head + own + bytes(room - len(own) - len(guest)) + guest)
        guest = frame.main[:borrowed]
    return None if guest else b"".join(reversed(packed))


def _smallest(data_bytes: int, form: Format) -> tuple[int, int]:
    """Give the lowest bit rate whose frames hold so much, or the highest, and its room for data."""
    for rate in BIT_RATES_KBPS:
        room = frame_bytes(rate) - HEADER_BYTES - form.side_bytes
        if room >= data_bytes:
            break
    return rate, room


def _main_bits(side: int, form: Format) -> int:
    """Add up the main data that the side information counts: two granules of each channel."""
    private_and_shared = 5 + 4 if form.channels == 1 else 3 + 8
    place = 8 * form.side_bytes - 9 - private_and_shared - 12
    return sum(side >> place - GRANULE_BITS * granule & 0xFFF for granule in range(2 * form.channels))


def _without_stuffing(main: bytes, bits: int) -> bytes:
    """Clear the last byte's bits behind the main data: no decoder reads them, and they vary."""
    if not bits % 8:
        return main
    return main[:-1] + bytes((main[-1] & 0xFF00 >> bits % 8 & 0xFF,))
