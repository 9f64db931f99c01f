"""What is to be said comes in as an utterance; an engine's raw recording and the finished clip come out."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audio_builder.sound.levels import Samples

FINISHING = 3
"""Goes into every clip's key; raise it when anything between recording and clip changes the sound."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One line to be spoken; equal utterances are spoken once."""

    text: str
    """As written in the script, with the notation for pauses and emphasis."""
    _: KW_ONLY
    voice: str = ""
    """A voice of the engine; empty for the one the session chose."""
    language: str = "en"
    speed: float = 1.0
    """1 is the engine's calm default; 1.2 is a fifth faster."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What an engine gave, as it gave it."""

    samples: Samples
    """Shape (n,), nominal range [-1, 1]."""
    rate: int
    """Samples per second."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


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
