"""YAML text comes in; plain values go out, each with its line and column, and nothing unsafe is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from audio_builder.errors import Problem, ScriptError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_ALIASES = 64
MAX_NODES = 20_000
"""Nodes of one document, aliases counted each time they are used."""

Key = str | int
Path_ = tuple[Key, ...]
"""The way to a value: keys and list indices from the top."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_INT = re.compile(r"[-+]?\d{1,18}")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?\d{19,}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value was written."""

    source: str
    """The file as the user named it, or an option such as `--set breath.inhale`."""
    line: int = 0
    """From 1; 0 where the source has no lines."""
    column: int = 0
    """From 1."""
    rank: int = 1
    """Which of two settings wins: 0 exercise, 1 routine, 2 personal config, 3 command line."""

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A tree of plain values (mappings, lists, text, numbers, booleans, None) that knows its places."""

    source: str
    value: Any
    values_at: Mapping[Path_, Place]
    """Where each value stands."""
    keys_at: Mapping[Path_, Place] = field(default_factory=dict)
    """Where each key stands."""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The text of each source file, for excerpts."""

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Find where a value (or its key) stands, or the nearest thing around it that stands anywhere."""
        if key and path in self.keys_at:
            return self.keys_at[path]
        for cut in range(len(path), -1, -1):
            if path[:cut] in self.values_at:
                return self.values_at[path[:cut]]
        return Place(source=self.source)

    def problem(self, path: Path_, message: str, *, key: bool = False) -> Problem:
        """Say what is wrong at a path, with the line and a caret."""
        place = self.place(path, key=key)
        return Problem(message=message, where=str(place), excerpt=self._excerpt(place))

    def _excerpt(self, place: Place) -> str:
        return excerpt(self.lines.get(place.source, ()), place.line, place.column)


def excerpt(lines: tuple[str, ...], line: int, column: int) -> str:
    """Show a line with a caret under a column (both from 1), cut to what a terminal shows."""
    if not 1 <= line <= len(lines):
        return ""
    first = max(0, column - 60)
    text = lines[line - 1].replace("\t", " ")[first : first + 90].rstrip()
    return f"  {text}\n  {' ' * (column - 1 - first)}^"


def read(path: Path, *, source: str | None = None) -> Document:
    """Read one YAML file. ScriptError where it is missing, unsafe, or not YAML."""
    name = source or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(name, "there is no such file")
    except IsADirectoryError:
        _refuse(name, "this is a folder, not a script; name the file inside it")
    except (OSError, ValueError) as error:
        _refuse(name, f"this file cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(data) > MAX_BYTES:
        _refuse(name, f"this file is larger than {MAX_BYTES // 1024} KiB; a script is a few pages at most")
    return parse(_decode(data, name), source=name)


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(name, "this file is in UTF-16; save it as UTF-8")
    if b"\x00" in data:
        _refuse(name, "this is a binary file, not a script; scripts are plain text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        _refuse(f"{name}:{line}:{column}", "this character is not UTF-8; save the file as UTF-8")


def parse(text: str, *, source: str) -> Document:
    """Read YAML text. ScriptError names the line of anything unsafe or unreadable."""
    lines = tuple(text.splitlines())
    _check_characters(lines, source)
    try:
        _check_shape(text, source, lines)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ScriptError([_at(source, lines, line, column, _syntax(error, lines, line))]) from None
    except yaml.YAMLError as error:
        raise ScriptError([Problem(message=f"this is not YAML: {error}", where=source)]) from None
    if root is None:
        _refuse(source, "this file is empty")
    return _Walk(source, lines).document(root)


def _check_characters(lines: tuple[str, ...], source: str) -> None:
    """Refuse what cannot be seen or spoken, and tabs where YAML wants spaces."""
    problems = []
    for number, line in enumerate(lines, 1):
        unseen = _UNSEEN.search(line)
        if unseen:
            message = f"an invisible character (U+{ord(unseen[0]):04X}) stands here; delete it"
            problems.append(_at(source, lines, number, unseen.start() + 1, message))
        indent = len(line) - len(line.lstrip())
        if "\t" in line[:indent] and line.strip() and not line.strip().startswith("#"):
            column = line.index("\t") + 1
            problems.append(_at(source, lines, number, column, "a tab indents this line; use spaces"))
        if len(problems) >= 20:
            break
    if problems:
        raise ScriptError(problems)


def _check_shape(text: str, source: str, lines: tuple[str, ...]) -> None:
    """Refuse nesting and alias bombs before anything is built; one document only."""
    depth = aliases = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        message = ""
        if depth > MAX_DEPTH:
            message = f"this is nested more than {MAX_DEPTH} levels deep"
        elif aliases > MAX_ALIASES:
            message = f"more than {MAX_ALIASES} aliases (*name) are used; write the text out"
        elif documents > 1:
            message = "a second document starts here (---); put it in a file of its own"
        if message:
            mark = event.start_mark
            raise ScriptError([_at(source, lines, mark.line + 1, mark.column + 1, message)])


def _syntax(error: yaml.MarkedYAMLError, lines: tuple[str, ...], line: int) -> str:
    problem = (error.problem or "").lower()
    text = lines[line - 1] if 1 <= line <= len(lines) else ""
    if "mapping values" in problem:
        return "a colon stands where none can; put the text in quotes, or check the indentation"
    if "undefined alias" in problem:
        return 'a text that starts with "*" must stand in quotes'
    if "expected <block end>" in problem or "did not find expected key" in problem:
        return "this line is not where YAML expects it; check the indentation of this line and the one above"
    if "unexpected end of stream" in problem and "quot" in (error.context or "") + problem:
        return "a quotation mark is opened and never closed"
    if "could not find expected ':'" in problem:
        return 'a colon is missing here; keys are written "key: value"'
    if "cannot start any token" in problem and text.strip():
        return "a text cannot start with this character; put the text in quotes"
    return f"this is not valid YAML: {error.problem or error.context}"


def _at(source: str, lines: tuple[str, ...], line: int, column: int, message: str) -> Problem:
    return Problem(message=message, where=f"{source}:{line}:{column}", excerpt=excerpt(lines, line, column))


def _refuse(where: str, message: str) -> NoReturn:
    raise ScriptError([Problem(message=message, where=where)])


class _Walk:
    """Turns composed nodes into plain values and remembers places."""

    def __init__(self, source: str, lines: tuple[str, ...]) -> None:
        self.source = source
        self.lines = lines
        self.values_at: dict[Path_, Place] = {}
        self.keys_at: dict[Path_, Place] = {}
        self.problems: list[Problem] = []
        self.nodes = 0

    def document(self, root: yaml.Node) -> Document:
        value = self.value(root, ())
        if self.problems:
            raise ScriptError(self.problems)
        return Document(
            source=self.source,
            value=value,
            values_at=self.values_at,
            keys_at=self.keys_at,
            lines={self.source: self.lines},
        )

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(path) > MAX_DEPTH:
            raise ScriptError([self._problem(node, "there is too much in this file; split it into smaller ones")])
        self.values_at[path] = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _entries(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(self._problem(key_node, "a key must be one word, not a list or group"))
                continue
            key = str(key_node.value)
            if key in seen:
                message = f"the key {key!r} stands here twice (first on line {seen[key]}); keep one"
                self.problems.append(self._problem(key_node, message))
                continue
            seen[key] = key_node.start_mark.line + 1
            self.keys_at[(*path, key)] = self._place(key_node)
            yield key, self.value(value_node, (*path, key))

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.style in _QUOTED or node.tag not in _PLAIN_TAGS:
            if node.tag.startswith("tag:yaml.org,2002:python") or node.tag.startswith("!"):
                self.problems.append(self._problem(node, f"the tag {node.tag} has no meaning here; remove it"))
            return node.value
        return plain_value(node.value)

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(source=self.source, line=mark.line + 1, column=mark.column + 1)

    def _problem(self, node: yaml.Node, message: str) -> Problem:
        place = self._place(node)
        return _at(self.source, self.lines, place.line, place.column, message)


_QUOTED = frozenset("'\"|>")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "timestamp", "merge", "value")
)


def plain_value(text: str) -> Any:
    """Read an unquoted value: true, false, null, a number, or else the text itself.

    Only these are special. YAML 1.1's other readings (`off` as false, `4:30` as 270) surprise people.
    """
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(re.sub(r"\.(?=[iInN])", "", text))
    return text
