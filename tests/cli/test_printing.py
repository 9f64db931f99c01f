"""What is printed does no more to a terminal than to be read, whatever files and options hold."""

from __future__ import annotations

import ast
import json
import logging
import sys
import unicodedata
from pathlib import Path

import pytest

from audio_builder import cli
from audio_builder.cli.printing import LogPrinter, plain
from tests.cli.running import Terminal, run
from tests.cli.test_terminals import COMMANDS

HOSTILE = "\x1b[31m\x9b2J\x07\u202egpj"
SHOWN = r"\u001b[31m\u009b2J\u0007\u202egpj"
WORDS = (
    ("build", HOSTILE),
    ("build", f"{HOSTILE}.yaml"),
    ("build", "--set", f"{HOSTILE}=1"),
    ("build", "--set", HOSTILE),
    ("cues", HOSTILE),
    ("cues", "--format", HOSTILE),
    ("cues", "--only", HOSTILE),
    ("cues", "--explain", "--set", f"{HOSTILE}=1"),
    ("check", HOSTILE),
    ("check", "--language", HOSTILE),
    ("list", HOSTILE),
    ("init", HOSTILE),
    ("init", "-o", f"{HOSTILE}.yaml"),
    ("new", HOSTILE, "name"),
    ("new", "exercise", HOSTILE),
    ("schema", HOSTILE),
    ("voices", "--say", "Hello.", "--voice", HOSTILE),
    ("voices", "--say", "Hello.", "--voice", "silent", "-o", f"{HOSTILE}.wav"),
    ("voices", "install", HOSTILE),
    ("voices", HOSTILE),
    ("voice-script", HOSTILE),
    ("voice-script", "-o", HOSTILE),
    ("verify", HOSTILE),
    ("plot", HOSTILE),
    ("publish", HOSTILE),
    ("publish", "--remove", HOSTILE),
    ("serve", HOSTILE),
    (HOSTILE,),
    (f"--{HOSTILE}",),
)
UNREPEATED = (
    ("build", "--set", f"cat-cow.reps={HOSTILE}"),
    ("build", "--voice", HOSTILE),
    ("build", "--pace", HOSTILE),
    ("build", "--language", HOSTILE),
    ("publish", "--base-url", HOSTILE),
    ("publish", "--email", HOSTILE),
    ("init", "--language", HOSTILE),
    ("serve", "--host", HOSTILE),
    ("serve", "--port", HOSTILE),
    ("cache", "--keep", HOSTILE),
)
"""Words that messages do not repeat, or only after an earlier layer has taken from them what cannot be seen."""


def steering(text: str) -> set[str]:
    """Find what a terminal would obey instead of showing it."""
    return {each for each in text if unicodedata.category(each) in {"Cc", "Cf"} and each not in "\n\t"}


@pytest.mark.skipif(sys.platform == "win32", reason="no such file names there")
@pytest.mark.parametrize("words", [*WORDS, *UNREPEATED], ids=lambda words: plain(" ".join(words)))
def test_words_that_would_steer_a_terminal_are_written_out(
    terminal: Terminal, folder: Path, words: tuple[str, ...]
) -> None:
    """Show an option's or a file's name as it is, readable, in every message that repeats it."""
    ended = terminal.run(*words)
    said = ended.out + ended.err
    assert steering(said) == set()
    for quoted in ("x1b", "x9b", "x07"):  # as Python writes names in quotes
        said = said.replace("\\" + quoted, "\\u00" + quoted[1:])
    assert words in UNREPEATED or SHOWN in said


def test_every_command_is_tried() -> None:
    """Leave out no command."""
    assert {words[0] for words in [*WORDS, *UNREPEATED]} >= set(COMMANDS)


