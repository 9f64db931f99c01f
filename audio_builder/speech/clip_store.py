"""Keep finished clips in a folder by everything that can change their sound, and read them back."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from audio_builder.files.cache import Shelf, mark_used
from audio_builder.files.folders import named_in, own_folder
from audio_builder.sound.contour import contour
from audio_builder.sound.samples import Samples

log = logging.getLogger(__name__)

MARK = b"audio-builder clip 2 "
SUFFIX = ".clip"
MOST_BYTES = 1 << 30
"""What a store may hold after pruning."""

FINISHING = 3
"""Goes into every clip's key; raise it when anything between recording and clip changes the sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A finished line at 48 kHz: silence trimmed, levelled, peaks limited, faded at both ends."""

    samples: Samples
    """Shape (n,), at the session's rate; every value is a whole number of 1/32768."""
    digest: str
    """Names the samples: equal digests, equal sound."""

    @property
    def length(self) -> int:
        """Samples."""
        return len(self.samples)


@dataclass(frozen=True, slots=True)
class ClipNote:
    """What placing and naming need to know of a clip, without its sound."""

    length: int
    """Samples."""
    digest: str
    contour: str
    """How it begins, as `sound.contour` writes it; by it an inspection finds it in a session."""


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
    contour: str
    """How it begins, as `sound.contour` writes it."""


def default_cache_folder() -> Path:
    """Give AUDIO_BUILDER_CACHE where it is set, else the user's cache folder."""
    return named_in("AUDIO_BUILDER_CACHE") or own_folder("cache")


class ClipStore:
    """Finished clips in a folder, one file each, named by their key.

    Many processes may read and write at once: a file appears whole or not at all, and whoever comes second
    writes the same bytes. A damaged file counts as missing.
    """

    def __init__(self, folder: Path | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder if folder is not None else default_cache_folder() / "clips"
        self.most_bytes = most_bytes
        self._shelf = Shelf(self.folder, SUFFIX, holds="a spoken clip")

    def path(self, key: ClipKey) -> Path:
        """Say where the clip of this key lies, or would."""
        return self._shelf.path(key.name())

    def get(self, key: ClipKey) -> Clip | None:
        """Give the clip of this key, or None where there is none, or only a damaged one."""
        content = self._shelf.read(key.name())
        if content is None:
            return None
        clip = _unpacked(content, key)
        if clip is None:
            log.warning("the stored clip %s is damaged; it is spoken again", self.path(key))
        else:
            mark_used(self.path(key))
        return clip

    def note(self, key: ClipKey) -> ClipNote | None:
        """Give a clip's note from its file's head alone; None as in `get`."""
        path = self.path(key)
        label = read_label(path)
        if label is None or label.key != key:
            return None
        mark_used(path)
        return ClipNote(label.length, label.sha256, label.contour)

    def put(self, key: ClipKey, clip: Clip) -> None:
        """Keep a clip. Raises OutputError where nothing can be written."""
        self._shelf.write(key.name(), _packed(key, clip))

    def prune(self) -> None:
        """Remove the longest unused clips until the rest fits. A build that needs one of them speaks it again."""
        self._shelf.prune(self.most_bytes)


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
        return ClipLabel(
            key=ClipKey(**fields["key"]),
            length=pcm_bytes // 2,
            sha256=fields["sha256"],
            contour=fields["contour"],
        )
    except (TypeError, KeyError):  # another version wrote other keys
        return None


def to_pcm(samples: Samples) -> bytes:
    """Round to 16 bits, as clips are kept: a clip just spoken is then the same as one read back."""
    whole = np.clip(np.rint(samples * np.float32(32_768)), -32_768, 32_767)
    return bytes(whole.astype("<i2").data)


def pcm_of(clip: Clip) -> bytes:
    """Give a clip's 16-bit samples back."""
    return bytes((clip.samples * np.float32(32_768)).astype("<i2").data)


def to_clip(pcm: bytes) -> Clip:
    """Make a clip from 16-bit samples."""
    samples = np.frombuffer(pcm, "<i2") * np.float32(1 / 32_768)
    samples.setflags(write=False)
    return Clip(samples, hashlib.sha256(pcm).hexdigest())


def _packed(key: ClipKey, clip: Clip) -> bytes:
    head = _json({"key": asdict(key), "sha256": clip.digest, "contour": contour(clip.samples)})
    return MARK + hashlib.sha256(head).hexdigest().encode() + b"\n" + head + b"\n" + pcm_of(clip)


def _unpacked(content: bytes, key: ClipKey) -> Clip | None:
    first, _, rest = content.partition(b"\n")
    head, _, pcm = rest.partition(b"\n")
    if first != MARK + hashlib.sha256(head).hexdigest().encode() or len(pcm) % 2:
        return None
    fields, clip = json.loads(head), to_clip(pcm)
    return clip if (fields["key"], fields["sha256"]) == (asdict(key), clip.digest) else None


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
