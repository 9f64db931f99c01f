"""Voice-guided exercise sessions: scripts in, one chaptered MP3 with breath pacing out.

    from audio_builder import build, load_routine
    program = load_routine("thoracic-mobility", settings={"cat-cow.reps": 8})
    session = build(program, out="dist")
    print(session.path, session.length_seconds)
    session.audio()[:5000].export("start.wav", format="wav")

Names are loaded when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_builder.building import CueSheet, Session, build, preview
    from audio_builder.compiler import Plan, Timeline, compile_routine
    from audio_builder.errors import (
        AudioBuilderError,
        CompileError,
        OutputError,
        ScriptError,
        SoundError,
        SpeechError,
        VoiceError,
    )
    from audio_builder.script.program import Program, load_routine

__all__ = [
    "AudioBuilderError", "CompileError", "CueSheet", "OutputError", "Plan", "Program", "ScriptError", "Session",
    "SoundError", "SpeechError", "Timeline", "VoiceError", "build", "compile_routine", "load_routine", "preview",
]  # fmt: skip

_HOMES = {
    "audio_builder.building": ("CueSheet", "Session", "build", "preview"),
    "audio_builder.compiler": ("Plan", "Timeline", "compile_routine"),
    "audio_builder.script.program": ("Program", "load_routine"),
    "audio_builder.errors": (
        "AudioBuilderError", "CompileError", "OutputError", "ScriptError", "SoundError", "SpeechError",
        "VoiceError",
    ),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
