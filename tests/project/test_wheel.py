"""The wheel carries everything: an installed copy builds from any folder, without the checkout."""

from __future__ import annotations

import email
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

BUILD = """
import sys
from pathlib import Path
import audio_builder
assert Path(audio_builder.__file__).is_relative_to(sys.argv[1]), audio_builder.__file__
from audio_builder.cli import main
sys.argv = ["audio-builder", *sys.argv[2:]]
main()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel with the project's own build backend, from a copy of what it is made of."""
    out = tmp_path_factory.mktemp("wheel")
    program = f"import hatchling.build as backend; print(backend.build_wheel({str(out)!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, timeout=600)
    return zipfile.ZipFile(next(out.glob("*.whl")))


def shipped(*folders: str) -> set[str]:
    """List the files below folders of the checkout, as the wheel should name them."""
    found = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not any(
                part[0] == "." or part == "__pycache__" for part in name.split("/")
            ):
                found.add(name if folder == "audio_builder" else f"audio_builder/{name}")
    return found


def kept_by_git() -> set[str]:
    """List the files that git keeps or would keep; skip where there is no git, or no checkout of ours."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, or there is no git")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, timeout=600, check=False)
    if done.returncode:
        pytest.skip(f"git does not read this checkout: {done.stderr.decode(errors='replace')}")
    return {name for name in done.stdout.decode().split("\0") if (ROOT / name).is_file()}


def test_the_wheel_holds_package_scripts_and_sounds_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Compare its whole list of files with the checkout's."""
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == shipped("audio_builder", "scripts", "sounds")


def test_the_wheel_says_what_the_project_says(wheel: zipfile.ZipFile) -> None:
    """Read its metadata: version, Python, licence, README and commands."""
    where = f"audio_builder-{PROJECT['version']}.dist-info"
    told = email.message_from_bytes(wheel.read(f"{where}/METADATA"))
    assert told["Name"] == "audio-builder"
    assert told["Version"] == PROJECT["version"]
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "GPL-3.0-or-later"
    assert str(told.get_payload()).startswith("# ")
    assert f"{where}/licenses/LICENSE" in wheel.namelist()
    assert b"audio-builder = audio_builder.cli:main" in wheel.read(f"{where}/entry_points.txt")


def test_the_source_archive_holds_everything_that_the_repository_does(tmp_path: Path) -> None:
    """Compare its list of files with git's, so that its tests can run from it."""
    there = kept_by_git()
    program = f"import hatchling.build as backend; print(backend.build_sdist({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, timeout=600)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert held == there | {"PKG-INFO"}


def test_an_unpacked_wheel_builds_from_any_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Put the wheel alone on the path of a process elsewhere, and build a bundled routine with its voice."""
    home = tmp_path / "home of it"
    wheel.extractall(home)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    words = ("build", "five-minutes", "--voice", "silent", "--json", "--set", "guidance=bells")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(home), *words],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(home), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert (elsewhere / found["path"]).stat().st_size == found["size_bytes"]
    assert found["title"] == "Five Minutes for Your Upper Back"
