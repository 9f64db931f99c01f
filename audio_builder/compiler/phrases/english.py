"""What the compiler says in English."""

from __future__ import annotations

from audio_builder.compiler.phrases.table import Counted, Phrases, count_up, one_or_other

ENGLISH = Phrases(
    language="en",
    plural_forms=("one", "other"),
    plural=one_or_other,
    numbers=count_up(
        "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, "
        "fifteen, sixteen, seventeen, eighteen, nineteen, twenty, twenty-one, twenty-two, twenty-three, "
        "twenty-four, twenty-five, twenty-six, twenty-seven, twenty-eight, twenty-nine, thirty"
    )
    | {40: "forty", 45: "forty-five", 50: "fifty"},
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
    breaths=Counted(forms=("# breath", "# breaths")),
    seconds=Counted(forms=("# second", "# seconds")),
    minutes=Counted(forms=("# minute", "# minutes")),
    minutes_and_seconds="{minutes} and {seconds}",
    side_title="{name}, {side} side",
    round_title="{title}, round {round}",
    opening_title="Welcome",
    closing_title="Closing",
)
