"""Where things are kept: a person's own folders; beside it, one way to write and one cache by content."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from audio_builder.errors import AudioBuilderError


def own_folder(kind: Literal["cache", "config", "data"]) -> Path:
    """Give the user's folder of a kind. AudioBuilderError where the user has no home to keep anything in."""
    from platformdirs import PlatformDirs

    try:
        folder = Path(getattr(PlatformDirs("audio-builder", appauthor=False), f"user_{kind}_dir"))
    except RuntimeError:
        folder = Path("~")
    if not folder.is_absolute():
        raise AudioBuilderError(
            f"this user has no home folder, where the {kind} would lie",
            remedy="set HOME to a folder that this user may write to",
        )
    return folder


def named_in(variable: str) -> Path | None:
    """Give the path that an environment variable names, if any. AudioBuilderError where its ~ means nothing."""
    named = os.environ.get(variable)
    if not named:
        return None
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError:
        raise AudioBuilderError("there is no such user's home folder", where=f"{variable}={named}") from None
