"""What the README, the changelog and the checks say is what the code does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from audio_builder import Session
from audio_builder.script.finding import bundled
from tests.cli.running import Terminal
from tests.project.reading import ROOT, blocks, commands, page

PROJECT = tomllib.loads(page("pyproject.toml"))["project"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Give a terminal in this process."""
    return Terminal(monkeypatch, capsys)


def test_the_readme_begins_with_one_command_to_build_and_one_to_test() -> None:
    """Find venv, install and build in the first block, pytest in the second, a line each."""
    first, second = blocks("README.md", "sh")[:2]
    assert first.count("\n") == second.count("\n") == 1
    venv, install, build = first.strip().split(" && ")
    assert venv == "python3 -m venv .venv"
    assert install == ".venv/bin/pip install -e '.[voice,test]'"
    assert build == ".venv/bin/audio-builder build"
    assert second.strip() == ".venv/bin/python -m pytest"


def test_the_checks_run_the_readmes_own_commands() -> None:
    """Let the checks' own extraction give what the README says; so neither can drift."""
    script = page(".ci/run")
    assert "set -euo pipefail" in script
    assert '"$(readme 1)"' in script
    assert '"$(readme 2)"' in script
    if os.name != "nt":
        assert os.access(ROOT / ".ci/run", os.X_OK)
    bash = shutil.which("bash")
    if bash is None or shutil.which("awk") is None:
        pytest.skip("there is no bash, or no awk, here")
    subprocess.run([bash, "-n", ROOT / ".ci/run"], check=True)
    extraction = re.search(r"^readme\(\).*?^}$", script, re.MULTILINE | re.DOTALL)
    assert extraction
    for number, block in enumerate(blocks("README.md", "sh")[:2], 1):
        done = subprocess.run(
            [bash, "-c", f"{extraction[0]}\nreadme {number}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == block


def test_the_checks_install_every_judge_that_tests_ask_for() -> None:
    """Compare the judges named in tests with those in the checks."""
    asked: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        asked.update(re.findall(r"\b(?:judge|verdict)\(\s*\"([\w-]+)\"", path.read_text(encoding="utf-8")))
    listed = re.search(r"judges=\((.*?)\)", page(".ci/run"), re.DOTALL)
    assert listed
    assert asked <= {pair.partition(":")[0] for pair in listed[1].split()}
    assert "ffmpeg" in asked


def test_what_the_readme_shows_of_customising_works(terminal: Terminal, folder: Path) -> None:
    """Run each line of the second section, planning where it builds."""
    shown = commands(blocks("README.md", "sh")[2])
    assert len(shown) > 5
    for words in shown:
        ended = terminal.run(*("cues" if word == "build" else word for word in words))
        assert (ended.code, ended.err) == (0, ""), words


def test_what_the_readme_shows_of_writing_works(terminal: Terminal, folder: Path) -> None:
    """Run the third section's lines one after the other, then its own routine, with the lexicon, and exercise."""
    shown = commands(blocks("README.md", "sh")[3])
    assert {words[0] for words in shown} == {"init", "new", "check", "cues", "build"}
    for words in shown:
        ended = terminal.run(*words, *(("--voice", "silent", "-q") if words[0] == "build" else ()))
        assert ended.code == 0, (words, ended.err)
    assert Path("dist/evening.mp3").exists()
    _, routine, exercise, lexicon = blocks("README.md", "yaml")
    Path("evening.yaml").write_text(f"{routine}\n{lexicon}", encoding="utf-8")
    Path("side-stretch.yaml").write_text(exercise, encoding="utf-8")
    ended = terminal.run("check", "evening.yaml", "side-stretch.yaml")
    assert (ended.code, ended.out) == (0, "2 scripts checked, no problem found.\n"), ended.err


def test_what_the_readme_shows_of_voices_and_phones_works(terminal: Terminal, folder: Path) -> None:
    """Run the lines of both sections after a quick build; serving and downloads are left to their own tests."""
    assert terminal.run("build", "five-minutes", "--voice", "silent", "--guidance", "bells", "-q").code == 0
    shown = [words for number in (4, 5) for words in commands(blocks("README.md", "sh")[number])]
    assert {words[0] for words in shown} == {
        "voices",
        "build",
        "voice-script",
        "verify",
        "plot",
        "publish",
        "serve",
        "cache",
    }
    for words in shown:
        if words[0] not in ("serve", "verify", "plot") and words[:2] != ["voices", "install"]:
            ended = terminal.run(*("cues" if word == "build" else word for word in words))
            assert (ended.code, ended.err) == (0, ""), words
    assert Path("sample.wav").read_bytes()[:4] == b"RIFF"
    assert Path("dist/site/feed.xml").exists()
    answered = terminal.run("serve", "--help")
    assert "--lan" in answered.out


def test_the_readmes_personal_defaults_are_taken(
    terminal: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Explain a routine with the README's config.yaml: each of its lines has its way."""
    monkeypatch.setenv("AUDIO_BUILDER_CONFIG", str(folder / "config.yaml"))
    Path("config.yaml").write_text(blocks("README.md", "yaml")[0], encoding="utf-8")
    ended = terminal.run("cues", "--explain")
    assert ended.code == 0, ended.err
    assert len(re.findall(r"config\.yaml:\d+", ended.out)) >= 3


def test_the_readmes_five_lines_of_python_run(folder: Path) -> None:
    """Run them with a shorter routine and the silent voice."""
    (example,) = blocks("README.md", "python")
    quick = example.replace("thoracic-mobility", "five-minutes").replace("espeak", "silent")
    names: dict[str, object] = {}
    exec(compile(quick, "README.md", "exec"), names)
    session = names["session"]
    assert isinstance(session, Session)
    assert session.path.read_bytes().startswith(b"ID3")
    assert names["audio"].frame_rate == 48_000  # type: ignore[attr-defined]


def test_the_readme_names_the_exercises_there_are() -> None:
    """Find the title of each exercise of the default routine."""
    from audio_builder import load_routine

    text = " ".join(page("README.md").split())
    for prescription in load_routine().prescriptions:
        assert prescription.exercise.name in text
    assert set(re.findall(r"`([a-z]+-[a-z-]+)`, has five", text)) <= set(bundled("routines"))


def test_the_changelog_knows_this_version() -> None:
    """Find Unreleased on top, and the project's version."""
    headings = re.findall(r"^## \[(.+?)\]", page("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert PROJECT["version"] in page("CHANGELOG.md")


def test_pages_lead_only_to_files_that_are_there() -> None:
    """Follow each relative link."""
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(((?!https?:)[^)#]+)", page(name)):
            assert (ROOT / link).exists(), f"{name}: {link}"
