"""The feed as a phone on the local network gets it."""

from __future__ import annotations

import feedparser
import pytest

from audio_builder.web.server import ServerPlan
from audio_builder.web.site import with_absolute_addresses
from tests.web.asking import Asker


def test_a_podcast_app_on_the_network_finds_everything(lan_plan: ServerPlan) -> None:
    """Follow every address of the feed to its file, through the key."""
    lan = Asker(lan_plan.port)
    base = f"http://127.0.0.1:{lan_plan.port}"
    body = lan(f"/{lan_plan.key}/feed.xml").body
    feed = feedparser.parse(body)
    assert not feed.bozo
    assert feed.feed.link == f"{base}/{lan_plan.key}/"
    addresses = [feed.feed.link, feed.feed.image.href]
    for entry in feed.entries:
        (enclosure,) = entry.enclosures
        addresses += [
            entry.link,
            enclosure.href,
            entry.image.href,
            entry.podcast_chapters["url"],
            entry.podcast_transcript["url"],
        ]
        assert (
            lan(enclosure.href.removeprefix(base), method="HEAD").headers["content-length"]
            == enclosure.length
        )
    for address in addresses:
        assert address.startswith(f"{base}/{lan_plan.key}/"), address
        assert lan(address.removeprefix(base)).status == 200, address
    for prefix in (b"<itunes:image", b"<podcast:chapters", b"<atom:link", b"<content:encoded"):
        assert prefix in body


def test_the_feed_follows_the_name_it_was_asked_by(ask: Asker) -> None:
    """Use the very host of the request, so that the phone can reach it again."""
    named = ask("/feed.xml", host=f"localhost:{ask.port}")
    assert f"http://localhost:{ask.port}/sessions/evening/evening.mp3".encode() in named.body
    numbered = ask("/feed.xml")
    assert named.headers["etag"] != numbered.headers["etag"]
    assert ask("/feed.xml", {"If-None-Match": numbered.headers["etag"]}).status == 304


def test_absolute_addresses_stay_as_they_are() -> None:
    """Change only what is relative, and no guid."""
    feed = b"""<rss version="2.0"><channel><link>https://example.org/</link><item><link>a/</link>
    <guid>a/b</guid><enclosure url="https://example.org/a.mp3"/><description>url</description></item></channel></rss>"""
    out = with_absolute_addresses(feed, "http://h/k/").decode()
    assert "<link>https://example.org/</link>" in out
    assert "<link>http://h/k/a/</link>" in out
    assert "<guid>a/b</guid>" in out
    assert 'url="https://example.org/a.mp3"' in out


@pytest.mark.parametrize(
    "feed",
    [
        b"",
        b"<rss>",
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
            b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
        ) + b"]><r>&m;</r>",
    ],
    ids=["empty", "broken", "entity bomb"],
)  # fmt: skip
def test_a_damaged_feed_is_refused(feed: bytes) -> None:
    """Raise one kind of error for everything that is no feed."""
    with pytest.raises(ValueError, match="the feed is damaged"):
        with_absolute_addresses(feed, "http://h/")
