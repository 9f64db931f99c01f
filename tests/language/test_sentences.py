"""Texts with placeholders, filled for both sides and for counts."""

from __future__ import annotations

import pytest

from audio_builder.language.sentences import fill

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
