"""What addresses name and what files are called; and a corpus of ways out of a folder that lead nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from audio_builder.publish import publish
from audio_builder.web.resources import content_type, disposition, find, readable_name, segments_of
from audio_builder.web.server import prepare
from tests.publish.making import make_session
from tests.session.making import written
from tests.web.asking import MP3, Answer, Asker
from tests.web.conftest import serving

SECRET = b"not for you"

_UP = ["..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "..%00", "..%20", "..%09", "...", "..;", "%252e%252e", "%c0%ae%c0%ae",
       "%e0%80%ae%e0%80%ae", "%uff0e%uff0e", "%ef%bc%8e%ef%bc%8e", "..%c0%af", ".%00.", ".. ", "..."]  # fmt: skip
_SEPARATORS = ["/", "%2f", "%2F", "\\", "%5c", "%5C", "%252f", "%c0%af", "%e0%80%af", "%u2215", "%ef%bc%8f"]

CORPUS = sorted(
    {f"/{up}{separator}secret.txt" for up in _UP for separator in _SEPARATORS}
    | {f"/assets{separator}..{separator}..{separator}secret.txt" for separator in _SEPARATORS}
    | {f"/sessions/{up}/{up}/secret.txt" for up in _UP}
    | {f"{'/..' * depth}/etc/passwd" for depth in range(1, 12)}
    | {f"{'/%2e%2e' * depth}/etc/passwd" for depth in (1, 4, 15, 16, 17, 60)}
    | {
        "//etc/passwd", "///etc/passwd", "/%2fetc/passwd", "/%2f%2fetc/passwd", "/./secret.txt", "/././../secret.txt",
        "/assets//site.css", "/assets/./site.css", "/assets/../index.html", "//index.html", "/index.html/",
        "/index.html/.",
        "/index.html/..", "/index.html%00", "/index.html%00.png", "/%00", "/%00/index.html", "/assets/site.css%00.html",
        "/C:/Windows/win.ini", "/C:%5cWindows%5cwin.ini", "/c:secret.txt", "/%5c%5cserver%5cshare%5cfile.txt",
        "/\\\\server\\share\\file.txt", "/%5c%5c?%5cC:%5csecret.txt", "/%5c%5c.%5cC:%5csecret.txt",
        "/index.html::$DATA",
        "/index.html:stream", "/index.html.", "/index.html%20", "/index.html..", "/index.html%2e",
        "/INDEX~1.HTM", "/~root/",
        "/~/secret.txt", "/con", "/con.txt", "/CON.html", "/nul", "/nul.mp3", "/aux.json", "/prn.txt",
        "/com1", "/com1.txt",
        "/lpt9.png", "/COM%C2%B9.txt", "/conin$", "/assets/nul", "/.hidden.txt", "/.git/config", "/.env", "/.htaccess",
        "/.ssh/id_rsa", "/assets/.hidden.txt", "/.", "/..", "/%2e", "/%2e%2e", "/outside.txt", "/outside/secret.txt",
        "/outside/", "/outside", "/around/secret.txt", "/around/site/../secret.txt", "/loop", "/loop/loop/loop",
        "/hidden-by-name.txt", "/fifo.txt", "/secret.bin", "/sessions", "/sessions/", "/assets/",
        "/assets/?list", "/%", "/%zz", "/%2", "/%ff", "/%ed%a0%80", "/%f0%28%8c%28", "/" + "a" * 300, "/" + "a/" * 400,
        "/" + "x" * 5000, "/index.html?" + "x" * 5000, "/*", "/?/../secret.txt", "/index.html%0d%0aSet-Cookie:x=y",
        "/%0a", "/%1b%5b31m", "/assets%0a/site.css", "/index.html%7f", "/|id", "/%7cid", "/<script>", "/%3cscript%3e",
        "/%22%3e%3cscript%3e", "/$(id)", "/`id`", "/index.php", "/cgi-bin/sh", "/server-status", "/sessions.json.part",
    }
)  # fmt: skip

WHOLE_TARGETS = [
    "http://evil.example/secret.txt",
    "http://evil.example/../secret.txt",
    "file:///etc/passwd",
    "..",
    "../secret.txt",
    "secret.txt",
    "*",
    "",
]


@pytest.fixture(scope="module")
def crafty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a site, and put things beside it and links into it that must not be served."""
    around = tmp_path_factory.mktemp("around")
    site = publish([make_session(around / "dist")], around / "site").folder
    for place in (around, site / "assets"):
        (place / ".hidden.txt").write_bytes(SECRET)
    for place in (around / "secret.txt", site / ".hidden.txt", site / "secret.bin"):
        place.write_bytes(SECRET)
    (site / "assets" / "folder-without-index").mkdir()
    (site / "outside.txt").symlink_to(around / "secret.txt")
    (site / "outside").symlink_to(around, target_is_directory=True)
    (site / "around").symlink_to("..", target_is_directory=True)
    (site / "loop").symlink_to("loop")
    (site / "hidden-by-name.txt").symlink_to(".hidden.txt")
    (site / "inside.css").symlink_to("assets/site.css")
    os.mkfifo(site / "fifo.txt")
    return site


