"""What an inspection found: named checks with measured values and limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_DETAILS = 20
"""Beyond so many, details only say how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Short and fixed, such as `cue onsets`."""
    measured: str
    """What was found, with its unit."""
    limit: str
    """What would be right."""
    passed: bool
    details: tuple[str, ...] = ()
    """Each thing that is off, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All checks of one session, in the order in which they are read best."""

    path: Path
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """True where every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """Give the checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    def to_json(self) -> str:
        """Write the report as one JSON object."""
        checks = [
            {
                "name": check.name,
                "passed": check.passed,
                "measured": check.measured,
                "limit": check.limit,
                "details": list(check.details),
            }
            for check in self.checks
        ]
        report = {"session": str(self.path), "passed": self.passed, "checks": checks}
        return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def check_all(name: str, wrong: Sequence[str], *, measured: str, limit: str) -> Check:
    """Make a check that passes where nothing is wrong; the details say what is."""
    shown = list(wrong[:MOST_DETAILS])
    if len(wrong) > MOST_DETAILS:
        shown.append(f"and {len(wrong) - MOST_DETAILS} more")
    return Check(name=name, measured=measured, limit=limit, passed=not wrong, details=tuple(shown))
