"""Files that would take all memory, all time or somebody else's data are refused at once."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio_builder.errors import ScriptError
from audio_builder.script.document import MAX_BYTES, read
from audio_builder.script.finding import bundled
from audio_builder.script.program import load_exercise, load_routine
from audio_builder.script.syntax import MAX_ALIASES, MAX_DEPTH, MAX_NODES
from tests.counting import lines_of

LINES = 5_000_000
"""Of Python, run one after the other: more than any refusal takes, and a few seconds' work."""
MEMORY = 16 * 1024 * 1024
"""Far more than any refusal takes, far less than what the file stands for."""

EXERCISE = bundled("exercises")["cat-cow"].read_text(encoding="utf-8")
ROUTINE = "title: Mine\nexercises: "


def message_of(load: Callable[[Path], object], path: Path) -> str:
    """Refuse a script; give its message with the name alone for a path."""
    with pytest.raises(ScriptError) as caught:
        load(path)
    return str(caught.value).replace(str(path), path.name)


def aliases(levels: int, times: int) -> str:
    """Write the classic bomb: each level names the one before several times."""
    text = "l0: &l0 [ha, ha]\n"
    for level in range(1, levels + 1):
        text += f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * times)}]\n"
    return text


BOMBS = {
    "nine aliases on nine levels": aliases(9, 9),
    "two aliases on thirty levels": aliases(30, 2),
    "a list of lists": "[" * 10_000 + "]" * 10_000,
    "a list of lists never closed": "[" * 200_000,
    "groups in groups": "{a: " * 10_000 + "}" * 10_000,
    "dashes after dashes": "- " * 10_000 + "a\n",
    "keys below keys": "".join(" " * depth + "a:\n" for depth in range(600)),
    "a hundred thousand exercises": ROUTINE + "[" + "a," * 100_000 + "a]\n",
    "many steps": EXERCISE + "".join(f"  - pause: {n}\n" for n in range(1_500)),
    "more steps": EXERCISE + "".join(f"  - pause: {n}\n" for n in range(9_000)),
    "many unknown keys": "".join(f"key{n}: {n}\n" for n in range(2_400)),
    "many quotes": "a: " + "'\"" * 100_000,
    "many question marks": "? " * 60_000,
    "many anchors": "".join(f"- &a{n}\n" for n in range(4_900)),
    "many tabs": "\ta\n" * 80_000,
    "many invisible characters": "\u200b\n" * 60_000,
    "one long line": "name: " + "a" * 200_000 + "\n",
    "one long number": "name: " + "1" * 200_000 + "\n",
    "one long key": "a" * 200_000 + ": 1\n",
    "a time of many spaces": EXERCISE.replace("8s", f'"1h{" " * 100_000}x"'),
    "a time of many digits": EXERCISE.replace("8s", f"'{'1' * 100_000}'"),
    "a text of braces": EXERCISE.replace("With each breath", "{" * 100_000),
    "comments only": "#" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly(name: str, tmp_path: Path) -> None:
    """Load each bomb as an exercise and as a routine: it takes few steps, whatever time each takes here."""
    path = tmp_path / "bomb.yaml"
    path.write_text(BOMBS[name], encoding="utf-8")
    assert path.stat().st_size <= MAX_BYTES
    load_exercise(bundled("exercises")["cat-cow"])  # so that what is made once is not counted
    assert lines_of(lambda: message_of(load_exercise, path)) < LINES
    assert lines_of(lambda: message_of(load_routine, path)) < LINES


@pytest.mark.parametrize(
    "name", ["two aliases on thirty levels", "a list of lists never closed", "a hundred thousand exercises",
             "many unknown keys", "many anchors", "one long line"],
)  # fmt: skip
def test_a_bomb_takes_little_memory(name: str, tmp_path: Path) -> None:
    """Measure the most memory that Python holds while it refuses a bomb."""
    path = tmp_path / "bomb.yaml"
    path.write_text(BOMBS[name], encoding="utf-8")
    load_exercise(bundled("exercises")["cat-cow"])  # so that what is made once is not counted
    tracemalloc.start()
    try:
        message_of(load_exercise, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY


def test_the_messages_of_bombs_name_the_limit(tmp_path: Path) -> None:
    """Compare what is said of depth, aliases, entries and repeats that explode only when walked."""
    said = {}
    for name in ("nine aliases on nine levels", "two aliases on thirty levels", "a list of lists",
                 "a hundred thousand exercises"):  # fmt: skip
        path = tmp_path / "bomb.yaml"
        path.write_text(BOMBS[name], encoding="utf-8")
        said[name] = message_of(load_routine, path).split("\n")[0].split(": ", 1)[1]
    write_out = "write the text out"
    assert said == {
        "nine aliases on nine levels": f"more than {MAX_ALIASES} aliases (*name) are used; {write_out}",
        "two aliases on thirty levels": f"the aliases (*name) in this file repeat too much; {write_out}",
        "a list of lists": f"this is nested more than {MAX_DEPTH} levels deep; a script needs a few",
        "a hundred thousand exercises": f"there are more than {MAX_NODES:,} values in this file; "
        "split it into smaller ones",
    }


def test_aliases_are_counted_each_time_they_are_used(tmp_path: Path) -> None:
    """Give a few aliases that stand for many nodes, under every other limit."""
    path = tmp_path / "bomb.yaml"
    path.write_text(aliases(7, 8).replace("[ha, ha]", "[" + "ha, " * 200 + "ha]"), encoding="utf-8")
    assert "repeat too much" in message_of(load_exercise, path)


def test_more_problems_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    """Give thousands of unknown keys; expect the first hundred and the number of the rest."""
    path = tmp_path / "bomb.yaml"
    path.write_text("name: Much\n" + "".join(f"key{n}: {n}\n" for n in range(2_400)), encoding="utf-8")
    lines = message_of(load_exercise, path).split("\n")
    assert lines[-1].startswith("bomb.yaml: and ")
    assert lines[-1].endswith(" more problems")
    assert len([line for line in lines if line.startswith("bomb.yaml:")]) == 101


def test_a_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    """Give a sparse file of 1 GB."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert message_of(load_exercise, path) == (
        "huge.yaml: this file is larger than 256 KiB; a script is a few pages at most"
    )


def test_a_routine_of_a_hundred_thousand_lines_is_refused_by_its_size(tmp_path: Path) -> None:
    """Give the routine as people would write it, one exercise on a line."""
    path = tmp_path / "long.yaml"
    path.write_text(ROUTINE + "\n" + "  - cat-cow\n" * 100_000, encoding="utf-8")
    assert message_of(load_routine, path) == (
        "long.yaml: this file is larger than 256 KiB; a script is a few pages at most"
    )


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    """Name a folder as a routine and as an exercise."""
    folder = tmp_path / "yoga.yaml"
    folder.mkdir()
    said = "yoga.yaml: this is a folder, not a script; name the file inside it"
    assert message_of(load_routine, folder) == said
    assert message_of(load_exercise, folder) == said


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    """Name a FIFO that nobody ever writes to."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    said = "pipe.yaml: this is a pipe or a device, not a script; name a file"
    assert message_of(load_exercise, pipe) == said
    assert message_of(load_routine, pipe) == said


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_refused(device: str) -> None:
    """Name devices that never end, are empty, or wait for keys."""
    assert message_of(load_exercise, Path(device)).endswith(
        ": this is a pipe or a device, not a script; name a file"
    )


def test_a_link_to_a_device_is_refused(tmp_path: Path) -> None:
    """Name a link to a device, which looks like a script."""
    (tmp_path / "link.yaml").symlink_to("/dev/zero")
    assert "a pipe or a device" in message_of(load_exercise, tmp_path / "link.yaml")


def test_links_in_a_circle_and_names_no_system_takes_are_refused(tmp_path: Path) -> None:
    """Name a link to itself, a name of 5,000 letters, one with a NUL in it, and nothing at all."""
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert "cannot be read" in message_of(load_exercise, tmp_path / "loop.yaml")
    assert "cannot be read" in message_of(load_exercise, tmp_path / ("a" * 5_000))
    assert "cannot be read" in message_of(load_exercise, tmp_path / "a\0b.yaml")
    assert message_of(load_exercise, tmp_path / "none.yaml") == "none.yaml: there is no such file"


OUTSIDE = "lies outside the routine's folder; copy it beside the routine"
ELSEWHERE = {
    "a link to a file outside": ("escape.yaml", OUTSIDE),
    "a link of a bare name to a file outside": ("escape", OUTSIDE),
    "a folder that is a link to one outside": ("shared/secret.yaml", OUTSIDE),
    "a way up": ("../secret.yaml", OUTSIDE),
    "a way down and up": ("shared/../../secret.yaml", OUTSIDE),
    "a way up with backslashes": ("..\\\\secret.yaml", OUTSIDE),
    "a link to itself": ("loop.yaml", "beside the routine"),
    "a pipe": ("pipe.yaml", "beside the routine"),
    "a pipe of a bare name": ("pipe", "there is no exercise"),
    "a folder": ("shared.yaml", "beside the routine"),
    "a name too long for a file": ("a" * 190 + ".yaml" + "ü" * 60, "1"),
    "a name too long for a path": ("a/" * 3_000 + "b.yaml", "beside the routine"),
    "a home folder": ("~/secret.yaml", "beside the routine"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_routine_uses_files_of_its_own_folder_only(name: str, tmp_path: Path) -> None:
    """Use exercises that lie outside through links and dots, or are no files; expect one problem each."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.yaml").write_text(EXERCISE, encoding="utf-8")
    (home / "escape.yaml").symlink_to(tmp_path / "secret.yaml")
    (home / "shared").symlink_to(tmp_path)
    (home / "shared.yaml").mkdir()
    (home / "loop.yaml").symlink_to(home / "loop.yaml")
    os.mkfifo(home / "pipe.yaml")
    use, said = ELSEWHERE[name]
    path = home / "mine.yaml"
    path.write_text(f'title: Mine\nexercises: ["{use}"]\n', encoding="utf-8")
    assert said in message_of(load_routine, path)


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    """Use a link to another file of the same folder."""
    (tmp_path / "cow.yaml").write_text(EXERCISE, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("cow.yaml")
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nexercises: [link]\n", encoding="utf-8")
    assert load_routine(path).prescriptions[0].exercise.name == "Cat-Cow"


@pytest.mark.parametrize(
    ("sound", "said"),
    [
        ("escape.wav", "lies outside the script's folder"),
        ("../secret.wav", "lies outside the script's folder"),
        ("loop.wav", "there is no file"),
        ("pipe.wav", "there is no file"),
        ("ü" * 190 + ".wav", "there is no file"),
        ("note.jpg", 'there is no file "note.jpg" beside the script'),
        ("text.wav", '"text.wav": the sound file cannot be read: '),
    ],
)
def test_a_script_names_sounds_of_its_own_folder_only(sound: str, said: str, tmp_path: Path) -> None:
    """Name sounds that lie outside, or are no files or no sounds, or have a name too long for one."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (home / "escape.wav").symlink_to(tmp_path / "secret.wav")
    (home / "loop.wav").symlink_to(home / "loop.wav")
    os.mkfifo(home / "pipe.wav")
    (home / "text.wav").write_text("no sound", encoding="utf-8")
    path = home / "mine.yaml"
    path.write_text(EXERCISE + f'  - sound: "{sound}"\n', encoding="utf-8")
    assert said in message_of(load_exercise, path)


@pytest.mark.parametrize("name", ["sea.opus", "sea.m4a", "sea.caf", "sea.xyz"])
def test_a_sound_is_known_by_what_is_in_its_file(name: str, tmp_path: Path) -> None:
    """Take any name that has a point in it for a file's."""
    soundfile.write(tmp_path / name, np.zeros(4_800, np.float32), 48_000, format="OGG", subtype="OPUS")
    path = tmp_path / "mine.yaml"
    path.write_text(EXERCISE + f"  - sound: {name}\n", encoding="utf-8")
    load_exercise(path)


def test_what_stands_at_the_limits_is_read(tmp_path: Path) -> None:
    """Read a file of the greatest size, depth, number of values and number of aliases."""
    path = tmp_path / "full.yaml"
    path.write_text("a: 1\n#" + "-" * (MAX_BYTES - 6), encoding="utf-8")
    assert read(path).value == {"a": 1}
    path.write_text("[" * MAX_DEPTH + "]" * MAX_DEPTH, encoding="utf-8")
    assert str(read(path).value).count("[") == MAX_DEPTH
    path.write_text("[" + "a," * (MAX_NODES - 1) + "]", encoding="utf-8")
    assert len(read(path).value) == MAX_NODES - 1
    path.write_text("a: &x word\nb: [" + ", ".join(["*x"] * MAX_ALIASES) + "]\n", encoding="utf-8")
    assert read(path).value["b"] == ["word"] * MAX_ALIASES


def test_recordings_that_a_script_names_lie_beside_it_and_others_anywhere(tmp_path: Path) -> None:
    """Name a folder in the routine, and another one from outside: the first is found from the routine's folder."""
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nvoice: recordings:my-voice else espeak\nexercises: [cat-cow]\n", "utf-8")
    assert load_routine(path).voice == f"recordings:{tmp_path}/my-voice else espeak"
    asked = load_routine(path, settings={"voice": "recordings:../elsewhere"})
    assert asked.voice == "recordings:../elsewhere"
