"""What is printed: the one way to a terminal or a pipe, on which no text from outside does more than to be read."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import typer

from audio_builder import timebase
from audio_builder.cli.options import called
from audio_builder.errors import worded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from audio_builder.building import Explained, Progress, Session
    from audio_builder.verify.report import Report

PIPE_WIDTH = 200
"""Characters of a line where no terminal says how many it shows."""


_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
_HARMLESS = frozenset("\n\t\u00ad\u200c\u200d")
"""Line ends, tabs, soft hyphens, and the joiners that some scripts and emoji are written with."""


def plain(text: str) -> str:
    """Write out, as JSON does, what would steer a terminal or turn the order of letters: ESC as `\\u001b`."""
    return "".join(json.dumps(each)[1:-1] if _steers(each) else each for each in text)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN and character not in _HARMLESS


def say(text: object = "", *, err: bool = False, end: str = "\n") -> None:
    """Print a text, on stderr where it is an error; where that cannot be, as on a full disk, the exit code tells."""
    with suppress(OSError) if err else nullcontext():
        typer.echo(plain(str(text)) + end, err=err, nl=False)


def say_json(value: Any) -> None:
    """Print a value as JSON on one line; remedies are worded."""
    say(json.dumps(value, ensure_ascii=False, default=lambda remedy: remedy.worded(called)))


class LogPrinter(logging.Handler):
    """Prints what libraries warn of, message by message."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one message on stderr."""
        say(record.getMessage(), err=True)


@contextmanager
def progress(*, shown: bool) -> Iterator[Progress]:
    """Show the stages of a build as bars on stderr, one after the other."""
    if not shown:
        yield lambda stage, done, total: None
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=_console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def report(stage: str, done: int, total: int) -> None:
        with suppress(OSError):  # a disk that is full where bars go ends no build
            if not tasks:
                bars.start()  # not before there is something to show: an early error stands alone
            if stage not in tasks:
                tasks[stage] = bars.add_task(escape(plain(stage)), total=total)
            bars.update(tasks[stage], completed=done, total=total)

    try:
        yield report
    finally:
        with suppress(OSError):
            if bars.live.is_started:
                bars.stop()


def summary(session: Session) -> None:
    """Print where a session lies and what is in it."""
    from rich.table import Table

    console = _console(soft_wrap=True)
    console.print(str(session.path), style="bold")
    console.print(
        f"{clock(session.length_seconds)} long, {session.size / 1e6:.1f} MB, voice {session.voice} ({session.why})"
    )
    if session.better:
        console.print(f"A better voice is one step away: {worded(session.better, called)}")
    table = Table(box=None, show_header=False, padding=(0, 1))
    for section in session.cue_sheet.sections:
        table.add_row(timebase.clock(section.start_samples), section.title)
    console.print(table)


def inventory(found: dict[str, list[dict[str, Any]]]) -> None:
    """Print what there is to build with."""
    from rich.table import Table

    console = _console()
    rows: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
        "routines": lambda each: (each["name"], f"{each['estimated_minutes']:g} min", each["title"]),
        "exercises": lambda each: (each["name"], _doses(each["dose"]), each["title"]),
        "voices": lambda each: (
            each["engine"],
            "works here" if each["works"] else each["why"],
            worded(each["remedy"], called),
        ),
        "sounds": lambda each: (each["name"], f"{each['seconds']:g} s"),
    }
    for kind, row in rows.items():
        table = Table(
            title=kind.capitalize(), title_justify="left", box=None, show_header=False, padding=(0, 2)
        )
        for each in found[kind]:
            table.add_row(*row(each))
        console.print(table)


def explanation(rows: list[Explained]) -> None:
    """Print each setting with its value and where it came from."""
    from rich.table import Table

    table = Table("setting", "value", box=None, padding=(0, 2))
    table.add_column("from", overflow="fold")
    for row in rows:
        table.add_row(row.setting, row.value, row.origin)
    _console().print(table)


def report(found: Report, *, to_stderr: bool = False) -> None:
    """Print what an inspection found, as a table; what is off is listed below its row."""
    from rich.table import Table
    from rich.text import Text

    table = Table("", "check", "measured", "right", box=None, padding=(0, 1), title=str(found.path))
    for check in found.checks:
        table.add_row(
            Text("ok") if check.passed else Text("OFF", "red"), check.name, check.measured, check.limit
        )
        for detail in check.details:
            table.add_row("", "", Text(plain(detail), "dim"), "")
    _console(stderr=to_stderr).print(table)


def counted(count: int, noun: str) -> str:
    """Count something in words."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _console(*, stderr: bool = False, soft_wrap: bool = False) -> Console:
    """Make a console that shows texts as they are, and does not fold what goes into a pipe."""
    from rich.console import Console
    from rich.text import Text

    class PlainConsole(Console):
        def render_str(self, text: str, **given: Any) -> Text:
            return super().render_str(plain(text), **given)

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream is not None and stream.isatty() else PIPE_WIDTH
    return PlainConsole(
        highlight=False, markup=False, emoji=False, soft_wrap=soft_wrap, width=width, stderr=stderr
    )


def clock(seconds: float) -> str:
    """Write a length in seconds as people read it."""
    return timebase.clock(timebase.to_samples(seconds))


def _doses(dose: dict[str, dict[str, str]]) -> str:
    return ", ".join(
        f"{kind} {limits['default']} ({limits['min']} to {limits['max']})" for kind, limits in dose.items()
    )
