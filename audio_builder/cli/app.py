"""The commands, and how every one of them ends: 0 done, 1 failed, 2 the input is wrong, 130 interrupted."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from difflib import get_close_matches
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from audio_builder.cli import commands, printing, unwrapped
from audio_builder.cli.options import called
from audio_builder.errors import AudioBuilderError, CompileError, ScriptError, Setting, VoiceError

WRONG_USE: type[Exception] = typer.BadParameter.__bases__[0]
"""What the parser says of unknown commands and options; Typer may carry click's classes as its own."""

INTERRUPTED = 130

STARVED = ("MemoryError", "can't start new thread", "annot allocate memory", "failed to map segment")
"""How Python and the system's loader say that there is no more memory."""
ALIKE = 0.7
"""How alike a command and a slip of it are."""


def _tell_version(asked: bool) -> None:
    if asked:
        from audio_builder.building.sheets import builder_version

        printing.say(f"audio-builder {builder_version()}")
        raise typer.Exit


class _Commands(TyperGroup):
    """Suggests a command only where what was typed looks much like it: `cache` is no better `watch`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except WRONG_USE as error:
            close = get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=ALIKE)
            if close:
                error.message += f" Did you mean '{close[0]}'?"  # type: ignore[attr-defined]
            raise


def command_line() -> typer.Typer:
    """Make the command line with all its commands."""
    app = typer.Typer(
        cls=_Commands,
        suggest_commands=False,
        name="audio-builder",
        help="Build voice-guided exercise sessions: scripts in, one chaptered MP3 with breath pacing out.",
        epilog="Start with: audio-builder build",
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_everywhere)
    commands.register(app)
    return app


def _everywhere(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Build voice-guided exercise sessions: scripts in, one chaptered MP3 with breath pacing out."""


def run() -> NoReturn:
    """Run the command that was asked for and exit."""
    try:
        _run()
    finally:
        _let_go_of_stderr()


def _run() -> NoReturn:
    _use_utf8()
    logging.lastResort = printing.LogPrinter(logging.WARNING)
    try:
        with unwrapped():
            code = command_line()(sys.argv[1:] or ["--help"], standalone_mode=False)
            _flush()
    except AudioBuilderError as error:
        _fail(error)
    except WRONG_USE as error:
        _wrong_use(error)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        _quiet_end()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Typer's own way to end on it
            _quiet_end()
        raise
    except OSError as error:
        _refused(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody is to see a traceback
        _unforeseen(error)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    sys.exit(code if isinstance(code, int) else 0)


def _use_utf8() -> None:
    """Let every terminal and pipe take every character, every file name, whatever the encoding here."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _flush() -> None:
    """Find out here, not after the end, that the reader of our output is gone or the disk is full."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _let_go_of_stderr() -> None:
    """Drop what stderr cannot take, as on a full disk: Python's own last try would change the exit code."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _fail(error: AudioBuilderError) -> NoReturn:
    printing.say(error.worded(called), err=True)
    asked_wrongly = isinstance(error, ScriptError | CompileError | VoiceError) or isinstance(
        error.where, Setting
    )
    sys.exit(2 if asked_wrongly else 1)


def _wrong_use(error: Any) -> NoReturn:
    command = error.ctx.command_path if error.ctx else "audio-builder"
    printing.say(f"{error.format_message()}\n  See {command} --help", err=True)
    sys.exit(2)


def _refused(error: OSError) -> NoReturn:
    """End on what the system refuses outside of a session's own files, such as a full disk behind a pipe."""
    if error.errno in (None, errno.ENOMEM):
        _unforeseen(error)
    _discard_output()
    unnamed = "The working folder" if isinstance(error, FileNotFoundError) else "The output"
    printing.say(f"{error.filename or unnamed}: {error.strerror or error}", err=True)
    sys.exit(1)


def _unforeseen(error: Exception) -> NoReturn:
    if os.environ.get("AUDIO_BUILDER_DEBUG"):
        raise error
    if any(mark in f"{type(error).__name__}: {error}" for mark in STARVED):
        printing.say(
            "There is not enough memory, or too few threads are allowed, for this. No session is left half written.\n"
            "  End other programs, or raise the limits that are set here.",
            err=True,
        )
        sys.exit(1)
    printing.say(
        f"Something went wrong that should not have: {type(error).__name__}: {error}\n"
        "  No session is left half written. Please report it; AUDIO_BUILDER_DEBUG=1 shows where.",
        err=True,
    )
    sys.exit(1)


def _quiet_end() -> NoReturn:
    """End without a word when the reader of our output went away."""
    _discard_output()
    sys.exit(0)


def _discard_output() -> None:
    """Keep the interpreter from trying, and failing, to write what is left at its end."""
    if sys.__stdout__ is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
