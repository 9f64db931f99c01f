"""Small scripts made into programs, and the lengths that tests give to speech and sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from audio_builder.compiler import Timeline, compile_routine, place
from audio_builder.compiler.fitting import fit
from audio_builder.script.program import Program, load_routine
from audio_builder.timebase import RATE, to_samples

EXERCISE: dict[str, Any] = {
    "name": "Reach",
    "about": "A reach.",
    "start": {"position": "standing", "say": "Stand up.", "move": "4s"},
    "easier": "Reach less.",
    "avoid": "Leave it out if it hurts.",
    "sides": "none",
    "steps": ["Reach up."],
}


def program(folder: Path, exercise: dict[str, Any], routine: dict[str, Any] | None = None) -> Program:
    """Load a routine of one exercise, `reach`, written into a folder."""
    whole = {**EXERCISE, **exercise}
    (folder / "reach.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    written = {"title": "Test", "safety": "off", "exercises": ["reach"], **(routine or {})}
    path = folder / "test.yaml"
    path.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    return load_routine(path)


def spoken_length(text: str) -> int:
    """Give a text the length that a calm voice would likely need; no engine's own, so that goldens stay."""
    return to_samples(0.3 + 0.065 * len(text))


def sound_length(name: str) -> int:
    """Give every sound two seconds, and a tick a tenth."""
    return RATE // 10 if name == "tick" else 2 * RATE


def placed(program: Program, *, exact: bool = True) -> Timeline:
    """Fit, compile and place a program with likely lengths."""
    return unfitted(fitted_to(program), exact=exact)


def fitted_to(program: Program, *, slack: float = 0.0) -> Program:
    """Fit a program to the length it asks for, with likely lengths."""
    return fit(program, lambda tried: unfitted(tried).length, slack=slack)


def unfitted(program: Program, *, exact: bool = True) -> Timeline:
    """Compile and place a program as it is, with likely lengths."""
    return place(compile_routine(program), spoken_length, sound_length=sound_length, exact=exact)


def listing(timeline: Timeline) -> str:
    """Write a timeline's complete events in a form that people can read and compare."""
    lines = []
    for start, section in timeline.starts():
        head = f"{section.name} | {section.title} | {start / RATE:.3f} + {section.length / RATE:.3f}"
        lines.append(head)
        for event in section.events:
            what = event.text or event.sound
            words = [f"{event.start / RATE:9.3f} {event.length / RATE:8.3f}", event.kind, event.role, what]
            rep = f"#{event.rep}" if event.rep else ""
            lines.append("  " + " ".join(word for word in (*words, rep) if word))
    return "\n".join(lines) + "\n"
