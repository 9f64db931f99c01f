"""Same input, same bytes; and whatever happens, an earlier session stays as it was."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audio_builder import AudioBuilderError, OutputError, build, load_routine
from audio_builder.files.atomic import mend
from audio_builder.files.cache import Cache
from tests.building.sessions import SHORT_ROUTINE, bundled_session

ENDINGS = (".mp3", ".json", ".vtt", ".lrc", ".chapters.json")


@pytest.fixture
def routine(folder: Path) -> Path:
    """Give a short routine of its own."""
    path = folder / "short.yaml"
    path.write_text(SHORT_ROUTINE)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_input_gives_same_bytes_whatever_the_folders(routine: Path, tmp_path: Path) -> None:
    """Build with two caches, from two working folders, once after something else was built."""
    first = build(routine, tmp_path / "a", voice="espeak", cache=Cache(tmp_path / "one"))
    elsewhere = tmp_path / "else"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    cache = Cache(tmp_path / "two")
    build("gentle", tmp_path / "c", voice="espeak", cache=cache, settings={"guidance": "light"})
    second = build(routine, tmp_path / "b", voice="espeak", cache=cache)
    assert first.cue_sheet == second.cue_sheet
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_session_and_its_sidecars_lie_beside_each_other(routine: Path, tmp_path: Path) -> None:
    """Write five files and nothing else."""
    build(routine, tmp_path / "out", voice="silent")
    assert set(contents(tmp_path / "out")) == {f"short{ending}" for ending in ENDINGS}


def test_an_output_that_ends_in_mp3_names_the_file(routine: Path, tmp_path: Path) -> None:
    """Name the sidecars after it, too."""
    build(routine, tmp_path / "mine.mp3", voice="silent")
    assert {p.name for p in tmp_path.glob("mine*")} == {f"mine{ending}" for ending in ENDINGS}


def test_a_failing_build_leaves_an_earlier_session_as_it_was(routine: Path, tmp_path: Path) -> None:
    """Fail in the script, in the voice, and in the writing."""
    out = tmp_path / "out"
    build(routine, out, voice="silent")
    before = contents(out)
    broken = tmp_path / "broken" / "short.yaml"
    broken.parent.mkdir()
    broken.write_text(SHORT_ROUTINE + "colour: red\n")
    with pytest.raises(AudioBuilderError):
        build(broken, out, voice="silent")
    with pytest.raises(AudioBuilderError):
        build(routine, out, voice="nobody")
    assert contents(out) == before


def test_what_cannot_be_written_is_told_and_nothing_is_half_written(routine: Path, tmp_path: Path) -> None:
    """Put a folder where a sidecar must go: the session beside it stays the earlier one."""
    out = tmp_path / "out"
    build(routine, out, voice="silent")
    (out / "short.json").unlink()
    (out / "short.json").mkdir()
    before = (out / "short.mp3").read_bytes()
    with pytest.raises(OutputError, match="cannot be written"):
        build(routine, out / "short.mp3", voice="silent", settings={"cat-cow.reps": 5})
    assert (out / "short.mp3").read_bytes() == before
    assert not list(out.glob("*.part")) + list(out.glob(".*.part"))


BUILDER = """
import sys
from audio_builder.cli import main
try:
    print("under way", flush=True)
    main()
except KeyboardInterrupt:
    sys.exit(130)
"""
"""The program, saying when Python has started: before that an interrupt is Python's own affair."""


@pytest.mark.skipif(os.name == "nt", reason="signals as sent here are POSIX's")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_at_any_moment_leaves_the_earlier_session(
    routine: Path, tmp_path: Path, how: signal.Signals
) -> None:
    """Stop builds at random moments: afterwards there is the old session or the new, both whole."""
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-c",
        BUILDER,
        "build",
        str(routine),
        "-o",
        str(out / "short.mp3"),
        "--voice",
        "silent",
        "-q",
    ]
    subprocess.run(command, check=True)
    old = contents(out)
    changed = [*command, "--set", "cat-cow.reps=5"]
    started = time.monotonic()
    subprocess.run([*changed, "-o", str(tmp_path / "new" / "short.mp3")], check=True)
    lasts = time.monotonic() - started
    new = contents(tmp_path / "new")
    chance = random.Random(int(how))
    for _ in range(6):
        process = subprocess.Popen(changed, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"under way\n"
        time.sleep(chance.uniform(0.0, lasts))
        process.send_signal(how)
        _, said = process.communicate(timeout=120)
        found = {name: data for name, data in contents(out).items() if not name.endswith(".part")}
        assert b"Traceback" not in said
        assert set(found) == set(old)
        assert all(data in (old[name], new[name]) for name, data in found.items())
        if how != signal.SIGKILL:
            assert process.returncode in (0, 130, -signal.SIGTERM)  # the last: before the first line of main
            assert set(contents(out)) == set(old)
        mend(out)
        assert contents(out) in (old, new)
    subprocess.run(changed, check=True)
    assert contents(out) == new


def test_the_sheet_says_what_the_session_was_made_with() -> None:
    """Find the engine, its version, and every setting in the JSON."""
    session = bundled_session()
    sheet = json.loads(session.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert sheet["voice"]["engine"] == "espeak"
    assert sheet["voice"]["version"]
    assert sheet["settings"]["breath.inhale"] == "4s"
    assert sheet["settings"]["thread-the-needle.hold"] == "4 breaths"
    assert sheet["estimated"] is False
    assert sheet["length_samples"] == session.cue_sheet.length_samples


def test_five_lines_build_a_session_and_give_its_audio(tmp_path: Path) -> None:
    """Use the library as the README shows it."""
    program = load_routine("five-minutes", settings={"cat-cow.reps": 4})
    session = build(program, out=tmp_path, voice="silent")
    audio = session.audio()
    assert audio.frame_rate == 48_000
    assert audio.channels == 1
    assert audio.frame_count() == session.cue_sheet.length_samples
