"""A typed script comes in; advice on cues that are hard to follow goes out, which never fails a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from audio_builder.errors import Problem
from audio_builder.script.document import Document, Path_
from audio_builder.script.exercise import Exercise
from audio_builder.script.routine import Routine
from audio_builder.script.spoken import Spoken, spoken
from audio_builder.script.texts import SIDED, names_in

MAX_WORDS = 22
"""So many words take about nine seconds to say; nobody keeps more in mind while moving."""

_Found = Iterator[tuple[Path_, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """What the advice must know of a language."""

    joints: str
    """Words that join a second instruction to the first."""
    limbs: str
    """A body part of which there are two, named as one."""
    sides: str
    """A body part whose side is written out."""


_TONGUES = {
    "en": Tongue(
        joints=r"(?:, |; |\band )then\b|; |, after that\b|, afterwards\b",
        limbs=r"\b(?:your|the) (?:hand|arm|elbow|wrist|shoulder|knee|leg|foot|heel|ankle|thigh)\b",
        sides=r"\b(?:left|right) (?:hand|arm|elbow|wrist|shoulder|knee|leg|foot|heel|ankle|thigh|hip|side)\b",
    ),
    "de": Tongue(
        joints=r"(?:, |; |\bund )(?:dann|danach|anschließend)\b|; ",
        limbs=r"\b(?:deine?n?r?|die|der|den|das) "
        r"(?:Hand|Arm|Ellbogen|Schulter|Knie(?! unter)|Bein|Fuß|Ferse|Oberschenkel)\b",
        sides=r"\b(?:linke|rechte)[nrsm]? (?:Hand|Arm|Ellbogen|Schulter|Knie|Bein|Fuß|Ferse|Hüfte|Seite)\b",
    ),
    "es": Tongue(
        joints=r"(?:, |; |\by )(?:luego|después|entonces)\b|; ",
        limbs=r"\b(?:la|el|tu) (?:mano|brazo|codo|hombro|rodilla|pierna|pie|talón|muslo)\b",
        sides=r"\b(?:mano|brazo|codo|hombro|rodilla|pierna|pie|talón|lado|cadera) (?:izquierd|derech)[oa]\b",
    ),
    "fr": Tongue(
        joints=r"(?:, |; |\bet )(?:puis|ensuite|après)\b|, puis\b| ?; ",
        limbs=r"\b(?:la|le|ta|ton) (?:main|bras|coude|épaule|genou|jambe|pied|talon|cuisse)\b",
        sides=r"\b(?:main|bras|coude|épaule|genou|jambe|pied|talon|côté|hanche) (?:gauche|droite?)\b",
    ),
}

_MOVES = re.compile(
    r"(?:bend|bring|come|cross|drop|extend|fold|kneel|lean|lift|lower|move|place|press|pull|push|put|raise|reach"
    r"|release|rest|roll|rotate|round|shift|sink|sit|slide|stand|step|stretch|sway|swing|tilt|tuck|turn|twist"
    r"|walk)\b",
    re.IGNORECASE,
)
"""English words that begin an instruction to move."""
_CLAUSE = re.compile(r"[.!?:]\s+|\band\b|, (?=\w+ your\b)")
_BREATH = re.compile(
    r"(?:breath(?:e|ing) (?:in|out)|inhale|exhale|in|out|now|slowly|gently),? ", re.IGNORECASE
)


def advise(document: Document, exercise: Exercise) -> list[Problem]:
    """Say where a cue is too long, holds two instructions, or leaves a side unnamed, in the script's order.

    The language is that of the file's name (`bend.de.yaml`), English without one. In a language that is not
    known here, only the lengths are looked at.
    """
    language = PurePath(document.source).stem.partition(".")[2] or "en"
    tongue = _TONGUES.get(language)
    found = [*_sides_in_all(exercise)]
    for text in spoken(exercise):
        found.extend(_length(text))
        if tongue is not None:
            found.extend(_instructions(text, tongue, language=language))
            found.extend(_sides(text, tongue, exercise))
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


def _instructions(text: Spoken, tongue: Tongue, *, language: str) -> _Found:
    """Find a second instruction: after a joining word, or as a second movement."""
    if not text.is_work and text.path[0] != "setup":
        return
    joint = re.search(tongue.joints, text.text, re.IGNORECASE)
    if joint:
        words = joint[0].strip(" ,")
        yield text.path, f'two instructions stand in this cue (at "{words}"); make two cues of it'
    elif language == "en":
        moves = [move for clause in _CLAUSE.split(text.text) if (move := _move(clause))]
        if len(moves) > 1 and not _is_of_breath(text):
            told = f'"{moves[0]}" and "{moves[1]}"'
            yield text.path, f"two instructions stand in this cue ({told}); make two cues of it"


def _move(clause: str) -> str:
    """Give the word with which a clause tells to move; empty where it does not."""
    rest = clause.strip()
    while breath := _BREATH.match(rest):
        rest = rest[breath.end() :]
    move = _MOVES.match(rest)
    return move[0].lower() if move else ""


def _is_of_breath(text: Spoken) -> bool:
    """Tell whether a cue moves with one breath, which is one movement in however many words."""
    return "breathe" in text.path


def _sides(text: Spoken, tongue: Tongue, exercise: Exercise) -> _Found:
    if not (text.is_work and exercise.sides):
        return
    literal = re.search(tongue.sides, text.text, re.IGNORECASE)
    if literal:
        yield (
            text.path,
            f'"{literal[0]}" is said on both sides; name the side with {{side}} or {{other_side}}',
        )
        return
    limb = re.search(tongue.limbs, text.text, re.IGNORECASE)
    if limb and not names_in(text.text) & SIDED:
        yield text.path, f'which side is "{limb[0]}"? name it with {{side}} or {{other_side}}'


def _sides_in_all(exercise: Exercise) -> _Found:
    """Find an exercise of two sides that never names the one it works on."""
    if exercise.sides and not any(names_in(text.text) & SIDED for text in spoken(exercise) if text.is_work):
        yield ("sides",), "no cue in the steps names its side; put {side} where it helps"
