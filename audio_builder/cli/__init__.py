"""The command line, the only layer that prints and sets exit codes."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from audio_builder.cli.interrupts import never_forget, unwrapped


def main() -> NoReturn:
    """Run the command line and exit; from the first moment on an interrupt ends it in peace."""
    try:
        try:
            signal.signal(signal.SIGTERM, _terminated)
            # Otherwise numpy starts a thread for each core, to multiply matrices.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            never_forget()
            with unwrapped():
                from audio_builder.cli.app import run
            run()
        finally:
            _ignore_signals()
    except KeyboardInterrupt:
        print("Stopped. No session is left half written.", file=sys.stderr)  # noqa: T201
        sys.exit(130)


def _ignore_signals() -> None:
    """Let an interrupt that comes while Python shuts down change nothing any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
