"""Writing out the work of one side of an exercise, every repeat in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from audio_builder.compiler.plan import Breath, Chime, Hold, Line, Moment, Quiet, Speak
from audio_builder.language import Language
from audio_builder.script.exercise import (
    DOSE,
    BreatheStep,
    Cue,
    HoldStep,
    PauseStep,
    RepeatStep,
    SoundStep,
    Step,
)
from audio_builder.script.program import Prescription
from audio_builder.script.quantities import Length
from audio_builder.script.review import located
from audio_builder.script.routine import Routine
from audio_builder.timebase import to_samples

HALFWAY_FROM_SECONDS = 30.0
"""Holds this long or longer get a halfway cue."""
LAST_SECONDS_FROM = 15.0
"""Holds this long or longer get a soft marker before their end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the expansion of one side depends on."""

    routine: Routine
    prescription: Prescription
    language: Language
    folder: Path
    """Where the routine lies."""
    side: str = ""
    """The key of the side; empty for a one-sided exercise."""
    next_side: str = ""
    """The key of the side that follows; empty on the last."""
    first_time: bool = True
    """Full texts; False on the second side and in later rounds."""

    @property
    def values(self) -> Mapping[str, str]:
        """What stands for each placeholder."""
        said = self.language
        values = {"name": self.prescription.exercise.name}
        values |= said.side_values(self.side)
        if self.prescription.reps is not None:
            values["reps"] = said.count_before_noun(self.prescription.reps)
        if self.prescription.hold is not None:
            values["hold"] = said.hold(
                breaths=self.prescription.hold.breaths, seconds=self.prescription.hold.seconds
            )
        return values

    def sound(self, name: str) -> str:
        """Give the routine's sound for a purpose: a bundled name, or a file's path."""
        return located(getattr(self.routine.sounds, name), self.folder)

    def plural(self, forms: Sequence[str]) -> str:
        """Choose the form that agrees with the reps. CompileError where the language has more, or fewer."""
        assert self.prescription.reps is not None, "review() lets no {reps} without a dose pass"
        return self.language.choose(self.prescription.reps, forms, where=self.prescription.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """Where in a repeat a step stands."""

    number: int
    """From 1."""
    of: int
    counted: bool
    """Whether reps of this repeat are counted aloud: the dose is, a script's own small repeat is not."""


def expand(steps: tuple[Step, ...], situation: Situation, rep: Rep | None = None) -> Iterator[Moment]:
    """Write out an exercise's steps as moments."""
    for index, step in enumerate(steps):
        first, last = index == 0, index == len(steps) - 1
        match step:
            case Cue():
                yield movement(step, situation, rep, leads_rep=first)
            case HoldStep():
                yield _hold(step, situation, rep)
            case BreatheStep():
                yield _breath(step, situation, rep, ends_rep=last)
            case PauseStep():
                yield Quiet(length=to_samples(step.pause))
            case SoundStep():
                yield Chime(sound=located(step.sound, situation.prescription.folder), role="script", wait=0)
            case RepeatStep():
                yield from _repeat(step, situation)
            case _:
                assert_never(step)


def _repeat(step: RepeatStep, situation: Situation) -> Iterator[Moment]:
    dose = step.repeat == DOSE
    times = situation.prescription.reps if dose else int(step.repeat)
    assert times is not None, "review() lets no repeat without a dose pass"
    for number in range(1, times + 1):
        yield from expand(step.steps, situation, Rep(number=number, of=times, counted=dose))


def movement(cue: Cue, situation: Situation, rep: Rep | None = None, *, leads_rep: bool = False) -> Speak:
    """Make the moment of one movement step."""
    seconds = sum(cue.tempo) if cue.tempo else cue.move
    later = rep is not None and rep.number > 1
    line: Line | None = wording(cue, situation, rep, role="move", brief=later or not situation.first_time)
    guidance = situation.routine.guidance
    if guidance == "bells" or (guidance == "light" and later):
        line = None
    count = _count(situation, rep, rep.number) if rep and leads_rep else None
    return Speak(
        line=line,
        move=to_samples(seconds),
        kind="move" if seconds else None,
        count=count,
        ticks=_ticks(cue, marked=line is None),
        rep=rep.number if rep else 0,
    )


def _ticks(cue: Cue, *, marked: bool) -> tuple[int, ...]:
    """Place a soft tick at each part of a tempo; an unspoken movement gets one where it begins."""
    if cue.tempo:
        return tuple(to_samples(sum(cue.tempo[:part])) for part in range(len(cue.tempo)))
    return (0,) if marked and cue.move else ()