def test_texts_of_a_session_from_elsewhere_steer_nothing(terminal: Terminal, short: Path) -> None:
    """Build under a name that turns the order of letters, put such texts into the cue sheet, and show it all."""
    name = "sh\u202egpj"
    short.rename(f"{name}.yaml")
    said = [
        terminal.run(*words)
        for words in (
            ("check", f"{name}.yaml"),
            ("build", f"{name}.yaml", "--voice", "espeak", "--verify"),
            ("build", f"{name}.yaml", "--voice", "espeak", "--json"),
            ("cues", f"{name}.yaml", "--explain"),
            ("cues", f"{name}.yaml", "--explain", "--json"),
            ("voice-script", f"{name}.yaml"),
            ("voices", "--say", f"Hello. {HOSTILE}", "--voice", "silent"),
            ("cache", "--all"),
            ("cache", "--all", "--json"),
            ("publish",),
        )
    ]
    assert [each.code for each in said] == [0] * len(said), said
    assert json.loads(said[2].out)["path"].endswith(f"{name}.mp3")
    assert r"\u202egpj" in said[1].out
    sheet = Path("dist") / f"{name}.json"
    texts = sheet.read_text(encoding="utf-8").replace("Hello.", json.dumps(HOSTILE)[1:-1])
    sheet.write_text(texts.replace('"title": "', '"title": "' + json.dumps(HOSTILE)[1:-1]), encoding="utf-8")
    said += [terminal.run(*words) for words in (("verify",), ("verify", "--json"), ("plot",), ("publish",))]
    assert [steering(each.out + each.err) for each in said] == [set()] * len(said)


def test_colours_of_ours_alone_reach_a_terminal(short: Path) -> None:
    """Build with every bar and colour; a name that holds ESC arrives written out."""
    short.rename(short.parent / f"{HOSTILE}.yaml")
    words = ("build", f"{HOSTILE}.yaml", "--voice", "silent")
    ended = run(*words, cwd=short.parent, FORCE_COLOR="1", TERM="xterm-256color", COLUMNS="200")
    assert ended.code == 0, ended.err
    assert "\x1b[" in ended.out
    assert SHOWN in ended.out
    assert [each for each in ("\x1b[31m", "\x9b", "\x07", "\u202e") if each in ended.out + ended.err] == []


def test_markup_in_a_name_is_shown_as_it_is(terminal: Terminal, short: Path) -> None:
    """Build and verify what is called like a style."""
    short.rename("[red]x[bold].yaml")
    assert terminal.run("build", "[red]x[bold].yaml", "--voice", "espeak").code == 0
    assert "[red]x[bold].mp3" in terminal.run("verify").out


def test_warnings_of_libraries_are_written_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Print a log message on the error stream."""
    LogPrinter().emit(logging.makeLogRecord({"msg": "%s is left out", "args": ("a\x1bb",)}))
    assert capsys.readouterr() == ("", "a\\u001bb is left out\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Übung 東京 👩‍🏫 שלום", "Übung 東京 👩‍🏫 שלום"),
        ("soft\u00adhyphen\nline\ttab", "soft\u00adhyphen\nline\ttab"),
        ("\r\b\x00\x7f\x85", r"\r\b\u0000\u007f\u0085"),
        ("\u061c\u200e\u200f\u2028\u2066\ufeff", r"\u061c\u200e\u200f\u2028\u2066\ufeff"),
        ("\U000e0041", r"\udb40\udc41"),
    ],
)
def test_only_what_steers_is_written_out(text: str, shown: str) -> None:
    """Leave letters, emoji and line ends; write out controls and marks of direction, as JSON does."""
    assert plain(text) == shown


def test_nothing_is_printed_by_another_way() -> None:
    """Find no other call in the command line's modules that writes."""
    for path in sorted(Path(cli.__file__).parent.glob("*.py")):
        calls = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        }
        writing = calls & {"typer.echo", "print", "sys.stdout.write", "sys.stderr.write", "Console"}
        allowed = {"printing.py": {"typer.echo"}, "__init__.py": {"print"}}.get(path.name, set())
        assert writing == allowed, path
