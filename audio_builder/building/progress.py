"""What a stage has done comes in, as counts; what whoever asked for a build is told goes out."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int], None]
"""Gets how much of a stage is done, and how much there is."""

Progress = Callable[[str, int, int], None]
"""Gets a stage's name, how much of it is done, and how much there is."""


def stage(name: str, progress: Progress | None) -> Report:
    """Make the report of one stage."""
    report = progress or (lambda stage, done, total: None)
    return lambda done, total: report(name, done, total)
