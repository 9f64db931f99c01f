"""The site's own list of its sessions, `sessions.json`: what was published, when, in which version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from audio_builder.errors import OutputError
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
class _Ledger:
    format: str
    version: int
    sessions: dict[str, Entry]


def read_ledger(site: Path) -> dict[str, Entry]:
    """Read the site's list; empty where there is no site yet."""
    from pydantic import TypeAdapter, ValidationError

    path = site / LEDGER
    try:
        ledger = TypeAdapter(_Ledger).validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
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
    return ledger.sessions


def ledger_json(sessions: Mapping[str, Entry]) -> bytes:
    """Write the site's list as JSON, in order of name."""
    entries = {
        name: asdict(entry) | {"published": entry.published.isoformat(), "updated": entry.updated.isoformat()}
        for name, entry in sorted(sessions.items())
    }
    content = {"format": _FORMAT, "version": 1, "sessions": entries}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
