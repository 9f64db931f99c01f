"""The Info frame that opens a session: its length, its table of seek points, and a checksum of all frames.

Its layout is Xing's header (magic, flags, frame count, bytes, 100 seek points, quality) and LAME's extension
(encoder name, method, levels, gapless lengths, two checksums). Players read it; decoders play it as nothing.

The checksums' polynomial is x^16 + x^15 + x^2 + 1, reflected, from zero (known as CRC-16/ARC). Modulo it, x^32767 is 1:
it is (x + 1) (x^15 + x + 1), and the second factor is primitive. So bytes that lie a whole cycle of 32,767 bytes apart
count the same: long data are folded into one cycle by exclusive or, and only that is summed.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from audio_builder.errors import SoundError
from audio_builder.mp3.format import ENCODER_DELAY, Format, parse_frame
from audio_builder.timebase import FRAME_SAMPLES

ENCODER_NAME = b"LAME3.100"
"""The LAME that lameenc carries; players take the gapless lengths on trust only behind such a name."""

PADDING = FRAME_SAMPLES - ENCODER_DELAY
"""Samples a gapless player drops at the end: with the tail frame, exactly what is not timeline."""

_LAYOUT = struct.Struct(">4sIII100sI9sBB4s2s2sBB3sBBHIHH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What an Info frame says about the frames behind it."""

    constant: bool
    """True for "Info" (constant bit rate), False for "Xing" (variable)."""
    frames: int
    """Frames behind this one."""
    size: int
    """Bytes of all frames, this one included."""
    toc: bytes
    """100 places in 256ths of the bytes, one for each hundredth of the time."""
    delay: int
    """Samples of encoder delay."""
    padding: int
    """Samples of padding at the end."""
    music_crc: int
    """CRC-16 of every byte behind this frame."""
    intact: bool = True
    """False where the frame's own checksum does not fit its bytes."""

    @property
    def samples(self) -> int:
        """How many samples a gapless player gives."""
        return self.frames * FRAME_SAMPLES - self.delay - self.padding


def seek_points(sizes: npt.NDArray[np.uint16], info_bytes: int) -> bytes:
    """Give the table of contents: for each hundredth of the time, the byte place in 256ths of the whole."""
    total = info_bytes + int(sizes.sum(dtype=np.int64))
    frames = np.arange(100) * len(sizes) // 100
    steps = [sizes[first:last].sum(dtype=np.int64) for first, last in itertools.pairwise(frames.tolist())]
    places = info_bytes + np.cumsum([0, *steps])
    return bytes(np.minimum(places * 256 // total, 255).astype(np.uint8))


def info_frame(info: Info, form: Format) -> bytes:
    """Write the Info frame, at the session's own bit rate."""
    method = 1 if info.constant else 2
    stereo = 0 if form.channels == 1 else 3
    head = form.header + bytes(form.side_bytes)
    body = _LAYOUT.pack(
        b"Info" if info.constant else b"Xing",
        0b1111,
        info.frames,
        info.size,
        info.toc,
        60 - form.quality,
        ENCODER_NAME,
        method,
        0,  # low-pass: not stated
        bytes(4),
        bytes(2),
        bytes(2),
        0,
        min(form.bit_rate_kbps, 255),
        (info.delay << 12 | info.padding).to_bytes(3, "big"),
        stereo << 2 | 0b10 << 6,  # sampled at 48 kHz
        0,
        0,
        info.size,
        info.music_crc,
        0,
    )[:-2]
    frame = head + body + crc16(head + body).to_bytes(2, "big")
    assert len(frame) <= form.frame_bytes
    return frame.ljust(form.frame_bytes, b"\0")


def parse_info(data: bytes | memoryview, offset: int = 0) -> Info:
    """Read the Info frame at a byte; raise SoundError where there is none with LAME's extension."""
    frame = parse_frame(data, offset)
    start = frame.side_offset + (17 if frame.channels == 1 else 32)
    body = bytes(data[start : start + _LAYOUT.size])
    if len(body) < _LAYOUT.size or body[:4] not in (b"Info", b"Xing") or body[120:124] != b"LAME":
        raise SoundError("the first frame is no Info frame", where=f"MP3 byte {offset}")
    fields = _LAYOUT.unpack(body)
    lengths = int.from_bytes(fields[14], "big")
    whole = bytes(data[offset : start + _LAYOUT.size - 2])
    return Info(
        constant=fields[0] == b"Info",
        frames=fields[2],
        size=fields[3],
        toc=fields[4],
        delay=lengths >> 12,
        padding=lengths & 0xFFF,
        music_crc=fields[19],
        intact=crc16(whole) == fields[20],
    )


POLYNOMIAL = 0xA001
ONE = 0x8000
CYCLE_BYTES = 32_767
FEW_BYTES = 2_048
"""No more are summed one by one."""

Words = npt.NDArray[np.uint16]


def crc16(data: bytes | memoryview, start: int = 0) -> int:
    """Continue a checksum over more bytes."""
    if len(data) <= FEW_BYTES:
        return _one_by_one(data, start)
    buffer = np.frombuffer(data, dtype=np.uint8)
    head = len(buffer) % CYCLE_BYTES
    folded = np.zeros(
        1 + CYCLE_BYTES, dtype=np.uint8
    )  # a zero in front changes nothing, and makes whole rows
    np.bitwise_xor.reduce(buffer[head:].reshape(-1, CYCLE_BYTES), axis=0, out=folded[1:])
    folded[len(folded) - head :] ^= buffer[:head]
    rows = folded.view("<u2").reshape(-1, FEW_BYTES // 2)
    sums = np.zeros(FEW_BYTES // 2, dtype=np.uint16)
    for row in rows:
        sums = _row_table().take(sums) ^ row
    return combine(start, _one_by_one(sums.astype("<u2").tobytes(), 0), len(buffer))


def combine(first: int, second: int, second_bytes: int) -> int:
    """Give the checksum of two stretches laid end to end, from the checksum of each."""
    return _multiply(first, _zeros(second_bytes)) ^ second


def _one_by_one(data: bytes | memoryview, start: int) -> int:
    table = _byte_table()
    for byte in data:
        start = start >> 8 ^ table[(start ^ byte) & 0xFF]
    return start


# Checksums are polynomials over GF(2) modulo the CRC's own, bit 15 being 1 and bit 0 being x^15.


def _zeros(count: int) -> int:
    """Give what so many zero bytes multiply a checksum by: x to the power of their bits."""
    factor, square = ONE, ONE >> 8
    count %= CYCLE_BYTES
    while count:
        if count & 1:
            factor = _multiply(factor, square)
        square = _multiply(square, square)
        count >>= 1
    return factor


def _multiply(one: int, other: int) -> int:
    product = 0
    for bit in range(15, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = _times_x(other)
    return product


def _times_x(value: int) -> int:
    return value >> 1 ^ (POLYNOMIAL if value & 1 else 0)


@cache
def _byte_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = _times_x(crc)
        table.append(crc)
    return tuple(table)


@cache
def _row_table() -> Words:
    """Give what every word becomes when a row follows it."""
    words = np.arange(65_536, dtype=np.uint16)
    products = np.zeros_like(words)
    factor = _zeros(FEW_BYTES)
    for bit in range(15, -1, -1):
        products ^= (words >> np.uint16(bit) & np.uint16(1)) * np.uint16(factor)
        factor = _times_x(factor)
    return products
