"""The podcast feed: what it says, what independent parsers read, and what directories demand."""

from __future__ import annotations

import html
import io
import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from PIL import Image

from audio_builder.errors import OutputError, Setting
from audio_builder.publish import Published, publish
from audio_builder.publish.episode import timestamp
from audio_builder.publish.feed import feed_guid
from tests.publish.making import PARTS, make_session, many_chapters

BASE = "https://example.org/movement/"
MOMENT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
ATOM = "{http://www.w3.org/2005/Atom}"

HOSTILE = {
    "end of CDATA": "Calm ]]> and <![CDATA[ storm ]]>",
    "markup": '<script>alert("x")</script> & <b>bold</b> &amp; &lt;i&gt; &#0; &nbsp;',
    "quotes": """It's "quoted" 'twice' `thrice` „so“ «là»""",
    "emoji": "Rest 🧘🏽‍♀️ and 👨‍👩‍👧‍👦 breathe 🌬️",
    "right to left": "تمارين الظهر — 'שלום' and back",
    "bidi controls": "abc\u202edef\u202c \u2066ghi\u2069 \u200f",
    "template": "{{ 7*7 }} {% raw %} ${x} #{y} %s {0}",
    "long": "Breathe in, breathe out. " * 12,
    "combining": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319",
    "astral and private": "𝕋𝕙𝕠𝕣𝕒𝕩 \ue000 \U0010fffd",
    "separators": "one\u2028two\u2029three\u00a0four\u00adfive",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Publish two sessions, one after the other, under an address."""
    site = tmp_path_factory.mktemp("site")
    publish([dist / "thread-the-needle.mp3"], site, base_url=BASE, now=lambda: MOMENT)
    return publish([dist / "evening.mp3"], site, base_url=BASE, now=lambda: MOMENT + timedelta(days=1))


@pytest.fixture(scope="module")
def channel(published: Published) -> ElementTree.Element:
    """Give the channel element of the feed."""
    found = ElementTree.parse(published.feed).getroot().find("channel")
    assert found is not None
    return found


def in_site(published: Published, address: str) -> Path:
    """Find the file an absolute address means, as a web host would."""
    assert address.startswith(BASE), address
    path = published.folder / unquote(address.removeprefix(BASE))
    return path / "index.html" if path.is_dir() else path


def test_an_independent_parser_reads_the_feed(published: Published) -> None:
    """Find what the sessions are, newest first, with nothing to complain about."""
    feed = feedparser.parse(published.feed.read_bytes())
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.title == "Guided sessions"
    assert feed.feed.link == BASE
    assert [(entry.title, entry.itunes_duration) for entry in feed.entries] == [
        ("Ruhiger Abend", "60"),
        ("Thoracic Mobility", "60"),
    ]
    assert feed.entries[1].published == "Sun, 01 Mar 2026 08:30:00 +0000"


def test_the_channel_has_what_directories_demand(channel: ElementTree.Element) -> None:
    """Have each required tag once, and filled (Apple's requirements for a podcast)."""
    for tag in ("title", "link", "description", "language", f"{ITUNES}image", f"{ITUNES}category", f"{ITUNES}explicit",
                f"{ITUNES}author", f"{ITUNES}type", f"{PODCAST}guid", f"{PODCAST}medium", "lastBuildDate"):  # fmt: skip
        assert len(channel.findall(tag)) == 1, tag
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", channel.findtext("language") or "")
    category = channel.find(f"{ITUNES}category")
    assert category is not None
    assert category.get("text") == "Health & Fitness"
    assert [sub.get("text") for sub in category] == ["Fitness"]
    (self_link,) = channel.findall(f"{ATOM}link")
    assert (self_link.get("rel"), self_link.get("href")) == ("self", BASE + "feed.xml")


def test_every_item_has_what_apps_need(published: Published, channel: ElementTree.Element) -> None:
    """Have each tag once, a unique id, a good date, and an enclosure that says the truth."""
    ids = set()
    for item in channel.iter("item"):
        for tag in ("title", "link", "description", f"{CONTENT}encoded", "guid", "enclosure", "pubDate",
                    f"{ITUNES}duration", f"{ITUNES}image", f"{ITUNES}explicit", f"{ITUNES}episodeType",
                    f"{PODCAST}chapters", f"{PODCAST}transcript"):  # fmt: skip
            assert len(item.findall(tag)) == 1, tag
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        ids.add(guid.text)
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo is not None
        enclosure = item.find("enclosure")
        assert enclosure is not None
        file = in_site(published, enclosure.attrib["url"])
        assert enclosure.attrib == {
            "url": enclosure.attrib["url"], "length": str(file.stat().st_size), "type": "audio/mpeg",
        }  # fmt: skip
        assert urlsplit(enclosure.attrib["url"]).path.endswith(".mp3")
    assert len(ids) == 2


def test_every_address_in_the_feed_leads_to_a_file(
    published: Published, channel: ElementTree.Element
) -> None:
    """Point at nothing that was not published."""
    addresses = list(addresses_in(channel))
    assert len(addresses) == 5 + 2 * 5
    for address in addresses:
        assert in_site(published, address).is_file(), address


def addresses_in(channel: ElementTree.Element) -> Iterator[str]:
    """Give every address of a feed."""
    for element in channel.iter():
        yield from (element.attrib[name] for name in ("url", "href") if name in element.attrib)
        if element.tag in {"link", "url"} and element.text:
            yield element.text


def test_artwork_is_of_the_size_directories_take(published: Published, channel: ElementTree.Element) -> None:
    """Show square JPEGs of 1,400 to 3,000 pixels in RGB, below half a megabyte."""
    for image in channel.iter(f"{ITUNES}image"):
        path = in_site(published, image.attrib["href"])
        with Image.open(path) as opened:
            assert (opened.format, opened.mode) == ("JPEG", "RGB")
            assert opened.width == opened.height
            assert 1400 <= opened.width <= 3000
        assert path.suffix == ".jpg"
        assert path.stat().st_size < 512_000


def test_chapters_and_transcripts_say_what_they_are(
    published: Published, channel: ElementTree.Element
) -> None:
    """Give types as the podcast namespace has them, for files that are just that."""
    for item in channel.iter("item"):
        chapters, transcript = item.find(f"{PODCAST}chapters"), item.find(f"{PODCAST}transcript")
        assert chapters is not None
        assert transcript is not None
        assert chapters.get("type") == "application/json+chapters"
        assert json.loads(in_site(published, chapters.attrib["url"]).read_bytes())["version"] == "1.2.0"
        assert (transcript.get("type"), transcript.get("rel")) == ("text/vtt", "captions")
        assert in_site(published, transcript.attrib["url"]).read_text().startswith("WEBVTT")
    languages = [element.get("language") for element in channel.iter(f"{PODCAST}transcript")]
    assert languages == ["de", "en"]


def test_the_description_lists_the_chapters_with_their_times(channel: ElementTree.Element) -> None:
    """Write lines that apps turn into links, first 0:00."""
    evening, thread = channel.iter("item")
    assert thread.findtext("description") == thread.findtext(f"{CONTENT}encoded")
    assert thread.findtext("description") == (
        "<p>Gentle turns for a stiff upper back.</p>"
        "<p>0:00 Welcome<br>0:06 Thread the Needle, right side<br>0:30 Thread the Needle, left side<br>0:55 Rest</p>"
    )
    assert (evening.findtext("description") or "").startswith("<p>Langsam.</p><p>Ganz langsam.</p><p>0:00")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.999, "0:59"), (60, "1:00"), (3599.9, "59:59"), (3600, "1:00:00"), (36061, "10:01:01")],
)
def test_times_are_written_as_players_do(seconds: float, text: str) -> None:
    """Write hours only where there are some."""
    assert timestamp(seconds) == text


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_titles_come_through_right(tmp_path: Path, case: str) -> None:
    """Carry any text unchanged, whatever it pretends to be."""
    text = HOSTILE[case]
    part = [PARTS[0], *(PARTS[3:])]
    audio = make_session(tmp_path, title=text, about=text, parts=part, cover=b"", tag_title="x")
    done = publish([audio], tmp_path / "site", base_url=BASE, title=text, about=text, author=text)
    channel = ElementTree.parse(done.feed).getroot().find("channel")
    assert channel is not None
    item = channel.find("item")
    assert item is not None
    assert [channel.findtext("title"), channel.findtext(f"{ITUNES}author"), item.findtext("title")] == [
        text
    ] * 3
    shown = re.sub(r"<[^>]*>", "\n", item.findtext("description") or "")
    said = html.unescape(shown).split("\n")
    assert all(line.strip() in said for line in text.splitlines())
    parsed = feedparser.parse(done.feed.read_bytes())
    assert not parsed.bozo
    assert "<script" not in parsed.entries[0].description


