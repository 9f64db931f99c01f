"""A session's place in the site: a finished session comes in, the addresses of its files go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from audio_builder.publish.cuesheet import CueSheet
from audio_builder.publish.finished import FinishedSession

FEED = "feed.xml"
SESSIONS = "sessions"
PAGE = "index.html"
CHANNEL_COVER = "cover.jpg"
FEED_COVER_NAME = "cover.jpg"
PAGE_COVER_NAME = "cover-512.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A session with its date and version; addresses are relative to the site's root and percent-encoded."""

    session: FinishedSession
    published: datetime
    updated: datetime
    version: str

    @property
    def name(self) -> str:
        """The session's name."""
        return self.session.name

    @property
    def sheet(self) -> CueSheet:
        """The session's cue sheet."""
        return self.session.sheet

    @property
    def audio_bytes(self) -> int:
        """The size of the MP3."""
        return self.session.audio_bytes

    @property
    def page(self) -> str:
        """The player page."""
        return f"{SESSIONS}/{quote(self.name)}/"

    @property
    def audio(self) -> str:
        """The MP3."""
        return self.sidecar(".mp3")

    @property
    def cover(self) -> str:
        """The square artwork a feed shows."""
        return self.page + FEED_COVER_NAME

    @property
    def page_cover(self) -> str:
        """The smaller artwork a page shows."""
        return self.page + PAGE_COVER_NAME

    def sidecar(self, suffix: str) -> str:
        """Give the address of the session's file with that ending."""
        return f"{self.page}{quote(self.name)}{suffix}"


def main_language(episodes: Iterable[Episode]) -> str:
    """Give the language most sessions are in; English where there is none, or as many."""
    counts = Counter(episode.sheet.language for episode in episodes if episode.sheet.language)
    return max(counts, key=lambda language: (counts[language], language == "en"), default="en")
