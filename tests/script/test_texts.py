"""Texts with placeholders are filled, or refused with what is wrong with them."""

from __future__ import annotations

import pytest

from audio_builder.script.texts import PLACEHOLDERS, check_text, names_in


def test_the_names_in_a_text_are_found_once_each() -> None:
    """Find plain placeholders and those with forms."""
    assert names_in("{side}, {side:a|b} and {reps:one|#}") == {"side", "reps"}
    assert names_in("none") == frozenset()


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_known_placeholder_is_taken(name: str) -> None:
    """Check a text with each of them."""
    assert check_text(f"so {{{name}}} it is") == f"so {{{name}}} it is"


KNOWN = "known are {side}, {other_side}, {reps}, {rep}, {hold}, {name}"
SIDES = '{side:…} must give two forms, right and left, like "{side:right|left}"'
ALONE = 'a brace is opened or closed alone; placeholders are written like "{side}"'
PLURAL = '{reps:…} must give a form for one and one for more, like "{reps:one breath|# breaths}"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{sid}", "unknown placeholder {sid}; did you mean {side}?"),
        ("{Side}", "unknown placeholder {Side}; did you mean {side}?"),
        ("{ side }", "unknown placeholder { side }; did you mean {side}?"),
        ("{otherside}", "unknown placeholder {otherside}; did you mean {other_side}?"),
        ("{}", f"unknown placeholder {{}}; {KNOWN}"),
        ("{colour}", f"unknown placeholder {{colour}}; {KNOWN}"),
        ("{" + "x" * 90 + "}", f"unknown placeholder {{{'x' * 40}}}; {KNOWN}"),
        ("{side", ALONE),
        ("side}", ALONE),
        ("{{side}}", 'one brace on each side is enough; placeholders are written like "{side}"'),
        ("{side:right}", SIDES),
        ("{side:a|b|c}", SIDES),
        ("{side:|left}", SIDES),
        ("{side:}", SIDES),
        ("{other_side:right}", SIDES.replace("{side:", "{other_side:")),
        ("{reps:breaths}", PLURAL),
        ("{reps:one|}", PLURAL),
        ("{hold:a|b}", "{hold} has one form only; write it without the colon and what follows"),
        ("a" * 401, "this text has 401 characters; nobody can follow more than 400 at once, so split it"),
    ],
)
def test_what_cannot_be_filled_is_told_with_what_would_do(text: str, message: str) -> None:
    """Compare the whole message."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        check_text(text)
    assert str(caught.value) == message
