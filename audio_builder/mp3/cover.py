"""The cover picture: waves in the shape of a breath, the title, the length and the exercises."""

from __future__ import annotations

import io
import json
import math
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from audio_builder.language import language_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

COVER_VERSION = 3
"""Goes into keys; raise it when the same words are drawn in another way."""

SIDE = 1_400
"""Pixels: what podcast directories ask for at least."""

MARGIN = 120
TEXT_WIDTH = SIDE - 2 * MARGIN
MOST_EXERCISES = 7

Color = tuple[int, int, int]

NIGHT: Color = (17, 42, 56)
TEAL: Color = (38, 96, 104)
SAND: Color = (245, 236, 220)
MIST: Color = (176, 203, 200)
SUN: Color = (240, 181, 112)
SEA: Color = (52, 122, 126)
SHORE: Color = (84, 152, 146)
DUNE: Color = (222, 203, 168)

HORIZON = 880
"""The row above which there is nothing but sky."""
WAVES = ((SEA, 1_090, 70, 0.05), (SHORE, 1_180, 58, 0.42), (DUNE, 1_275, 44, 0.78))
"""The color of each, the row of its troughs, its height, and by how many breaths it is shifted."""


def cover_key(
    *, title: str, length_seconds: float, exercises: Sequence[str] = (), language: str = "en"
) -> str:
    """Give a key that differs whenever the cover would."""
    said = language_of(language)
    words = json.dumps(
        [title, length_text(length_seconds, language=language), said.pages.more_exercises, *exercises]
    )
    return f"cover {COVER_VERSION}; Pillow {version('pillow')}; {words}"


def draw_cover(
    *, title: str, length_seconds: float, exercises: Sequence[str] = (), language: str = "en"
) -> bytes:
    """Draw a 1,400 x 1,400 JPEG: waves in the shape of a breath, the title, the length, the exercises.

    Long titles wrap and shrink; long lists end with how many more there are. `language`, such as `de-AT`, is that of
    the few words of the cover's own. Same words, same bytes.
    """
    from PIL import ImageDraw

    image = _sky()
    draw = ImageDraw.Draw(image)
    bottom = _title(draw, drawable(title))
    said = language_of(language)
    bottom = _length(draw, length_text(length_seconds, language=language), top=bottom + 44)
    names = [name for name in map(drawable, exercises) if name]
    _exercises(draw, names, more=said.pages.more_exercises, top=bottom + 64)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80, subsampling=0, optimize=True)
    return stream.getvalue()


def length_text(seconds: float, *, language: str) -> str:
    """Write a session's length: `12 minutes`, `1 hour 5 minutes`, `40 seconds`."""
    units = language_of(language).shortened.units

    def amount(number: int, unit: str) -> str:
        one, more = units[unit]
        return f"{number} {one.split()[-1] if number == 1 else more}"

    if seconds < 59.5:
        return amount(round(seconds), "s")
    hours, minutes = divmod(round(seconds / 60), 60)
    written = [amount(hours, "h")] if hours else []
    return " ".join([*written, amount(minutes, "min")] if minutes or not hours else written)


def wrap(text: str, font: FreeTypeFont, width: float) -> list[str]:
    """Break text into lines no wider than so many pixels, between words where that is possible."""
    lines: list[str] = []
    line = ""
    for whole in text.split():
        word = whole
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while font.getlength(word) > width and len(word) > 1:
            fit = max(n for n in range(1, len(word)) if n == 1 or font.getlength(word[:n]) <= width)
            lines.append(word[:fit])
            word = word[fit:]
        line = word
    return [*lines, line] if line else lines


