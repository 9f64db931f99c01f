"""What a clip was made from comes in as its key; the finished clip goes out, where it was spoken before."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from audio_builder.errors import OutputError
from audio_builder.folders import named_in, own_folder
from audio_builder.speech.utterance import FINISHING, Clip, ClipNote

log = logging.getLogger(__name__)

MARK = b"audio-builder clip 1 "
SUFFIX = ".clip"
PART_SUFFIX = ".part"
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipKey:
    """Everything that can change how a clip sounds; nothing else."""

    engine: str
    identity: str
    """The engine's version, model and settings."""
    voice: str
    language: str
    speed: float
    text: str
    """As handed to the engine, after normalisation."""
    finishing: int = FINISHING

    def name(self) -> str:
        """Give the key's hash, in hexadecimal."""
        return hashlib.sha256(_json(asdict(self))).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLabel:
    """Who says what in a stored clip."""

    key: ClipKey
    length: int
    """Samples."""
    sha256: str
    """Of the samples: the clip's digest."""


def default_cache_folder() -> Path:
    """Give AUDIO_BUILDER_CACHE where it is set, else the user's cache folder."""
    return named_in("AUDIO_BUILDER_CACHE") or own_folder("cache")


class ClipStore:
    """Finished clips in a folder, one file each, named by their key.

    Many processes may read and write at once: a file appears whole or not at all, and whoever comes second
    writes the same bytes. A damaged file counts as missing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else default_cache_folder() / "clips"

    def path(self, key: ClipKey) -> Path:
        """Say where the clip of this key lies, or would."""
        name = key.name()
        return self.folder / name[:2] / (name + SUFFIX)

    def get(self, key: ClipKey) -> Clip | None:
        """Give the clip of this key, or None where there is none, or only a damaged one."""
        path = self.path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("cannot read the stored clip %s: %s", path, error)
            return None
        clip = _unpacked(content, key)
        if clip is None:
            log.warning("the stored clip %s is damaged; it is spoken again", path)
        else:
            _mark_used(path)
        return clip

    def note(self, key: ClipKey) -> ClipNote | None:
        """Give a clip's length and digest from its file's head alone; None as in `get`."""
        path = self.path(key)
        label = read_label(path)
        if label is None or label.key != key:
            return None
        _mark_used(path)
        return ClipNote(label.length, label.sha256)

    def put(self, key: ClipKey, clip: Clip) -> None:
        """Keep a clip. Raises OutputError where nothing can be written."""
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _beside(path) as file:
                file.write_bytes(_packed(key, clip))
        except OSError as error:
            raise OutputError(
                f"cannot keep a spoken clip: {error.strerror or error}",
                where=str(path.parent),
                hint="make room there, or name another folder in AUDIO_BUILDER_CACHE",
            ) from error


def read_label(path: Path) -> ClipLabel | None:
    """Read who says what in a stored clip from its file's head alone; None where that is damaged."""
    try:
        with path.open("rb") as file:
            first, head = file.readline(), file.readline()
            pcm_bytes = os.fstat(file.fileno()).st_size - len(first) - len(head)
    except OSError:
        return None
    if first[:-1] != MARK + hashlib.sha256(head[:-1]).hexdigest().encode() or pcm_bytes % 2:
        return None
    fields = json.loads(head)
    try:
        return ClipLabel(key=ClipKey(**fields["key"]), length=pcm_bytes // 2, sha256=fields["sha256"])
    except TypeError:  # another version wrote other keys
        return None


def _mark_used(path: Path) -> None:
    """Let the file's time say when it was last wanted, to the day, for housekeeping."""
    with contextlib.suppress(OSError):
        if path.stat().st_mtime < time.time() - DAY_SECONDS:
            path.touch()


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a file to write; it takes the path's place when all went well, and vanishes otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=PART_SUFFIX)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _packed(key: ClipKey, clip: Clip) -> bytes:
    from audio_builder.speech.finishing import to_pcm

    head = _json({"key": asdict(key), "sha256": clip.digest})
    return MARK + hashlib.sha256(head).hexdigest().encode() + b"\n" + head + b"\n" + to_pcm(clip.samples)


def _unpacked(content: bytes, key: ClipKey) -> Clip | None:
    from audio_builder.speech.finishing import to_clip

    first, _, rest = content.partition(b"\n")
    head, _, pcm = rest.partition(b"\n")
    if first != MARK + hashlib.sha256(head).hexdigest().encode() or len(pcm) % 2:
        return None
    fields, clip = json.loads(head), to_clip(pcm)
    return clip if fields == {"key": asdict(key), "sha256": clip.digest} else None


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
