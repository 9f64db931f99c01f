"""Promises about the source itself: names, sizes, words about everything public."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import audio_builder
from audio_builder.cli.app import command_line

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted((ROOT / "audio_builder").rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "models", "misc"}
FOLDERS = {"audio_builder", "scripts", "sounds", "tests"}
FILES = {"pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}


def name(path: Path) -> str:
    """Name a file from the top of the project."""
    return path.relative_to(ROOT).as_posix()


def test_the_top_level_is_the_one_agreed_upon() -> None:
    """Find every file and folder that belongs there."""
    assert {path.name for path in ROOT.iterdir() if path.is_dir()} >= FOLDERS
    assert {path.name for path in ROOT.iterdir() if path.is_file()} >= FILES
    assert all((ROOT / file).read_text(encoding="utf-8").strip() for file in FILES)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_is_short_named_for_its_domain_and_opens_with_a_sentence(path: Path) -> None:
    """Count lines of the module and of its functions, and read its docstring."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= LONGEST_MODULE
    assert path.stem not in VAGUE
    if text.strip():
        assert (ast.get_docstring(tree) or "").strip(), "there is no docstring"
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_class_is_made_that_a_type_checker_does_not_see() -> None:
    """Find what makes classes at run time, and names that stand for other things while types are checked."""
    makers = re.compile(
        r"\b(make_dataclass|create_model|new_class)\(|if TYPE_CHECKING:[^\n]*\n(?:    .*\n)*\n?else:"
    )
    assert [name(path) for path in MODULES if makers.search(path.read_text(encoding="utf-8"))] == []


def test_below_the_command_line_nothing_speaks_it() -> None:
    """Find options and commands in texts: errors carry settings and actions, and each face words them."""
    commands = "|".join(typer.main.get_group(command_line()).commands)
    spoken = re.compile(rf"(?<![\w-])--[a-z]|audio-builder ({commands})\b")
    found = {
        f"{name(path)}:{node.lineno}: {node.value}"
        for path in MODULES
        if path.parent.name not in ("cli", "audio_builder")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and spoken.search(node.value)
    }
    of_other_programs = ("flite.py", "say.py", "espeak.py", "hibari.py")
    assert {each for each in found if not each.partition(":")[0].endswith(of_other_programs)} == set()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_public_name_says_what_it_is(path: Path) -> None:
    """Find a docstring on each public class, function and method that does something."""
    bare = [
        node.name
        for node in _public(ast.parse(path.read_text(encoding="utf-8")))
        if not ast.get_docstring(node)
    ]
    assert bare == []


def _public(
    tree: ast.Module | ast.ClassDef,
) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_every_name_the_package_offers_is_there() -> None:
    """Load each of them; each has words of its own."""
    for each in audio_builder.__all__:
        assert getattr(audio_builder, each).__doc__, each
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = audio_builder.nothing


def test_the_linter_knows_every_engine_and_every_layer() -> None:
    """Compare the contracts with the entry points and the folders."""
    layers, engines = PYPROJECT["tool"]["importlinter"]["contracts"]
    listed = {part.strip(" ()") for layer in layers["layers"] for part in layer.split("|")}
    there = {path.name.removesuffix(".py") for path in (ROOT / "audio_builder").iterdir()}
    packages = {each for each in there if (ROOT / "audio_builder" / each / "__init__.py").exists()}
    assert packages | {"errors", "timebase"} <= listed
    entries = PYPROJECT["project"]["entry-points"]["audio_builder.engines"].values()
    assert {entry.partition(":")[0] for entry in entries} == set(engines["modules"])


def test_no_file_speaks_of_one_machine() -> None:
    """Look for home folders and temporary paths in everything that ships."""
    local = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|Users/\w+)/")
    texts = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _TEXTS]
    texts += [ROOT / file for file in FILES]
    found = [
        f"{name(path)}: {hit[0]}"
        for path in texts
        for hit in local.finditer(path.read_text(encoding="utf-8"))
    ]
    assert [each for each in found if not each.startswith("tests/project/")] == []


_TEXTS = {".py", ".yaml", ".md", ".html", ".js", ".css", ".toml", ".json"}
