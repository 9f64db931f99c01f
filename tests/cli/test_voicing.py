"""Voices as a user meets them: the list of who speaks here, a sample to hear, the lines to record."""

from __future__ import annotations

import csv
import json
import wave
from pathlib import Path

import pytest
import soundfile

from audio_builder.speech import Utterance, load_engine
from tests.cli.running import Terminal


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take every program off the PATH, and every downloaded voice away."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.usefixtures("bare")
def test_voices_say_what_works_here_and_what_would_with_one_more_step(terminal: Terminal) -> None:
    """List on a bare machine: what speaks comes first, then what a step would add, and what never will."""
    told, _, listed = terminal.run("voices", "--offline").out.partition("\n\n")
    assert [line.split()[0] for line in told.splitlines()] == ["en", "de", "es", "fr"]
    assert "espeak: no neural voice is here" in told.splitlines()[1]
    lines = listed.splitlines()
    found = {line.split()[0]: " ".join(line.split()[1:]) for line in lines if not line.startswith(" ")}
    assert found["espeak"] == "works here"
    assert found["gtts"] == "works here, with the network"
    assert found["flite"].startswith("would work with one more step: install it: apt install flite")
    assert found["piper"].startswith("would work with one more step: ")
    assert found["sapi"] == "does not work here: SAPI comes with Windows alone"
    works = [state.startswith("works here") for state in found.values()]
    assert works == sorted(works, reverse=True)


@pytest.mark.usefixtures("bare")
def test_voices_of_one_language_are_listed_with_their_timbres(terminal: Terminal) -> None:
    """List every German voice: none of another language is among them, and each takes eSpeak NG's timbres."""
    said = terminal.run("voices", "--language", "de", "--all").out
    assert "espeak:de " in said
    assert "espeak:fr" not in said
    timbres = next(line for line in said.splitlines() if "any of these behind a +" in line)
    assert {" f5", " klatt2", " m3"} <= set(timbres.split(","))


@pytest.mark.usefixtures("bare")
def test_voices_as_json_tell_the_same(terminal: Terminal) -> None:
    """Parse the list: every engine once, with its voices, timbres, and the step that is missing."""
    rows = {row["engine"]: row for row in json.loads(terminal.run("voices", "--json").out)}
    assert rows["espeak"]["works"]
    assert len(rows["espeak"]["voices"]) > 100
    assert len(rows["espeak"]["variants"]) > 50
    assert not rows["flite"]["works"]
    assert rows["flite"]["voices"] == []
    assert "apt install flite" in rows["flite"]["remedy"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("espeak:en-gb", "espeak has no voices to install\n  Piper and hibari have\n"),
        ("nonsense:", "nonsense has no voices to install\n  Piper and hibari have\n"),
    ],
)
def test_only_engines_with_downloads_are_asked_for_one(terminal: Terminal, name: str, message: str) -> None:
    """Ask others to install a voice: no other engine is taken for them."""
    ended = terminal.run("voices", "install", name)
    assert (ended.code, ended.out, ended.err) == (2, "", message)


def test_a_sample_is_the_voice_as_a_session_has_it(terminal: Terminal, folder: Path) -> None:
    """Let a voice say a text: a WAV at the session's rate lies there, and who spoke is said."""
    ended = terminal.run("voices", "--say", "Breathe in.", "--voice", "espeak:en-gb+f2", "-o", "in/hello.wav")
    assert (ended.code, ended.out) == (0, f"Written to {Path('in/hello.wav')}, by espeak:en-gb+f2.\n")
    with wave.open(str(folder / "in" / "hello.wav")) as sample:
        assert (sample.getframerate(), sample.getnchannels(), sample.getsampwidth()) == (48_000, 1, 2)
        assert 0.4 < sample.getnframes() / 48_000 < 2.0


def test_a_voice_that_is_not_there_is_one_clear_line(terminal: Terminal, folder: Path) -> None:
    """Ask for a sample by nobody: exit code 2, the nearest name, no file."""
    ended = terminal.run("voices", "--say", "Breathe in.", "--voice", "espeak:en-us+anica", "-o", "no.wav")
    assert (ended.code, ended.err) == (
        2,
        'eSpeak NG has no variant "anica"\n  did you mean "anika"?\n',
    )
    assert not list(folder.iterdir())


def test_the_lines_to_record_are_those_of_slow_and_of_quick_readers(terminal: Terminal, folder: Path) -> None:
    """Write the lines of a routine that is to last 15 minutes: whatever the teacher's pace, each cue is in it."""
    ended = terminal.run("voice-script", "thoracic-mobility", "--minutes", "15", "-o", "mine")
    assert ended.out.splitlines()[:3] == [
        f"Written: {Path('mine') / name}" for name in ("voice-script.txt", "lines.csv", "voice-script.html")
    ]
    with (folder / "mine" / "lines.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["text"] for row in csv.DictReader(file)}
    told = {}
    for speed in ("0.75", "1", "1.3"):
        cues = terminal.run(
            "cues", "thoracic-mobility", "--minutes", "15", "--set", f"speed={speed}", "--format", "json"
        )
        told[speed] = {event["text"] for event in json.loads(cues.out)["events"] if event["kind"] == "cue"}
    assert told["0.75"] != told["1.3"]
    assert [texts - listed for texts in told.values()] == [set(), set(), set()]


def test_a_teachers_own_recordings_make_a_session(terminal: Terminal, short: Path) -> None:
    """Do what the page says: write the lines, record all but one by number, build, and let another say that one."""
    terminal.run("voice-script", "short.yaml", "--guidance", "light", "-o", "mine")
    with Path("mine/lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    engine = load_engine("espeak")
    for row in rows[1:]:
        take = engine.speak(Utterance(row["text"]))
        soundfile.write(Path("mine") / f"{row['number']}.wav", take.samples, take.rate)
    engine.close()
    build = ("build", "short.yaml", "--guidance", "light", "--quiet", "--voice")
    lacking = terminal.run(*build, "recordings:mine")
    assert lacking.code == 1
    assert f"recordings has no clip for 1 line:\n  - {rows[0]['text']}\n" in lacking.err
    assert terminal.run(*build, "recordings:mine else espeak").code == 0
    assert len(list(Path("dist").glob("short-guidance-light-*.mp3"))) == 1
