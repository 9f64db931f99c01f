"""Scripts to start from: copies, templates and schemas for the editor."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from audio_builder.errors import OutputError, Place, Problem, ScriptError
from audio_builder.files.atomic import write_all
from audio_builder.script.finding import bundled, scripts_folder
from audio_builder.script.program import load_routine
from audio_builder.script.schema import KINDS, file_name, schema_text

ABOVE = "$schema=../schema/"
"""Where a bundled script's first line leads editors."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def copy_routine(name: str, output: Path | None, *, language: str, with_exercises: bool) -> list[Path]:
    """Copy a bundled routine into the working folder; with its exercises beside it, where asked."""
    known = bundled("routines", language)
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f'did you mean "{close[0]}"?' if close else f"bundled are {', '.join(known) or 'none'}"
        message = f"there is no bundled routine of this name; {meant}"
        raise ScriptError([Problem(message=message, where=Place(source=name))])
    target = output or Path(f"{name}.yaml")
    if target.suffix not in (".yaml", ".yml"):
        target = target / f"{name}.yaml"
    copies = {target: known[name]}
    if with_exercises:
        settings = {"language": language}
        for prescription in load_routine(known[name], settings=settings).prescriptions:
            source = bundled("exercises", language)[prescription.name]
            copies[target.parent / "exercises" / source.name] = source
    return _write(
        {path: _copied(source, path, target.parent) for path, source in copies.items()}, target.parent
    )


def write_template(kind: str, name: str) -> Path:
    """Write a commented template of an exercise or a routine, `NAME.yaml`, into the working folder."""
    if kind not in ("exercise", "routine"):
        raise ScriptError(
            [
                Problem(
                    message=f'"{kind}" cannot be started; write exercise or routine',
                    where=Place(source="new"),
                )
            ]
        )
    if not _NAME.fullmatch(name):
        message = f'"{name}" will not do as a name; use small letters, digits and hyphens, like side-stretch'
        raise ScriptError([Problem(message=message, where=Place(source="new"))])
    text = (scripts_folder() / "templates" / f"{kind}.yaml").read_text(encoding="utf-8")
    title = name.replace("-", " ").capitalize()
    text = text.replace("TITLE", title).replace(ABOVE, "$schema=schema/", 1)
    return _write({Path(f"{name}.yaml"): text}, Path())[0]


def write_schemas(folder: Path) -> list[Path]:
    """Write the JSON Schemas of exercises and routines into a folder, over earlier ones."""
    files = {folder / file_name(kind): [schema_text(kind).encode()] for kind in KINDS}
    write_all(files)
    return list(files)


def _copied(source: Path, path: Path, home: Path) -> str:
    """Give a bundled script's text, with the line that leads editors to the schemas beside the copy."""
    beside = "$schema=schema/" if path.parent == home else ABOVE
    return source.read_text(encoding="utf-8").replace(ABOVE, beside, 1)


def _write(texts: dict[Path, str], home: Path) -> list[Path]:
    """Write new files, never over one that somebody may have edited; and the schemas that editors want."""
    for path in texts:
        if path.exists():
            raise OutputError(
                "is there already, and is left as it is",
                where=str(path),
                remedy="Choose another name, or remove it.",
            )
    write_all({path: [text.encode()] for path, text in texts.items()})
    write_schemas(home / "schema")
    return list(texts)
