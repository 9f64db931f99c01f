"""Independent programs and packages that judge what we build; a test whose judge is missing is skipped, or fails."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest


def judge(name: str) -> str:
    """Find a judge's program; without it, fail where CI=true and skip with the reason elsewhere."""
    path = shutil.which(name)
    return path or _miss(name)


def library(name: str) -> Any:
    """Import a judge's Python package; without it, fail where CI=true and skip with the reason elsewhere."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return _miss(name)


def _miss(name: str) -> NoReturn:
    reason = f"the judge {name} is not installed"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)


def verdict(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run a judge to its end and give what it said; a judge that fails fails the test."""
    done = subprocess.run([judge(name), *map(str, arguments)], capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done
