"""Reading YAML into plain values that know their line and column, building nothing unsafe."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

import yaml

from audio_builder.errors import Place, Problem, Remedy, ScriptError
from audio_builder.script import syntax
from audio_builder.script.finding import with_ending
from audio_builder.script.syntax import UNSEEN, lines_of, problem_at, show

MAX_BYTES = 256 * 1024

Path_ = tuple[str | int, ...]
"""The way to a value: keys and list indices from the top."""

_INT = re.compile(r"[-+]?\d{1,18}")
_FLOAT = re.compile(
    r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?\d{19,}"
)


class Rank(IntEnum):
    """Who asks for something; the higher one wins."""

    UNSAID = 0
    SCRIPT = 1
    PERSONAL = 2
    """A person's own `config.yaml`."""
    ASKED = 3
    """The command line, or the settings of a library call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A tree of plain values (mappings, lists, text, numbers, booleans, None) that knows its places."""

    source: str
    value: Any
    values_at: Mapping[Path_, Place]
    """Where each value stands."""
    keys_at: Mapping[Path_, Place] = field(default_factory=dict)
    """Where each key stands."""
    ranks: Mapping[Path_, Rank] = field(default_factory=dict)
    """Who asks for what was laid over the script."""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The text of each source file, for excerpts."""
    faults: tuple[Problem, ...] = ()
    """What is wrong already, such as a key that stands there twice; told with what its values lack."""

    def place(self, path: Path_, *, at_key: bool = False) -> Place:
        """Find where a value (or its key) stands, or the nearest thing around it that stands anywhere."""
        if at_key and path in self.keys_at:
            return self.keys_at[path]
        return self.values_at.get(self.written(path), Place(source=self.source))

    def written(self, path: Path_) -> Path_:
        """Give the path itself where something stands there, or that of the nearest thing around it."""
        around = (path[:cut] for cut in range(len(path), 0, -1))
        return next((each for each in around if each in self.values_at), ())

    def rank(self, path: Path_) -> Rank:
        """Tell who asks for the value at a path."""
        return self.ranks.get(path, Rank.SCRIPT) if path in self.values_at else Rank.UNSAID

    def problem(
        self,
        path: Path_,
        message: str,
        *,
        about: str = "",
        at_key: bool = False,
        remedy: Remedy | None = None,
    ) -> Problem:
        """Say what is wrong at a path with what it is `about`, with the line and a caret."""
        place = self.place(path, at_key=at_key)
        named = not place.line and (
            place.source.endswith(f" {about}") or (path in self.values_at and path[-1:] == (about,))
        )  # whoever asked for a setting is told its name already
        lines = self.lines.get(place.source, ())
        return problem_at(place, lines, message, about="" if named else about, remedy=remedy)


def read(path: Path, *, source: str | None = None) -> Document:
    """Read one YAML file. ScriptError where it is missing, unsafe, or not YAML."""
    name = source or str(path)
    try:
        data = _bytes(path, name)
    except FileNotFoundError:
        meant = with_ending(path)
        _refuse(name, "there is no such file" + (f'; did you mean "{meant}"?' if meant else ""))
    except (OSError, ValueError) as error:
        _refuse(name, f"this file cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(data) > MAX_BYTES:
        _refuse(name, f"this file is larger than {MAX_BYTES // 1024} KiB; a script is a few pages at most")
    return _document(_decode(data, name), name)


def _bytes(path: Path, name: str) -> bytes:
    """Read as much of a regular file as a script may have; a pipe or device could keep us waiting forever."""
    waiting = getattr(os, "O_NONBLOCK", 0)
    _check_regular(path.stat().st_mode, name)
    with os.fdopen(os.open(path, os.O_RDONLY | waiting | getattr(os, "O_BINARY", 0)), "rb") as file:
        _check_regular(os.fstat(file.fileno()).st_mode, name)
        return file.read(MAX_BYTES + 1)


def _check_regular(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        _refuse(name, "this is a folder, not a script; name the file inside it")
    if not stat.S_ISREG(mode):
        _refuse(name, "this is a pipe or a device, not a script; name a file")


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(name, "this file is in UTF-16; save it as UTF-8")
    if data.startswith(b"{\\rtf"):
        _refuse(name, "this is a document of a word processor; save it as plain text")
    if b"\x00" in data:
        _refuse(name, "this is a binary file, not a script; scripts are plain text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data.decode("utf-8-sig", errors="replace")
        before = lines_of(error.object[: error.start].decode("utf-8") + "|")
        place = Place(source=name, line=len(before), column=len(before[-1]))
        message = "this character is not UTF-8; save the file as UTF-8"
        raise ScriptError([problem_at(place, lines_of(readable), message)]) from None


def parse(text: str, *, source: str) -> Document:
    """Read YAML text. ScriptError names the line of anything unsafe or unreadable."""
    document = _document(text, source)
    if document.faults:
        raise ScriptError(document.faults)
    return document


def _document(text: str, source: str) -> Document:
    lines = lines_of(text)
    try:
        syntax.check(text, lines, source)
        root = yaml.compose(text, Loader=syntax.LOADER)
    except yaml.MarkedYAMLError as error:
        raise ScriptError([syntax.explain(error, lines, source)]) from None
    except yaml.YAMLError as error:
        raise ScriptError(
            [Problem(message=f"this is not YAML: {error}", where=Place(source=source))]
        ) from None
    if root is None:
        _refuse(source, "this file is empty")
    return _Walk(source, lines).document(root)


def _refuse(where: str, message: str) -> NoReturn:
    raise ScriptError([Problem(message=message, where=Place(source=where))])


class _Walk:
    """Turns composed nodes into plain values and remembers places."""

    def __init__(self, source: str, lines: tuple[str, ...]) -> None:
        self.source = source
        self.lines = lines
        self.values_at: dict[Path_, Place] = {}
        self.keys_at: dict[Path_, Place] = {}
        self.faults: list[Problem] = []
        self.nodes = 0
        self.open: set[int] = set()

    def document(self, root: yaml.Node) -> Document:
        value = self.value(root, ())
        return Document(
            source=self.source,
            value=value,
            values_at=self.values_at,
            keys_at=self.keys_at,
            lines={self.source: self.lines},
            faults=tuple(self.faults),
        )

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.nodes += 1
        if id(node) in self.open:
            message = "this holds an alias (*name) of itself; write the text out"
            raise ScriptError([self._problem(node, message)])
        if self.nodes > syntax.MAX_NODES or len(path) > syntax.MAX_DEPTH:
            message = "the aliases (*name) in this file repeat too much; write the text out"
            raise ScriptError([self._problem(node, message)])
        self.values_at[path] = self._place(node)
        self.open.add(id(node))
        try:
            match node:
                case yaml.MappingNode():
                    return dict(self._entries(node, path))
                case yaml.SequenceNode():
                    return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return self._scalar(node)
        finally:
            self.open.remove(id(node))

    def _entries(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(key_node, "a key must be one word, not a list or group")
                continue
            key = self._seen(key_node)
            if key == "<<":
                self._fault(key_node, 'keys cannot be merged in with "<<"; write them out')
                continue
            if key in seen:
                self._fault(
                    key_node, f"the key {show(key)} stands here twice (first on line {seen[key]}); keep one"
                )
                continue
            seen[key] = key_node.start_mark.line + 1
            self.keys_at[(*path, key)] = self._place(key_node)
            yield key, self.value(value_node, (*path, key))

    def _scalar(self, node: yaml.Node) -> Any:
        text = self._seen(node)
        return text if getattr(node, "style", None) else plain_value(text)

    def _seen(self, node: yaml.Node) -> str:
        """Refuse what the file itself does not show, characters written as escapes; go on without."""
        text = str(node.value)
        unseen = UNSEEN.search(text)
        if unseen:
            self._fault(node, f"this text holds an invisible character (U+{ord(unseen[0]):04X}); take it out")
        return UNSEEN.sub("", text)

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(source=self.source, line=mark.line + 1, column=mark.column + 1)

    def _fault(self, node: yaml.Node, message: str) -> None:
        self.faults.append(self._problem(node, message))

    def _problem(self, node: yaml.Node, message: str) -> Problem:
        return problem_at(self._place(node), self.lines, message)


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


__all__ = ["MAX_BYTES", "Document", "Path_", "Rank", "parse", "plain_value", "read"]
