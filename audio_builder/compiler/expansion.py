"""Writing out a program: its sections in order, each with its moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audio_builder.compiler.plan import (
    ANNOUNCED_SECONDS,
    Chime,
    Draft,
    Group,
    Line,
    Moment,
    Plan,
    Quiet,
    Speak,
)
from audio_builder.compiler.steps import Situation, expand, movement, wording
from audio_builder.language import LANGUAGES, Language
from audio_builder.script.exercise import Cue
from audio_builder.script.program import Prescription, Program
from audio_builder.script.review import located
from audio_builder.script.routine import Words
from audio_builder.timebase import to_samples

SPOKEN_REST_SECONDS = 2.0
"""A rest with this much quiet is spoken of; in a shorter one the words would take longer than the rest."""
OPENING_CHIME_SECONDS = 2.5
"""From the opening chime to the first word: a Bluetooth speaker needs up to 1.5 s to wake."""
RING_SECONDS = 4.0
"""How long the last chime may ring."""
MARK_SECONDS = 1.5
"""The wait after a chime that marks a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One exercise in one round, with what lies around it."""

    prescription: Prescription
    round: int
    label: str
    """The section name without its side; unique in the session."""
    first: bool
    last: bool
    again: bool
    """Whether it was done before in this session: it is then announced and led briefly."""
    moved: bool
    """Whether the listener has to change position for it."""
    rest_before: float
    """Seconds; 0 for the first."""


def compile_routine(program: Program) -> Plan:
    """Compile a program into a plan."""
    said = LANGUAGES[program.routine.language]
    groups = [Group(drafts=(_opening(program, said),))]
    groups += [Group(drafts=tuple(_sides(program, said, turn))) for turn in _turns(program)]
    groups.append(Group(drafts=(_closing(program, said),)))
    return Plan(name=program.name, title=program.routine.title, groups=tuple(groups))


def _turns(program: Program) -> Iterator[_Turn]:
    """Walk through the exercises of all rounds, knowing what came before."""
    prescriptions = program.prescriptions
    rounds = program.rounds
    position, rest, seen = "", 0.0, dict[str, int]()
    for number in range(1, rounds + 1):
        for index, prescription in enumerate(prescriptions):
            exercise = prescription.exercise
            seen[prescription.name] = times = seen.get(prescription.name, 0) + 1
            yield _Turn(
                prescription=prescription,
                round=number,
                label=prescription.name if times == 1 else f"{prescription.name}/{times}",
                first=number == 1 and index == 0,
                last=number == rounds and index == len(prescriptions) - 1,
                again=times > 1,
                moved=exercise.start.position != position,
                rest_before=rest,
            )
            position, rest = exercise.end_position, prescription.rest


def _sides(program: Program, said: Language, turn: _Turn) -> Iterator[Draft]:
    exercise = turn.prescription.exercise
    sides: tuple[str, ...] = tuple(exercise.sides)
    if sides and program.routine.start_side != sides[0]:
        sides = sides[::-1]
    for index, side in enumerate(sides or ("",)):
        situation = Situation(
            routine=program.routine,
            prescription=turn.prescription,
            language=said,
            folder=program.folder,
            side=side,
            next_side=sides[index + 1] if index + 1 < len(sides) else "",
            first_time=index == 0 and not turn.again,
        )
        ends = index == max(len(sides), 1) - 1
        lead = _lead(situation, turn) if index == 0 else _switch(situation)
        yield Draft(
            name=f"{turn.label}/{side}" if side else turn.label,
            title=_title(said, turn, side),
            kind="exercise",
            exercise=turn.prescription.name,
            side=side,
            round=turn.round,
            lead=tuple(lead),
            work=tuple(expand(exercise.steps, situation)),
            tail=tuple(_rest(situation, turn)) if ends else (),
        )


def _title(said: Language, turn: _Turn, side: str) -> str:
    name = turn.prescription.exercise.name
    title = said.say(said.phrases.side_title, side=side, name=name) if side else name
    return said.phrases.round_title.format(title=title, round=turn.round) if turn.round > 1 else title


def _lead(situation: Situation, turn: _Turn) -> Iterator[Moment]:
    """Announce the exercise, lead to its position, and explain it the first time."""
    exercise, said, guidance = turn.prescription.exercise, situation.language, situation.routine.guidance
    pattern = said.phrases.first if turn.first else said.phrases.again if turn.again else said.phrases.next
    announced = pattern.format(name=exercise.name, position=exercise.start.position)
    if situation.side:
        announced += " " + said.say(said.phrases.side_first, side=situation.side)
    yield Speak(
        line=Line(wordings=(announced,), role="name"),
        move=to_samples(min(turn.rest_before, ANNOUNCED_SECONDS)),
        kind="rest" if turn.rest_before else None,
    )
    if turn.moved:
        start = Cue(say=exercise.start.say)
        line = None if guidance == "bells" else wording(start, situation, role="position", brief=False)
        yield Speak(line=line, move=to_samples(exercise.start.move), kind="move")
    if situation.first_time and guidance == "full":
        for cue in exercise.setup:
            yield movement(cue, situation)
        for text, role in ((exercise.easier, "easier"), (exercise.avoid, "safety")):
            yield Speak(line=wording(Cue(say=text), situation, role=role, brief=False), move=0)
    if guidance == "bells":
        yield Chime(sound=situation.sound("begin"), role="begin", wait=to_samples(MARK_SECONDS))


def _switch(situation: Situation) -> Iterator[Moment]:
    """Name the other side and leave the time to get there."""
    said = situation.language
    yield Chime(sound=situation.sound("switch"), role="switch", wait=to_samples(0.6))
    yield Speak(
        line=Line(wordings=(said.say(said.phrases.switch, side=situation.side),), role="side"),
        move=to_samples(situation.routine.switch - 0.6),
        kind="switch",
    )


def _rest(situation: Situation, turn: _Turn) -> Iterator[Moment]:
    """Close the work; the rest's last part belongs to the announcement of what comes next."""
    if situation.routine.guidance == "bells":
        yield Chime(sound=situation.sound("end"), role="end", wait=to_samples(MARK_SECONDS))
    if turn.last:
        return
    quiet = turn.prescription.rest - ANNOUNCED_SECONDS
    if quiet >= SPOKEN_REST_SECONDS and situation.routine.guidance == "full":
        yield Speak(
            line=Line(wordings=(situation.language.phrases.rest,), role="rest"),
            move=to_samples(quiet),
            kind="rest",
        )
    elif quiet > 0:
        yield Quiet(length=to_samples(quiet), kind="rest")