@pytest.fixture(scope="module")
def prowl(crafty: Path) -> Iterator[Asker]:
    """Ask a server in front of the crafty site."""
    for plan in serving(prepare(crafty, port=0)):
        yield Asker(plan.port)


def test_the_corpus_is_large() -> None:
    """Hold at least a hundred different ways."""
    assert len(CORPUS) >= 100


def test_no_address_of_the_corpus_leads_anywhere(prowl: Asker) -> None:
    """Answer each with a refusal that gives nothing away and leads no browser elsewhere."""
    for path in CORPUS:
        answer = prowl(path)
        assert answer.status in {400, 404, 414} or leads_on_within(answer), (path, answer)
        assert SECRET not in answer.body, path
        assert b"root:" not in answer.body, path
        assert "set-cookie" not in answer.headers, path


def leads_on_within(answer: Answer) -> bool:
    """Say whether an answer is one of the harmless two: a folder's slash, or the index with a query."""
    if answer.status == 308:
        return answer.headers["location"].startswith("./") and "//" not in answer.headers["location"]
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


def test_only_two_addresses_of_the_corpus_are_not_refused(prowl: Asker) -> None:
    """Tell apart what is harmless from what is refused."""
    kept = {path: answer.status for path in CORPUS if (answer := prowl(path)).status not in {400, 404, 414}}
    assert kept == {"/sessions": 308, "/?/../secret.txt": 200}


@pytest.mark.parametrize("target", WHOLE_TARGETS)
def test_targets_that_are_no_paths_are_refused(prowl: Asker, target: str) -> None:
    """Refuse absolute and bare request targets."""
    answer = prowl(target)
    assert answer.status in {400, 404}
    assert SECRET not in answer.body


def test_a_link_within_the_site_is_served(prowl: Asker, crafty: Path) -> None:
    """Follow links that stay inside."""
    assert prowl("/inside.css").body == (crafty / "assets" / "site.css").read_bytes()


def test_folders_are_not_listed(prowl: Asker) -> None:
    """Show nothing of a folder without an index page."""
    for path in ("/assets/", "/sessions/", "/assets/folder-without-index/"):
        assert prowl(path).status == 404, path


def test_the_session_folder_gets_its_slash(ask: Asker) -> None:
    """Lead to the folder, and keep the way relative so that a key in front stays."""
    answer = ask("/sessions/thread-the-needle")
    assert (answer.status, answer.headers["location"]) == (308, "./thread-the-needle/")
    assert answer.headers["cache-control"] == "max-age=3600"
    assert ask("/sessions/thread-the-needle/").status == 200


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/", ("",)),
        ("/index.html", ("index.html",)),
        ("/a/b c/ü – 👍.mp3", ("a", "b c", "ü – 👍.mp3")),
        ("/sessions/x/", ("sessions", "x", "")),
        ("/console.txt", ("console.txt",)),
        ("/a..b", ("a..b",)),
    ],
)
def test_plain_addresses_are_taken_as_they_are(path: str, segments: tuple[str, ...]) -> None:
    """Split plain names and change nothing."""
    assert segments_of(path) == segments


@pytest.mark.parametrize(
    "path",
    ["", "index.html", "//", "//x", "/./x", "/../x", "/x/..", "/.x", "/x/.y/z", "/a\\b",
     "/c:x", "/x.", "/x ", "/a\0b", "/a\x1bb",
     "/a\ufffdb", "/\ud800", "/nul", "/Com1.txt", "/lpt¹", "/x~1",
     "/a*", "/" + "y" * 256, "/" + "a/" * 16, "/ü" + "ü" * 127],
)  # fmt: skip
def test_addresses_that_are_not_plain_are_none(path: str) -> None:
    """Refuse what any system might read as something else, before any file is looked for."""
    assert segments_of(path) is None


def test_find_never_leaves_the_root(crafty: Path) -> None:
    """Stay inside even for names that were let through."""
    root = crafty.resolve()
    for names in (
        ("..", "secret.txt"),
        ("outside.txt",),
        ("outside", "secret.txt"),
        ("loop",),
        ("/etc/passwd",),
        ("a\0b",),
    ):
        assert find(root, names) is None, names
    assert find(root, (MP3.rsplit("/", 1)[1],)) is None
    assert find(root, tuple(MP3[1:].split("/"))) == root / MP3[1:]


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
    written(tmp_path / "name.json", title=title)
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
        written(audio.with_suffix(".json"), title=title)
        assert readable_name(audio) == f"{title}.mp3"


@pytest.mark.parametrize("sheet", [None, b"", b"[]", b"{", b'{"title": 5}', b"\xff", b"[" * 100_000])
def test_without_a_good_cue_sheet_the_file_keeps_its_name(tmp_path: Path, sheet: bytes | None) -> None:
    """Fall back to the name on disk."""
    if sheet is not None:
        (tmp_path / "name.json").write_bytes(sheet)
    assert readable_name(tmp_path / "name.mp3") == "name.mp3"
