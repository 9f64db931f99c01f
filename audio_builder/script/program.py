"""A routine ready to be compiled: every exercise found, every dose settled, every problem told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from audio_builder.errors import Place, Problem, ScriptError
from audio_builder.language import LANGUAGES
from audio_builder.script import finding
from audio_builder.script.contents import spoken, unreadable
from audio_builder.script.document import Document, Path_, Rank, read
from audio_builder.script.dosing import Asking
from audio_builder.script.exercise import Exercise
from audio_builder.script.overrides import Override, lay_over, personal_defaults, short_name
from audio_builder.script.quantities import Length
from audio_builder.script.review import check_sounds, check_voice, located_voice, review
from audio_builder.script.routine import Choice, Routine
from audio_builder.script.validation import Found, in_file_order, validate
from audio_builder.speech.notation import Lexicon


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

    @property
    def voice(self) -> str:
        """The wished voice; a folder of recordings that the routine itself names lies beside it."""
        return located_voice(self.document, self.routine, self.folder)


def load_routine(
    routine: str | Path = finding.DEFAULT_ROUTINE,
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
    problems: list[Problem] = []
    try:
        personal = personal_defaults(config, document.value) if config else []
    except ScriptError as error:
        personal = []
        problems.extend(error.problems)
    whole, impossible = lay_over(document, [*personal, *overrides])
    return _program(whole, path, [*problems, *impossible])


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """An exercise as far as it can be read."""

    document: Document
    exercise: Exercise
    wrong: Found

    @property
    def problems(self) -> list[Problem]:
        return in_file_order(self.document, self.wrong)

    @property
    def has_sure_doses(self) -> bool:
        """Whether its doses can be told: neither they nor keys of the exercise that are unknown are wrong."""
        return all(len(path) > 1 and path[0] != "dose" for path, _ in self.wrong)


def load_exercise(path: Path) -> tuple[Document, Exercise]:
    """Load one exercise. ScriptError holds all its problems."""
    loaded = _load_exercise(path)
    if loaded.wrong:
        raise ScriptError(loaded.problems)
    return loaded.document, loaded.exercise


def _load_exercise(path: Path) -> _Loaded:
    document = read(path)
    exercise, wrong = validate(document, Exercise)
    found = [*review(document, exercise, wrong), *check_sounds(document, exercise, path.parent)]
    return _Loaded(document=document, exercise=exercise, wrong=[*wrong, *found])


def _overrides(settings: Mapping[str, Any] | Sequence[Override]) -> list[Override]:
    if isinstance(settings, Mapping):
        return [
            Override(path=path, value=value, place=Place(source=f"the setting {path}"))
            for path, value in settings.items()
        ]
    return list(settings)


def _program(document: Document, path: Path, problems: list[Problem]) -> Program:
    """Read a routine with all its exercises; `problems` are those of what was laid over it."""
    folder = path.parent
    routine, wrong = validate(document, Routine)
    loaded, missing = _load_exercises(document, folder)
    asking = Asking(document=document, routine=routine)
    prescriptions = tuple(_prescriptions(asking, loaded))
    found = [*wrong, *check_sounds(document, routine, folder), *check_voice(document, routine, folder)]
    problems += in_file_order(document, found)
    problems += missing
    problems += [problem for each in loaded.values() for problem in each.problems]
    problems += asking.problems
    if not wrong:
        problems += _selection_problems(document, routine, loaded)
        problems += _unreadable(document, routine, loaded.values())
    if problems:
        raise ScriptError(list(dict.fromkeys(problems)))
    return Program(
        name=_session_name(path),
        routine=routine,
        prescriptions=prescriptions,
        rounds=routine.rounds,
        folder=folder,
        document=document,
        exercise_documents={use: each.document for use, each in loaded.items()},
    )


def _session_name(path: Path) -> str:
    """Name a session by its routine's file; bytes of that name that are no text here become underscores."""
    return re.sub(r"[\ud800-\udfff]", "_", short_name(path.name).partition(".")[0])


