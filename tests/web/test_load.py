"""Many clients at once, in short; tests/benchmarks/load.py does the same for a minute."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.load import long_site, run


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory from /proc")
def test_two_hundred_clients_read_ranges_at_once(tmp_path: Path) -> None:
    """Give each the right bytes, refuse nobody, and do not grow."""
    report = run(long_site(tmp_path), clients=200, seconds=3)
    assert report.errors == []
    assert report.answers >= 400
    assert report.memory_kb[-1] - report.memory_kb[2] < 20_480, report.memory_kb