@pytest.mark.parametrize("title", ["x" * 10_000, "a\0b", "a\x08b", "a\nb", "\ud800", "\ufffe", "", "   "])
def test_titles_no_feed_can_carry_are_refused(tmp_path: Path, title: str) -> None:
    """Refuse before anything is written."""
    audio = make_session(tmp_path, parts=PARTS[:1], cover=b"")
    sheet = json.loads(audio.with_suffix(".json").read_bytes()) | {"title": title}
    audio.with_suffix(".json").write_text(json.dumps(sheet))
    with pytest.raises(OutputError):
        publish([audio], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_description_stays_within_what_apps_show(tmp_path: Path) -> None:
    """End a long list of chapters, and a long text, with an ellipsis."""
    long = make_session(tmp_path, "long", parts=many_chapters(200), about="Wörter & mehr. " * 300, cover=b"")
    done = publish([long], tmp_path / "site", base_url=BASE)
    notes = feed_items(done)[0].findtext("description") or ""
    assert len(notes) <= 4000
    assert len(notes) > 3800
    assert notes.startswith("<p>Wörter &amp; mehr. ")
    assert "…</p><p>0:00 Part 0" in notes
    assert notes.endswith("<br>…</p>")


def feed_items(published: Published) -> list[ElementTree.Element]:
    """Give the items of a feed."""
    return list(ElementTree.parse(published.feed).getroot().iter("item"))


def test_building_again_keeps_the_id_and_the_date(dist: Path, tmp_path: Path) -> None:
    """Mend an episode without making it a new one."""
    site = tmp_path / "site"
    audio = make_session(tmp_path, parts=PARTS[:1])
    first = feed_items(publish([audio], site, base_url=BASE, now=lambda: MOMENT))[0]
    make_session(tmp_path, parts=PARTS[:2])
    later = publish(
        [audio], site, base_url="https://elsewhere.example/", now=lambda: MOMENT + timedelta(days=7)
    )
    second = feed_items(later)[0]
    assert later.replaced == ("thread-the-needle",)
    for tag in ("guid", "pubDate"):
        assert first.findtext(tag) == second.findtext(tag), tag
    assert first.find("enclosure").get("length") != second.find("enclosure").get("length")  # type: ignore[union-attr]
    built = ElementTree.parse(later.feed).getroot().findtext("channel/lastBuildDate")
    assert built == "Sun, 08 Mar 2026 08:30:00 +0000"


def test_the_same_sessions_give_the_same_feed(dist: Path, tmp_path: Path) -> None:
    """Depend on nothing but the sessions and their dates."""
    feeds = {
        publish([dist / "evening.mp3"], tmp_path / name, base_url=BASE, now=lambda: MOMENT).feed.read_bytes()
        for name in ("one", "two")
    }
    assert len(feeds) == 1


def test_without_a_base_address_the_feed_is_relative_and_says_so(dist: Path, tmp_path: Path) -> None:
    """Leave addresses for the server to complete."""
    done = publish([dist / "evening.mp3"], tmp_path)
    assert done.absolute is False
    channel = ElementTree.parse(done.feed).getroot().find("channel")
    assert channel is not None
    assert channel.find(f"{PODCAST}guid") is None
    assert not [address for address in addresses_in(channel) if urlsplit(address).scheme]


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("https://example.org", "https://example.org/feed.xml"),
        ("https://example.org/a/b", "https://example.org/a/b/feed.xml"),
        ("http://localhost:8080/x/", "http://localhost:8080/x/feed.xml"),
        ("https://xn--bcher-kva.example/%C3%BC/", "https://xn--bcher-kva.example/%C3%BC/feed.xml"),
    ],
)
def test_the_base_address_may_end_with_or_without_a_slash(
    dist: Path, tmp_path: Path, base_url: str, address: str
) -> None:
    """Complete addresses below the whole path given."""
    done = publish([dist / "evening.mp3"], tmp_path, base_url=base_url)
    assert feedparser.parse(done.feed.read_bytes()).feed.links[-1].href == address


