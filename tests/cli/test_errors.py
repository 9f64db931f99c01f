"""Wrong input ends with one clear message on stderr, nothing on stdout, and the code that says why."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Terminal, run

WRONG = {
    "an unknown command": (("bild",), "No such command 'bild'"),
    "an unknown option": (("build", "--vioce", "x"), "--voice"),
    "silence from what only prints": (("cues", "--quiet"), "No such option: --quiet"),
    "an option without its value": (("build", "--set"), "requires an argument"),
    "one argument too many": (("cues", "gentle", "extra"), "extra"),
    "an unknown routine": (("build", "nope"), "nope: there is no bundled routine of this name"),
    "an unknown file": (("cues", "nope.yaml"), "nope.yaml: there is no such file"),
    "an exercise as routine": (
        ("build", "cat-cow"),
        'cat-cow: this is an exercise, not a routine; list it under "exercises:" in a routine, '
        "as audio-builder new routine NAME writes one\n",
    ),
    "a command that is like no other": (("watch",), "No such command 'watch'.\n  See audio-builder --help\n"),
    "a misspelt command": (("buidl",), "No such command 'buidl'. Did you mean 'build'?\n"),
    "a folder as routine": (("cues", "./"), "this is a folder"),
    "a folder by its bare name": (("cues", "."), ".: this is a folder"),
    "a misspelt routine to start from": (("init", "gentel"), 'did you mean "gentle"?'),
    "an unknown form": (("cues", "--format", "pdf"), '"pdf" is not a format; choose one of text, json'),
    "an unknown guidance": (("cues", "--guidance", "loud"), '--guidance: "loud" is not known here'),
    "a file to check that is not there": (("check", "nope.yaml"), "nope.yaml: there is no such file"),
    "an unknown engine": (("build", "--voice", "nope"), '--voice: no speech engine is called "nope"'),
    "an unknown engine that fills in": (
        ("build", "--voice", "silent else nope"),
        '--voice: no speech engine is called "nope"',
    ),
    "an unknown engine for exact times": (
        ("cues", "--exact", "--set", "voice=nope"),
        '--set voice: no speech engine is called "nope"',
    ),
    "an unknown voice": (
        ("build", "--voice", "espeak:nobody"),
        '--voice: eSpeak NG has no voice "nobody"',
    ),
    "an unknown voice of the network's": (
        ("build", "--voice", "gtts:example.com"),
        '--voice: gTTS has no voice "example.com"',
    ),
    "recordings without their folder": (
        ("build", "--voice", "recordings"),
        "--voice: recordings are in a folder",
    ),
    "recordings in no folder": (
        ("build", "--voice", "recordings:nowhere"),
        "nowhere: the folder of recordings cannot be read: No such file",
    ),
    "an unknown engine for a sample": (
        ("voices", "--say", "Hello.", "--voice", "nope"),
        'no speech engine is called "nope"',
    ),
    "a sample in no language": (
        ("voices", "--say", "Hello.", "--voice", "espeak", "--language", "tlh"),
        'eSpeak NG does not speak "tlh"',
    ),
    "a language to check that nobody knows": (
        ("check", "--language", "tlh"),
        '--language: "tlh" is not known here; write one of en, de, es, fr',
    ),
    "a folder without scripts": (("check", "."), "there are no scripts (.yaml files) in this folder"),
}

WRONG_SETS = {
    "no-equals": ("cat-cow.reps", 'write a setting and its value, like "cat-cow.reps=10"'),
    "no-path": ("=10", 'write a setting and its value, like "cat-cow.reps=10"'),
    "unknown-setting": ("bretah.inhale=4s", 'did you mean "breath"?'),
    "unknown-exercise-key": ("cat-cow.rep=4", 'did you mean "cat-cow.reps"?'),
    "unknown-part": ("breath.inhail=4s", 'did you mean "inhale"?'),
    "below-a-value": ("breath.inhale.x=4", 'there is nothing to set below "inhale"'),
    "no-number": ("cat-cow.reps=many", 'reps: "many" is not a number of reps'),
    "outside-the-range": ("cat-cow.reps=99", "99 is outside the author's range of 4 to 12"),
    "negative": ("cat-cow.reps=-4", "cat-cow.reps"),
    "no-unit": ("rest=20", "rest"),
    "not-a-pace": ("breath=4-4-4-4-4", "is not a breath pace"),
    "not-a-number": ("levels.tones_db=nan", "tones_db"),
    "infinite": ("rest=infs", "rest"),
    "a-list": ("rest=[1, 2]", "rest: a list is not a length of time"),
    "broken-yaml": ("levels={", "a text cannot start with this character"),
    "endless-alias": ("rest={a: &a [*a, *a]}", "alias (*name) of itself"),
    "unknown-sound": ("sounds.begin=gong", 'there is no sound "gong"'),
    "no-words": ("title=", "there are no words here"),
    "unknown-language": ("language=tlh", "language"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_end_in_one_message_and_code_2(
    terminal: Terminal, folder: Path, words: tuple[str, ...], said: str
) -> None:
    """Say what is wrong; the input is, so the code is 2."""
    ended = terminal.run(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert "should not have" not in ended.err


@pytest.mark.parametrize(("setting", "said"), WRONG_SETS.values(), ids=WRONG_SETS.keys())
def test_a_wrong_setting_names_itself(terminal: Terminal, folder: Path, setting: str, said: str) -> None:
    """Begin the message with the option, say what is wrong, and leave nothing in dist/."""
    ended = terminal.run("build", "--voice", "silent", "--set", setting)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith(f"--set {setting.partition('=')[0]}")
    assert said in ended.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", ["build", "cues", "check"])
def test_a_broken_script_shows_file_line_and_column(terminal: Terminal, short: Path, command: str) -> None:
    """Point at the line, in every command that reads scripts."""
    short.write_text(short.read_text().replace("rest: 5s", "rest: soon"))
    ended = terminal.run(command, "short.yaml")
    assert ended.code == 2
    assert ended.out == ""
    assert 'short.yaml:5:7: rest: "soon" is not a length of time' in ended.err
    assert "  rest: soon\n" in ended.err


def test_a_routine_is_known_even_where_its_list_is_misspelt(terminal: Terminal, short: Path) -> None:
    """Find the one wrong key, not what an exercise would lack."""
    short.write_text(short.read_text().replace("exercises:", "exercise:"))
    ended = terminal.run("check", "short.yaml")
    assert ended.code == 2
    assert 'unknown key "exercise"; did you mean "exercises"?' in ended.err
    assert ended.err.endswith("1 problem in 1 script.\n")


def test_a_length_that_cannot_be_is_told_at_its_line(terminal: Terminal, short: Path) -> None:
    """Check a routine that asks for a minute where it needs more."""
    short.write_text(short.read_text() + "length: 1m\n")
    ended = terminal.run("check", "short.yaml")
    assert ended.code == 2
    assert "short.yaml:9:9: length: a length of 1m cannot be reached: within its limits" in ended.err
    assert "\n  length: 1m\n          ^\n" in ended.err


def test_a_voice_that_is_not_here_is_advice_for_it_may_be_elsewhere(terminal: Terminal, short: Path) -> None:
    """Check a routine with an engine of another machine."""
    short.write_text(short.read_text() + "voice: gttts:en\n")
    ended = terminal.run("check", "short.yaml")
    assert ended.code == 0
    assert 'voice: no speech engine is called "gttts" here; there are auto, espeak' in ended.err
    assert ended.out == "1 script checked, no problem found, 1 piece of advice.\n"


def test_every_problem_of_every_script_is_shown_and_counted(terminal: Terminal, short: Path) -> None:
    """Check a folder with two broken scripts and a sound one."""
    broken = short.read_text() + "colour: red\n"
    (short.parent / "one.yaml").write_text(broken)
    (short.parent / "two.yml").write_text(broken.replace("title: Short", "title: 3"))
    ended = terminal.run("check", short.parent)
    assert ended.code == 2
    assert f"{short.parent}/one.yaml:9:1: " in ended.err
    assert f"{short.parent}/two.yml:1:8: " in ended.err
    assert f"{short.parent}/two.yml:9:1: " in ended.err
    assert ended.err.endswith("3 problems in 3 scripts.\n")


def test_an_unknown_voice_names_those_there_are(terminal: Terminal, short: Path) -> None:
    """Suggest the one that was meant."""
    ended = terminal.run("build", "short.yaml", "--voice", "espaek")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err == '--voice: no speech engine is called "espaek"\n  did you mean "espeak"?\n'


def test_an_unknown_voice_of_a_routine_is_told_at_its_line(terminal: Terminal, short: Path) -> None:
    """Build a routine that names an engine which there is not."""
    short.write_text(short.read_text() + "voice: espaek\n")
    ended = terminal.run("build", "short.yaml")
    assert ended.code == 2
    assert ended.err == 'short.yaml:9:8: no speech engine is called "espaek"\n  did you mean "espeak"?\n'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--voice", "gtts", "--offline"), "gtts needs the network"),
        (("--voice", "flite"), "flite does not work here: "),
        (("--voice", "piper:nobody"), "piper does not work here: |there is no Piper voice "),
    ],
)
def test_a_voice_that_only_does_not_work_here_ends_with_code_1(
    terminal: Terminal, short: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """Ask for engines that there are, with nothing installed and without the network."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(short.parent / "data"))
    ended = terminal.run("build", "short.yaml", *words)
    assert ended.code == 1
    assert re.match(said, ended.err)


