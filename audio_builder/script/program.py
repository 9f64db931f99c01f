"""A routine ready to be compiled: every exercise found, every dose settled, every problem told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from audio_builder.errors import Place, Problem, ScriptError
from audio_builder.language import LANGUAGES
from audio_builder.script import finding
from audio_builder.script.document import Document, Path_, Rank, read
from audio_builder.script.dosing import Asking
from audio_builder.script.exercise import Exercise
from audio_builder.script.overrides import Override, lay_over, personal_defaults, short_name
from audio_builder.script.quantities import Length
from audio_builder.script.review import check_sounds, review
from audio_builder.script.routine import Routine
from audio_builder.script.validation import in_file_order, validate

DEFAULT_ROUTINE = "thoracic-mobility"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """One exercise of a program with its dose."""

    name: str
    """The short name, such as `cat-cow`."""
    exercise: Exercise
    reps: int | None
    hold: Length | None
    rest: float
    """Seconds of rest after it."""
    folder: Path
    """Where its script lies; the sounds it names are found from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A routine ready to be compiled."""

    name: str
    """The short name, such as `thoracic-mobility`; names the output."""
    routine: Routine
    prescriptions: tuple[Prescription, ...]
    rounds: int
    """How often the exercises are gone through."""
    folder: Path
    """Where the routine lies; the files it names are found from here."""
    document: Document
    """The routine as written, with the settings laid over; knows where each value came from."""
    exercise_documents: Mapping[str, Document]


def load_routine(
    routine: str | Path = DEFAULT_ROUTINE,
    *,
    settings: Mapping[str, Any] | Sequence[Override] = (),
    config: Path | None = None,
) -> Program:
    """Load a routine by bundled name or path, with settings such as `{"cat-cow.reps": 10}` laid over.

    `config` is a file with a person's own defaults; the settings win over it, and it over the routine.
    ScriptError holds every problem of the routine and its exercises at once.
    """
    overrides = _overrides(settings)
    asked = [*(personal_defaults(config, None) if config else []), *overrides]
    language = next((each for each in reversed(asked) if each.path == "language"), None)
    named = language.value if language and isinstance(language.value, str) else None
    path = finding.routine_path(str(routine), named)
    document = read(path)
    if language is not None:
        _check_language(document, language)
    personal = personal_defaults(config, document.value) if config else []
    return _program(lay_over(document, [*personal, *overrides]), path)


def _check_language(document: Document, asked: Override) -> None:
    """Refuse to speak a routine's own words in another language than they are written in."""
    written = document.value.get("language", "en") if isinstance(document.value, dict) else asked.value
    if asked.value in LANGUAGES and written in LANGUAGES and written != asked.value:
        path = Path(document.source)
        message = (
            f'the routine is written in "{written}"; translate it into '
            f"{path.stem.partition('.')[0]}.{asked.value}{path.suffix} beside it"
        )
        about = "language" if asked.place.line else ""
        raise ScriptError([Problem(message=message, where=asked.place, about=about)])


def load_exercise(path: Path) -> tuple[Document, Exercise]:
    """Load one exercise. ScriptError holds all its problems."""
    document = read(path)
    exercise = validate(document, Exercise)
    problems = [*review(document, exercise), *check_sounds(document, exercise, path.parent)]
    if problems:
        raise ScriptError(in_file_order(document, problems))
    return document, exercise


def _overrides(settings: Mapping[str, Any] | Sequence[Override]) -> list[Override]:
    if isinstance(settings, Mapping):
        return [
            Override(path=path, value=value, place=Place(source=f"the setting {path}"))
            for path, value in settings.items()
        ]
    return list(settings)


def _program(document: Document, path: Path) -> Program:
    problems: list[Problem] = []
    routine: Routine | None = None
    try:
        routine = validate(document, Routine)
    except ScriptError as error:
        problems.extend(error.problems)
    folder = path.parent
    loaded = _load_exercises(document, folder, problems)
    if routine is None or problems:
        raise ScriptError(list(dict.fromkeys(problems)))
    prescriptions = _prescriptions(document, routine, loaded, problems)
    found = check_sounds(document, routine, folder)
    problems.extend(problem for _, problem in found)
    if problems:
        raise ScriptError(problems)
    return Program(
        name=_session_name(path),
        routine=routine,
        prescriptions=tuple(prescriptions),
        rounds=routine.rounds,
        folder=folder,
        document=document,
        exercise_documents={use: pair[0] for use, pair in loaded.items()},
    )


