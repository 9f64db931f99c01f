"""Checking scripts: every problem that a build would find, and advice where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audio_builder.building.spoken import estimated
from audio_builder.compiler.expansion import compile_routine
from audio_builder.compiler.plan import wordings
from audio_builder.errors import AudioBuilderError, CompileError, Place, Problem, ScriptError
from audio_builder.language import LANGUAGES
from audio_builder.script.advice import advise, advise_routine
from audio_builder.script.document import Rank, read
from audio_builder.script.exercise import Exercise
from audio_builder.script.finding import in_language, scripts_folder
from audio_builder.script.kinds import known_keys
from audio_builder.script.overrides import Override
from audio_builder.script.program import Program, load_exercise, load_routine
from audio_builder.script.routine import Routine
from audio_builder.speech.choice import engine_names
from audio_builder.speech.notation import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found."""

    scripts: str
    """How many scripts were read, in words."""
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]


def check_scripts(
    paths: list[Path] | None, *, language: Override | None = None, config: Path | None = None
) -> Checked:
    """Check scripts, or those of folders, or the bundled ones; their versions in a language, where one is asked.

    `config` is a file with a person's own defaults, with which a build would lay over each routine.
    """
    if language and language.value not in LANGUAGES:
        message = f'"{language.value}" is not known here; write one of {", ".join(LANGUAGES)}'
        raise ScriptError([Problem(message=message, where=language.place)])
    found = (script for path in paths or _bundled(language) for script in _scripts(path))
    scripts = list(
        dict.fromkeys(in_language(script, language.value) if language else script for script in found)
    )
    problems: list[Problem] = []
    advice: list[Problem] = []
    for script in scripts:
        try:
            advice.extend(_check(script, language, config))
        except ScriptError as error:
            problems.extend(error.problems)
        except AudioBuilderError as error:
            problems.append(Problem(message=error.message, where=Place(source=f"{script}: {error.where}")))
    return Checked(
        scripts="1 script" if len(scripts) == 1 else f"{len(scripts)} scripts",
        problems=tuple(dict.fromkeys(problems)),
        advice=tuple(dict.fromkeys(advice)),
    )


def _bundled(language: Override | None) -> list[Path]:
    """Give the folders of the bundled scripts; templates are there in one language only."""
    return [scripts_folder() / kind for kind in ("routines", "exercises")] if language else [scripts_folder()]


def _scripts(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(each for ending in ("*.yaml", "*.yml") for each in path.rglob(ending))
    if not found:
        raise ScriptError(
            [
                Problem(
                    message="there are no scripts (.yaml files) in this folder", where=Place(source=str(path))
                )
            ]
        )
    yield from found


def _check(script: Path, language: Override | None, config: Path | None) -> list[Problem]:
    """Check one script as what it looks like; give the advice on it."""
    if _is_routine(read(script).value):
        program = load_routine(script, settings=_spoken_in(language, script), config=config)
        try:
            estimated(program)
        except CompileError as error:
            raise ScriptError([_placed(program, error)]) from error
        return [
            *advise_routine(program.document, program.routine),
            *_voice_advice(program),
            *_lexicon_advice(program),
        ]
    document, exercise = load_exercise(script)
    return advise(document, exercise)


def _spoken_in(language: Override | None, script: Path) -> list[Override]:
    if language is None:
        return []
    return [replace(language, place=Place(source=f"{script}, {language.place} {language.value}"))]


def _placed(program: Program, error: CompileError) -> Problem:
    """Say what cannot be timed at the line of its setting, or at the top of the routine."""
    setting = str(error.where or "")
    path = (setting,) if (setting,) in program.document.values_at else ()
    advice = f". {error.remedy}" if error.remedy else ""
    return program.document.problem(path, f"{error.message}{advice}", about=setting)


def _is_routine(value: object) -> bool:
    """Tell a routine by its list of exercises, or where that key is misspelt, by most of its keys."""
    if not isinstance(value, dict) or "exercises" in value:
        return isinstance(value, dict)
    routine, exercise = (len(value.keys() & set(known_keys(kind, ()))) for kind in (Routine, Exercise))
    return routine > exercise


def _voice_advice(program: Program) -> Iterator[Problem]:
    """Find a speech engine that is not there; on another machine it may be."""
    engine = program.routine.voice.partition(":")[0]
    known = ["auto", *engine_names()]
    if engine not in known:
        message = f'no speech engine is called "{engine}" here; there are {", ".join(known)}'
        yield program.document.problem(("voice",), message, about="voice")


def _lexicon_advice(program: Program) -> Iterator[Problem]:
    """Find entries of the lexicon that no line holds."""
    routine = program.routine
    said = wordings(compile_routine(program)) if routine.lexicon else ()
    for word in Lexicon.read(routine.lexicon).unused(said, routine.language):
        path = ("lexicon", word) if ("lexicon", word) in program.document.values_at else ("lexicon",)
        if program.document.rank(path) != Rank.PERSONAL:  # a person's own lexicon is for all their sessions
            message = f'no line holds "{word}", so this is never said'
            yield program.document.problem(path, message, about="lexicon")
