"""How a cue's text is said: typography, numbers, units and abbreviations, in each language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_builder.language.normalise import normalise


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Hold for 3–5 breaths.", "Hold for 3 to 5 breaths."),
        ("Hold for 3 - 5 breaths.", "Hold for 3 to 5 breaths."),
        ("6 to 8 reps, 30 s each.", "6 to 8 reps, 30 seconds each."),
        ("Do 6-8 reps.", "Do 6 to 8 reps."),
        ("Rest 1 s.", "Rest 1 second."),
        ("Rest 1m30s.", "Rest 1 minute 30 seconds."),
        ("Rest 1:30 min.", "Rest 1 minute 30 seconds."),
        ("Rest 2 min, then 45 sec more.", "Rest 2 minutes, then 45 seconds more."),
        ("A 90° turn.", "A 90 degrees turn."),
        ("Three times, 4× each.", "Three times, 4 times each."),
        ("About 80 % of people.", "About 80 percent of people."),
        ("Use a block, e.g. a book.", "Use a block, for example a book."),
        ("hands/feet", "hands or feet"),
        ("Reach up — and hold.", "Reach up, and hold."),
        ("Reach up—and hold.", "Reach up, and hold."),
        ("Cat-Cow", "Cat-Cow"),
        ("Downward-facing dog", "Downward-facing dog"),
        ("4-7-8 breathing", "4-7-8 breathing"),
        ("the letter T", "the letter T"),
        ("a 2-minute hold", "a 2-minute hold"),
        ("½ way", "half way"),
        ("Hold for 2½ minutes, or 2 1/2 min.", "Hold for 2.5 minutes, or 2.5 minutes."),
        ("20s–30s, or 20 s - 30 s", "20 to 30 seconds, or 20 to 30 seconds"),
        ("8 reps/side, 30 s/side", "8 reps per side, 30 seconds per side"),
        ("3x5, then 2x.", "3 times 5, then 2 times."),
        ("Do 10 sec. more. Rest 2 min. Then go on.", "Do 10 seconds more. Rest 2 minutes. Then go on."),
        ("a 2 second hold", "a 2 second hold"),
        ("“Slowly,” she said, ‘slowly’.", "\"Slowly,\" she said, 'slowly'."),
        ("Move *slowly* ... and rest", "Move *slowly* ... and rest"),
        ("😀 Smile →", "Smile"),
        ("a\u00adb\u200bc  d\n e", "abc d e"),
        ("Breathe in & out", "Breathe in and out"),
        ("It's over", "It's over"),
    ],
)
def test_english_is_written_out(written: str, said: str) -> None:
    """Compare what is said with what is written."""
    assert normalise(written, "en") == said


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("de", "3–5 Atemzüge, z. B. 30 s lang.", "3 bis 5 Atemzüge, zum Beispiel 30 Sekunden lang."),
        ("de", "6 bis 8 Wdh./Seite", "6 bis 8 Wiederholungen pro Seite"),
        ("de", "6–8 Wdh/Seite, 30 Sek. halten", "6 bis 8 Wiederholungen pro Seite, 30 Sekunden halten"),
        (
            "de",
            "1 min, 1 Minute, 1 s, 1x, 1m30s",
            "eine Minute, eine Minute, eine Sekunde, ein Mal, eine Minute 30 Sekunden",
        ),
        ("de", "2½ min, 11 Minuten, 1,5 kg", "2,5 Minuten, 11 Minuten, 1,5 Kilo"),
        ("de-AT", "ca. 1 min", "ungefähr eine Minute"),
        ("es", "3–5 veces, 30 s", "3 a 5 veces, 30 segundos"),
        ("es", "6 a 8 reps, 6-8 rep. lentas", "6 a 8 repeticiones, 6 a 8 repeticiones lentas"),
        ("es", "1 min, 1 hora, 1 s, 1 %", "un minuto, una hora, un segundo, uno por ciento"),
        ("fr", "3–5 fois, 30 s, p. ex. ici", "3 à 5 fois, 30 secondes, par exemple ici"),
        ("fr", "6 à 8 reps, 6-8 rép. lentes", "6 à 8 répétitions, 6 à 8 répétitions lentes"),
        ("fr", "1 min, 1 minute, 1 h, 1 %", "une minute, une minute, une heure, un pour cent"),
        ("it", "3–5 volte, 30 s", "3–5 volte, 30 s"),
    ],
)
def test_other_languages_have_their_own_words(language: str, written: str, said: str) -> None:
    """Compare what is said in each language; one without a table keeps its numbers."""
    assert normalise(written, language) == said


SHORT = st.sampled_from(
    ["1", "2", "1/2", " ", "s", "min", "x", "-", "–", "/", ".", ":", "rep", "a", "%", ","]
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.text(max_size=80) | st.lists(SHORT, max_size=12).map("".join),
    st.sampled_from(["en", "de", "es", "fr"]),
)
def test_normalising_twice_changes_nothing_more(text: str, language: str) -> None:
    """Normalise any text twice: keys of clips must not depend on how often."""
    once = normalise(text, language)
    assert normalise(once, language) == once
