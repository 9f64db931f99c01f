"""The folder of the site: what is written, what stays, what is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from PIL import Image

from audio_builder.errors import OutputError
from audio_builder.files.atomic import mend
from audio_builder.publish import Published, publish, website
from audio_builder.publish.feed import feed_xml
from audio_builder.publish.pages import CONTENT_POLICY
from tests.publish.making import PARTS, make_session
from tests.publish.test_feed import HOSTILE

MOMENT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


class Page(HTMLParser):
    """Reads a page as a browser would: elements with their attributes, and the text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def pages_of(site: Path) -> dict[str, Page]:
    """Read every page of a site, by address."""
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


def snapshot(site: Path) -> dict[str, tuple[int, int, bytes]]:
    """Give every file with its identity and content."""
    return {
        path.relative_to(site).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in site.rglob("*")
        if path.is_file()
    }


def test_a_site_has_everything_a_phone_needs(dist: Path, tmp_path: Path) -> None:
    """Write pages, sessions, feed, manifest, icons and the service worker, and nothing half."""
    done = publish([dist / "evening.mp3"], tmp_path / "a" / "site")
    files = set(snapshot(done.folder))
    assert {path for path in files if not path.startswith("assets/")} == {
        "index.html", "feed.xml", "manifest.webmanifest", "sw.js", "sessions.json", "cover.jpg",
        *(f"sessions/evening/{name}" for name in (
            "index.html", "evening.mp3", "evening.json", "evening.vtt", "evening.lrc", "evening.chapters.json",
            "cover.jpg", "cover-512.jpg")),
    }  # fmt: skip
    assert {
        "assets/site.css",
        "assets/player.js",
        "assets/icon-192.png",
        "assets/apple-touch-icon.png",
    } <= files
    assert (done.added, done.replaced, done.unchanged, done.left_out) == (("evening",), (), (), ())
    assert {path.relative_to(done.folder).as_posix() for path in done.written} == files
    for suffix in (".mp3", ".json", ".vtt", ".lrc", ".chapters.json"):
        copied = done.folder / "sessions" / "evening" / f"evening{suffix}"
        assert copied.read_bytes() == (dist / f"evening{suffix}").read_bytes()


def test_publishing_again_changes_nothing(dist: Path, tmp_path: Path) -> None:
    """Leave every file alone when nothing is new, whatever the clock says."""
    first = publish([dist / "evening.mp3"], tmp_path, now=lambda: MOMENT)
    before = snapshot(first.folder)
    again = publish([dist / "evening.mp3"], tmp_path, now=lambda: datetime.now(UTC))
    assert snapshot(again.folder) == before
    assert (again.unchanged, again.written) == (("evening",), ())


def test_publishing_more_keeps_what_is_there(dist: Path, tmp_path: Path) -> None:
    """Add a session beside an earlier one, and show both."""
    publish([dist / "evening.mp3"], tmp_path, now=lambda: MOMENT)
    mine = tmp_path / "robots.txt"
    mine.write_text("User-agent: *\n")
    before = snapshot(tmp_path)
    done = publish([dist / "thread-the-needle.mp3"], tmp_path)
    after = snapshot(tmp_path)
    assert (done.added, sorted(done.pages)) == (("thread-the-needle",), ["evening", "thread-the-needle"])
    changed = {path for path, content in before.items() if after[path] != content}
    assert changed == {"index.html", "feed.xml", "sw.js", "sessions.json"}
    assert channel_title(done) == "Geführte Übungen", "the first session was German"
    index = pages_of(tmp_path)["index.html"]
    assert "Ruhiger Abend" in index.text
    assert "Thoracic Mobility" in index.text


def test_publishing_nothing_dresses_the_site_anew(dist: Path, tmp_path: Path) -> None:
    """Write the pages again for the sessions already there, and an empty index where there are none."""
    assert "No session has been published" in Page(publish([], tmp_path / "empty").index.read_text()).text
    publish([dist / "evening.mp3"], tmp_path)
    done = publish([], tmp_path, title="Mornings")
    assert list(done.pages) == ["evening"]
    assert "Mornings" in Page(done.index.read_text()).text


