"""What each command prints: for people, for programs, and nothing at all."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.running import Ending, Terminal

SESSION = {"short.mp3", "short.json", "short.vtt", "short.lrc", "short.chapters.json"}
STAMP = re.compile(r"\d\d:\d\d:\d\d\.\d{3}")


def built(terminal: Terminal, *words: str | Path) -> str:
    """Build the short routine with the silent voice and give what stood on stdout."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent", *words)
    assert ended.code == 0, ended.err
    return ended.out


def test_build_tells_where_the_session_lies_and_what_is_in_it(terminal: Terminal, short: Path) -> None:
    """Print path, length, size, voice and chapters with their start times."""
    said = built(terminal).splitlines()
    assert said[0] == str(Path("dist/short.mp3"))
    assert re.fullmatch(r"\d:\d\d long, \d\.\d MB, voice silent \(as asked\)", said[1])
    assert [line.split(maxsplit=1)[1].strip() for line in said[2:]] == ["Welcome", "Cat-Cow", "Closing"]
    starts = [line.split()[0] for line in said[2:]]
    assert starts[0] == "0:00"
    assert starts == sorted(starts)
    assert {path.name for path in Path("dist").iterdir()} == SESSION


def test_build_shows_its_stages_on_stderr(terminal: Terminal, short: Path) -> None:
    """Name every stage; stdout stays free for the summary."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent")
    assert [line.split()[0] for line in ended.err.splitlines() if line.strip()] == [
        "Speaking",
        "Mixing",
        "Linking",
    ]


def test_quiet_says_nothing_at_all(terminal: Terminal, short: Path) -> None:
    """Build without a word."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert Path("dist/short.mp3").exists()


def test_another_session_does_not_replace_the_one_as_written(terminal: Terminal, short: Path) -> None:
    """Build as written, then with a setting: each has its files."""
    terminal.run("build", "short.yaml", "--voice", "silent")
    before = {path.name: path.read_bytes() for path in Path("dist").iterdir()}
    ended = terminal.run("build", "short.yaml", "--voice", "silent", "--guidance", "bells")
    assert ended.out.splitlines()[0] == str(Path("dist/short-guidance-bells-74a938.mp3"))
    now = {path.name: path.read_bytes() for path in Path("dist").iterdir()}
    assert len(now) == 2 * len(before)
    assert {name: now[name] for name in before} == before


