"""What files are called and what they are."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from audio_builder.web.content import content_type, disposition, readable_name
from tests.web.asking import MP3, Asker

TYPES = {
    "/": "text/html; charset=utf-8",
    "/feed.xml": "application/rss+xml; charset=utf-8",
    "/sw.js": "text/javascript; charset=utf-8",
    "/assets/site.css": "text/css; charset=utf-8",
    "/assets/icon-192.png": "image/png",
    "/manifest.webmanifest": "application/manifest+json",
    "/cover.jpg": "image/jpeg",
    "/sessions.json": "application/json",
    MP3: "audio/mpeg",
    MP3.replace(".mp3", ".json"): "application/json",
    MP3.replace(".mp3", ".chapters.json"): "application/json+chapters",
    MP3.replace(".mp3", ".vtt"): "text/vtt; charset=utf-8",
    MP3.replace(".mp3", ".lrc"): "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("path", TYPES)
def test_every_file_of_a_site_has_its_type(ask: Asker, path: str) -> None:
    """Name each type as browsers and podcast apps expect it."""
    assert ask(path, method="HEAD").headers["content-type"] == TYPES[path]


@pytest.mark.parametrize(
    "name", ["secret", "notes.md", "shadow.bak", "index.php", "site.html.part", "a.mp3.part"]
)
def test_other_kinds_of_files_have_none(name: str) -> None:
    """Serve only what a site is made of."""
    assert content_type(name) is None


def test_an_mp3_plays_in_place_under_its_title(ask: Asker) -> None:
    """Keep the MP3 in the page, and give it a name a person reads."""
    assert ask(MP3).headers["content-disposition"] == 'inline; filename="Thoracic Mobility.mp3"'
    assert (
        ask(MP3 + "?download").headers["content-disposition"]
        == 'attachment; filename="Thoracic Mobility.mp3"'
    )
    assert ask(MP3 + "?v=1").headers["content-disposition"].startswith("inline")
    assert "content-disposition" not in ask("/").headers


def test_a_name_beyond_ascii_comes_in_both_forms(ask: Asker) -> None:
    """Give old browsers a name they can read, and the others the whole one."""
    header = ask("/sessions/evening/evening.mp3?download").headers["content-disposition"]
    kind, simple, whole = header.split("; ")
    assert (kind, simple) == ("attachment", 'filename="Ruhiger Abend  fur Rucken & Hufte.mp3"')
    assert unquote(whole.removeprefix("filename*=UTF-8''")) == "Ruhiger Abend – für Rücken & Hüfte.mp3"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Calm", "Calm.mp3"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j.mp3"),
        ("../../etc/passwd", "etc passwd.mp3"),
        ("line\r\nSet-Cookie: x", "line Set-Cookie x.mp3"),
        ("evil\u202egpj.exe", "evilgpj.exe.mp3"),
        ("هدوء 🧘", "هدوء 🧘.mp3"),
        ("x" * 500, "x" * 120 + ".mp3"),
        ("...", "name.mp3"),
        ("", "name.mp3"),
    ],
)
def test_readable_names_are_safe_everywhere(tmp_path: Path, title: str, name: str) -> None:
    """Keep the letters, and nothing that a file system or a header would take amiss."""
    (tmp_path / "name.json").write_text(json.dumps({"title": title}), encoding="utf-8")
    audio = tmp_path / "name.mp3"
    assert readable_name(audio) == name
    header = disposition(audio, download=True)
    assert header is not None
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_a_new_title_gives_a_new_name(tmp_path: Path) -> None:
    """Read a cue sheet again once it is another."""
    audio = tmp_path / "name.mp3"
    for title in ("Calm", "Calmer"):
        audio.with_suffix(".json").write_text(json.dumps({"title": title}), encoding="utf-8")
        assert readable_name(audio) == f"{title}.mp3"


@pytest.mark.parametrize("sheet", [None, b"", b"[]", b"{", b'{"title": 5}', b"\xff", b"[" * 100_000])
def test_without_a_good_cue_sheet_the_file_keeps_its_name(tmp_path: Path, sheet: bytes | None) -> None:
    """Fall back to the name on disk."""
    if sheet is not None:
        (tmp_path / "name.json").write_bytes(sheet)
    assert readable_name(tmp_path / "name.mp3") == "name.mp3"
