"""Make frames stand alone: take a stretch out of a stream whose frames borrow room from one another.

An encoder lets a frame's main data begin in the frames before it (the bit reservoir), so a frame cut out
loses what it is made of. Moving the data home changes no bit of sound: the same numbers are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audio_builder.mp3.format import BIT_RATES_KBPS, HEADER_BYTES, Format, frame_bytes, header, parse

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
