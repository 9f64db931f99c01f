"""The cover picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from audio_builder.language import LANGUAGES
from audio_builder.mp3.cover import cover_key, draw_cover, drawable, length_text, shorten, typeface, wrap

EXERCISES = (
    "Thread the Needle",
    "Prone Scorpion",
    "Cat-Cow",
    "Downward Facing Dog to Plank",
    "Supine Open Book Twist",
)


@pytest.mark.parametrize(
    ("title", "exercises"),
    [
        ("Thoracic mobility", EXERCISES),
        (
            "A title that goes on and on about shoulders, hips, and everything that lies between " * 4,
            EXERCISES * 6,
        ),
        ("W" * 300, ("M" * 300,)),
        ("", ()),
        ("胸椎の可動性", ("猫と牛",)),
    ],
)
def test_any_words_give_a_square_jpeg_of_moderate_size(title: str, exercises: tuple[str, ...]) -> None:
    """Draw short, endless, empty and foreign words."""
    data = draw_cover(title=title, length_seconds=754, exercises=exercises)
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("JPEG", (1_400, 1_400))
    assert len(data) < 150_000


def test_text_stays_inside_the_margins() -> None:
    """Compare with the bare picture: the outer 100 pixels do not change, whatever the words."""
    bare = Image.open(io.BytesIO(draw_cover(title="", length_seconds=60)))
    full = Image.open(
        io.BytesIO(draw_cover(title="Wm " * 200, length_seconds=60, exercises=["M" * 200] * 30))
    )
    for box in ((0, 0, 100, 1_400), (1_300, 0, 1_400, 1_400), (0, 1_090, 1_400, 1_400)):
        one, other = (picture.crop(box).convert("L") for picture in (bare, full))
        assert max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) < 8


def test_same_words_give_the_same_bytes() -> None:
    """Draw twice; another title draws something else."""
    one = draw_cover(title="Calm", length_seconds=300, exercises=EXERCISES)
    assert draw_cover(title="Calm", length_seconds=300, exercises=EXERCISES) == one
    assert draw_cover(title="Warm", length_seconds=300, exercises=EXERCISES) != one


def test_covers_with_the_same_words_have_one_key() -> None:
    """Ask for lengths within one minute, and for other words."""
    same, other, longer = (
        cover_key(title=title, length_seconds=seconds, exercises=EXERCISES)
        for title, seconds in (("Calm", 310), ("Warm", 300), ("Calm", 340))
    )
    one = cover_key(title="Calm", length_seconds=300, exercises=EXERCISES)
    assert same == one
    assert len({one, other, longer, cover_key(title="Calm", length_seconds=300)}) == 4


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [
        ("en", 40, "40 seconds"),
        ("en-GB", 59.6, "1 minute"),
        ("nl", 754, "13 minutes"),
        ("en", 3_600, "1 hour"),
        ("en", 3_930, "1 hour 6 minutes"),
        ("en", 43_200, "12 hours"),
        ("de-AT", 3_930, "1 Stunde 6 Minuten"),
        ("es", 754, "13 minutos"),
        ("fr", 1, "1 seconde"),
    ],
)
def test_length_is_said_in_words(language: str, seconds: float, words: str) -> None:
    """Round to minutes, as people do; in English where the language has no words here."""
    assert length_text(seconds, language=language) == words


def test_covers_of_two_languages_have_two_keys_and_are_drawn_differently() -> None:
    """Compare the keys in every language, and two pictures."""
    keys = {cover_key(title="Calm", length_seconds=60, language=language) for language in LANGUAGES}
    assert len(keys) == len(LANGUAGES)
    spanish, german = (draw_cover(title="Calm", length_seconds=60, language=each) for each in ("es", "de"))
    assert spanish != german


@pytest.mark.parametrize(
    "title",
    [
        "Brustwirbelsäule – „Rücken“",
        "Étirements, cœur à gauche",
        "Łagodne ćwiczenia: źdźbło",
        "Упражнения, ёлочка",
        "Κίνηση θώρακα",
        "Ğış, ěščř, ñ, ő, ế",
    ],
)
def test_every_letter_of_a_european_title_is_drawn(title: str) -> None:
    """Keep the whole text; no two of its letters have the same shape, with an accent or without."""
    assert drawable(title) == title
    font = typeface(40)
    shapes = {letter: (font.getbbox(letter), bytes(font.getmask(letter))) for letter in title}
    assert len(set(shapes.values())) == len(shapes)


def test_what_has_no_shape_loses_its_accent_or_goes() -> None:
    """Draw what the font can, no empty boxes, and no number or bracket without its words."""
    assert drawable("Käp 🧘 Rǔcken – naïve") == "Käp Rucken – naïve"
    assert drawable("Ru\u0308cken") == "Rücken"
    assert drawable("Yoga 胸椎 3") == "Yoga 3"
    assert [drawable(text) for text in ("日本", "胸椎（ゆっくり）3", "تمارين الظهر", "🧘")] == [""] * 4
    assert drawable("4-7-8") == "4-7-8"


def test_a_title_without_a_shape_leaves_the_picture_and_the_length() -> None:
    """Draw Chinese words, and none: the covers are the same."""
    foreign = draw_cover(title="胸椎の可動性", length_seconds=754, exercises=["猫と牛", "犬"])
    assert foreign == draw_cover(title="", length_seconds=754)


def test_wrapping_keeps_every_letter_and_the_width() -> None:
    """Break between words, and inside a word only where it alone is too wide."""
    font = typeface(40)
    lines = wrap("one two three " + "x" * 100, font, 300)
    assert all(font.getlength(line) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == "onetwothree" + "x" * 100
    assert lines[0] == "one two three"
    assert wrap("", font, 300) == []


def test_shortening_marks_what_is_missing() -> None:
    """End with an ellipsis only where something was cut."""
    font = typeface(40)
    assert shorten("short", font, 300) == "short"
    cut = shorten("a long line that cannot fit", font, 300)
    assert cut.endswith("…")
    assert font.getlength(cut) <= 300
