"""A small cue sheet as it lies on disk, whole or with something wrong in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audio_builder.session.cuesheet import CueSheet, SheetEvent, SheetSection

SHEET = CueSheet(
    format="audio-builder cue sheet",
    version=1,
    title="Calm",
    about="For the evening.",
    language="en",
    routine="calm",
    audio="calm.mp3",
    length_samples=60 * 48_000,
    builder="0.1.0",
    voice={"engine": "silent", "version": "1", "voice": ""},
    settings={"breath.inhale": "4s"},
    sections=(
        SheetSection(
            name="opening", title="Welcome", kind="opening", round=1, start_samples=0, length_samples=480_000
        ),
        SheetSection(
            name="reach/left", title="Reach [left] & up", kind="exercise", exercise="reach", side="left",
            round=1, start_samples=480_000, length_samples=2_400_000,
        ),
    ),
    events=(
        SheetEvent(
            kind="chime", role="begin", sound="bowl", section="opening", start_samples=0, length_samples=72_000
        ),
        SheetEvent(
            kind="cue", text="Welcome <home>.", role="name", section="opening", contour="abcdef",
            start_samples=96_000, length_samples=72_024,
        ),
        SheetEvent(
            kind="hold", section="reach/left", exercise="reach", side="left",
            start_samples=576_000, length_samples=960_000,
        ),
        SheetEvent(
            kind="inhale", section="reach/left", exercise="reach", side="left", rep=1,
            start_samples=576_000, length_samples=192_000,
        ),
        SheetEvent(
            kind="cue", text="Breathe [out] slowly.", section="reach/left", exercise="reach", side="left",
            start_samples=768_001, length_samples=48_000,
        ),
    ),
)  # fmt: skip


def written(path: Path, **changes: Any) -> Path:
    """Write the sheet at a path, with some fields changed."""
    sheet = json.loads(SHEET.to_json()) | changes
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path
