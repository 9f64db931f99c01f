"""The report of an inspection."""

from __future__ import annotations

import json
from pathlib import Path

from audio_builder.verify import Check, Report
from audio_builder.verify.report import check_all


def _report() -> Report:
    return Report(
        path=Path("dist/calm.mp3"),
        checks=(
            Check(name="true peak", measured="-1.50 dBTP", limit="-1 dBTP or less", passed=True),
            check_all("clicks", ["0:12.000 the join"], measured="9 places", limit="none"),
        ),
    )


def test_report_passes_only_where_all_checks_do() -> None:
    """Fail for a single failed check, and name it."""
    assert not _report().passed
    assert [check.name for check in _report().failures] == ["clicks"]
    assert Report(path=Path("x"), checks=_report().checks[:1]).passed


def test_report_is_written_as_one_json_object() -> None:
    """Give every field of every check."""
    assert json.loads(_report().to_json()) == {
        "session": str(Path("dist/calm.mp3")),
        "passed": False,
        "checks": [
            {"name": "true peak", "passed": True, "measured": "-1.50 dBTP",
             "limit": "-1 dBTP or less", "details": []},
            {"name": "clicks", "passed": False, "measured": "9 places",
             "limit": "none", "details": ["0:12.000 the join"]},
        ],
    }  # fmt: skip


def test_endless_details_end() -> None:
    """Show twenty, and say how many more there are."""
    check = check_all("cue onsets", [str(n) for n in range(50)], measured="", limit="")
    assert check.details == (*map(str, range(20)), "and 30 more")
