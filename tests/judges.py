"""Independent programs that judge what we build: a name comes in, a path goes out, or the test ends."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def judge(name: str) -> str:
    """Find a judge's program; without it, fail where CI=true and skip with the reason elsewhere."""
    path = shutil.which(name)
    if path:
        return path
    reason = f"the judge {name} is not installed"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def verdict(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run a judge to its end and give what it said; a judge that fails fails the test."""
    done = subprocess.run([judge(name), *map(str, arguments)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done
