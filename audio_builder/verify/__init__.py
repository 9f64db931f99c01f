"""A finished session is held to its own cue sheet: `verify` gives a `Report` of named checks."""

from audio_builder.verify.inspection import verify
from audio_builder.verify.report import Check, Report

__all__ = ["Check", "Report", "verify"]
