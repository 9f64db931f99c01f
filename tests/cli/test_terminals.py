"""Odd terminals, odd encodings, odd paths: the same answers everywhere."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from audio_builder.cli.app import command_line
from tests.cli.running import Terminal, run

ESCAPE = "\x1b"
COMMANDS = tuple(sorted(typer.main.get_command(command_line()).commands))  # type: ignore[attr-defined]
ODD_NAMES = (
    "two words.yaml",
    "übung-東京.yaml",
    "[bold]x[red].yaml",
    "-dash.yaml",
    "it's.yaml",
    "a.b.c.yaml",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_answers_everywhere(command: str) -> None:
    """Ask with both forms, wide and narrow: a sentence, an example that can be typed, no colour in a pipe."""
    for flag, width in (("--help", "80"), ("-h", "40"), ("-h", "200")):
        ended = CliRunner(env={"COLUMNS": width, "TERMINAL_WIDTH": width}).invoke(
            command_line(), [command, flag]
        )
        assert ended.exit_code == 0
        assert "Usage:" in ended.output
        assert ESCAPE not in ended.output
    lines = [line.strip() for line in ended.output.splitlines()]
    assert any(re.match(rf"audio-builder {command}\b", line) for line in lines), "there is no example"


def test_no_words_at_all_get_the_help(terminal: Terminal) -> None:
    """Show the commands, and what to start with."""
    ended = terminal.run()
    assert ended.code == 0
    assert all(command in ended.out for command in COMMANDS)
    assert "Start with: audio-builder build" in ended.out
    assert ended.err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion_script(shell: str) -> None:
    """Show the script; it names the program."""
    ended = run("--show-completion", shell)
    if "not supported" in ended.err:
        pytest.skip("started from a shell that has no completion, such as sh; Typer looks at that one")
    assert ended.code == 0
    assert "audio-builder" in ended.out or "audio_builder" in ended.out


def test_completion_completes_commands_and_options() -> None:
    """Ask as bash does, after a few letters."""
    program = Path(sys.executable).with_name("audio-builder")
    if not program.exists():
        pytest.skip("the program's command is not installed beside this interpreter")
    for words, wanted in (("audio-builder bu", "build"), ("audio-builder cues --form", "--format")):
        environment = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        said = _completed(program, environment)
        assert said.split() == [wanted]


def _completed(program: Path, environment: dict[str, str]) -> str:
    import subprocess

    variables = {**os.environ, "_AUDIO_BUILDER_COMPLETE": "complete_bash", **environment}
    return subprocess.run([program], env=variables, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "terminal_kind",
    [
        {"NO_COLOR": "1", "COLUMNS": "40"},
        {"TERM": "dumb"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent", "USERPROFILE": "/nonexistent"},
    ],
    ids="-".join,
)
def test_a_build_ends_well_on_any_terminal(short: Path, terminal_kind: dict[str, str]) -> None:
    """Build a routine whose title few encodings know; every character comes out as UTF-8."""
    short.write_text(short.read_text().replace("title: Short", "title: Rücken 東京 ✨"), encoding="utf-8")
    ended = run("build", "short.yaml", "--voice", "silent", "-o", "é", cwd=short.parent, **terminal_kind)
    assert ended.code == 0, ended.err
    assert str(Path("é/short.mp3")) in ended.out
    assert ESCAPE not in ended.out + ended.err
    sheet = json.loads((short.parent / "é" / "short.json").read_text(encoding="utf-8"))
    assert sheet["title"] == "Rücken 東京 ✨"
    shown = run("cues", "short.yaml", cwd=short.parent, **terminal_kind)
    assert shown.out.startswith("Rücken 東京 ✨: ")


def test_colour_appears_where_it_is_asked_for_and_nowhere_else(short: Path) -> None:
    """Force colour: the summary has it; NO_COLOR takes the colours away."""
    words = ("build", "short.yaml", "--voice", "silent")
    forced = run(*words, cwd=short.parent, FORCE_COLOR="1", TERM="xterm-256color")
    assert ESCAPE in forced.out
    plain = run(*words, cwd=short.parent)
    assert re.sub(r"\x1b\[[0-9;]*m", "", forced.out).split() == plain.out.split()
    coloured = run(*words, "--set", "x=1", cwd=short.parent, FORCE_COLOR="1")
    assert ESCAPE not in coloured.err


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_routines_and_folders_work(terminal: Terminal, short: Path, name: str) -> None:
    """Build from an odd path, relative and absolute, into a folder of that name."""
    odd = short.parent / name
    short.rename(odd)
    out = short.parent / f"to {odd.stem}"
    for path in (f"./{name}", odd):
        ended = terminal.run("build", path, "--voice", "silent", "--output", out)
        assert ended.code == 0, ended.err
        mp3 = next(out.glob("*.mp3"))
        assert ended.out.splitlines()[0] == str(mp3)


def test_a_file_name_that_is_no_text_names_its_session_with_underscores(short: Path) -> None:
    """Name the routine in Latin-1, which is no UTF-8: its session and all sidecars have a name that is."""
    odd = os.fsencode(short.parent) + b"/gr\xf6\xdfe.yaml"
    try:
        os.rename(short, odd)  # noqa: PTH104 - a path of bytes
    except (OSError, UnicodeError):
        pytest.skip("file names are always text here")
    ended = run("build", os.fsdecode(odd), "--voice", "silent", cwd=short.parent)
    assert ended.code == 0, ended.err
    assert {path.name for path in (short.parent / "dist").iterdir()} == {
        f"gr__e.{ending}" for ending in ("mp3", "json", "vtt", "lrc", "chapters.json")
    }
    sheet = json.loads((short.parent / "dist" / "gr__e.json").read_text(encoding="utf-8"))
    assert (sheet["routine"], sheet["audio"]) == ("gr__e", "gr__e.mp3")


def test_titles_that_look_like_markup_are_shown_as_they_are(terminal: Terminal, short: Path) -> None:
    """Name an exercise like a tag of the terminal library, and like a smiley."""
    (short.parent / "odd.yaml").write_text(
        "name: '[/red] :smile: [bold]'\nabout: x\nstart: {position: standing, say: Stand up.}\n"
        "easier: Do less.\navoid: Leave it out if it hurts.\nsides: none\nsteps: [{pause: 1s}, {say: Go.}]\n"
    )
    short.write_text("title: Short\nexercises: [odd.yaml]\n")
    ended = terminal.run("build", "short.yaml", "--voice", "silent")
    assert ended.code == 0, ended.err
    assert "[/red] :smile: [bold]" in ended.out


def test_output_is_a_file_where_it_ends_in_mp3_and_a_folder_elsewhere(
    terminal: Terminal, short: Path
) -> None:
    """Give a file, a new folder below a new folder, and an existing one."""
    (short.parent / "here").mkdir()
    for given, lies in (
        ("my one.mp3", "my one.mp3"),
        ("new/deep", "new/deep/short.mp3"),
        ("here", "here/short.mp3"),
    ):
        ended = terminal.run("build", "short.yaml", "--voice", "silent", "-o", given, "--json")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["path"] == str(Path(lies))
        assert Path(lies).read_bytes()[:3] == b"ID3"
