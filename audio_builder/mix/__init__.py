"""Placed sections come in with clips and sounds; mixed samples go out."""

from audio_builder.mix.palette import Palette, gather
from audio_builder.mix.render import render
from audio_builder.sound.settings import Levels

__all__ = ["Levels", "Palette", "gather", "render"]
