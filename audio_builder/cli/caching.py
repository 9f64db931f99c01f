"""The command that shows what is cached, and lets go of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from audio_builder.cli import options, printing
from audio_builder.files.cache import KINDS, Cache, Entry
from audio_builder.timebase import to_seconds

Days = Annotated[
    float | None,
    typer.Option("--older-than", metavar="DAYS", help="Remove what was not used for so long.", min=0),
]
Megabytes = Annotated[
    float | None,
    typer.Option("--keep", metavar="MB", help="Remove the longest unused beyond this size.", min=0),
]
Clear = Annotated[bool, typer.Option("--clear", help="Remove everything.")]
Everything = Annotated[bool, typer.Option("--all", help="List every single clip.")]


def cache(
    days: Days = None,
    megabytes: Megabytes = None,
    clear: Clear = False,
    everything: Everything = False,
    as_json: options.AsJson = False,
) -> None:
    """Show what is kept so that building is fast, or let go of it; all of it can be made again.

    [dim]audio-builder cache
    audio-builder cache --all
    audio-builder cache --older-than 30 --keep 200
    audio-builder cache --clear[/dim]
    """
    kept = Cache()
    most_bytes = 0 if clear else None if megabytes is None else round(megabytes * 1e6)
    asked = days is not None or most_bytes is not None
    gone = kept.prune(days=days, most_bytes=most_bytes) if asked else ()
    entries = kept.entries()
    clips = list(_clips(entries))
    kinds = dict(KINDS) | {e.kind: f"{e.kind}, of another version" for e in entries if e.kind not in KINDS}
    by_kind = {kind: [entry for entry in entries if entry.kind == kind] for kind in kinds}
    if as_json:
        sizes = {kind: _summed(those) for kind, those in by_kind.items()}
        found = {"folder": str(kept.folder), "kept": sizes, "removed": _summed(gone)}
        printing.say_json(found | ({"clips": clips} if everything else {}))
        return
    if gone:
        printing.say(f"Removed {_size(gone)}.")
    printing.say(kept.folder)
    listed = {"clips": _each(clips) if everything else _by_voice(clips)}
    for kind, about in kinds.items():
        for line in (f"{about}: {_size(by_kind[kind])}", *(f"  {each}" for each in listed.get(kind, ()))):
            printing.say(f"  {line}")


def _clips(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Describe each clip, the longest unused first."""
    from audio_builder.speech.clip_store import read_label

    for entry in (entry for entry in entries if entry.kind == "clips"):
        label = read_label(entry.path)
        used = datetime.fromtimestamp(entry.used).astimezone()
        yield {
            "engine": label.engine if label else None,
            "voice": label.voice if label else None,
            "language": label.language if label else None,
            "text": label.text if label else None,
            "seconds": round(to_seconds(label.length), 2) if label else None,
            "bytes": entry.size,
            "used": used.date().isoformat(),
        }


def _by_voice(clips: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Sum the clips up, one line a voice."""
    count: Counter[str] = Counter(map(_speaker, clips))
    seconds: Counter[str] = Counter()
    for clip in clips:
        seconds[_speaker(clip)] += clip["seconds"] or 0
    for speaker in sorted(count):
        yield f"{speaker}: {printing.counted(count[speaker], 'clip')}, {printing.clock(seconds[speaker])}"


def _each(clips: Sequence[dict[str, Any]]) -> Iterator[str]:
    for clip in clips:
        said = f"{clip['seconds']:5.1f} s  {clip['text']}" if clip["text"] is not None else ""
        yield f"{clip['used']}  {_speaker(clip)}  {said}".rstrip()


def _speaker(clip: dict[str, Any]) -> str:
    if clip["engine"] is None:
        return "damaged"
    named = f"{clip['engine']}:{clip['voice']}" if clip["voice"] else clip["engine"]
    return f"{named} ({clip['language']})"


def _summed(entries: Sequence[Entry]) -> dict[str, int]:
    return {"files": len(entries), "bytes": sum(entry.size for entry in entries)}


def _size(entries: Sequence[Entry]) -> str:
    return f"{printing.counted(len(entries), 'file')}, {sum(e.size for e in entries) / 1e6:.1f} MB"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(cache)
