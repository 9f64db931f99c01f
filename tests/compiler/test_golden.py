"""The complete events of every bundled routine and guidance, and of each rule, in a form people can read.

After a wished change, `AUDIO_BUILDER_WRITE_GOLDEN=1 python -m pytest tests/compiler/test_golden.py` writes them
anew; read the difference before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from audio_builder.script.program import load_routine
from tests.compiler.making import listing, placed, program

GOLDEN = Path(__file__).parent / "golden"

SIDED = {"sides": ["right", "left"]}
REPS = {"dose": {"reps": {"default": 4, "min": 1, "max": 30}}}
HOLD = {"dose": {"hold": {"default": "4 breaths", "min": "1 breath", "max": "20 breaths"}}}
REACH = {"say": "Reach your {side} hand up.", "brief": "{side} hand up.", "move": "3s"}
HOLDING = {"hold": "dose", "cues": ["Let your shoulders soften."], "out": "Breathe in, and come back."}

RULES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sides-switch": ({**SIDED, "steps": [REACH]}, {}),
    "start-side-left": ({**SIDED, "steps": [REACH]}, {"start_side": "left"}),
    "hold-of-breaths": ({**SIDED, **HOLD, "steps": [HOLDING]}, {}),
    "hold-of-15-seconds-with-a-long-name": (
        {
            **SIDED,
            **HOLD,
            "name": "A Long and Winding Reach Toward the Farthest Corner of the Room",
            "steps": [{**HOLDING, "cues": ["Soften.", "Let your shoulders soften."]}],
        },
        {"hold": "15s", "safety": "on", "beyond_limits": True},
    ),
    "hold-without-a-whole-breath": ({**HOLD, "steps": [HOLDING]}, {"hold": "7s", "beyond_limits": True}),
    "opening-and-closing-words": (
        {"steps": ["Reach up."]},
        {"opening": ["Welcome.", {"say": "Lie down.", "pause": "3s"}], "closing": ["Rest."]},
    ),
    "hold-with-box-breath": ({**HOLD, "steps": [HOLDING]}, {"breath": "4-4-4-4"}),
    "hold-without-breath-words": ({**HOLD, "steps": [HOLDING]}, {"breath_words": 0}),
    "reps-counted-all": ({**REPS, "steps": [{"repeat": "dose", "steps": ["Reach up."]}]}, {}),
    "reps-counted-every-other": (
        {**REPS, "steps": [{"repeat": "dose", "steps": ["Reach up."]}]},
        {"counts": "every other", "reps": 7},
    ),
    "reps-counted-last-three": (
        {**REPS, "steps": [{"repeat": "dose", "steps": ["Reach up."]}]},
        {"counts": "last three", "reps": 6},
    ),
    "reps-not-counted": ({**REPS, "steps": [{"repeat": "dose", "steps": ["Reach up."]}]}, {"counts": "none"}),
    "tempo": (
        {
            **REPS,
            "steps": [{"repeat": "dose", "steps": [{"say": "Lower, stay, and lift.", "tempo": "2-1-3"}]}],
        },
        {},
    ),
    "breath-led-reps": (
        {
            **REPS,
            "steps": [
                {
                    "repeat": "dose",
                    "steps": [
                        {
                            "breathe": {
                                "inhale": {"say": "Breathe in, reach up.", "brief": "Up."},
                                "exhale": {"say": "Breathe out, let go.", "brief": "Let go."},
                            }
                        }
                    ],
                }
            ],
        },
        {},
    ),
    "rounds-and-rest": ({"steps": [{"say": "Reach up.", "move": "3s"}]}, {"rounds": 2, "rest": "10s"}),
    "light": ({**SIDED, **HOLD, "steps": [REACH, HOLDING]}, {"guidance": "light"}),
    "bells": ({**SIDED, **HOLD, "steps": [REACH, HOLDING]}, {"guidance": "bells"}),
    "safety-on": ({"steps": ["Reach up."]}, {"safety": "on"}),
    "safety-own-lines-in-bells": ({"steps": ["Reach up."]}, {"safety": ["Take care."], "guidance": "bells"}),
    "fitted-to-three-minutes": (
        {**REPS, "steps": [{"repeat": "dose", "steps": [{"say": "Reach up.", "move": "4s"}]}]},
        {"length": "3m", "exercises": ["reach", "reach"]},
    ),
}


def compare(name: str, found: str) -> None:
    """Hold a listing against the kept one."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("AUDIO_BUILDER_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("guidance", ["full", "light", "bells"])
@pytest.mark.parametrize("routine", ["thoracic-mobility", "five-minutes", "gentle"])
def test_a_bundled_routine_has_exactly_these_events(routine: str, guidance: str) -> None:
    """Compare the complete event list of a bundled routine."""
    compare(f"{routine}-{guidance}", listing(placed(load_routine(routine, settings={"guidance": guidance}))))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_makes_exactly_these_events(rule: str, tmp_path: Path) -> None:
    """Compare the complete event list of a small routine that shows one rule."""
    exercise, routine = RULES[rule]
    compare(f"rule-{rule}", listing(placed(program(tmp_path, exercise, routine))))