def channel_title(done: Published) -> str | None:
    """Give the podcast's title."""
    return ElementTree.parse(done.feed).getroot().findtext("channel/title")


def test_the_site_remembers_what_was_said_of_it(dist: Path, tmp_path: Path) -> None:
    """Keep address, title, about, author and e-mail when they are not said again, and take a new one alone."""
    said = {"title": "Mornings", "about": "Slowly.", "author": "Ada", "email": "ada@example.org"}
    publish([dist / "evening.mp3"], tmp_path, base_url="https://example.org/a", now=lambda: MOMENT, **said)
    before = snapshot(tmp_path)
    again = publish([dist / "evening.mp3"], tmp_path)
    assert snapshot(tmp_path) == before
    assert again.absolute
    later = publish([dist / "thread-the-needle.mp3"], tmp_path, author="Grace")
    channel = feedparser.parse(later.feed.read_bytes()).feed
    assert (channel.title, channel.subtitle, channel.link) == (
        "Mornings",
        "Slowly.",
        "https://example.org/a/",
    )
    assert channel.publisher_detail == {"name": "Grace", "email": "ada@example.org"}


def test_a_session_is_taken_off_the_site(dist: Path, tmp_path: Path) -> None:
    """Remove its files and every mention of it, and leave the other, and what is not ours."""
    publish([dist / "evening.mp3", dist / "thread-the-needle.mp3"], tmp_path)
    mine = tmp_path / "sessions" / "evening" / "notes.txt"
    mine.write_text("mine")
    done = publish([], tmp_path, remove=["evening", "thread-the-needle", "evening"])
    assert (done.removed, dict(done.pages)) == (("evening", "thread-the-needle"), {})
    assert [path for path in (tmp_path / "sessions").rglob("*") if path.is_file()] == [mine]
    for file in (done.index, done.feed, tmp_path / "sw.js", tmp_path / "sessions.json"):
        assert "evening" not in file.read_text(), file
    back = publish([dist / "evening.mp3"], tmp_path)
    assert back.added == ("evening",)
    check_addresses(tmp_path)


def test_a_renamed_session_takes_the_place_of_the_old_one(dist: Path, tmp_path: Path) -> None:
    """Publish under the new name and remove the old one in one go."""
    publish([dist / "evening.mp3"], tmp_path / "site")
    renamed = make_session(tmp_path, "night", parts=PARTS[:1], cover=b"")
    done = publish([renamed], tmp_path / "site", remove=["evening"])
    assert (done.added, done.removed, list(done.pages)) == (("night",), ("evening",), ["night"])
    check_addresses(tmp_path / "site")


@pytest.mark.parametrize("name", ["none", "../evening", "", ".", "/", "evening/"])
def test_what_is_not_there_cannot_be_removed(dist: Path, tmp_path: Path, name: str) -> None:
    """Name what the site has, and change nothing."""
    publish([dist / "evening.mp3"], tmp_path / "site")
    before = snapshot(tmp_path)
    with pytest.raises(OutputError) as caught:
        publish([], tmp_path / "site", remove=[name])
    assert (caught.value.message, caught.value.remedy) == (
        f"the site has no session {name!r}",
        "It has: evening.",
    )
    with pytest.raises(OutputError, match="to be published and removed at once"):
        publish([dist / "evening.mp3"], tmp_path / "site", remove=["evening"])
    assert snapshot(tmp_path) == before


def test_a_large_site_stays_light_to_install(dist: Path, tmp_path: Path) -> None:
    """List two hundred sessions, and keep the shell that every visitor fetches free of them."""
    site = tmp_path / "site"
    publish([dist / "evening.mp3"], site)
    ledger = json.loads((site / "sessions.json").read_bytes())
    for number in range(199):
        name = f"session-{number:03}"
        shutil.copytree(site / "sessions" / "evening", site / "sessions" / name)
        for file in (site / "sessions" / name).glob("evening*"):
            file.rename(file.with_name(file.name.replace("evening", name)))
        ledger["sessions"][name] = ledger["sessions"]["evening"]
    (site / "sessions.json").write_text(json.dumps(ledger))
    done = publish([], site)
    assert len(done.pages) == len(feedparser.parse(done.feed.read_bytes()).entries) == 200
    assert len(pages_of(site)["index.html"].elements) > 200 * 5
    assert len((site / "sw.js").read_bytes()) < 10_000
    check_addresses(site)


