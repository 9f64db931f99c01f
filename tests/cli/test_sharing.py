"""Publishing and serving from the command line, as a person would."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio_builder.web.server import qr_text
from tests.cli.running import Terminal
from tests.publish.making import PARTS, make_session
from tests.web.asking import Asker

KEY = "a-key-of-ones-own"


@pytest.fixture
def dist(folder: Path) -> Path:
    """Lay two finished sessions into `dist/` of the working folder."""
    for name in ("calm", "evening"):
        make_session(folder / "dist", name, parts=PARTS[:1], cover=b"")
    return folder / "dist"


def test_publish_tells_what_it_did_and_what_comes_next(terminal: Terminal, dist: Path) -> None:
    """Say what is there, what was added, and how to listen; the second time, that nothing is new."""
    site = Path("dist/site/index.html")
    first = terminal.run("publish", "calm")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        f"{site}: 1 session",
        "  added: calm",
        "  The feed needs --base-url before podcast apps can read it.",
        "Listen on your phone: audio-builder serve --lan",
    ]
    second = terminal.run("publish", "--base-url", "https://example.org/s")
    assert second.out.splitlines()[:2] == [f"{site}: 2 sessions", "  added: evening"]
    third = terminal.run("publish")
    assert third.out.splitlines() == [
        f"{site}: 2 sessions",
        "Listen on your phone: audio-builder serve --lan",
    ]


def test_publish_takes_a_session_off_the_site(terminal: Terminal, dist: Path) -> None:
    """Remove the one named, and do not publish it again in the same breath."""
    terminal.run("publish", "-q")
    ended = terminal.run("publish", "--remove", "calm")
    assert ended.out.splitlines()[:2] == [f"{Path('dist/site/index.html')}: 1 session", "  removed: calm"]
    assert not (dist / "site" / "sessions" / "calm").exists()
    ended = terminal.run("publish", "--remove", "calm")
    assert (ended.code, ended.out) == (1, "")
    assert "the site has no session 'calm'" in ended.err
    assert "It has: evening." in ended.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("publish", "clam"), 1, "Did you mean 'calm'?"),
        (("publish", "--base-url", "example.org"), 2, "Write it like https://example.org/sessions/."),
        (("publish", "--email", "me"), 2, "Write it like me@example.org."),
        (("serve",), 1, "Run `audio-builder publish` first."),
        (("serve", "--host", "0.0.0.0"), 1, "Run `audio-builder publish` first."),
    ],
)
def test_mistakes_are_told_with_what_would_do(
    terminal: Terminal, dist: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    """End with 1, or with 2 where an option is wrong, and a hint, without a traceback."""
    ended = terminal.run(*words)
    assert ended.code == code
    assert message in " ".join(ended.err.split())
    assert "Traceback" not in ended.err


@contextlib.contextmanager
def serving(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run `audio-builder serve` as a process of its own."""
    command = [sys.executable, "-u", "-m", "audio_builder", "serve", *words]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def announced(process: subprocess.Popen[str]) -> list[str]:
    """Read what the server says before it waits."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Ctrl-C"):
            break
    return lines


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_serve_tells_the_address_and_ends_with_ctrl_c(terminal: Terminal, dist: Path) -> None:
    """Announce address and feed, answer, and end quietly."""
    terminal.run("publish", "-q")
    with serving("--port", "0") as process:
        address, feed, last = announced(process)
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", address)
        assert found
        assert (feed, last) == (f"Podcast feed: {address}feed.xml", "Ctrl-C stops.")
        assert Asker(int(found[1]))("/sessions/calm/").status == 200
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=120) == ("", "")
        assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_serve_to_the_network_draws_the_key_and_hides_everything_else(terminal: Terminal, dist: Path) -> None:
    """Print the QR code of the address with the key; without the key nothing is there."""
    terminal.run("publish", "-q")
    with serving("--lan", "--host", "127.0.0.1", "--port", "0", AUDIO_BUILDER_KEY=KEY) as process:
        said = announced(process)
        address = said[-3]
        found = re.fullmatch(rf"http://127\.0\.0\.1:(\d+)/{KEY}/", address)
        assert found
        assert "\n".join(said).startswith(qr_text(address).rstrip("\n"))
        ask = Asker(int(found[1]))
        assert [ask(path).status for path in (f"/{KEY}/", "/", "/feed.xml", "/sessions/calm/calm.mp3")] == [
            200, 404, 404, 404,
        ]  # fmt: skip
