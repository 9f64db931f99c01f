"""The command line: words in, sessions and messages out; the only layer that prints and sets exit codes."""

from audio_builder.cli.app import main

__all__ = ["main"]
