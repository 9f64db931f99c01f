"""A static site of finished sessions, in a folder that any web host serves as it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.publish import artwork
from audio_builder.publish.catalogue import (
    LEDGER,
    Channel,
    Entry,
    Ledger,
    channel_of,
    checked_facts,
    ledger_json,
    read_ledger,
)
from audio_builder.publish.episode import (
    CHANNEL_COVER,
    FEED,
    FEED_COVER_NAME,
    PAGE,
    PAGE_COVER_NAME,
    SESSIONS,
    SIDECARS,
    Episode,
    FinishedSession,
    is_publishable,
    main_language,
    read_session,
)
from audio_builder.publish.feed import feed_xml
from audio_builder.publish.files import digest_of, put, put_copy
from audio_builder.publish.pages import index_page, manifest, plain_files, player_page, service_worker

LOG = logging.getLogger(__name__)

_ICONS = {  # address → pixels, margin; a maskable icon keeps its picture within the middle 80 %
    "assets/icon-192.png": (192, 0.06),
    "assets/icon-512.png": (512, 0.06),
    "assets/icon-maskable-512.png": (512, 0.18),
    "assets/apple-touch-icon.png": (180, 0.12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a site holds after publishing, and what changed."""

    folder: Path
    index: Path
    feed: Path
    pages: Mapping[str, Path]
    """The player page of each session of the site, by name."""
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    left_out: tuple[str, ...]
    """Sessions published earlier whose files in the site are gone or damaged."""
    written: tuple[Path, ...]
    """Every file that changed."""
    absolute: bool
    """True where the feed has absolute addresses, as podcast apps need them."""


