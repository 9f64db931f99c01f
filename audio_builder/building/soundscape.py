"""A program comes in; everything besides speech that shapes its sound goes out, as the mixer takes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from audio_builder.mp3.format import Format
from audio_builder.script import Program
from audio_builder.script.sounding import QUALITIES, settle
from audio_builder.script.sounds import located
from audio_builder.sound.settings import BED_OFF, BEDS, Bed, Levels, Pacer
from audio_builder.timebase import to_samples


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

    @property
    def reach(self) -> int:
        """How many samples away speech can turn other sounds down."""
        return to_samples(self.levels.duck_attack_seconds + self.levels.duck_release_seconds) + 2


def soundscape(program: Program) -> Soundscape:
    """Gather what a program says of its sound."""
    routine = program.routine
    bed = settle(Bed, routine.bed)
    return Soundscape(
        levels=settle(Levels, routine.levels),
        pacer=settle(Pacer, routine.pacer),
        inhale=located(routine.pacer.inhale, program.folder),
        exhale=located(routine.pacer.exhale, program.folder),
        bed=replace(bed, sound=located(bed.sound, program.folder, known=BEDS)),
        bit_rate_kbps=QUALITIES[routine.quality],
    )
