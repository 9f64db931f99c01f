"""Everything besides speech that shapes the sound of a session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from audio_builder.breath import PHASES
from audio_builder.compiler import Event
from audio_builder.mix.sources import sound_of
from audio_builder.mp3.format import Format
from audio_builder.script import Program
from audio_builder.script.fields import QUALITIES
from audio_builder.script.review import located
from audio_builder.sound.settings import BED_OFF, BEDS, Bed, Levels, Pacer
from audio_builder.timebase import FRAME_SAMPLES, to_samples

SLOW_CLOSING = to_samples(0.75)
UNHEARD_SAMPLES = 2 * FRAME_SAMPLES - 1
"""A tone that closes slowly is 40 dB below its loudest this long before its end, and so under the room tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundscape:
    """The one sound of a session: what all its sections share."""

    levels: Levels = field(default_factory=Levels)
    pacer: Pacer = field(default_factory=Pacer)
    inhale: str = ""
    """A file that leads each inhale, in place of the pacer's tone."""
    exhale: str = ""
    bed: Bed = field(default_factory=Bed)
    bit_rate_kbps: int = 96

    @property
    def over_bed(self) -> bool:
        """True where something sounds all the time, so that there is no quiet place to cut at."""
        return self.bed.sound != BED_OFF

    @property
    def form(self) -> Format:
        """How the session is encoded."""
        return Format(bit_rate_kbps=self.bit_rate_kbps, channels=self.bed.channels)

    def audible_end(self, event: Event) -> int:
        """Give the sample from which an event is no louder than room tone; its start where it is silent."""
        if event.kind in PHASES:
            return self._tone_end(event)
        sounds = event.kind == "cue" or sound_of(event)
        return event.end if sounds else event.start

    def _tone_end(self, event: Event) -> int:
        """A tone that dies away slowly is not heard in its last frames."""
        if self.inhale or self.exhale:
            return event.end
        if self.pacer.sound == "off":
            return event.start
        closing = self.pacer.closing_shares[event.kind] * event.length
        return max(event.end - UNHEARD_SAMPLES, event.start + 1) if closing >= SLOW_CLOSING else event.end

    @property
    def reach(self) -> int:
        """How many samples away speech can turn other sounds down."""
        return to_samples(self.levels.duck_attack_seconds + self.levels.duck_release_seconds) + 2


def soundscape(program: Program) -> Soundscape:
    """Gather what a program says of its sound."""
    routine = program.routine
    return Soundscape(
        levels=routine.levels,
        pacer=routine.pacer.tones,
        inhale=located(routine.pacer.inhale, program.folder),
        exhale=located(routine.pacer.exhale, program.folder),
        bed=replace(routine.bed, sound=located(routine.bed.sound, program.folder, known=BEDS)),
        bit_rate_kbps=QUALITIES[routine.quality],
    )
