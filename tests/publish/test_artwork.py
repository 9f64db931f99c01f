"""Covers and icons."""

from __future__ import annotations

import io
import logging
import struct
import zlib

import pytest
from PIL import Image

from audio_builder.publish.pages import emblem, emblem_cover, feed_cover, page_cover


def picture(width: int, height: int, *, mode: str = "RGB", kind: str = "PNG") -> bytes:
    """Draw a picture whose middle square is red on blue."""
    image = Image.new("RGB", (width, height), (0, 0, 255))
    side = min(width, height)
    image.paste(
        (255, 0, 0), ((width - side) // 2, (height - side) // 2, (width + side) // 2, (height + side) // 2)
    )
    out = io.BytesIO()
    image.convert(mode).save(out, kind)
    return out.getvalue()


def colour(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    """Give the red, green and blue of a pixel."""
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return found


def opened(content: bytes) -> Image.Image:
    """Open a picture and decode it."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("size", "side"),
    [
        ((1400, 1400), 1400),
        ((300, 300), 1400),
        ((2000, 2000), 2000),
        ((4000, 4000), 3000),
        ((1600, 900), 1400),
        ((10, 1), 1400),
    ],
)
def test_feed_artwork_is_a_square_directories_take(size: tuple[int, int], side: int) -> None:
    """Give an RGB JPEG of 1,400 to 3,000 pixels with the middle of the picture."""
    image = opened(feed_cover(picture(*size)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (side, side))
    red, green, blue = colour(image, (side // 2, side // 2))
    assert red > 240
    assert max(green, blue) < 20


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("RGBA", "PNG"), ("P", "GIF"), ("CMYK", "JPEG"), ("1", "PNG"), ("LA", "PNG")],
)
def test_covers_of_every_kind_are_taken(mode: str, kind: str) -> None:
    """Turn whatever a cover is into RGB."""
    assert opened(page_cover(picture(100, 100, mode=mode, kind=kind))).mode == "RGB"


def test_a_transparent_cover_lies_on_a_plain_ground() -> None:
    """Show no colour that was meant to be unseen."""
    image = Image.new("RGBA", (64, 64), (255, 0, 255, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert max(colour(opened(page_cover(out.getvalue())), (256, 256))) < 60


BAD_COVERS = {
    "none": b"",
    "text": b"no picture",
    "half a JPEG": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "half a PNG": picture(50, 50)[:60],
}


@pytest.mark.parametrize("content", BAD_COVERS.values(), ids=BAD_COVERS.keys())
def test_without_a_good_cover_the_emblem_is_shown(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Take the site's own picture, and say so where there was a bad one."""
    with caplog.at_level(logging.WARNING):
        assert feed_cover(content) == emblem_cover()
    assert bool(caplog.records) is bool(content)


def test_a_cover_that_would_fill_the_memory_is_not_opened(caplog: pytest.LogCaptureFixture) -> None:
    """Refuse pictures of absurd size by their header."""
    for side in (8_000, 12_000, 60_000):
        with caplog.at_level(logging.WARNING):
            assert page_cover(claiming(side)) == page_cover(b"")
    assert len(caplog.records) == 3


def claiming(side: int) -> bytes:
    """Write a PNG whose header claims a size that its pixels do not have."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_the_emblem_is_the_same_every_time() -> None:
    """Draw without chance, in the size asked for."""
    assert emblem(192) == emblem(192)
    assert opened(emblem(180)).size == (180, 180)
    assert opened(emblem_cover()).size == (1400, 1400)


def test_a_maskable_icon_keeps_its_picture_in_the_middle() -> None:
    """Leave the outer tenth on each side plain, for launchers that cut icons round."""
    image = opened(emblem(512, margin=0.18)).convert("RGB")
    edge = image.crop((0, 0, 512, 51))
    assert edge.getcolors() == [(512 * 51, image.getpixel((0, 0)))]
