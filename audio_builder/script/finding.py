"""A name or a path comes in; the script file it means goes out."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from audio_builder.errors import Problem, ScriptError

Kind = Literal["exercises", "routines"]


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


def routine_path(name: str, language: str = "en") -> Path:
    """Find a routine by bundled name or by path. ScriptError suggests the nearest name."""
    if is_path(name):
        return Path(name)
    known = bundled("routines", language)
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=1)
    meant = f'did you mean "{close[0]}"?' if close else "bundled are " + ", ".join(known)
    message = f"there is no bundled routine of this name; {meant} (a file is named with its ending, like my.yaml)"
    raise ScriptError([Problem(message=message, where=name)])


def exercise_path(use: str, folder: Path, language: str = "en") -> Path:
    """Find an exercise that a routine in a folder uses.

    A file beside the routine (or in its `exercises` folder) wins over a bundled one of the same name.
    ValueError says what is wrong, for the caller knows where `use` stands.
    """
    if is_path(use):
        return _inside(folder, use)
    suffix = "" if language == "en" else f".{language}"
    for home in (folder, folder / "exercises"):
        for ending in (f"{suffix}.yaml", ".yaml"):
            own = home / f"{use}{ending}"
            if own.is_file():
                return _inside(folder, str(own.relative_to(folder)))
    known = bundled("exercises", language)
    if use in known:
        return known[use]
    if use in bundled("exercises"):
        raise ValueError(f"the exercise {use!r} has no {language!r} version; write {use}.{language}.yaml")
    close = get_close_matches(use, known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else "known are " + ", ".join(known)
    raise ValueError(f"there is no exercise {use!r}; {meant}")


def _inside(folder: Path, use: str) -> Path:
    path = (folder / use.replace("\\", "/")).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"the file {use!r} lies outside the routine's folder; copy it beside the routine")
    if not path.is_file():
        raise ValueError(f"there is no file {use!r} beside the routine")
    return path
