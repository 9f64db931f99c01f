"""What a site and its podcast say of themselves: a publisher's wishes come in, checked; a channel goes out."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from audio_builder.errors import OutputError
from audio_builder.publish.cuesheet import check_text
from audio_builder.publish.words import words_for

AUTHOR = "audio-builder"
_MAX_TEXT = 4_000
_EMAIL = re.compile(r"[\x21-\x3f\x41-\x7e]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNSAFE = frozenset('<>"\\^`{|} ')


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a publisher said of the site; empty is unsaid."""

    base_url: str = ""
    """Absolute and ending in a slash."""
    title: str = ""
    about: str = ""
    author: str = ""
    email: str = ""
    """Shown to everybody in the feed; directories such as Spotify's ask it whether the podcast is one's own."""

    def over(self, earlier: SiteFacts) -> SiteFacts:
        """Fill what is unsaid with what was said earlier."""
        return replace(earlier, **{name: value for name, value in asdict(self).items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The site and its podcast, with nothing unsaid."""

    title: str
    about: str
    author: str
    email: str
    """May be empty."""
    base_url: str
    """Absolute and ending in a slash; empty for a feed with relative addresses."""


def checked_facts(
    *, base_url: str | None, title: str | None, about: str | None, author: str | None, email: str | None
) -> SiteFacts:
    """Check what a publisher says; None is unsaid. Raises OutputError."""
    texts = {"the site's title": title, "the site's description": about, "the author": author}
    for field, text in texts.items():
        if text is None:
            continue
        check_text(field, text, where="publish", most=_MAX_TEXT)
        if not text.strip():
            raise OutputError(f"{field} is empty", "publish")
    if email is not None and not _EMAIL.fullmatch(email):
        raise OutputError(f"{email!r} is not an e-mail address", "--email", "Write it like me@example.org.")
    return SiteFacts(
        base_url="" if base_url is None else _checked_base(base_url),
        title=title or "",
        about=about or "",
        author=author or "",
        email=email or "",
    )


def channel_of(facts: SiteFacts, *, language: str) -> Channel:
    """Fill what is unsaid with words in the site's language."""
    words = words_for(language)
    return Channel(
        title=facts.title or words.site_title,
        about=facts.about or words.site_about,
        author=facts.author or AUTHOR,
        email=facts.email,
        base_url=facts.base_url,
    )


def _checked_base(base_url: str) -> str:
    """Check the address of the site, and end it in a slash."""
    where = "--base-url"
    hint = "Write it like https://example.org/sessions/."
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise OutputError(f"{base_url!r} is not an address: {error}", where, hint) from error
    plain = base_url.isascii() and base_url.isprintable() and not _UNSAFE & set(base_url)
    if parts.path.endswith((".html", ".htm", ".xml")):
        raise OutputError(f"{base_url!r} is the address of a page, not of the folder it is in", where, hint)
    if not good or not plain or parts.query or parts.fragment or parts.username is not None:
        raise OutputError(f"{base_url!r} is not the address of a web site", where, hint)
    return base_url if base_url.endswith("/") else base_url + "/"
