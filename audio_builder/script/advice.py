"""Advice on cues that are hard to follow; it never fails a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from audio_builder.errors import Problem
from audio_builder.language import LANGUAGES, Advice
from audio_builder.script.contents import Spoken, spoken, unreadable
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import Exercise
from audio_builder.script.routine import Routine
from audio_builder.script.texts import SIDED, names_in

MAX_WORDS = 22
"""So many words take about nine seconds to say; nobody keeps more in mind while moving."""

_Found = Iterator[tuple[Path_, str]]


def advise(document: Document, exercise: Exercise) -> list[Problem]:
    """Say where a cue is too long, holds two instructions, or leaves a side unnamed, in the script's order.

    The language is that of the file's name (`bend.de.yaml`), English without one. In a language that is not
    known here, only the lengths are looked at.
    """
    language = PurePath(document.source).stem.partition(".")[2] or "en"
    known = LANGUAGES.get(language)
    found = [*_sides_in_all(exercise)]
    for text in spoken(exercise):
        found.extend(_length(text))
        if message := unreadable(text.text, language):
            found.append((text.path, message))
        if known is not None:
            found.extend(_instructions(text, known.advice))
            found.extend(_sides(text, known.advice, exercise))
    problems = [document.problem(path, message) for path, message in found]
    return sorted(problems, key=lambda problem: (problem.where.line, problem.where.column))


def advise_routine(document: Document, routine: Routine) -> list[Problem]:
    """Say where a line of the opening or closing is too long, in the script's order."""
    found = [
        each
        for part in ("opening", "closing")
        for index, words in enumerate(getattr(routine, part))
        for each in _length(Spoken(text=words.say, path=(part, index, "say")))
    ]
    problems = [document.problem(path, message) for path, message in found]
    return sorted(problems, key=lambda problem: (problem.where.line, problem.where.column))


def _length(text: Spoken) -> _Found:
    words = len(text.text.split())
    if words > MAX_WORDS:
        yield (
            text.path,
            f"this cue has {words} words, hard to keep in mind; {MAX_WORDS} are plenty, so split it",
        )


def _instructions(text: Spoken, told: Advice) -> _Found:
    """Find a second instruction: after a joining word, or as a second movement."""
    if not text.is_work and text.path[0] != "setup":
        return
    joint = re.search(told.joints, text.text, re.IGNORECASE)
    if joint:
        words = joint[0].strip(" ,")
        yield text.path, f'two instructions stand in this cue (at "{words}"); make two cues of it'
    elif told.moves:
        moves = [move for clause in re.split(told.clauses, text.text) if (move := _move(clause, told))]
        if len(moves) > 1 and not _is_of_breath(text):
            both = f'"{moves[0]}" and "{moves[1]}"'
            yield text.path, f"two instructions stand in this cue ({both}); make two cues of it"


def _move(clause: str, told: Advice) -> str:
    """Give the word with which a clause tells to move; empty where it does not."""
    rest = clause.strip()
    while breath := re.match(told.led_by, rest, re.IGNORECASE):
        rest = rest[breath.end() :]
    move = re.match(told.moves, rest, re.IGNORECASE)
    return move[0].lower() if move else ""


def _is_of_breath(text: Spoken) -> bool:
    """Tell whether a cue moves with one breath, which is one movement in however many words."""
    return "breathe" in text.path


def _sides(text: Spoken, told: Advice, exercise: Exercise) -> _Found:
    if not (text.is_work and exercise.sides):
        return
    literal = re.search(told.sides, text.text, re.IGNORECASE)
    if literal:
        yield (
            text.path,
            f'"{literal[0]}" is said on both sides; name the side with {{side}} or {{other_side}}',
        )
        return
    limb = re.search(told.limbs, text.text, re.IGNORECASE)
    if limb and not names_in(text.text) & SIDED:
        yield text.path, f'which side is "{limb[0]}"? name it with {{side}} or {{other_side}}'


def _sides_in_all(exercise: Exercise) -> _Found:
    """Find an exercise of two sides that never names the one it works on."""
    if exercise.sides and not any(names_in(text.text) & SIDED for text in spoken(exercise) if text.is_work):
        yield ("sides",), "no cue in the steps names its side; put {side} where it helps"
