"""Many clients at once, in short; tests/benchmarks/load.py does the same for a minute."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.load import long_site, run_twice


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory from /proc")
def test_two_hundred_clients_read_ranges_at_once(tmp_path: Path) -> None:
    """Give each the right bytes, refuse nobody, and need no more for a second crowd than for the first."""
    first, second = run_twice(long_site(tmp_path), clients=200, requests=5)
    assert [(report.errors, report.answers) for report in (first, second)] == [([], 1_000)] * 2
    assert second.memory_kb[0] - first.memory_kb[0] < 20_480
