"""What a speech engine is: the protocol that built-in engines and plug-ins fulfil, what it gets and what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from audio_builder.errors import Remedy
    from audio_builder.sound.samples import Samples


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice of an engine."""

    name: str
    """What follows `ENGINE:` when choosing it."""
    language: str
    """An IETF tag such as `en` or `en-GB`; `*` for any."""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether an engine works here and, where it does not, why and what would help."""

    works: bool
    why: str = ""
    remedy: Remedy | str = ""
    broken: bool = False
    """It is installed and damaged: worth a word where another one speaks in its place."""


@runtime_checkable
class Engine(Protocol):
    """Gives samples for an utterance. `audio_builder.speech.contract` checks an implementation."""

    @property
    def name(self) -> str:
        """What a user writes before the colon; the name of the entry point."""
        ...

    @property
    def online(self) -> bool:
        """Whether it needs the network."""
        ...

    @property
    def at_once(self) -> int:
        """How many calls of `speak` it takes at a time, from different threads."""
        ...

    @property
    def understands(self) -> frozenset[str]:
        """Which of `audio_builder.speech.notation.MARKS` it wants left in the text.

        Pauses it does not understand are put in for it as silence; other marks are taken out.
        """
        ...

    def identity(self, voice: str, language: str) -> str:
        """Name everything besides the utterance that can change the sound: version, model, settings.

        Raises VoiceError for a voice that there is not.
        """
        ...

    def voices(self) -> Sequence[Voice]:
        """List the voices that work here."""
        ...

    def availability(self) -> Availability:
        """Say whether it works here, without using the network."""
        ...

    def speak(self, utterance: Utterance) -> Recording:
        """Speak one utterance. Raises SpeechError where it cannot."""
        ...

    def close(self) -> None:
        """Give back what speaking held, such as processes; speaking again afterwards works.

        Also called while others speak, who then may end early with a SpeechError.
        """
        ...


@runtime_checkable
class StartingEngine(Protocol):
    """An engine that takes a while to start, and can do so while others get ready."""

    def start(self, lines: int) -> None:
        """Begin to start what so many lines will need; speaking waits for it."""
        ...


@runtime_checkable
class PartialEngine(Protocol):
    """An engine that can say some lines only, and knows which."""

    def lacking(self, utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
        """Give those it cannot say."""
        ...

    def unused(self, utterances: Iterable[Utterance]) -> Sequence[str]:
        """Name what it has for none of them, for whoever wonders why they are lacking."""
        ...


@runtime_checkable
class DownloadingEngine(Protocol):
    """An engine with voices that a download would add."""

    def downloadable(self) -> Sequence[Voice]:
        """List those that are not here yet."""
        ...


@runtime_checkable
class VariedEngine(Protocol):
    """An engine whose voices all take on some timbres, as in `VOICE+VARIANT`."""

    def variants(self) -> Sequence[str]:
        """List the timbres."""
        ...
