"""Spoken clips in the cache, by everything that can change how they sound."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from audio_builder.files.cache import Cache, read_head
from audio_builder.sound.contour import contour
from audio_builder.sound.samples import Samples

SAMPLE_BYTES = 2

FINISHING = 6
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
    """How it goes, as `sound.contour` writes it; by it an inspection finds it in a session."""


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

    def __str__(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLabel:
    """Who says what in a clip that is kept."""

    engine: str
    voice: str
    language: str
    text: str
    length: int
    """Samples."""


class ClipStore:
    """The clips of a cache."""

    def __init__(self, cache: Cache | None = None) -> None:
        self.cache = cache or Cache()

    def path(self, key: ClipKey) -> Path:
        """Say where the clip of this key lies, or would."""
        return self.cache.path("clips", str(key))

    def get(self, key: ClipKey) -> Clip | None:
        """Give the clip of this key, or None where there is none, or only a damaged one."""
        pcm = self.cache.get("clips", str(key))
        return None if pcm is None or len(pcm) % SAMPLE_BYTES else to_clip(pcm)

    def note(self, key: ClipKey) -> ClipNote | None:
        """Give a clip's note without reading its sound; None as in `get`."""
        head = self.cache.head("clips", str(key))
        if head is None or head.length % SAMPLE_BYTES:
            return None
        return ClipNote(head.length // SAMPLE_BYTES, head.sha256, head.about.get("contour", ""))

    def put(self, key: ClipKey, clip: Clip) -> None:
        """Keep a clip. Raises OutputError where nothing can be written."""
        said = {"engine": key.engine, "voice": key.voice, "language": key.language, "text": key.text}
        about = said | {"contour": contour(clip.samples)}
        self.cache.put("clips", str(key), pcm_of(clip), about=about)


def read_label(path: Path) -> ClipLabel | None:
    """Read who says what in a clip from its file; None where that is damaged."""
    head = read_head(path)
    if head is None:
        return None
    said = {field: head.about.get(field, "") for field in ("engine", "voice", "language", "text")}
    return ClipLabel(**said, length=head.length // SAMPLE_BYTES)


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
