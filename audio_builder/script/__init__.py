"""YAML scripts and wished-for settings come in; a program goes out, or every problem with its place."""

from audio_builder.script.config import config_path
from audio_builder.script.finding import bundled, scripts_folder
from audio_builder.script.overrides import Override, from_option
from audio_builder.script.program import (
    DEFAULT_ROUTINE,
    Prescription,
    Program,
    load_exercise,
    load_routine,
)

__all__ = [
    "DEFAULT_ROUTINE",
    "Override",
    "Prescription",
    "Program",
    "bundled",
    "config_path",
    "from_option",
    "load_exercise",
    "load_routine",
    "scripts_folder",
]
