"""Settings laid over a routine: those somebody asks for, and a person's own defaults in `config.yaml`."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Any

from audio_builder.errors import Place, Problem, ScriptError
from audio_builder.files import named_in, own_folder
from audio_builder.script.document import Document, Path_, Rank, parse, plain_value, read
from audio_builder.script.finding import bundled
from audio_builder.script.quantities import parse_pace
from audio_builder.script.syntax import show

CHOICE_KEYS = ("reps", "hold", "rest")
"""What may be set for one exercise of a routine."""

SETTING_KEYS = (
    "bed", "beyond_limits", "breath", "breath_words", "counts", "guidance", "hold", "language", "length",
    "level", "levels", "lexicon", "on_failure", "only", "pacer", "quality", "reps", "rest", "rounds",
    "safety", "skip", "sounds", "speed", "start_side", "switch", "title", "voice", "warmth",
)  # fmt: skip
"""What may be set for a whole routine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One setting that somebody asked for."""

    path: str
    """Dotted: `breath.inhale`, `cat-cow.reps`."""
    value: Any
    place: Place
    """Where it stands, or what whoever asks for it calls it."""
    rank: Rank = Rank.ASKED
    lines: tuple[str, ...] = ()
    """The text of the file it stands in, for excerpts; empty for options."""


def from_text(text: str, *, source: str) -> Override:
    """Read `PATH=VALUE` as whoever asks with `source` wrote it. ScriptError where it is not of that form."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        message = 'write a setting and its value, like "cat-cow.reps=10"'
        raise ScriptError([Problem(message=message, where=Place(source=f"{source} {text}"))])
    place = Place(source=f"{source} {path.strip()}")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]  # quotes that the shell left on
    raw = parse(value, source=str(place)).value if value[:1] in ("[", "{") else plain_value(value)
    return Override(path=path.strip(), value=raw, place=place)


def exercise_names(value: Any) -> list[str]:
    """Give the short names of a routine's exercises, as its document has them; empty where it has none."""
    choices = value.get("exercises") if isinstance(value, dict) else None
    if not isinstance(choices, list):
        return []
    uses = [choice.get("use") if isinstance(choice, dict) else choice for choice in choices]
    return [short_name(use) if isinstance(use, str) else "" for use in uses]


def short_name(use: str) -> str:
    """Give an exercise's short name: the file's name without its folder and ending."""
    return PurePath(use).name.removesuffix(".yaml").removesuffix(".yml")


def lay_over(document: Document, overrides: Sequence[Override]) -> tuple[Document, list[Problem]]:
    """Lay settings over a routine's document, later ones winning; give those that cannot be as problems."""
    value = deepcopy(document.value)
    places, ranks = dict(document.values_at), dict(document.ranks)
    problems: list[Problem] = []
    for override in overrides:
        try:
            for path in _targets(value, override):
                _put(value, places, path, override)
                ranks[path] = override.rank
        except ScriptError as error:
            problems.extend(error.problems)
    texts = {override.place.source: override.lines for override in overrides if override.lines}
    lines = {**document.lines, **texts}
    return replace(document, value=value, values_at=places, ranks=ranks, lines=lines), problems


def _targets(value: Any, override: Override) -> Iterator[Path_]:
    """Find where a dotted setting stands in the document."""
    head, _, rest = override.path.partition(".")
    names = exercise_names(value)
    if head in names:
        if rest not in CHOICE_KEYS:
            _unknown(override, rest, CHOICE_KEYS, f"{head}.")
        yield from (("exercises", index, rest) for index, name in enumerate(names) if name == head)
        return
    if head not in SETTING_KEYS:
        _unknown(override, head, (*SETTING_KEYS, *dict.fromkeys(names)), "")
    yield (head, rest) if head == "lexicon" and rest else tuple(override.path.split("."))


def _unknown(override: Override, found: str, known: Sequence[str], prefix: str) -> None:
    close = get_close_matches(found, known, n=1)
    meant = (
        f'did you mean "{prefix}{close[0]}"?'
        if close
        else "known are " + ", ".join(f"{prefix}{k}" for k in known)
    )
    message = f"there is no setting {show(prefix + found)}; {meant}"
    raise ScriptError([Problem(message=message, where=override.place)])


def _put(value: Any, places: dict[Path_, Place], path: Path_, override: Override) -> None:
    node: Any = value
    for part, ahead in itertools.pairwise(path):
        child = node[part] if isinstance(part, int) else node.get(part)
        if not isinstance(child, dict | list):
            child = _expanded(part, child, override) if isinstance(ahead, str) else []
            node[part] = child
        node = child
    node[path[-1]] = override.value
    for known in [each for each in places if each[: len(path)] == path]:
        del places[known]
    places[path] = override.place


