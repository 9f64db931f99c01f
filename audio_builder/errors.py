"""The error tree: everything this package raises on purpose, each saying where, what and what to do.

AudioBuilderError
├ ScriptError      the YAML is wrong
├ CompileError     the routine cannot be timed as asked
├ SpeechError      an engine is missing, unreachable, or gave a clip that cannot be right
│ └ VoiceError     no engine or voice is called so
├ SoundError       a sound file is missing or unreadable
└ OutputError      nothing could be written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AudioBuilderError(Exception):
    """One problem: what is wrong, where (a file position, a setting), and what would mend it."""

    def __init__(self, message: str, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, where, hint)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a script."""

    message: str
    where: str
    """`file:line:column`, or the option that brought the value, such as `--set breath.inhale`."""
    excerpt: str = ""
    """The offending line with a caret under the place; empty where there is no file."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f"\n{self.excerpt}" if self.excerpt else "")


class ScriptError(AudioBuilderError):
    """The YAML is wrong; carries every problem of the script at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
        self.args = (self.problems,)


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
