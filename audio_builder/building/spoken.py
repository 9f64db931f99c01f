"""Speak a program and place it in time by what was measured, or place it by estimates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from audio_builder.building.clips import Clips, Report
from audio_builder.compiler.expansion import compile_routine
from audio_builder.compiler.fitting import fit
from audio_builder.compiler.placement import place
from audio_builder.compiler.plan import Group, Plan
from audio_builder.compiler.timeline import PlacedSection, Timeline
from audio_builder.errors import SpeechError
from audio_builder.script.program import Program
from audio_builder.sound.reading import length_of as sound_length
from audio_builder.speech.choice import ChosenVoice, likely_engine, next_voice
from audio_builder.speech.clip_store import ClipStore
from audio_builder.speech.estimate import estimate
from audio_builder.speech.notation import Lexicon
from audio_builder.timebase import to_samples

log = logging.getLogger(__name__)

ESTIMATE_SLACK = 0.03
"""By how much of its length an estimated session may miss the one that was asked for: estimates are no better."""
GUESS_SLACK = 0.15
"""The same while speaking goes on: what only seems out of reach is spoken, and then refused or not."""
Settled = Callable[[Sequence[PlacedSection], Clips], None]
"""Gets sections that speaking the rest will not change, with their clips."""


def ignore(sections: Sequence[PlacedSection], clips: Clips) -> None:
    """Take no notice of what is settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A program in time, with what it says."""

    program: Program
    """With its doses and rests fitted, where a length was asked."""
    timeline: Timeline
    clips: Clips | None
    """None for an estimate."""


def estimated(program: Program, *, voice: str | None = None) -> Spoken:
    """Place a program without speaking it, by the pace of who would."""
    engine = likely_engine(voice or program.routine.voice, program.routine.language)
    guess, lengths = _estimator(program, engine), _sound_length()

    def placed(program: Program) -> Timeline:
        return place(compile_routine(program), guess, sound_length=lengths, exact=False)

    fitted = fit(program, lambda tried: placed(tried).length, slack=ESTIMATE_SLACK)
    return Spoken(program=fitted, timeline=placed(fitted), clips=None)


def spoken(
    program: Program, voice: ChosenVoice, *, store: ClipStore, report: Report, settled: Settled = ignore
) -> Spoken:
    """Speak what a program says, and place it with the measured lengths.

    Which wording fits, and which doses make the asked length, is only known once it has been spoken. So: place
    with what is known, speak what was placed, and place again, until every cue that was placed has been
    measured; only then is a length refused that cannot be reached. Raises SpeechError and CompileError.
    Meanwhile `settled` hears of sections that will stay as they are; of none where a length was asked.
    """
    guess = _estimator(program, voice.engine.name)
    clips = _clips(program, voice, store)

    def length_of(text: str) -> int:
        return clips.note(text).length if text in clips else guess(text)

    def placed(plan: Plan) -> Timeline:
        return place(plan, length_of, guess=guess, sound_length=lengths, exact=True)

    lengths = _sound_length()
    slack = GUESS_SLACK if program.routine.length else 0.0
    while True:
        fitted = fit(program, lambda tried: placed(compile_routine(tried)).length, slack=slack)
        plan = compile_routine(fitted)
        timeline = placed(plan)
        texts = dict.fromkeys(text for section in timeline.sections for text in section.texts)
        missing = [text for text in texts if text not in clips]
        if missing:
            known = settling(plan, timeline, clips, place=placed, settled=ignore if slack else settled)
            clips.learn(missing, report=report, places=_places(program, timeline), known=known)
        elif slack:
            slack = 0.0  # all is measured: from here on the length has to be right
        else:
            return Spoken(program=fitted, timeline=timeline, clips=clips)


def _clips(program: Program, voice: ChosenVoice, store: ClipStore) -> Clips:
    routine = program.routine
    return Clips(
        voice,
        language=routine.language,
        speed=routine.speed,
        store=store,
        lexicon=Lexicon.of_language(routine.language, routine.lexicon),
        warmth=routine.warmth,
    )


def spoken_by_any(
    program: Program, voice: ChosenVoice, *, store: ClipStore, report: Report, settled: Settled = ignore
) -> tuple[Spoken, ChosenVoice]:
    """Speak a program by a voice or, where it fails for good and the routine allows, all of it by the next one.

    A voice that was chosen by itself gives way to the next engine unless told to stop; one that was asked for
    stops unless told to give way. Raises SpeechError.
    """
    wished = program.routine.on_failure or ("next-engine" if voice.gives_way else "stop")
    while True:
        try:
            return spoken(program, voice, store=store, report=report, settled=settled), voice
        except SpeechError as error:
            following = (
                next_voice(voice, language=program.routine.language) if wished == "next-engine" else None
            )
            if following is None:
                raise
            mend = f" ({error.remedy})" if error.remedy else ""
            log.warning("%s%s; the whole session is spoken again by %s", error.message, mend, following)
            voice = following


def _places(program: Program, timeline: Timeline) -> Mapping[str, str]:
    """Say for each text which section of which routine it belongs to."""
    return {
        text: f"{program.name}, {section.title}"
        for section in reversed(timeline.sections)
        for text in section.texts
    }


def _estimator(program: Program, engine: str) -> Callable[[str], int]:
    routine = program.routine

    @cache
    def guess(text: str) -> int:
        return to_samples(estimate(text, routine.language, engine, routine.speed))

    return guess


def _sound_length() -> Callable[[str], int]:
    return cache(sound_length)


def settling(
    plan: Plan, timeline: Timeline, clips: Clips, *, place: Callable[[Plan], Timeline], settled: Settled
) -> Callable[[str], None]:
    """Give what is to be told of each text as it becomes known; it tells of sections whose texts all are.

    `timeline` is the plan's, as far as it can be foreseen. `place` places a plan of one group: its sides depend
    on one another, but on no other group.
    """
    sections = iter(timeline.sections)
    waiting = [
        (group, {text for _ in group.drafts for text in next(sections).texts}) for group in plan.groups
    ]

    def known(text: str) -> None:
        for group, texts in waiting:
            if text in texts:
                texts.remove(text)
                if not texts:
                    settle(group)

    def settle(group: Group) -> None:
        placed = place(replace(plan, groups=(group,))).sections
        if all(text in clips for section in placed for text in section.texts):
            settled(placed, clips)

    return known
