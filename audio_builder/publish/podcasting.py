"""The tags feedgen does not know: a channel's or an episode's facts come in, XML elements of its feed go out.

See the Podcasting 2.0 namespace (https://podcasting2.org/docs/podcast-namespace) and Apple's requirements.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

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
