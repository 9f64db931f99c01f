"""The catalogue of a site, `sessions.json`: its sessions, since when, and what its publisher said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from audio_builder.errors import OutputError, Setting
from audio_builder.language import language_of
from audio_builder.publish.episode import check_text, is_publishable
from audio_builder.session.untrusted import read_bytes

AUTHOR = "audio-builder"
_MAX_TEXT = 4_000
_MOST_BYTES = 16 << 20
"""Of the list; a thousand sessions have some 200 kB."""
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
    for said, text in texts.items():
        if text is None:
            continue
        check_text(said, text, where="publish", most=_MAX_TEXT)
        if not text.strip():
            raise OutputError(f"{said} is empty", "publish")
    if email is not None and not _EMAIL.fullmatch(email):
        raise OutputError(
            f"{email!r} is not an e-mail address", Setting("email"), "Write it like me@example.org."
        )
    return SiteFacts(
        base_url="" if base_url is None else _checked_base(base_url),
        title=title or "",
        about=about or "",
        author=author or "",
        email=email or "",
    )


def channel_of(facts: SiteFacts, *, language: str) -> Channel:
    """Fill what is unsaid with words in the site's language."""
    words = language_of(language).pages
    return Channel(
        title=facts.title or words.site_title,
        about=facts.about or words.site_about,
        author=facts.author or AUTHOR,
        email=facts.email,
        base_url=facts.base_url,
    )


def _checked_base(base_url: str) -> str:
    """Check the address of the site, and end it in a slash."""
    where = Setting("base_url")
    remedy = "Write it like https://example.org/sessions/."
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise OutputError(f"{base_url!r} is not an address: {error}", where, remedy) from error
    plain = base_url.isascii() and base_url.isprintable() and not _UNSAFE & set(base_url)
    if parts.path.endswith((".html", ".htm", ".xml")):
        raise OutputError(f"{base_url!r} is the address of a page, not of the folder it is in", where, remedy)
    if not good or not plain or parts.query or parts.fragment or parts.username is not None:
        raise OutputError(f"{base_url!r} is not the address of a web site", where, remedy)
    return base_url if base_url.endswith("/") else base_url + "/"


LEDGER = "sessions.json"
_FORMAT = "audio-builder site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One session of the site."""

    published: datetime
    """When it first came to the site; a podcast's date must not move when an episode is mended."""
    updated: datetime
    version: str
    """Changes with the audio or the cue sheet, and with nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All that a site remembers from one publishing to the next."""

    format: str
    version: int
    site: SiteFacts = field(default_factory=SiteFacts)
    sessions: Mapping[str, Entry] = field(default_factory=dict)


def read_ledger(site: Path) -> Ledger:
    """Read the site's list; an empty one where there is no site yet."""
    from pydantic import TypeAdapter, ValidationError

    path = site / LEDGER
    try:
        if not path.exists():
            return Ledger(format=_FORMAT, version=1)
        content = read_bytes(path, name="list of sessions", most_bytes=_MOST_BYTES)
        ledger = TypeAdapter(Ledger).validate_json(content)
    except (ValidationError, OSError, OutputError) as error:
        raise OutputError(
            "the site's list of sessions cannot be read",
            str(path),
            "Publish into another folder, or delete this file.",
        ) from error
    if ledger.format != _FORMAT or ledger.version != 1 or not all(map(is_publishable, ledger.sessions)):
        raise OutputError(
            "this folder holds something else than a site of ours", str(path), "Choose another folder."
        )
    return ledger


def ledger_json(ledger: Ledger) -> bytes:
    """Write the site's list as JSON, in order of name."""
    entries = {
        name: asdict(entry) | {"published": entry.published.isoformat(), "updated": entry.updated.isoformat()}
        for name, entry in sorted(ledger.sessions.items())
    }
    content = {
        "format": ledger.format,
        "version": ledger.version,
        "site": asdict(ledger.site),
        "sessions": entries,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
