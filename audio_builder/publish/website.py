"""A static site of finished sessions, in a folder that any web host serves as it is."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.files.atomic import Content, holds_already, mend, write_all
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
from audio_builder.publish.pages import (
    emblem,
    emblem_cover,
    feed_cover,
    index_page,
    manifest,
    page_cover,
    plain_files,
    player_page,
    service_worker,
)

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

    @property
    def index(self) -> Path:
        """The site's first page."""
        return self.folder / PAGE

    @property
    def feed(self) -> Path:
        """The podcast feed."""
        return self.folder / FEED


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

    What is said of the site is remembered there, for the next time. Every file is written before the first one takes
    its place, and they all do together; then what is to go is removed. Raises OutputError; then the site is as it was.
    """
    sessions = tuple(sessions)
    for folder in {out, *(path.parent for path in sessions)}:
        mend(folder)
    facts = checked_facts(base_url=base_url, title=title, about=about, author=author, email=email)
    finished = _distinct(read_session(path) for path in sessions)
    ledger = read_ledger(out)
    removed = _removable(remove, finished, ledger, out)
    entries = {name: entry for name, entry in ledger.sessions.items() if name not in removed}
    _check_taken(finished, entries, out)
    ledger = replace(ledger, site=facts.over(ledger.site), sessions=entries)
    return _Site(out).publish(finished, removed, ledger, now)


class _Site:
    """The folder of the site, and what is to change in it."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.changed: dict[Path, Content] = {}

    def publish(
        self,
        finished: Sequence[FinishedSession],
        removed: tuple[str, ...],
        ledger: Ledger,
        now: Callable[[], datetime],
    ) -> Published:
        """Write the site with these sessions beside those of the ledger, and remove what is to go."""
        before, facts = ledger.sessions, ledger.site
        added = {session.name: self.add(session, before.get(session.name), now) for session in finished}
        entries = {**before, **added}
        episodes, left_out = self.episodes(entries, finished)
        channel = channel_of(facts, language=main_language(episodes))
        if episodes:  # a podcast's title must not follow the language of its next episode
            facts = replace(facts, title=channel.title, about=channel.about)
        self.dress(channel, episodes)
        self.put(LEDGER, ledger_json(replace(ledger, site=facts, sessions=entries)))
        write_all(self.changed, within=self._out)
        for name in removed:
            self.remove(name)
        earlier = {
            name: entry.version == before[name].version for name, entry in added.items() if name in before
        }
        return Published(
            folder=self._out,
            pages={episode.name: self._out / SESSIONS / episode.name / PAGE for episode in episodes},
            added=tuple(name for name in added if name not in before),
            replaced=tuple(name for name, same in earlier.items() if not same),
            unchanged=tuple(name for name, same in earlier.items() if same),
            removed=removed,
            left_out=tuple(left_out),
            written=tuple(self.changed),
            absolute=bool(facts.base_url),
        )

    def put(self, address: str, content: bytes) -> None:
        """Have one file written, unless it is as it should be."""
        path = self._out / address
        if not holds_already(path, [content]):
            self.changed[path] = [content]

    def add(self, session: FinishedSession, before: Entry | None, now: Callable[[], datetime]) -> Entry:
        """Have a session's files copied, and its covers drawn."""
        folder = self._out / SESSIONS / session.name
        digests = {source: _digest_of(source) for source in (session.audio, *session.sidecars)}
        for source, digest in digests.items():
            there = folder / source.name
            if not there.is_file() or _digest_of(there) != digest:
                self.changed[there] = _content(source, digest)
        both = digests[session.audio] + digests[session.sidecars[0]]
        version = hashlib.sha256(both).hexdigest()[:16]
        same = before is not None and before.version == version
        if not same or not (folder / FEED_COVER_NAME).is_file() or not (folder / PAGE_COVER_NAME).is_file():
            place = f"{SESSIONS}/{session.name}"
            self.put(f"{place}/{FEED_COVER_NAME}", feed_cover(session.cover))
            self.put(f"{place}/{PAGE_COVER_NAME}", page_cover(session.cover))
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

    def episodes(
        self, entries: Mapping[str, Entry], finished: Iterable[FinishedSession]
    ) -> tuple[list[Episode], list[str]]:
        """Gather what is published now and what was earlier; also name what of it can no longer be read."""
        new = {session.name: session for session in finished}
        episodes, left_out = [], []
        for name, entry in sorted(entries.items()):
            try:
                session = new.get(name) or read_session(self._out / SESSIONS / name / f"{name}.mp3")
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
        shell |= {address: emblem(side, margin=margin) for address, (side, margin) in _ICONS.items()}
        for address, content in shell.items():
            self.put(address, content)
        self.put(CHANNEL_COVER, emblem_cover())
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


def _digest_of(path: Path) -> bytes:
    """Hash a file's content. Raises OutputError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror or error}", str(path)) from error


def _content(source: Path, digest: bytes) -> Iterator[bytes]:
    """Give a file's content in blocks. Raises OutputError where it is not what it was."""
    found = hashlib.sha256()
    try:
        with source.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
                yield block
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror or error}", str(source)) from error
    if found.digest() != digest:
        raise OutputError("the file changed while it was published", str(source), "Publish again.")
