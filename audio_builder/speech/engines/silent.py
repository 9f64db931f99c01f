"""An engine that is silent for exactly the estimated length of each line, for tests and dry runs."""

from __future__ import annotations

from collections.abc import Sequence

from audio_builder.speech.engine import Availability, Recording, Utterance, Voice
from audio_builder.speech.estimate import estimate
from audio_builder.timebase import RATE, to_samples


class SilentEngine:
    """Says nothing, for as long as the embedded voice would take."""

    name = "silent"
    online = False
    at_once = 1
    understands = frozenset({"pause"})

    def identity(self, voice: str, language: str) -> str:
        """Name the estimate's version."""
        return f"silence 1; {language}"

    def voices(self) -> Sequence[Voice]:
        """List the one silence there is."""
        return (Voice(name="silence", language="*", about="exact lengths without a sound"),)

    def availability(self) -> Availability:
        """Silence works everywhere."""
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Give zeros."""
        import numpy as np

        seconds = estimate(utterance.text, utterance.language, speed=utterance.speed)
        return Recording(np.zeros(to_samples(seconds), np.float32), RATE)

    def close(self) -> None:
        """Nothing is held."""
