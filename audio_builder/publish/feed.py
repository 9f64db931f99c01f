"""The podcast feed, `feed.xml`, with the tags that Apple and the Podcasting 2.0 namespace ask for.

See https://podcasting2.org/docs/podcast-namespace.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement

from audio_builder.publish.catalogue import Channel
from audio_builder.publish.episode import (
    CHANNEL_COVER,
    CHAPTERS,
    FEED,
    TRANSCRIPT,
    Episode,
    main_language,
    timestamp,
)

_EPISODES = uuid.UUID("8f6d3a4e-52f7-5b0b-9a55-0f7b1c5fd8a1")
_MAX_NOTES = 4_000
"""Apple shows at most 4,000 characters of an episode's description."""


def feed_xml(channel: Channel, episodes: Sequence[Episode]) -> bytes:
    """Write the feed, newest episode first; the same episodes always give the same bytes."""
    feed = FeedGenerator()
    feed.load_extension("podcast", atom=False)
    teach(feed)
    _describe(feed, channel, episodes)
    for episode in sorted(episodes, key=lambda one: (one.published, one.name), reverse=True):
        _add(feed, channel, episode)
    content: bytes = feed.rss_str(pretty=True)
    return content


def _describe(feed: Any, channel: Channel, episodes: Sequence[Episode]) -> None:
    address = urljoin(channel.base_url, FEED)
    cover = urljoin(channel.base_url, CHANNEL_COVER)
    feed.title(channel.title)
    feed.link(href=address, rel="self", type="application/rss+xml")
    feed.link(href=channel.base_url or "./", rel="alternate")  # the last one given is the channel's own link
    feed.description(channel.about)
    feed.language(main_language(episodes))
    feed.generator("audio-builder")
    feed.image(url=cover, title=channel.title, link=channel.base_url or "./")
    feed.lastBuildDate(max((episode.updated for episode in episodes), default=_EPOCH))
    feed.podcast.itunes_author(channel.author)
    if channel.email:
        feed.podcast.itunes_owner(channel.author, channel.email)
    feed.podcast.itunes_category({"cat": "Health & Fitness", "sub": "Fitness"})
    feed.podcast.itunes_image(cover)
    feed.podcast.itunes_type("episodic")
    feed.channel_tags.feed_address = address if channel.base_url else ""


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _add(feed: Any, channel: Channel, episode: Episode) -> None:
    def at(path: str) -> str:
        return urljoin(channel.base_url, path)

    item = feed.add_entry(order="append")
    notes = episode_notes(episode)
    item.title(episode.sheet.title)
    item.guid(guid(episode.name), permalink=False)
    item.link(href=at(episode.page))
    item.description(notes)
    item.content(notes)
    item.pubDate(episode.published)
    item.enclosure(at(episode.audio), str(episode.audio_bytes), "audio/mpeg")
    item.podcast.itunes_duration(str(round(episode.sheet.length_seconds)))
    item.podcast.itunes_image(at(episode.cover))
    item.podcast.itunes_episode_type("full")
    item.podcast.itunes_author(channel.author)
    if episode.session.has(CHAPTERS):
        item.channel_tags.chapters = at(episode.sidecar(CHAPTERS))
    if episode.session.has(TRANSCRIPT):
        item.channel_tags.transcript = at(episode.sidecar(TRANSCRIPT))
        item.channel_tags.language = episode.sheet.language


def guid(name: str) -> str:
    """Give an episode's lasting id: the same for the same session, however often it is built again."""
    return f"urn:uuid:{uuid.uuid5(_EPISODES, name)}"


def episode_notes(episode: Episode) -> str:
    """Write an episode's description as HTML: what it is about, then its chapters as `m:ss Title` lines."""
    sheet = episode.sheet
    paragraphs = (line.strip() for line in sheet.about.splitlines())
    about = "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs if line)
    if len(about) > _MAX_NOTES // 2:
        about = f"<p>{html.escape(sheet.about[: _MAX_NOTES // 4].rsplit(' ', 1)[0])}…</p>"
    room = _MAX_NOTES - len(about) - len("<p><br>…</p>")
    lines: list[str] = []
    for chapter in sheet.sections:
        line = f"{timestamp(chapter.start_seconds)} {html.escape(chapter.title)}"
        room -= len(line) + len("<br>")
        if room < 0:
            lines.append("…")
            break
        lines.append(line)
    return f"{about}<p>{'<br>'.join(lines)}</p>"


PODCAST = "https://podcastindex.org/namespace/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"

_FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace the podcast namespace's authors gave for the guids of feeds."""


class ChannelTags(BaseExtension):  # type: ignore[misc]  # feedgen carries no types
    """What the whole podcast says beyond RSS and feedgen's itunes tags."""

    feed_address = ""

    def extend_ns(self) -> dict[str, str]:
        """Name the namespace."""
        return {"podcast": PODCAST}

    def extend_rss(self, feed: Any) -> Any:
        """Add the tags to the channel; the element type is lxml's."""
        channel = feed[0]
        SubElement(channel, f"{{{ITUNES}}}explicit").text = "false"
        SubElement(channel, f"{{{PODCAST}}}medium").text = "podcast"
        if self.feed_address:
            SubElement(channel, f"{{{PODCAST}}}guid").text = feed_guid(self.feed_address)
        return feed


class EpisodeTags(BaseEntryExtension):  # type: ignore[misc]  # feedgen carries no types
    """Where an episode's chapters and transcripts are."""

    chapters = ""
    transcript = ""
    language = ""

    def extend_rss(self, entry: Any) -> Any:
        """Add the tags to the item; the element type is lxml's."""
        SubElement(entry, f"{{{ITUNES}}}explicit").text = "false"
        if self.chapters:
            SubElement(entry, f"{{{PODCAST}}}chapters", url=self.chapters, type="application/json+chapters")
        if self.transcript:
            told = {"language": self.language} if self.language else {}
            SubElement(
                entry,
                f"{{{PODCAST}}}transcript",
                url=self.transcript,
                type="text/vtt",
                rel="captions",
                **told,
            )
        return entry


def feed_guid(address: str) -> str:
    """Give the podcast's lasting id: UUID version 5 of its address without scheme and trailing slashes."""
    parts = urlsplit(address)
    return str(uuid.uuid5(_FEEDS, f"{parts.netloc}{parts.path}".rstrip("/")))


def teach(feed: FeedGenerator) -> None:
    """Let a feedgen feed know these tags, as `feed.channel_tags` and `entry.channel_tags`."""
    feed.register_extension("channel_tags", ChannelTags, EpisodeTags, atom=False)