@pytest.mark.parametrize(
    "base_url",
    ["", "example.org", "//example.org", "ftp://example.org/", "https://", "https:///x", "file:///tmp",
     "javascript:alert(1)", "https://example.org/feed.xml", "https://example.org/a/index.html",
     "https://example.org/?q=1", "https://example.org/#x", "https://me:secret@example.org/", "https://exa mple.org/",
     "https://example.org:99999/", "https://[::1", "https://example.org/\n", 'https://example.org/"', "https://bücher.example/"],
)  # fmt: skip
def test_a_base_address_that_is_none_is_refused(dist: Path, tmp_path: Path, base_url: str) -> None:
    """Say how one is written, and write nothing."""
    with pytest.raises(OutputError) as caught:
        publish([dist / "evening.mp3"], tmp_path / "site", base_url=base_url)
    assert (caught.value.where, caught.value.remedy) == (
        Setting("base_url"),
        "Write it like https://example.org/sessions/.",
    )
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("email", ["", "me", "me@", "@x.org", "a b@x.org", "me@x", "a@b@x.org", "me@x.org\n"])
def test_an_address_that_is_no_mail_address_is_refused(dist: Path, tmp_path: Path, email: str) -> None:
    """Say how one is written, and write nothing."""
    with pytest.raises(OutputError) as caught:
        publish([dist / "evening.mp3"], tmp_path / "site", email=email)
    assert (caught.value.where, caught.value.remedy) == (Setting("email"), "Write it like me@example.org.")
    assert not (tmp_path / "site").exists()


def test_the_feeds_id_is_the_one_the_namespace_defines() -> None:
    """Match the example in the podcast namespace's documentation."""
    assert feed_guid("https://mp3s.nashownotes.com/pc20rss.xml") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert feed_guid("http://mp3s.nashownotes.com/pc20rss.xml/") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_ids_are_uuids(published: Published) -> None:
    """Give ids nobody else has."""
    for item in feed_items(published):
        assert uuid.UUID((item.findtext("guid") or "").removeprefix("urn:uuid:")).version == 5


def test_the_feed_is_utf8_without_a_mark(published: Published) -> None:
    """Declare the encoding, and use it."""
    content = published.feed.read_bytes()
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="strict").read()
