"""Texts with placeholders, filled for both sides and for counts."""

from __future__ import annotations

import pytest

from audio_builder.language import LANGUAGES
from audio_builder.language.sentences import fill, readable

RIGHT = {
    "side": "right",
    "side_key": "right",
    "other_side": "left",
    "other_side_key": "left",
    "reps": "six",
    "name": "bend",
}
LEFT = {
    "side": "left",
    "side_key": "left",
    "other_side": "right",
    "other_side_key": "right",
    "reps": "one",
    "name": "bend",
}


@pytest.mark.parametrize(
    ("text", "right", "left"),
    [
        ("Lift your {side} hand.", "Lift your right hand.", "Lift your left hand."),
        ("{side} hand up.", "Right hand up.", "Left hand up."),
        ("Lift it. {other_side} hand down.", "Lift it. Left hand down.", "Lift it. Right hand down."),
        ("Up! {side} now? {side} then.", "Up! Right now? Right then.", "Up! Left now? Left then."),
        ("about 3 {side}.5 times", "About 3 right.5 times", "About 3 left.5 times"),
        ("die {side:rechte|linke} Hand", "Die rechte Hand", "Die linke Hand"),
        ("die {other_side:rechte|linke} Hand", "Die linke Hand", "Die rechte Hand"),
        ("{side:rechter|linker} Arm", "Rechter Arm", "Linker Arm"),
        ("  much \n space  {side} ", "Much space right", "Much space left"),
        ("{reps} of {name}", "Six of bend", "One of bend"),
        ("élan {side}", "Élan right", "Élan left"),
    ],
)
def test_placeholders_and_forms_are_filled_and_sentences_begin_large(
    text: str, right: str, left: str
) -> None:
    """Fill the same text for both sides."""
    assert fill(text, RIGHT) == right
    assert fill(text, LEFT) == left


def test_forms_for_reps_are_chosen_by_the_caller() -> None:
    """Let a rule for plurals choose among the forms of {reps}."""
    text = "Follow the tones for {reps:one breath|# breaths}."
    assert (
        fill(text, RIGHT, plural=lambda forms: forms[1].replace("#", "six"))
        == "Follow the tones for six breaths."
    )
    assert fill(text, LEFT, plural=lambda forms: forms[0]) == "Follow the tones for one breath."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1. Lie down\n2. Bend your knees\n3. Breathe", "1. Lie down. 2. Bend your knees. 3. Breathe."),
        ("1) Lie down\n2) Bend", "1. Lie down. 2. Bend."),
        ("(1) Lie down\n(2) Bend", "1. Lie down. 2. Bend."),
        ("① Lie down ② Bend", "1. Lie down. 2. Bend."),
        ("1. Lie down 2. Bend your knees 3. Breathe", "1. Lie down. 2. Bend your knees. 3. Breathe."),
        ("a) lie down\nb) bend", "a. lie down. b. bend."),
        ("- Lie down\n- bend", "Lie down. bend."),
        ("- [ ] Lie down\n- [x] Bend", "Lie down. Bend."),
        ("i. Lie down\nii. Bend\niii. Rest", "i. Lie down. II. Bend. III. Rest."),
        ("1️⃣ Lie down 2️⃣ Bend", "1. Lie down. 2. Bend."),
        ("(1) Lie down (2) Bend", "1. Lie down. 2. Bend."),
        ("---\nLie down", "Lie down"),
        ("• Lie down\n• Bend", "Lie down. Bend."),
        ("Lie down\nBend your knees\nBreathe", "Lie down. Bend your knees. Breathe"),
        ("Lie down.\nBend your knees!\nBreathe", "Lie down. Bend your knees! Breathe"),
        ("Lift your arm\nslowly, with your\n{side} hand.", "Lift your arm slowly, with your {side} hand."),
        ("First:\n1. Lie down\n   on your back\n2. Bend", "First: 1. Lie down on your back. 2. Bend."),
        ("Lie down,\nBend", "Lie down, Bend"),
        ("- 5 more", "- 5 more"),
        ('[the demo](https://example.org/a_(b) "title") first', "the demo first"),
        ("[docs][1] and ![picture](x.png)", "docs and picture"),
        ("[left|right], [left](right), [left][right]", "[left|right], [left](right), [left][right]"),
        ("Warm up &amp; stretch, caf&eacute;", "Warm up & stretch, café"),
        ("<b>Lift</b><br/>Lower<!-- x -->", "Lift. Lower"),
        ("<left> arm", "<left> arm"),
        ("**Lift** __slowly__, _now_, `so`", "*Lift* slowly, now, so"),
        ("## Title\n> quote", "Title quote"),
        ("5 * 3", "5×3"),
        ("my_file_name, *slowly*", "my_file_name, *slowly*"),
    ],
)
def test_markup_goes_and_lines_become_sentences_but_no_word_is_lost(written: str, shown: str) -> None:
    """Make lists, links, entities, tags and emphasis readable; brackets that are none of these stay."""
    assert readable(written) == shown


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        ("en", "squeeze for 5 sec. and breathe. rest", "Squeeze for 5 sec. and breathe. Rest"),
        ("en", "use a prop, e.g. a chair, etc. and so on", "Use a prop, e.g. a chair, etc. and so on"),
        ("en", "lift 6 in. off the floor. lower. opp. arm", "Lift 6 in. off the floor. Lower. Opp. arm"),
        ("en", "breathe in. then out", "Breathe in. Then out"),
        ("en", "lift your l. arm, hrs. later", "Lift your l. arm, hrs. later"),
        (
            "en",
            "count to 10. then rest. (then go on) “now” go",
            "Count to 10. Then rest. (Then go on) “now” go",
        ),
        (
            "en",
            "watch https://example.org. https://example.org",
            "Watch https://example.org. https://example.org",
        ),
        ("de", "30 Sek. pro Seite, d.h. rechts. dann links", "30 Sek. pro Seite, d.h. rechts. Dann links"),
        ("de", "am 3. und 4. tag. 1. los", "Am 3. und 4. tag. 1. Los"),
        ("es", "p. ej. una silla. ¿listo? ¡ya!", "P. ej. una silla. ¿Listo? ¡Ya!"),
        ("fr", "p. ex. ici, env. 5 min. de pause. élan", "P. ex. ici, env. 5 min. de pause. Élan"),
    ],
)
def test_a_point_that_belongs_to_an_abbreviation_begins_no_sentence(
    language: str, written: str, shown: str
) -> None:
    """Fill texts without placeholders, in each language."""
    assert LANGUAGES[language].fill(written, {}) == shown
