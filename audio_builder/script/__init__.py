"""Scripts: YAML read into a program ready to be compiled, or every problem with its place."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audio_builder.script.finding import DEFAULT_ROUTINE, bundled, scripts_folder
    from audio_builder.script.overrides import Override, config_path, from_text
    from audio_builder.script.program import (
        Prescription,
        Program,
        load_exercise,
        load_routine,
    )

_HOMES = {
    "DEFAULT_ROUTINE": "audio_builder.script.finding",
    "Override": "audio_builder.script.overrides",
    "Prescription": "audio_builder.script.program",
    "Program": "audio_builder.script.program",
    "bundled": "audio_builder.script.finding",
    "config_path": "audio_builder.script.overrides",
    "from_text": "audio_builder.script.overrides",
    "load_exercise": "audio_builder.script.program",
    "load_routine": "audio_builder.script.program",
    "scripts_folder": "audio_builder.script.finding",
}

__all__ = [
    "DEFAULT_ROUTINE",
    "Override",
    "Prescription",
    "Program",
    "bundled",
    "config_path",
    "from_text",
    "load_exercise",
    "load_routine",
    "scripts_folder",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: the types of scripts take a while to make."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
