"""Finding scripts: which file a name or a path means."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Literal

from audio_builder.errors import Action, Place, Problem, Remedy, ScriptError
from audio_builder.script.syntax import show

Kind = Literal["exercises", "routines"]

DEFAULT_ROUTINE = "thoracic-mobility"
"""The bundled routine that is built where none is named."""
IN_A_ROUTINE = Remedy(
    'list it under "exercises:" in a routine, as {} writes one', (Action("new routine", "NAME"),)
)
"""What to do with an exercise that somebody wants to hear."""


def scripts_folder() -> Path:
    """Give the folder of the bundled scripts: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "scripts"
    return inside if inside.is_dir() else package.parent / "scripts"


def bundled(kind: Kind, language: str = "en") -> dict[str, Path]:
    """List the bundled scripts of a kind in a language, by name."""
    found = {}
    for path in sorted((scripts_folder() / kind).glob("*.yaml")):
        name, _, tongue = path.stem.partition(".")
        if (tongue or "en") == language:
            found[name] = path
    return found


def is_path(text: str) -> bool:
    """Tell whether a routine was named by its file rather than by a bundled name."""
    return text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text


def in_language(path: Path, language: str) -> Path:
    """Find a script's version in a language, `NAME.LANGUAGE.yaml` beside it; itself where there is none.

    English ones may also be called `NAME.yaml`.
    """
    name = path.stem.partition(".")[0]
    endings = (f".{language}",) if language != "en" else (".en", "")
    versions = (path.with_name(f"{name}{ending}{path.suffix}") for ending in endings if language.isalpha())
    return next(filter(is_file, versions), path)


def routine_path(name: str, language: str | None = None) -> Path:
    """Find a routine by bundled name or by path, in a language. ScriptError suggests the nearest name."""
    if is_path(name):
        return in_language(Path(name), language) if language else Path(name)
    language = language or "en"
    known = bundled("routines", language) or bundled("routines")
    if name in known:
        return known[name]
    if name in bundled("routines"):
        message = (
            f"this routine has no {show(language)} version; it has others, or write {name}.{language}.yaml"
        )
        raise ScriptError([Problem(message=message, where=Place(source=name))])
    place = Place(source=name)
    if name in bundled("exercises"):
        raise ScriptError(
            [Problem(message="this is an exercise, not a routine", where=place, remedy=IN_A_ROUTINE)]
        )
    raise ScriptError([Problem(message=_no_routine(name, known), where=place)])


def _no_routine(name: str, known: Mapping[str, Path]) -> str:
    """Say that a name means no routine, and what was likely meant."""
    if is_folder(Path(name)):
        return "this is a folder, not a script; name the file inside it"
    close = with_ending(Path(name)) or next(iter(get_close_matches(name, known, n=1)), None)
    meant = f'did you mean "{close}"?' if close else "bundled are " + ", ".join(known)
    return (
        f"there is no bundled routine of this name; {meant} (a file is named with its ending, like my.yaml)"
    )


def with_ending(path: Path) -> Path | None:
    """Give the script that a path means that lacks its ending, or has the other one; None where there is none."""
    bare = str(path).removesuffix(".yaml").removesuffix(".yml")
    return next((each for ending in (".yaml", ".yml") if is_file(each := Path(f"{bare}{ending}"))), None)


def exercise_path(use: str, folder: Path, language: str = "en") -> Path:
    """Find an exercise that a routine in a folder uses.

    A file beside the routine (or in its `exercises` folder) wins over a bundled one of the same name.
    A language without any exercise is no language here, which the check of the routine says.
    ValueError says what is wrong, for the caller knows where `use` stands.
    """
    if is_path(use):
        return _beside(folder, use)
    own = _own(use, folder, language)
    if own is not None:
        return own
    known = bundled("exercises", language) or bundled("exercises")
    if use in known:
        return known[use]
    if use in bundled("exercises"):
        raise ValueError(
            f"the exercise {show(use)} has no {show(language)} version; write {use}.{language}.yaml"
        )
    close = get_close_matches(use, [*_own_names(folder), *known], n=1)
    meant = f'did you mean "{close[0]}"?' if close else "bundled are " + ", ".join(known)
    raise ValueError(f"there is no exercise {show(use)}; {meant}")


def _own_names(folder: Path) -> list[str]:
    """List the names of the scripts beside a routine."""
    paths = [path for home in (folder, folder / "exercises") for path in home.glob("*.yaml")]
    return sorted({path.stem.partition(".")[0] for path in paths})


def _own(use: str, folder: Path, language: str) -> Path | None:
    suffix = f".{language}" if language != "en" and language.isalpha() else ""
    for home in ("", "exercises/"):
        for ending in (f"{suffix}.yaml", ".yaml"):
            if is_file(folder / f"{home}{use}{ending}"):
                return _beside(folder, f"{home}{use}{ending}")
    return None


def _beside(folder: Path, use: str) -> Path:
    path = inside(folder, use.replace("\\", "/"))
    if path is None:
        raise ValueError(
            f"the file {show(use)} lies outside the routine's folder; copy it beside the routine"
        )
    if not is_file(path):
        name = PurePath(use).stem
        meant = f'; the bundled one is written "{name}"' if name in bundled("exercises") else ""
        if complete := with_ending(path):
            meant = f'; did you mean "{complete.relative_to(folder).as_posix()}"?'
        raise ValueError(f"there is no file {show(use)} beside the routine{meant}")
    return path


def inside(folder: Path, name: str) -> Path | None:
    """Give the file that a name means in a folder; None where it lies outside, through a link even."""
    try:
        path = folder / name
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):  # links in a circle; names too long or with a NUL in them
        return folder / name


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; a path that no system takes is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Tell whether a path is a regular file; a path that no system takes is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