def test_an_output_that_cannot_be_written_ends_with_code_1(terminal: Terminal, short: Path) -> None:
    """Ask for a folder below a file."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent", "--quiet", "-o", "short.yaml/out")
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.startswith("short.yaml/out/short.mp3: cannot be written: ")
    assert "Traceback" not in ended.err


def test_a_wish_for_json_leaves_stdout_empty_on_an_error(terminal: Terminal, folder: Path) -> None:
    """Whoever reads the JSON finds none, not half of one."""
    ended = terminal.run("build", "nope", "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.count("\n") == 1


def test_what_nobody_foresaw_is_told_without_a_traceback(
    terminal: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break the program itself; with AUDIO_BUILDER_DEBUG the whole error comes out."""

    def break_down() -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("audio_builder.cli.hearing.inventory", break_down)
    ended = terminal.run("list")
    assert ended.code == 1
    assert ended.err.startswith("Something went wrong that should not have: ZeroDivisionError: planted\n")
    monkeypatch.setenv("AUDIO_BUILDER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError, match="planted"):
        terminal.run("list")


def test_the_real_program_ends_the_same_way(short: Path) -> None:
    """Run processes of their own: the codes are those of the terminal in this process."""
    for words, code in ((("bild",), 2), (("cues", "nope"), 2), (("cues", "short.yaml"), 0)):
        ended = run(*words, cwd=short.parent)
        assert ended.code == code
        assert "Traceback" not in ended.err
    refused = run("build", "short.yaml", "--voice", "silent", "-o", "short.yaml/out", cwd=short.parent)
    assert refused.code == 1
    assert "cannot be written" in refused.err


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way there")
def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    """Close the pipe after one line of many, as `head` does, and before the first."""
    for lines in (0, 1):
        command = [sys.executable, "-m", "audio_builder", "cues", "--format", "json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            for _ in range(lines):
                process.stdout.readline()
            process.stdout.close()
            said = process.stderr.read()
        assert process.returncode == 0
        assert said == b""


@pytest.mark.skipif(os.name == "nt", reason="the folder that one works in cannot be removed there")
def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    """Remove the folder under the feet of the program, which like the command looks for no module there."""
    gone = tmp_path / "gone"
    gone.mkdir()
    program = "import os; from audio_builder.cli import main; os.rmdir(os.getcwd()); main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "build", "gentle", "--voice", "silent"],
        cwd=gone,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The working folder: No such file or directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
def test_a_full_disk_behind_stdout_is_told() -> None:
    """Write to the device that is always full."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "audio_builder", "cues"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"The output: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
def test_a_full_disk_behind_stderr_changes_no_end(short: Path) -> None:
    """Send bars and errors to the device that is always full: a good build ends well, a bad one with its code."""
    for words, code in ((("short.yaml", "--voice", "silent", "-o", "out"), 0), (("nope",), 2)):
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "audio_builder", "build", *words]
            done = subprocess.run(command, stderr=full, stdout=subprocess.PIPE, cwd=short.parent, check=False)
        assert done.returncode == code
        assert (b"short.mp3" in done.stdout) == (code == 0)
    assert (short.parent / "out" / "short.mp3").is_file()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("Unable to allocate 1.20 MiB for an array"),
        RuntimeError("can't start new thread"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("core.so: failed to map segment from shared object"),
    ],
)
def test_too_little_memory_is_called_so(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Run out of memory in the ways that Python and the system have for it."""

    def starve() -> None:
        raise error

    monkeypatch.setattr("audio_builder.cli.hearing.inventory", starve)
    ended = terminal.run("list")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "There is not enough memory, or too few threads are allowed, for this. No session is left half written.\n"
        "  End other programs, or raise the limits that are set here.\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell is needed to close streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_do_no_harm(short: Path, closed: str) -> None:
    """Run without stdin, stdout or stderr, as from some schedulers; a good end and a bad one."""
    program = f'"{sys.executable}" -m audio_builder'
    good = f"{program} build short.yaml --voice silent {closed}"
    bad = f"{program} build nope {closed}"
    for command, code in ((good, 0), (bad, 2)):
        done = subprocess.run(["sh", "-c", command], cwd=short.parent, capture_output=True, check=False)
        assert done.returncode == code
        assert b"Traceback" not in done.stdout + done.stderr
        assert b"Exception" not in done.stdout + done.stderr
    assert (short.parent / "dist" / "short.mp3").exists()