def _unreadable(document: Document, routine: Routine, loaded: Iterable[_Loaded]) -> Iterator[Problem]:
    """Find texts that no voice of the language can read; recordings may say anything."""
    if routine.voice.startswith("recordings:") and " else " not in routine.voice:
        return
    lexicon = Lexicon.of_language(routine.language, routine.lexicon)
    own = [
        ((part, index, "say"), words.say)
        for part in ("opening", "closing")
        for index, words in enumerate(getattr(routine, part))
    ]
    texts: list[tuple[Document, Path_, str]] = [(document, path, text) for path, text in own]
    for script, exercise in ((each.document, each.exercise) for each in loaded if not each.wrong):
        texts += [
            (script, ("name",), exercise.name),
            (script, ("start", "position"), exercise.start.position),
        ]
        texts += [(script, each.path, each.text) for each in spoken(exercise)]
    for script, path, text in texts:
        if message := unreadable(text, routine.language, lexicon):
            yield script.problem(path, message)


def _load_exercises(document: Document, folder: Path) -> tuple[dict[str, _Loaded], list[Problem]]:
    """Load every exercise a routine uses, and tell which cannot be read at all."""
    loaded: dict[str, _Loaded] = {}
    missing: dict[str, list[Problem]] = {}
    language = document.value.get("language", "en") if isinstance(document.value, dict) else "en"
    for path, use in _uses(document.value):
        if use in loaded or use in missing:
            continue
        try:
            loaded[use] = _load_exercise(finding.exercise_path(use, folder, str(language)))
        except ValueError as error:
            missing[use] = [document.problem(path, str(error))]
        except ScriptError as error:
            missing[use] = list(error.problems)
    return loaded, [problem for problems in missing.values() for problem in problems]


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


def _prescriptions(asking: Asking, loaded: Mapping[str, _Loaded]) -> Iterator[Prescription]:
    """Settle what is done of each exercise that is to be done."""
    for index, choice in _chosen(asking.routine):
        each = loaded.get(choice.use)
        if each is None or not each.has_sure_doses:
            continue
        name, dose = short_name(choice.use), each.exercise.dose
        yield Prescription(
            name=name,
            exercise=each.exercise,
            reps=asking.reps(dose.reps, choice, name=name, index=index),
            hold=asking.hold(dose.hold, choice, name=name, index=index),
            rest=asking.rest(choice, index=index),
            folder=Path(each.document.source).parent,
        )


def _chosen(routine: Routine) -> list[tuple[int, Choice]]:
    """Give the exercises that `only` and `skip` leave, each with its place in the list."""
    return [
        (index, choice)
        for index, choice in enumerate(routine.exercises)
        if (name := short_name(choice.use)) not in routine.skip and (not routine.only or name in routine.only)
    ]


def _selection_problems(
    document: Document, routine: Routine, loaded: Mapping[str, _Loaded]
) -> Iterator[Problem]:
    """Find names in `only` and `skip` that mean nothing, and doses that no exercise takes."""
    names = [short_name(choice.use) for choice in routine.exercises]
    strange = [(setting, name) for setting in ("only", "skip") for name in getattr(routine, setting)]
    known = {"only": {*names}, "skip": {*names, *finding.bundled("exercises")}}
    strange = [(setting, name) for setting, name in strange if name not in known[setting]]
    for setting, name in strange:
        close = get_close_matches(name, names, n=1)
        meant = f'did you mean "{close[0]}"?' if close else "it has " + ", ".join(dict.fromkeys(names))
        yield document.problem((setting,), f'this routine has no exercise "{name}"; {meant}', about=setting)
    left = [loaded.get(choice.use) for _, choice in _chosen(routine)]
    if not left and not strange:
        path = ("skip",) if routine.skip else ("only",)
        yield document.problem(path, "no exercise is left; keep at least one", about=path[0])
    sure = [each for each in left if each and each.has_sure_doses]
    for dose in ("reps", "hold") if left and len(sure) == len(left) else ():
        wished = getattr(routine, dose) and document.rank((dose,)) != Rank.PERSONAL
        if wished and all(getattr(each.exercise.dose, dose) is None for each in sure):
            yield document.problem((dose,), f"no exercise here has {dose} to set", about=dose)
