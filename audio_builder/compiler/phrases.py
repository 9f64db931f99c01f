"""The compiler's own words, one table a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from audio_builder.errors import CompileError
from audio_builder.script.quantities import Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everything the compiler says by itself in one language. Braces are filled by name."""

    language: str
    sides: Mapping[str, str]
    first: str
    next: str
    again: str
    """The announcement of a later round."""
    side_first: str
    one_side: str
    """Names the side where an announcement has no other."""
    switch: str
    rest: str
    breathe: Mapping[str, str]
    """What is said with each phase of a breath."""
    more: Mapping[int, str]
    """What is left, from three down to the last."""
    last_then_side: str
    halfway: str
    safety: tuple[str, ...]
    gently: str
    """How to breathe at a slow pace."""
    breaths: tuple[str, str]
    """One, several."""
    seconds: tuple[str, str]
    minutes: tuple[str, str]
    side_title: str
    round_title: str
    opening_title: str
    closing_title: str
    numbers: Mapping[int, str] = field(default_factory=dict)
    """Spoken numbers; others are written in digits."""

    def number(self, count: int) -> str:
        """Say a number."""
        return self.numbers.get(count, str(count))

    def hold(self, length: Length) -> str:
        """Say how long a hold lasts."""
        if length.breaths:
            return self._counted(length.breaths, self.breaths)
        minutes, seconds = divmod(round(length.seconds), 60)
        parts = [self._counted(minutes, self.minutes)] if minutes else []
        parts += [self._counted(seconds, self.seconds)] if seconds or not minutes else []
        return " ".join(parts)

    def _counted(self, count: int, forms: tuple[str, str]) -> str:
        return f"{self.number(count)} {forms[count != 1]}"


ENGLISH = Phrases(
    language="en",
    sides={"right": "right", "left": "left"},
    first="First: {name}, {position}.",
    next="Next: {name}, {position}.",
    again="{name} again, {position}.",
    side_first="The {side} side first.",
    one_side="{side} side.",
    switch="Switch sides. Now the {side} side.",
    rest="And rest.",
    breathe={"inhale": "Breathe in.", "hold-in": "Hold.", "exhale": "Breathe out.", "hold-out": "Wait."},
    more={3: "Three more.", 2: "Two more.", 1: "Last one."},
    last_then_side="Last one, then the {side} side.",
    halfway="Halfway.",
    safety=(
        "Move without pain. Stop if something hurts or tingles, or if you feel dizzy.",
        "After an injury or surgery, ask a professional first.",
    ),
    gently="Breathe gently, not deeply. If you get light-headed, breathe as you like.",
    breaths=("breath", "breaths"),
    seconds=("second", "seconds"),
    minutes=("minute", "minutes"),
    side_title="{name}, {side} side",
    round_title="{title}, round {round}",
    opening_title="Welcome",
    closing_title="Closing",
    numbers={
        1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
        11: "eleven", 12: "twelve",
    },
)  # fmt: skip

TABLES: Mapping[str, Phrases] = {"en": ENGLISH}


def phrases(language: str) -> Phrases:
    """Give the table of a language. CompileError where there is none."""
    if language not in TABLES:
        known = ", ".join(TABLES)
        raise CompileError(
            f"there are no spoken phrases in {language!r}", where="language", hint=f"Languages that are there: {known}."
        )
    return TABLES[language]
