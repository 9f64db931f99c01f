"""Compiling a program into a plan, and placing that in time."""

from audio_builder.compiler.expansion import compile_routine
from audio_builder.compiler.fitting import fit
from audio_builder.compiler.placement import place
from audio_builder.compiler.plan import Group, Plan
from audio_builder.compiler.timeline import Event, PlacedSection, Timeline

__all__ = ["Event", "Group", "PlacedSection", "Plan", "Timeline", "compile_routine", "fit", "place"]
