"""The commands, and how every one of them ends: 0 done, 1 failed, 2 the input is wrong, 130 interrupted."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from audio_builder.errors import AudioBuilderError, CompileError, ScriptError

app = typer.Typer(
    name="audio-builder",
    help="Build voice-guided exercise sessions: scripts in, one chaptered MP3 with breath pacing out.",
    epilog="Start with: audio-builder build",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line and exit."""
    from audio_builder.cli import commands

    commands.register(app)
    signal.signal(signal.SIGTERM, _terminated)
    _use_utf8()
    try:
        code = app(standalone_mode=False)
    except AudioBuilderError as error:
        _fail(error)
    except (KeyboardInterrupt, typer.Abort):
        _say("Stopped. Earlier sessions are as they were.")
        _leave(130)
    except BrokenPipeError:
        _quiet_end()
    except Exception as error:
        _other(error)
    sys.exit(code if isinstance(code, int) else 0)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _use_utf8() -> None:
    """Let every terminal and pipe take every character, whatever the system's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _fail(error: AudioBuilderError) -> NoReturn:
    _say(str(error))
    sys.exit(2 if isinstance(error, ScriptError | CompileError) else 1)


def _other(error: Exception) -> NoReturn:
    """End on what click says of wrong options, and on what no part of the program foresaw."""
    import click

    if isinstance(error, click.exceptions.Exit):
        sys.exit(error.exit_code)
    if isinstance(error, click.ClickException):
        error.show()
        sys.exit(2)
    if os.environ.get("AUDIO_BUILDER_DEBUG"):
        raise error
    _say(
        f"Something went wrong that should not have: {type(error).__name__}: {error}\n"
        "  Nothing of yours was changed. Please report it; AUDIO_BUILDER_DEBUG=1 shows where it happened."
    )
    sys.exit(1)


def _quiet_end() -> NoReturn:
    """End without a word when the reader of our output went away."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _leave(code: int) -> NoReturn:
    sys.exit(code)


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
