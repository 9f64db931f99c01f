"""How a cue's text is said: typography, numbers, units, abbreviations, strokes and letters, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.language import LANGUAGES
from audio_builder.language.normalise import normalise, unspeakable
from audio_builder.language.sentences import readable

TABLES = Path(__file__).parent / "said"
"""What stands in scripts, a tab, and what is said: a file for each language."""


@pytest.mark.parametrize("table", sorted(TABLES.iterdir()), ids=lambda path: path.stem)
def test_what_is_written_short_is_said_in_words(table: Path) -> None:
    """Take each text the whole way: made readable, filled as a cue, written out; once more changes nothing."""
    language = LANGUAGES[table.stem]
    rows = table.read_text(encoding="utf-8").splitlines()
    written = [row.split("\t")[0] for row in rows]
    said = [normalise(language.fill(readable(text), {}), language.tag) for text in written]
    assert [f"{text}\t{spoken}" for text, spoken in zip(written, said, strict=True)] == rows
    assert [normalise(text, language.tag) for text in said] == said


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "Move *slowly* ... and rest", "Move *slowly* ... and rest"),
        ("en", "a\u00adb\u200bc  d\n e", "abc d e"),
        ("en", "“Slowly,” she said, ‘slowly’.", "\"Slowly,\" she said, 'slowly'."),
        (
            "en",
            "Do 10 sec. more. Rest 2 min. Then go on.",
            "Do ten seconds more. Rest two minutes. Then go on.",
        ),
        ("de-AT", "ca. 1 min", "ungefähr eine Minute"),
        ("tlh", "3–5 volte, 30 s", "3–5 volte, 30 s"),
        ("tlh", "Vīrabhadrāsana", "Vīrabhadrāsana"),
    ],
)
def test_marks_stay_and_a_language_that_is_not_known_keeps_its_numbers(
    language: str, written: str, said: str
) -> None:
    """Compare what is said of texts that are not filled first."""
    assert normalise(written, language) == said


@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("en", "Vīrabhadrāsana, plié, Łódź, Straße", ""),
        ("en", "Say שלום, α", "שלוםα"),
        ("de", "Привет", "Привет"),
        ("fr", "œuvre, ÿ, ß", ""),
        ("es", "𓀀", "𓀀"),
        ("tlh", "שלום", ""),
    ],
)
def test_letters_that_a_voice_would_spell_out_are_found(language: str, text: str, letters: str) -> None:
    """Look for letters of other writings; those that can be folded are none."""
    assert unspeakable(text, language) == letters


SHORT = st.sampled_from(
    [
        "1",
        "2",
        "1/2",
        " ",
        "s",
        "min",
        "x",
        "-",
        "–",
        "/",
        ".",
        ":",
        "rep",
        "a",
        "%",
        ",",
        "II",
        "T4",
        "'",
        '"',
        "~",
        "+",
        "A",
        "e.g.",
    ]
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.lists(SHORT, max_size=12).map("".join),
    st.sampled_from(["en", "de", "es", "fr"]),
)
def test_normalising_twice_changes_nothing_more(text: str, language: str) -> None:
    """Normalise anything that may be written short twice: names of recordings must not depend on how often."""
    once = normalise(text, language)
    assert normalise(once, language) == once