@pytest.mark.parametrize("ending", ["m4b", "wav"])
def test_another_kind_of_sound_file_is_refused(terminal: Terminal, short: Path, ending: str) -> None:
    """Say what is made and how to call it, and make neither a file nor a folder."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent", "-o", f"session.{ending}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"-o session.{ending}: only MP3 is made\n  Write session.mp3.\n"
    assert not Path(f"session.{ending}").exists()


def test_cues_go_to_a_file_where_one_is_named(terminal: Terminal, short: Path) -> None:
    """Write them as Markdown: what is printed is where they are."""
    ended = terminal.run("cues", "short.yaml", "-o", "short.md", "--format", "md")
    assert (ended.code, ended.out, ended.err) == (0, "Written to short.md.\n", "")
    assert Path("short.md").read_text(encoding="utf-8").startswith("# Short\n")


def test_json_is_one_object_that_tells_what_the_summary_tells(terminal: Terminal, short: Path) -> None:
    """Parse stdout as a whole; stderr is empty, too."""
    ended = terminal.run("build", "short.yaml", "--voice", "silent", "--json")
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    assert found["path"] == str(Path("dist/short.mp3"))
    assert found["size_bytes"] == Path("dist/short.mp3").stat().st_size
    assert found["voice"] == "silent"
    sheet = json.loads(Path("dist/short.json").read_text(encoding="utf-8"))
    assert found["length_seconds"] == pytest.approx(sheet["length_seconds"])
    assert [chapter["title"] for chapter in found["chapters"]] == ["Welcome", "Cat-Cow", "Closing"]


def test_every_form_of_cues_says_the_same(terminal: Terminal, short: Path) -> None:
    """Parse all five forms: each has every spoken line, in order, and says that its times are estimates."""
    said = {
        form: terminal.run("cues", "short.yaml", "--format", form)
        for form in ("text", "json", "vtt", "lrc", "md")
    }
    assert {ended.code for ended in said.values()} == {0}
    sheet = json.loads(said["json"].out)
    assert sheet["format"] == "audio-builder cue sheet"
    assert sheet["estimated"] is True
    spoken = [event["text"] for event in sheet["events"] if event["kind"] == "cue"]
    assert spoken
    assert vtt_texts(said["vtt"].out) == spoken
    assert re.findall(r"^\[\d\d:\d\d\.\d{3}\](.*)$", said["lrc"].out, re.MULTILINE) == spoken
    for form in ("text", "md"):
        lines = re.findall(
            r"^(?:\| )?\d\d:\d\d\.\d +(?:\| )?([^(|]+?)(?: \|)?$", said[form].out, re.MULTILINE
        )
        titles = {section["title"] for section in sheet["sections"]}
        assert [line for line in lines if line not in titles] == spoken
    assert all("stimated" in ended.out for ended in said.values())


def vtt_texts(text: str) -> list[str]:
    """Read WebVTT by its rules: a head, then blocks of number, times and text; times never go back."""
    head, *blocks = text.strip().split("\n\n")
    assert head == "WEBVTT"
    texts, last = [], ""
    for block in blocks:
        if block.startswith("NOTE"):
            continue
        _, times, words = block.split("\n")
        start, end = times.split(" --> ")
        assert STAMP.fullmatch(start)
        assert STAMP.fullmatch(end)
        assert last <= start < end
        last = start
        texts.append(words)
    return texts


def test_json_wins_over_a_form(terminal: Terminal, short: Path) -> None:
    """Give `cues --json` the JSON cue sheet."""
    ended = terminal.run("cues", "short.yaml", "--json", "--format", "md")
    assert json.loads(ended.out)["title"] == "Short"
    assert ended.err == ""


def test_settings_come_through(terminal: Terminal, short: Path) -> None:
    """Set by flag and by --set in its forms; the last wins."""
    forms = {
        "cat-cow.reps=5": ("cat-cow.reps", "5"),
        " cat-cow.reps = 6 ": ("cat-cow.reps", "6"),
        "breath=3/4": ("breath.exhale", "4s"),
        "breath.inhale=5s": ("breath.inhale", "5s"),
        "breath={inhale: 3s, exhale: 5s}": ("breath.inhale", "3s"),
        "rest=1m": ("rest", "1m"),
        "levels.tones_db=-12 dB": ("levels.tones_db", "-12"),
        "title=A = B: C": ("", ""),
    }
    for form, (name, value) in forms.items():
        sheet = json.loads(terminal.run("cues", "short.yaml", "--json", "--set", form).out)
        assert sheet["settings"].get(name, "") == value, form
    assert sheet["title"] == "A = B: C"
    last = terminal.run("cues", "short.yaml", "--json", "--set", "cat-cow.reps=5", "--set", "cat-cow.reps=7")
    assert json.loads(last.out)["settings"]["cat-cow.reps"] == "7"
    flagged = terminal.run("cues", "short.yaml", "--json", "--guidance", "full")
    assert json.loads(flagged.out)["settings"]["guidance"] == "full"


def test_cues_takes_the_options_of_build(terminal: Terminal, short: Path) -> None:
    """Say to cues what one would say to build, and get the plan of that very session."""
    wishes = ("--voice", "silent", "--guidance", "light", "--set", "cat-cow.reps=5", "--offline")
    plan = json.loads(terminal.run("cues", "short.yaml", "--json", *wishes).out)
    assert terminal.run("build", "short.yaml", *wishes, "-q", "-o", "dist/short.mp3").code == 0
    sheet = json.loads(Path("dist/short.json").read_text(encoding="utf-8"))
    assert plan["settings"] == sheet["settings"]
    assert [event.get("text") for event in plan["events"]] == [event.get("text") for event in sheet["events"]]


def test_check_finds_nothing_wrong_with_the_bundled_scripts(terminal: Terminal, folder: Path) -> None:
    """Check without paths, and the same scripts by their folder."""
    from audio_builder.script.finding import scripts_folder

    for words in ((), (scripts_folder() / "routines",)):
        ended = terminal.run("check", *words)
        assert ended.code == 0, ended.err
        assert "no problem found" in ended.out


def test_check_takes_one_script_several_and_folders(terminal: Terminal, short: Path) -> None:
    """Count each script once, even where it is named twice."""
    (short.parent / "more").mkdir()
    (short.parent / "more" / "other.yml").write_text(short.read_text())
    assert terminal.run("check", "short.yaml").out.startswith("1 script checked")
    assert terminal.run("check", "short.yaml", "short.yaml", "more").out.startswith("2 scripts checked")
    assert terminal.run("check", ".").out.startswith("2 scripts checked")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_check_takes_the_bundled_scripts_of_one_language(
    terminal: Terminal, folder: Path, language: str
) -> None:
    """Check five exercises and three routines."""
    ended = terminal.run("check", "--language", language)
    assert (ended.code, ended.out) == (0, "8 scripts checked, no problem found.\n")


def test_check_looks_at_the_version_in_a_language(terminal: Terminal, short: Path) -> None:
    """Check a routine before it is translated, while its translation is wrong, and when it is right."""
    ended = terminal.run("check", "short.yaml", "--language", "de")
    assert (ended.code, ended.err) == (
        2,
        'short.yaml, --language de: the routine is written in "en"; translate it into short.de.yaml beside it\n'
        "1 problem in 1 script.\n",
    )
    german = short.with_name("short.de.yaml")
    text = short.read_text(encoding="utf-8").replace("Hello.", "Guten Tag.") + "language: de\n"
    german.write_text(text.replace("rest: 5s", "rest: bald"), encoding="utf-8")
    ended = terminal.run("check", "short.yaml", "--language", "de")
    assert ended.code == 2
    assert ended.err.startswith('short.de.yaml:5:7: rest: "bald" is not a length of time')
    assert terminal.run("check", "short.yaml").code == 0
    german.write_text(text, encoding="utf-8")
    for named in ("short.yaml", "short.de.yaml", "."):
        ended = terminal.run("check", named, "--language", "de")
        assert (ended.code, ended.out) == (0, "1 script checked, no problem found.\n")


def test_list_names_what_there_is_to_build_with(terminal: Terminal, folder: Path) -> None:
    """Find routines, exercises with their doses, voices and sounds, as JSON and as a page."""
    found = json.loads(terminal.run("list", "--json").out)
    assert {"routines", "exercises", "voices", "sounds"} <= set(found)
    names = {kind: [each.get("name") or each["engine"] for each in found[kind]] for kind in found}
    assert {"thoracic-mobility", "five-minutes", "gentle"} <= set(names["routines"])
    assert {"espeak", "gtts", "silent"} <= set(names["voices"])
    assert {"begin", "switch", "halfway", "end"} <= set(names["sounds"])
    cat_cow = next(each for each in found["exercises"] if each["name"] == "cat-cow")
    assert cat_cow["dose"] == {"reps": {"default": "6", "min": "4", "max": "12"}}
    page = terminal.run("list").out
    assert all(name in page for kind in names for name in names[kind])
    assert "reps 6 (4 to 12)" in page


def test_the_library_and_the_program_give_the_same_session(terminal: Terminal, short: Path) -> None:
    """Build both ways: the MP3s are the same bytes."""
    from audio_builder import build

    built(terminal, "--set", "cat-cow.reps=5")
    session = build("short.yaml", "library", voice="silent", settings={"cat-cow.reps": 5})
    assert session.path.read_bytes() == Path("dist", session.path.name).read_bytes()


def test_the_version_is_told(terminal: Terminal) -> None:
    """Compare with what is installed."""
    assert terminal.run("--version") == Ending(
        code=0, out=f"audio-builder {version('audio-builder')}\n", err=""
    )
