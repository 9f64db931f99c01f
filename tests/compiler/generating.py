"""Exercises and routines of every shape, drawn by chance: for what must hold whatever somebody writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from audio_builder.script.document import Document, parse
from audio_builder.script.exercise import Exercise
from audio_builder.script.program import Prescription, Program
from audio_builder.script.quantities import parse_length
from audio_builder.script.routine import Routine
from audio_builder.script.validation import validate
from tests.compiler.making import EXERCISE

WORDS = ("breathe", "reach", "soften", "slowly", "let", "your", "shoulder", "turn", "and", "stay", "there")


@st.composite
def texts(draw: st.DrawFn, *, sided: bool) -> str:
    """Write a cue of one to fourteen words, some with a side."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14))
    if sided and draw(st.booleans()):
        words.append(draw(st.sampled_from(["{side}", "{other_side}"])))
    return " ".join(words) + "."


@st.composite
def cues(draw: st.DrawFn, *, sided: bool) -> dict[str, Any]:
    """Make a cue, perhaps with a brief text, a movement time or a tempo."""
    cue: dict[str, Any] = {"say": draw(texts(sided=sided))}
    if draw(st.booleans()):
        cue["brief"] = draw(texts(sided=sided))
    timing = draw(st.sampled_from(["", "move", "tempo"]))
    if timing == "move":
        cue["move"] = f"{draw(st.integers(0, 12))}s"
    if timing == "tempo":
        cue["tempo"] = draw(st.sampled_from(["2-1-3", "1-1", "3-0.5-3-1"]))
    return cue


@st.composite
def steps(draw: st.DrawFn, *, sided: bool, depth: int = 0) -> list[dict[str, Any]]:
    """Make one to four steps of any kind; repeats lie two deep at most."""
    kinds = ["say", "hold", "breathe", "pause", "sound"] + (["repeat"] if depth < 2 else [])
    made = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4)):
        match kind:
            case "say":
                made.append(draw(cues(sided=sided)))
            case "hold":
                length = draw(
                    st.sampled_from(["dose", "1s", "7s", "15s", "31s", "1m1s", "1 breath", "6 breaths"])
                )
                encouragement = draw(st.lists(texts(sided=sided), max_size=3))
                hold: dict[str, Any] = {"hold": length, "cues": encouragement}
                if draw(st.booleans()):
                    hold["out"] = draw(cues(sided=sided))
                made.append(hold)
            case "breathe":
                made.append(
                    {"breathe": {"inhale": draw(cues(sided=sided)), "exhale": draw(cues(sided=sided))}}
                )
            case "pause":
                made.append({"pause": f"{draw(st.integers(0, 5))}s"})
            case "sound":
                made.append({"sound": "bell"})
            case _:
                times = draw(st.sampled_from(["dose", 2, 3]))
                made.append({"repeat": times, "steps": draw(steps(sided=sided, depth=depth + 1))})
    return made


@st.composite
def programs(draw: st.DrawFn, settings: st.SearchStrategy[dict[str, Any]] | None = None) -> Program:
    """Make a routine of one to three exercises, with doses settled; its settings are any, unless some are given."""
    document = parse("title: Test", source="test.yaml")
    prescriptions = []
    for number in range(draw(st.integers(1, 3))):
        sided = draw(st.booleans())
        raw = {
            **EXERCISE,
            "name": f"Exercise {number}",
            "sides": ["right", "left"] if sided else "none",
            "start": {**EXERCISE["start"], "position": draw(st.sampled_from(["standing", "lying"]))},
            "setup": draw(st.lists(cues(sided=sided), max_size=2)),
            "steps": draw(steps(sided=sided)),
        }
        exercise = validate(document_of(raw), Exercise)[0]
        prescriptions.append(
            Prescription(
                name=f"exercise-{number}",
                exercise=exercise,
                reps=draw(st.integers(1, 6)),
                hold=draw(
                    st.sampled_from([parse_length("3 breaths"), parse_length("20s"), parse_length("45s")])
                ),
                rest=float(draw(st.integers(0, 20))),
                folder=Path(),
            )
        )
    routine, _ = validate(document_of(draw(routines() if settings is None else settings)), Routine)
    return Program(
        name="test",
        routine=routine,
        prescriptions=tuple(prescriptions),
        rounds=draw(st.integers(1, 2)),
        folder=Path(),
        document=document,
        exercise_documents={},
    )


@st.composite
def routines(draw: st.DrawFn) -> dict[str, Any]:
    """Make the settings of a routine."""
    return {
        "title": "Test",
        "language": draw(st.sampled_from(["en", "de", "es", "fr"])),
        "exercises": ["x"],
        "opening": draw(st.lists(texts(sided=False), max_size=2)),
        "closing": draw(st.lists(texts(sided=False), max_size=2)),
        "breath": draw(st.sampled_from(["4/6", "1/1", "3/4.5", "4-4-4-4", "5-0-5-2", "30/30"])),
        "guidance": draw(st.sampled_from(["full", "light", "bells"])),
        "counts": draw(st.sampled_from(["all", "every other", "last three", "none"])),
        "breath_words": draw(st.integers(0, 3)),
        "switch": f"{draw(st.integers(2, 9))}s",
        "start_side": draw(st.sampled_from(["right", "left"])),
        "safety": draw(st.sampled_from(["on", "off"])),
    }


def document_of(raw: dict[str, Any]) -> Document:
    """Make a document of what could stand in YAML."""
    return parse(json.dumps(raw), source="test.yaml")
