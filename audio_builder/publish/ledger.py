"""The site's own list, `sessions.json`: which sessions it has, since when, and what its publisher said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.publish.channel import SiteFacts
from audio_builder.publish.finished import is_publishable

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
        ledger = TypeAdapter(Ledger).validate_json(path.read_bytes())
    except FileNotFoundError:
        return Ledger(format=_FORMAT, version=1)
    except (ValidationError, OSError) as error:
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