def _session_name(path: Path) -> str:
    """Name a session by its routine's file; bytes of that name that are no text here become underscores."""
    return re.sub(r"[\ud800-\udfff]", "_", short_name(path.name).partition(".")[0])


def _load_exercises(
    document: Document, folder: Path, problems: list[Problem]
) -> dict[str, tuple[Document, Exercise]]:
    """Load every exercise a routine uses, gathering the problems of all."""
    loaded: dict[str, tuple[Document, Exercise]] = {}
    failed: set[str] = set()
    language = document.value.get("language", "en") if isinstance(document.value, dict) else "en"
    for path, use in _uses(document.value):
        if use in loaded or use in failed:
            continue
        try:
            loaded[use] = load_exercise(finding.exercise_path(use, folder, str(language)))
        except ValueError as error:
            failed.add(use)
            problems.append(document.problem(path, str(error)))
        except ScriptError as error:
            failed.add(use)
            problems.extend(error.problems)
    return loaded


def _uses(value: Any) -> list[tuple[Path_, str]]:
    choices = value.get("exercises") if isinstance(value, dict) else None
    if not isinstance(choices, list) or len(choices) > 200:
        return []
    uses: list[tuple[Path_, str]] = []
    for index, choice in enumerate(choices):
        if isinstance(choice, str):
            uses.append((("exercises", index), choice))
        elif isinstance(choice, dict) and isinstance(choice.get("use"), str):
            uses.append((("exercises", index, "use"), choice["use"]))
    return [(path, use) for path, use in uses if use.strip()]


def _prescriptions(
    document: Document,
    routine: Routine,
    loaded: Mapping[str, tuple[Document, Exercise]],
    problems: list[Problem],
) -> list[Prescription]:
    settled = []
    asking = Asking(document=document, routine=routine)
    for index, choice in enumerate(routine.exercises):
        name, exercise = short_name(choice.use), loaded[choice.use][1]
        if name in routine.skip or (routine.only and name not in routine.only):
            continue
        try:
            settled.append(
                Prescription(
                    name=name,
                    exercise=exercise,
                    reps=asking.reps(exercise.dose.reps, choice, name=name, index=index),
                    hold=asking.hold(exercise.dose.hold, choice, name=name, index=index),
                    rest=asking.rest(choice, index=index),
                    folder=Path(loaded[choice.use][0].source).parent,
                )
            )
        except ScriptError as error:
            problems.extend(error.problems)
    problems.extend(_selection_problems(document, routine, settled, done=not problems))
    return settled


def _selection_problems(
    document: Document, routine: Routine, settled: list[Prescription], *, done: bool
) -> Iterator[Problem]:
    """Find names in `only` and `skip` that mean nothing, and doses that no exercise takes."""
    names = [short_name(choice.use) for choice in routine.exercises]
    known = {*names, *finding.bundled("exercises")}
    for setting in ("only", "skip"):
        for name in getattr(routine, setting):
            if name not in (known if setting == "skip" else names):
                close = get_close_matches(name, names, n=1)
                meant = (
                    f'did you mean "{close[0]}"?' if close else "it has " + ", ".join(dict.fromkeys(names))
                )
                message = f'this routine has no exercise "{name}"; {meant}'
                yield document.problem((setting,), message, about=setting)
                return
    if done and not settled:
        path = ("skip",) if routine.skip else ("only",)
        yield document.problem(path, "no exercise is left; keep at least one", about=path[0])
    for dose in ("reps", "hold"):
        wished = getattr(routine, dose) and document.rank((dose,)) != Rank.PERSONAL
        if done and settled and wished and all(getattr(p, dose) is None for p in settled):
            yield document.problem((dose,), f"no exercise here has {dose} to set", about=dose)