def test_a_session_whose_files_are_gone_is_left_out(
    dist: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Go on with the others, and say so."""
    publish([dist / "evening.mp3", dist / "thread-the-needle.mp3"], tmp_path)
    shutil.rmtree(tmp_path / "sessions" / "evening")
    done = publish([], tmp_path)
    assert (done.left_out, list(done.pages)) == (("evening",), ["thread-the-needle"])
    assert "evening is left out of the site" in caplog.text
    assert "Ruhiger Abend" not in done.index.read_text() + done.feed.read_text()


def test_a_bad_session_stops_everything_before_a_file_is_written(dist: Path, tmp_path: Path) -> None:
    """Read all before writing any."""
    with pytest.raises(OutputError, match="there is no such session"):
        publish([dist / "evening.mp3", dist / "none.mp3"], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_two_sessions_of_one_name_are_refused(dist: Path, tmp_path: Path) -> None:
    """Let no session take another's place, on no file system."""
    other = make_session(tmp_path, "Evening", parts=PARTS[:1], cover=b"")
    with pytest.raises(OutputError, match="two sessions are called 'Evening'"):
        publish([dist / "evening.mp3", other], tmp_path / "site")
    publish([dist / "evening.mp3", dist / "evening.mp3"], tmp_path / "site")
    with pytest.raises(OutputError, match="the site already has a session called 'evening'"):
        publish([other], tmp_path / "site")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_a_list_that_is_no_plain_file_is_not_waited_for(dist: Path, tmp_path: Path) -> None:
    """Put a pipe in its place."""
    os.mkfifo(tmp_path / "sessions.json")
    with pytest.raises(OutputError, match="the site's list of sessions cannot be read"):
        publish([dist / "evening.mp3"], tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "x", "version": 1, "sessions": {}}', "\0"])
def test_a_folder_with_another_list_is_not_taken_over(dist: Path, tmp_path: Path, content: str) -> None:
    """Write nothing into what is not a site of ours."""
    (tmp_path / "sessions.json").write_text(content)
    with pytest.raises(OutputError, match=r"cannot be read|something else than a site"):
        publish([dist / "evening.mp3"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["sessions.json"]


@pytest.mark.parametrize("name", ["../../escape", "/etc/x", "..", "a/b"])
def test_a_crafted_list_leads_nowhere(dist: Path, tmp_path: Path, name: str) -> None:
    """Write no file outside the sessions' folder, whatever the list says."""
    site = tmp_path / "deep" / "site"
    publish([dist / "evening.mp3"], site)
    ledger = json.loads((site / "sessions.json").read_bytes())
    ledger["sessions"][name] = ledger["sessions"]["evening"]
    (site / "sessions.json").write_text(json.dumps(ledger))
    with pytest.raises(OutputError, match=r"something else than a site of ours|cannot be read"):
        publish([], site)


def test_an_interrupted_publish_leaves_the_earlier_site_as_it_was(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stop when the last page is made, and when the last file is copied: nothing has changed, nothing is left."""

    def interrupted(*given: object, **options: object) -> bytes:
        raise KeyboardInterrupt

    publish([dist / "evening.mp3"], tmp_path, now=lambda: MOMENT)
    before = snapshot(tmp_path)
    for what in ("service_worker", "_content"):
        with monkeypatch.context() as patch:
            patch.setattr(website, what, interrupted)
            with pytest.raises(KeyboardInterrupt):
                publish([dist / "thread-the-needle.mp3"], tmp_path)
        assert snapshot(tmp_path) == before


def main() -> None:
    """Publish a session into a site, for a process that is killed in it."""
    publish([Path(sys.argv[1])], Path(sys.argv[2]), now=lambda: MOMENT)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_site_whose_publisher_was_killed_is_the_old_one_or_mended_by_the_next_run(
    dist: Path, tmp_path: Path
) -> None:
    """Kill it before one of its changes, from the first to the last: what is there is of one build, old or new."""
    old = make_session(tmp_path / "old", parts=PARTS[:2], cover=b"")
    new = dist / "thread-the-needle.mp3"
    publish([old], tmp_path / "before", now=lambda: MOMENT)
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    publish([new], tmp_path / "after", now=lambda: MOMENT)
    states = {name: contents(tmp_path / name) for name in ("before", "after")}
    seen = []
    for change in (1, 8, 14, 20, 24, 28, 34, 40, 46, 52, 60, 999):
        site = tmp_path / str(change)
        shutil.copytree(tmp_path / "before", site)
        command = [sys.executable, "-m", "tests.files.killing", str(change), str(site)]
        ended = subprocess.run([*command, "tests.publish.test_website", str(new), str(site)], check=False)
        mend(site)
        (state,) = [name for name, files in states.items() if files == contents(site)]
        seen.append((ended.returncode, state))
        publish([new], site, now=lambda: MOMENT)
        assert contents(site) == states["after"]
    assert seen == sorted(seen, key=[(-9, "before"), (-9, "after"), (0, "after")].index)
    assert len(set(seen)) == 3


def contents(site: Path) -> dict[str, bytes]:
    """Read every file of a site."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def test_a_session_that_changes_while_it_is_published_is_told(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Build it again, or remove it, when its pages are made: nothing has changed, the file is named."""
    audio = make_session(tmp_path / "dist", parts=PARTS[:2], cover=b"")
    publish([dist / "evening.mp3"], tmp_path / "site")
    before = snapshot(tmp_path / "site")
    told = []
    for change in (lambda: audio.write_bytes(audio.read_bytes() + b"more"), audio.unlink):
        make_session(tmp_path / "dist", parts=PARTS[:2], cover=b"")

        def meanwhile(*given: Any, change: Callable[[], object] = change) -> bytes:
            change()
            return feed_xml(*given)

        monkeypatch.setattr(website, "feed_xml", meanwhile)
        with pytest.raises(OutputError) as caught:
            publish([audio], tmp_path / "site")
        told.append(str(caught.value))
        assert snapshot(tmp_path / "site") == before
    assert told == [
        f"{audio}: the file changed while it was published\n  Publish again.",
        f"{audio}: cannot be read: No such file or directory",
    ]


def check_addresses(site: Path) -> None:
    """Follow every address of every page to a file of the site, and to no other host."""
    for address, page in pages_of(site).items():
        for tag, attributes in page.elements:
            for name in ("href", "src", "data-sheet", "data-cover", "data-large-cover"):
                value = attributes.get(name)
                if value is None:
                    continue
                assert not urlsplit(value).scheme, (tag, value)
                assert not urlsplit(value).netloc, (tag, value)
                path = site / unquote(urlsplit(urljoin(f"/{address}", value)).path).lstrip("/")
                assert (path / "index.html" if path.is_dir() else path).is_file(), (address, value)


def test_every_address_of_every_page_leads_to_a_file(dist: Path, tmp_path: Path) -> None:
    """Check a whole site, with names that need quoting."""
    odd = make_session(tmp_path, "Früh & spät's – Nº 1+2 (ruhig)", title="Früh", parts=PARTS[:2], cover=b"")
    publish([dist / "evening.mp3", odd], tmp_path / "site")
    check_addresses(tmp_path / "site")


def test_pages_hold_no_inline_script_or_style(dist: Path, tmp_path: Path) -> None:
    """Keep what the content policy demands, and state it in each page."""
    publish([dist / "evening.mp3"], tmp_path)
    for address, page in pages_of(tmp_path).items():
        for tag, attributes in page.elements:
            assert "style" not in attributes, (address, tag)
            assert not [name for name in attributes if name.startswith("on")], (address, tag)
            assert tag != "style"
            if tag == "script":
                assert attributes["src"]
        policies = [
            a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies == [CONTENT_POLICY]
    assert "unsafe" not in CONTENT_POLICY


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_titles_are_text_and_nothing_else(tmp_path: Path, case: str) -> None:
    """Show any text as it is, in no page as an element or an attribute of its own."""
    text = HOSTILE[case]
    audio = make_session(tmp_path, title=text, about=text, parts=PARTS[:1], cover=b"", tag_title="x")
    plain = make_session(tmp_path, "plain", title="Plain", about="Plain.", parts=PARTS[:1], cover=b"")
    hostile_site = publish([audio], tmp_path / "hostile", title=text, about=text).folder
    plain_site = publish([plain], tmp_path / "other").folder
    hostile, usual = pages_of(hostile_site), pages_of(plain_site)
    pairs = {"index.html": "index.html", "sessions/thread-the-needle/index.html": "sessions/plain/index.html"}
    for page, other in pairs.items():
        structure = [(tag, sorted(attributes)) for tag, attributes in hostile[page].elements]
        assert structure == [(tag, sorted(attributes)) for tag, attributes in usual[other].elements]
        assert " ".join(text.split()) in " ".join(hostile[page].text.split())


def test_the_player_page_works_without_scripts(dist: Path, tmp_path: Path) -> None:
    """Have the browser's own player, a download with a readable name, and chapters as addresses in time."""
    publish([dist / "evening.mp3"], tmp_path)
    page = pages_of(tmp_path)["sessions/evening/index.html"]
    (audio,) = [attributes for tag, attributes in page.elements if tag == "audio"]
    assert "controls" in audio
    assert (audio["src"] or "").startswith("./evening.mp3?v=")
    (download,) = [attributes for _, attributes in page.elements if "download" in attributes]
    assert download["download"] == "Ruhiger Abend.mp3"
    (keep,) = [attributes for _, attributes in page.elements if attributes.get("id") == "keep"]
    assert "disabled" in keep, "a press before the scripts are there would be lost"
    chapters = [a["href"] for tag, a in page.elements if tag == "a" and "data-start" in a]
    assert [str(href).rpartition("#")[2] for href in chapters] == [
        "t=0.000",
        "t=6.000",
        "t=30.504",
        "t=55.008",
    ]
    assert "Settle down on your mat." in page.text


def test_the_version_changes_with_the_session_and_with_nothing_else(dist: Path, tmp_path: Path) -> None:
    """Let players fetch again what was built again."""
    versions: list[str] = []
    for parts in (PARTS, PARTS, PARTS[:2]):
        audio = make_session(tmp_path, parts=parts, cover=b"")
        publish([audio], tmp_path / "site", title=f"Site {len(versions)}")
        ledger = json.loads((tmp_path / "site" / "sessions.json").read_bytes())
        versions.append(ledger["sessions"]["thread-the-needle"]["version"])
    assert versions[0] == versions[1] != versions[2]


def test_the_service_worker_changes_with_the_shell(dist: Path, tmp_path: Path) -> None:
    """Name every file of the shell, each there, and another version when a page changes."""
    first = publish([dist / "evening.mp3"], tmp_path)
    worker = (first.folder / "sw.js").read_text()
    shell = json.loads(re.search(r"const SHELL = (\{.*?\});", worker, re.DOTALL)[1])  # type: ignore[index]
    for file in shell["files"]:
        assert (first.folder / (unquote(file) if file != "./" else "index.html")).is_file(), file
    assert "./" in shell["files"]
    assert not [file for file in shell["files"] if file.startswith("sessions/")], "kept only when asked for"
    publish([], tmp_path, title="Another")
    assert (first.folder / "sw.js").read_text() != worker


def test_the_manifest_makes_the_site_installable(dist: Path, tmp_path: Path) -> None:
    """Have a name, a start, and icons of the sizes browsers ask for, one of them maskable."""
    site = publish([dist / "evening.mp3"], tmp_path, title='Mornings "and" evenings').folder
    manifest = json.loads((site / "manifest.webmanifest").read_bytes())
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == (
        'Mornings "and" evenings',
        "standalone",
        "./",
    )
    sizes = set()
    for icon in manifest["icons"]:
        with Image.open(site / icon["src"]) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
            assert image.format == "PNG"
        sizes.add((icon["sizes"], icon.get("purpose", "any")))
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