def shorten(text: str, font: FreeTypeFont, width: float) -> str:
    """Cut text to a width in pixels, with an ellipsis where something is missing."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text.rstrip()}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def drawable(text: str) -> str:
    """Give the text without what the font has no shape for, accents dropped before letters are.

    The font has Latin, Greek and Cyrillic letters. Of words in another script nothing is left, no lone number or
    bracket either: the cover then shows its picture and the length.
    """
    font = typeface(40)
    missing = bytes(font.getmask("\uffff"))

    def has_shape(character: str) -> bool:
        return character.isspace() or bytes(font.getmask(character)) != missing

    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        plain = character if has_shape(character) else unicodedata.normalize("NFKD", character)
        kept.extend(part for part in plain if has_shape(part) and not unicodedata.combining(part))
    if any(map(str.isalpha, text)) and not any(map(str.isalpha, kept)):
        return ""
    return " ".join("".join(kept).split())


def typeface(size: int) -> FreeTypeFont:
    """Load our own font, laid out in the same way wherever it is drawn."""
    from PIL import ImageFont

    file = Path(__file__).parent / "font" / "OpenSans.ttf"
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _sky() -> Image:
    """Paint the ground: dusk, a low sun, and three waves in the shape of a breath, short in and long out."""
    from PIL import Image, ImageDraw

    column = Image.new("RGB", (1, SIDE))
    column.putdata([_mix(NIGHT, TEAL, (row / SIDE) ** 1.4) for row in range(SIDE)])
    image = column.resize((SIDE, SIDE), Image.Resampling.NEAREST)
    scale = 2  # edges are drawn at twice the size, and so smoothed, where there are any
    lower = column.crop((0, HORIZON, 1, SIDE))
    lower = lower.resize((SIDE * scale, (SIDE - HORIZON) * scale), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(lower)
    draw.ellipse([edge * scale for edge in (950, 900 - HORIZON, 1_250, 1_200 - HORIZON)], fill=SUN)
    for color, height, swell, shift in WAVES:
        crest = [
            (x * scale, (height - HORIZON - swell * _breath(x / SIDE * 2 + shift)) * scale)
            for x in range(SIDE + 1)
        ]
        draw.polygon([(0, SIDE * scale), *crest, (SIDE * scale, SIDE * scale)], fill=color)
    image.paste(lower.reduce(scale), (0, HORIZON))
    return image


def _breath(turns: float) -> float:
    """Give the height of a breath curve, 0 to 1: four tenths of the time rising, six tenths falling."""
    place = turns % 1
    if place < 0.4:
        return 0.5 - 0.5 * math.cos(math.pi * place / 0.4)
    return 0.5 + 0.5 * math.cos(math.pi * (place - 0.4) / 0.6)


def _title(draw: ImageDraw, title: str) -> float:
    for size in (132, 112, 96, 82, 70, 60):
        font = typeface(size)
        lines = wrap(title, font, TEXT_WIDTH)
        if len(lines) <= (2 if size > 96 else 3):
            break
    else:
        lines = [*lines[:2], shorten(" ".join(lines[2:]), font, TEXT_WIDTH)]
    top: float = MARGIN
    for line in lines:
        draw.text((MARGIN, top), line, font=font, fill=SAND)
        top += size * 1.18
    return top


def _length(draw: ImageDraw, length: str, *, top: float) -> float:
    draw.rounded_rectangle((MARGIN, top, MARGIN + 96, top + 8), radius=4, fill=SUN)
    draw.text((MARGIN, top + 36), length, font=typeface(54), fill=SUN)
    return top + 36 + 54 * 1.2


def _exercises(draw: ImageDraw, exercises: Sequence[str], *, more: str, top: float) -> None:
    size, step = 42, 62
    room = max(1, int((1_000 - top) // step))
    shown = min(MOST_EXERCISES, room)
    names = list(exercises)
    if len(names) > shown:
        hidden = len(names) - (shown - 1)
        names = [*names[: shown - 1], more.format(hidden)]
    font = typeface(size)
    for row, name in enumerate(names):
        middle = top + row * step + size * 0.76
        draw.ellipse((MARGIN, middle - 7, MARGIN + 14, middle + 7), fill=SUN)
        draw.text((MARGIN + 42, top + row * step), shorten(name, font, TEXT_WIDTH - 42), font=font, fill=MIST)


def _mix(one: Color, other: Color, share: float) -> Color:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
