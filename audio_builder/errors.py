"""The error tree: everything this package raises on purpose, each saying where, what and what to do.

AudioBuilderError
├ ScriptError      the YAML is wrong
├ CompileError     the routine cannot be timed as asked
├ SpeechError      an engine is missing, unreachable, or gave a clip that cannot be right
│ └ VoiceError     no engine or voice is called so
├ SoundError       a sound file is missing or unreadable
└ OutputError      nothing could be written

Places, settings and remedies are data, so that each face can word them: a terminal as options and commands, a page
as its controls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was written."""

    source: str
    """A file as the user named it, or what whoever asked for a setting calls it."""
    line: int = 0
    """From 1; 0 where the source has no lines."""
    column: int = 0
    """From 1."""

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that can be set, and a value that would do."""

    name: str
    """Dotted, as scripts have it (`breath.inhale`), or what is set beside a session (`port`)."""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.value}" if self.value else self.name


@dataclass(frozen=True, slots=True)
class Action:
    """Something else that the program can be asked to do."""

    name: str
    """What it is called everywhere: `publish`, `voices install`."""
    subject: str = ""
    """What to do it with: the name of a voice."""

    def __str__(self) -> str:
        return f"{self.name} {self.subject}".strip()


Wording = Callable[[Setting | Action], str]
"""How a face calls a setting or an action."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would mend a problem, in a sentence that names settings and actions."""

    text: str
    """With `{}` for each of the parts."""
    parts: tuple[Setting | Action, ...]

    def worded(self, word: Wording) -> str:
        """Write the sentence as one face words settings and actions."""
        return self.text.format(*map(word, self.parts))

    def __str__(self) -> str:
        return self.worded(str)


def worded(part: Place | Setting | Action | Remedy | str, word: Wording) -> str:
    """Write a place, a setting or a remedy as one face words it."""
    match part:
        case Remedy():
            return part.worded(word)
        case Setting() | Action():
            return word(part)
        case Place() | str():
            return str(part)


class AudioBuilderError(Exception):
    """One problem: what is wrong, where (a file, a setting), and what would mend it."""

    def __init__(
        self,
        message: str,
        where: Place | Setting | str | None = None,
        remedy: Remedy | str | None = None,
    ) -> None:
        super().__init__(message, where, remedy)
        self.message = message
        self.where = where
        self.remedy = remedy

    def worded(self, word: Wording) -> str:
        """Write the whole as one face words settings and actions."""
        place = f"{worded(self.where, word)}: " if self.where else ""
        advice = f"\n  {worded(self.remedy, word)}" if self.remedy else ""
        return f"{place}{self.message}{advice}"

    def __str__(self) -> str:
        return self.worded(str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a script."""

    message: str
    where: Place
    about: str = ""
    """The key that it is about, where neither the place nor the message says so."""
    remedy: Remedy | None = None
    """What would mend it, where the message does not say so."""
    excerpt: str = ""
    """The offending line with a caret under the place; empty where there is no file."""

    def worded(self, word: Wording) -> str:
        """Write the whole as one face words settings and actions."""
        return f"{self.where}: {self.told(word)}" + (f"\n{self.excerpt}" if self.excerpt else "")

    def told(self, word: Wording = str) -> str:
        """Say what is wrong and what would mend it, without the place."""
        about = f"{self.about}: " if self.about else ""
        return f"{about}{self.message}" + (f"; {self.remedy.worded(word)}" if self.remedy else "")

    def __str__(self) -> str:
        return self.worded(str)


class ScriptError(AudioBuilderError):
    """The YAML is wrong; carries every problem of the script at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
        self.args = (self.problems,)

    def worded(self, word: Wording) -> str:
        """Write all problems as one face words settings and actions."""
        return "\n".join(problem.worded(word) for problem in self.problems)


class CompileError(AudioBuilderError):
    """The routine cannot be timed as asked."""


class SpeechError(AudioBuilderError):
    """A speech engine is missing, unreachable, or gave a clip that cannot be right."""


class VoiceError(SpeechError):
    """No engine or voice is called what was asked for, or it does not know the language."""


class SoundError(AudioBuilderError):
    """A sound file is missing or unreadable."""


class OutputError(AudioBuilderError):
    """Nothing could be written."""