def _opening(program: Program, said: Language) -> Draft:
    routine = program.routine
    lead: list[Moment] = [
        Chime(
            sound=located(routine.sounds.begin, program.folder),
            role="begin",
            wait=to_samples(OPENING_CHIME_SECONDS),
        ),
        *_words(routine.opening, "opening", said),
    ]
    if routine.safety != "off":
        lines = (*said.phrases.safety, said.phrases.gently) if routine.safety == "on" else routine.safety
        lead += [Speak(line=Line(wordings=(text,), role="safety"), move=0) for text in lines]
    return Draft(
        name="opening",
        title=said.phrases.opening_title,
        kind="opening",
        lead=(*lead, Quiet(length=to_samples(1.0))),
    )


def _closing(program: Program, said: Language) -> Draft:
    """Ring the end of the last exercise, say the closing words, and ring the end of the session."""
    sound = located(program.routine.sounds.end, program.folder)
    words = tuple(_words(program.routine.closing, "closing", said))
    end = Chime(sound=sound, role="end", wait=to_samples(MARK_SECONDS))
    finish = Chime(sound=sound, role="finish", wait=to_samples(RING_SECONDS))
    return Draft(
        name="closing",
        title=said.phrases.closing_title,
        kind="closing",
        lead=(end, *words, finish) if words else (finish,),
    )


def _words(lines: tuple[Words, ...], role: str, said: Language) -> Iterator[Moment]:
    for words in lines:
        yield Speak(line=Line(wordings=(said.fill(words.say, {}),), role=role), move=0)
        if words.pause:
            yield Quiet(length=to_samples(words.pause))