def wording(cue: Cue, situation: Situation, rep: Rep | None = None, *, role: str, brief: bool) -> Line:
    """Fill a cue's text: the brief one where asked and there is one."""
    values = dict(situation.values)
    if rep is not None:
        values["rep"] = situation.language.count(rep.number)
    text = cue.brief if brief and cue.brief else cue.say
    return Line(wordings=(situation.language.fill(text, values, plural=situation.plural),), role=role)


def _count(situation: Situation, rep: Rep, number: int) -> Line | None:
    """Say the number of a rep, or what is left, as the routine's `counts` wants it."""
    counts = situation.routine.counts
    left = rep.of - number + 1
    if not rep.counted or situation.routine.guidance != "full" or counts == "none" or number == 1 or left < 1:
        return None
    if left == 1:
        return _last(situation)
    if counts == "last three":
        text = situation.language.phrases.more.get(left, "")
    elif counts == "every other" and number % 2:
        text = ""
    else:
        text = f"{situation.language.count(number)}.".capitalize()
    return Line(wordings=(text,), role="count") if text else None


def _last(situation: Situation) -> Line:
    """Say that this is the last one, and which side comes then."""
    plain = situation.language.phrases.more[1]
    if not situation.next_side:
        return Line(wordings=(plain,), role="count")
    then = situation.language.say(situation.language.phrases.last_then_side, side=situation.next_side)
    return Line(wordings=(then, plain), role="count")


def _breath(step: BreatheStep, situation: Situation, rep: Rep | None, *, ends_rep: bool) -> Breath:
    number = rep.number if rep else 0
    breath = Breath(phases=situation.routine.breath.in_samples(), inhale=None, exhale=None, rep=number)
    later = (rep is not None and rep.number > 1) or not situation.first_time
    guidance = situation.routine.guidance
    if guidance == "bells" or (guidance == "light" and later):
        return breath

    def line(cue: Cue) -> Line:
        filled = [
            wording(cue, situation, rep, role="breath", brief=brief).wordings[0] for brief in (later, True)
        ]
        return Line(wordings=tuple(dict.fromkeys(filled)), role="breath")

    count = _count(situation, rep, rep.number + 1) if rep and ends_rep else None
    return replace(breath, inhale=line(step.breathe.inhale), exhale=line(step.breathe.exhale), count=count)


def _hold(step: HoldStep, situation: Situation, rep: Rep | None) -> Hold:
    length = situation.prescription.hold if step.hold == DOSE else step.hold
    assert isinstance(length, Length), "review() lets no hold without a dose pass"
    phases = situation.routine.breath.in_samples()
    breath = sum(samples for _, samples in phases)
    samples = length.breaths * breath if length.breaths else to_samples(length.seconds)
    hold = Hold(length=samples, phases=phases, breaths=samples // breath, rep=rep.number if rep else 0)
    hold = replace(hold, last_seconds=samples >= to_samples(LAST_SECONDS_FROM))
    long_enough = samples >= to_samples(HALFWAY_FROM_SECONDS)
    later = not situation.first_time or (rep is not None and rep.number > 1)
    if step.out is not None and situation.routine.guidance != "bells":
        hold = replace(hold, out=wording(step.out, situation, rep, role="way-out", brief=later))
    if situation.routine.guidance != "full":
        return replace(hold, halfway_sound=situation.sound("halfway") if long_enough else "")
    said = situation.language
    return replace(
        hold,
        breath_words=tuple(
            (phase, Line(wordings=(said.phrases.breathe[phase],), role="breath")) for phase, _ in phases
        ),
        spoken_breaths=situation.routine.breath_words,
        counts=_breath_counts(situation, hold.breaths),
        halfway=Line(wordings=(said.phrases.halfway,), role="halfway") if long_enough else None,
        encouragement=tuple(
            wording(cue, situation, rep, role="encouragement", brief=later) for cue in step.cues
        ),
    )


def _breath_counts(situation: Situation, breaths: int) -> tuple[tuple[int, Line], ...]:
    """Say how many breaths of a hold are left: "three more" and "last one"."""
    counts = []
    if breaths > 3:
        counts.append((breaths - 3, Line(wordings=(situation.language.phrases.more[3],), role="count")))
    if breaths > 1:
        counts.append((breaths - 1, _last(situation)))
    return tuple(counts)
