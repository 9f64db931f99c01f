"""The text of a cue made from a script's: placeholders filled, and each sentence begun with a capital."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
COUNTED = "reps"
"""The placeholder that may give plural forms."""

_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))\w")


def fill(
    text: str, values: Mapping[str, str], *, plural: Callable[[Sequence[str]], str] | None = None
) -> str:
    """Put values in for placeholders and begin each sentence with a capital.

    `{side:rechte|linke}` chooses the first form where the value under `side_key` (or, for `other_side`,
    under `other_side_key`) is `right`, the second where it is `left`; languages whose adjectives agree
    need it.
    `{reps:one breath|# breaths}` gives what `plural` chooses and fills.
    """

    def word(match: re.Match[str]) -> str:
        name, _, forms = match[1].partition(":")
        if not forms:
            return values[name]
        choices = forms.split("|")
        if plural is not None and name == COUNTED:
            return plural(choices)
        return choices[values[f"{name}_key"] == "left"]

    filled = " ".join(PLACEHOLDER.sub(word, text).split())
    return _SENTENCE.sub(lambda match: match[0].upper(), filled)