def _expanded(part: str | int, child: Any, override: Override) -> dict[str, Any]:
    """Write out a short form, so that one part of it can be set."""
    if child is None:
        return {}
    if part == "breath":
        try:
            return dict(parse_pace(child))
        except ValueError as error:
            raise ScriptError([Problem(message=str(error), where=override.place, about="breath")]) from None
    if isinstance(part, int):
        return {"use": child}
    if part in ("bed", "pacer") and isinstance(child, str):
        return {"sound": child}
    if part == "warmth" and isinstance(child, int | float):
        return {"amount": child}
    message = f'there is nothing to set below "{part}"'
    raise ScriptError([Problem(message=message, where=override.place)])


log = logging.getLogger(__name__)

VARIABLE = "AUDIO_BUILDER_CONFIG"
MISSPELT = 0.85
"""How alike two names are of which one is a slip; an exercise of one's own, for other routines, is less alike."""
PERSONAL_KEYS = tuple(key for key in SETTING_KEYS if key != "title")


def config_path() -> Path:
    """Give AUDIO_BUILDER_CONFIG where it is set, else `config.yaml` in the user's config folder.

    Neither need be there; where the former is not, a warning says so.
    """
    named = named_in(VARIABLE)
    if named is None:
        return own_folder("config") / "config.yaml"
    if not named.exists():
        log.warning("%s=%s: there is no such file, so there are no personal defaults", VARIABLE, named)
    return named


def personal_defaults(path: Path, routine: Any) -> list[Override]:
    """Read a person's defaults for a routine's document; none where there is no file.

    Defaults for exercises that the routine does not have are left out, one's own of other routines among them.
    ScriptError names what is unknown;
    that is only looked for where the routine is known.
    """
    if not path.exists() or (path.is_file() and not path.read_bytes().strip()):
        return []
    document = read(path)
    if document.faults:
        raise ScriptError(document.faults)
    if not isinstance(document.value, dict):
        raise ScriptError([document.problem((), "this file should hold settings, like guidance: light")])
    known = {*bundled("exercises"), *exercise_names(routine)}
    problems = list(_strange_keys(document, known)) if routine is not None else []
    if problems:
        raise ScriptError(problems)
    return list(_overrides(document, set(exercise_names(routine))))


def _strange_keys(document: Document, exercises: set[str]) -> Iterator[Problem]:
    for key, value in document.value.items():
        if key != "exercises":
            if key not in PERSONAL_KEYS:
                yield _strange(document, (key,), (*PERSONAL_KEYS, "exercises"))
            continue
        if not isinstance(value, dict):
            yield document.problem((key,), "write an exercise's name and its settings below it", about=key)
            continue
        for name, settings in value.items():
            if name not in exercises and get_close_matches(name, exercises, cutoff=MISSPELT):
                yield _strange(document, (key, name), sorted(exercises))
            elif not isinstance(settings, dict):
                yield document.problem((key, name), "write its settings below it, like reps: 8", about=name)
            else:
                unknown = [each for each in settings if each not in CHOICE_KEYS]
                yield from (_strange(document, (key, name, each), CHOICE_KEYS) for each in unknown)


def _strange(document: Document, path: Path_, known: tuple[str, ...] | list[str]) -> Problem:
    close = get_close_matches(str(path[-1]), known, n=1)
    meant = f'did you mean "{close[0]}"?' if close else "known here are " + ", ".join(known)
    return document.problem(path, f"unknown key {show(path[-1])}; {meant}", at_key=True)


def _overrides(document: Document, names: set[str]) -> Iterator[Override]:
    for key, value in document.value.items():
        if key != "exercises":
            yield from _leaves(document, (key,), value)
            continue
        for name, settings in value.items() if isinstance(value, dict) else ():
            if name in names:
                for setting, wished in settings.items():
                    yield _override(document, (key, name, setting), f"{name}.{setting}", wished)


def _leaves(document: Document, path: Path_, value: Any) -> Iterator[Override]:
    """Take groups apart, so that one part of `levels` does not replace the others."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(document, (*path, key), part)
    else:
        yield _override(document, path, ".".join(map(str, path)), value)


def _override(document: Document, path: Path_, dotted: str, value: Any) -> Override:
    place, lines = document.place(path), document.lines[document.source]
    return Override(path=dotted, value=value, place=place, rank=Rank.PERSONAL, lines=lines)
