"""Measure the voices: what the bundled sessions say, spoken by each engine."""

from __future__ import annotations

from audio_builder.building import preview
from audio_builder.script import bundled


def bundled_cues(language: str) -> tuple[str, ...]:
    """Give every text that the bundled sessions say in a language, at full and light guidance, each once."""
    found: dict[str, None] = {}
    for routine in bundled("routines"):
        for guidance in ("full", "light"):
            sheet = preview(routine, settings={"language": language, "guidance": guidance})
            found |= {cue.text: None for cue in sheet.cues()}
    return tuple(found)
