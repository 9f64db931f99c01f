"""Pictures of the site: square covers of the sizes that feeds and pages want, and the site's own emblem."""

from __future__ import annotations

import functools
import io
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LOG = logging.getLogger(__name__)

FEED_MIN_PIXELS = 1_400
FEED_MAX_PIXELS = 3_000
"""Podcast directories take square artwork between these two."""
PAGE_PIXELS = 512

_MAX_COVER_PIXELS = 50_000_000
_NIGHT, _SEA, _FOAM = (16, 38, 42), (38, 96, 98), (214, 236, 226)


def feed_cover(picture: bytes) -> bytes:
    """Make the JPEG a podcast feed shows: a square of 1,400 to 3,000 pixels."""
    image = _square(picture)
    side = min(max(image.width, FEED_MIN_PIXELS), FEED_MAX_PIXELS)
    return _jpeg(image, side)


def page_cover(picture: bytes) -> bytes:
    """Make the JPEG a page and a lock screen show."""
    return _jpeg(_square(picture), PAGE_PIXELS)


@functools.cache
def emblem(side: int, *, margin: float = 0.1) -> bytes:
    """Draw the site's own picture as a PNG: a breath as rings, with a margin as a share of the side."""
    return _encoded(_rings(side, margin), "PNG", optimize=True)


@functools.cache
def emblem_cover() -> bytes:
    """Draw the site's own picture as the feed's artwork."""
    return _jpeg(_rings(FEED_MIN_PIXELS, 0.14), FEED_MIN_PIXELS)


def _square(picture: bytes) -> Image:
    """Cut the middle square out of a picture; give the emblem where there is no good picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _MAX_COVER_PIXELS:
                raise ValueError(f"{opened.width}×{opened.height} pixels are too many")
            whole = opened.convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        if picture:
            LOG.warning("the cover in the MP3 cannot be used, the site's own is shown: %s", error)
        return _rings(FEED_MIN_PIXELS, 0.14)
    ground = Image.new("RGBA", whole.size, (*_NIGHT, 255))
    ground.alpha_composite(whole)
    side = min(whole.size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    return ground.convert("RGB").crop((left, top, left + side, top + side))


@functools.lru_cache(maxsize=4)
def _rings(side: int, margin: float) -> Image:
    """Draw rings that grow lighter towards the middle, larger than asked at first, for smooth edges."""
    from PIL import Image, ImageDraw

    scale = 4 if side <= PAGE_PIXELS else 2
    big = side * scale
    image = Image.new("RGB", (big, big), _NIGHT)
    draw = ImageDraw.Draw(image)
    outer = big * (0.5 - margin)
    count = 5
    for ring in range(count):
        share = ring / (count - 1)
        radius = outer * (1 - 0.72 * share**0.85)
        draw.ellipse(
            (big / 2 - radius, big / 2 - radius, big / 2 + radius, big / 2 + radius), fill=_between(share)
        )
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _between(share: float) -> tuple[int, int, int]:
    """Give a colour on the way from deep water to foam."""
    red, green, blue = (round(low + (high - low) * share) for low, high in zip(_SEA, _FOAM, strict=True))
    return red, green, blue


def _jpeg(image: Image, side: int) -> bytes:
    from PIL import Image as Images

    sized = image if image.width == side else image.resize((side, side), Images.Resampling.LANCZOS)
    return _encoded(sized, "JPEG", quality=85, optimize=True)


def _encoded(image: Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