def publish(
    sessions: Iterable[Path],
    out: Path,
    *,
    remove: Iterable[str] = (),
    base_url: str | None = None,
    title: str | None = None,
    about: str | None = None,
    author: str | None = None,
    email: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Published:
    """Add the sessions whose MP3s are given to the site in a folder, and write its pages and feed anew.

    What is said of the site is remembered there, for the next time. Every session is read before anything is
    written. Each file is replaced whole, and removed last. Raises OutputError.
    """
    facts = checked_facts(base_url=base_url, title=title, about=about, author=author, email=email)
    finished = _distinct(read_session(path) for path in sessions)
    ledger = read_ledger(out)
    facts = facts.over(ledger.site)
    removed = _removable(remove, finished, ledger, out)
    entries = {name: entry for name, entry in ledger.sessions.items() if name not in removed}
    _check_taken(finished, entries, out)
    site = _Site(out)
    told: dict[str, list[str]] = {"added": [], "replaced": [], "unchanged": []}
    for session in finished:
        before = entries.get(session.name)
        entries[session.name] = site.add(session, before, now)
        told[_what_happened(before, entries[session.name])].append(session.name)
    episodes, left_out = site.episodes(entries)
    channel = channel_of(facts, language=main_language(episodes))
    if episodes:  # a podcast's title must not follow the language of its next episode
        facts = replace(facts, title=channel.title, about=channel.about)
    site.put(LEDGER, ledger_json(replace(ledger, site=facts, sessions=entries)))
    site.dress(channel, episodes)
    for name in removed:
        site.remove(name)
    return Published(
        folder=out,
        index=out / PAGE,
        feed=out / FEED,
        pages={episode.name: out / SESSIONS / episode.name / PAGE for episode in episodes},
        added=tuple(told["added"]),
        replaced=tuple(told["replaced"]),
        unchanged=tuple(told["unchanged"]),
        removed=removed,
        left_out=tuple(left_out),
        written=tuple(site.written),
        absolute=bool(facts.base_url),
    )


def _what_happened(before: Entry | None, after: Entry) -> str:
    if before is None:
        return "added"
    return "unchanged" if before.version == after.version else "replaced"


class _Site:
    """The folder being written, and what was written into it."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.written: list[Path] = []

    def put(self, address: str, content: bytes) -> None:
        """Write one file of the site."""
        path = self._out / address
        if put(path, content):
            self.written.append(path)

    def add(self, session: FinishedSession, before: Entry | None, now: Callable[[], datetime]) -> Entry:
        """Copy a session's files, the MP3 first, and draw its covers."""
        folder = self._out / SESSIONS / session.name
        for source in (session.audio, *session.sidecars):
            if put_copy(folder / source.name, source):
                self.written.append(folder / source.name)
        version = digest_of(session.audio, session.sidecars[0])[:16]
        same = before is not None and before.version == version
        if not same or not (folder / FEED_COVER_NAME).is_file() or not (folder / PAGE_COVER_NAME).is_file():
            place = f"{SESSIONS}/{session.name}"
            self.put(f"{place}/{FEED_COVER_NAME}", artwork.feed_cover(session.cover))
            self.put(f"{place}/{PAGE_COVER_NAME}", artwork.page_cover(session.cover))
        if before is not None and same:
            return before
        moment = now().astimezone(UTC).replace(microsecond=0)
        return Entry(published=before.published if before else moment, updated=moment, version=version)

    def remove(self, name: str) -> None:
        """Take a session's own files away; what somebody else put beside them stays."""
        folder = self._out / SESSIONS / name
        own = (PAGE, FEED_COVER_NAME, PAGE_COVER_NAME, *(name + suffix for suffix in (".mp3", *SIDECARS)))
        try:
            for file in own:
                (folder / file).unlink(missing_ok=True)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        except OSError as error:
            raise OutputError(f"the session cannot be removed: {error.strerror}", str(folder)) from error

    def episodes(self, entries: Mapping[str, Entry]) -> tuple[list[Episode], list[str]]:
        """Read every session of the site; also name those that can no longer be read."""
        episodes, left_out = [], []
        for name, entry in sorted(entries.items()):
            try:
                session = read_session(self._out / SESSIONS / name / f"{name}.mp3")
            except OutputError as error:
                LOG.warning("%s is left out of the site: %s", name, error.message)
                left_out.append(name)
                continue
            episodes.append(
                Episode(
                    session=session, published=entry.published, updated=entry.updated, version=entry.version
                )
            )
        return episodes, left_out

    def dress(self, channel: Channel, episodes: list[Episode]) -> None:
        """Write everything around the sessions; what others point to comes first."""
        shell = dict(plain_files())
        shell["manifest.webmanifest"] = manifest(channel)
        shell |= {address: artwork.emblem(side, margin=margin) for address, (side, margin) in _ICONS.items()}
        for address, content in shell.items():
            self.put(address, content)
        self.put(CHANNEL_COVER, artwork.emblem_cover())
        for episode in episodes:
            self.put(f"{SESSIONS}/{episode.name}/{PAGE}", player_page(channel, episode))
        index = index_page(channel, episodes)
        self.put(PAGE, index)
        self.put(FEED, feed_xml(channel, episodes))
        self.put("sw.js", service_worker(shell | {"./": index}, language=main_language(episodes)))


def _removable(
    names: Iterable[str], finished: Iterable[FinishedSession], ledger: Ledger, out: Path
) -> tuple[str, ...]:
    """Check the names of sessions to remove: each is there, or part of it is, and none is to be published, too."""
    wanted = tuple(dict.fromkeys(names))
    coming = {session.name for session in finished}
    for name in wanted:
        there = is_publishable(name) and (name in ledger.sessions or (out / SESSIONS / name).is_dir())
        if not there:
            has = ", ".join(sorted(ledger.sessions)) or "none"
            raise OutputError(f"the site has no session {name!r}", str(out), f"It has: {has}.")
        if name in coming:
            raise OutputError(f"{name!r} is to be published and removed at once", str(out))
    return wanted


def _check_taken(finished: Iterable[FinishedSession], entries: Mapping[str, Entry], out: Path) -> None:
    """Refuse a session that differs from one of the site in case alone."""
    taken = {name.casefold(): name for name in entries}
    for session in finished:
        other = taken.get(session.name.casefold(), session.name)
        if other != session.name:
            raise OutputError(
                f"the site already has a session called {other!r}", str(session.audio), f"See {out}."
            )


def _distinct(sessions: Iterable[FinishedSession]) -> list[FinishedSession]:
    """Refuse two sessions that would take the same place; case counts for nothing on some file systems."""
    taken: dict[str, FinishedSession] = {}
    for session in sessions:
        other = taken.setdefault(session.name.casefold(), session)
        if other is not session and other.audio.resolve() != session.audio.resolve():
            raise OutputError(
                f"two sessions are called {session.name!r}",
                str(session.audio),
                f"The other is {other.audio}.",
            )
    return list(taken.values())
