"""The command line, the only layer that prints and sets exit codes: how it starts, and how an interrupt ends it.

Interrupts (Ctrl-C and SIGTERM) end the program in peace, wherever in its work they come. Python raises them between
any two steps of the main thread: also in a class body, where up to 3.11 another error is made of it, and in destructors
and the importer's own callbacks, where what is raised is printed and then forgotten.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

AGAIN_SECONDS = 0.01
"""Long enough to be out of a destructor again; if not, it is sent once more."""


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


def never_forget() -> None:
    """From now on, send an interrupt again that came where it is forgotten; SIGTERM must raise one, too."""
    sys.unraisablehook = _send_again


def _send_again(forgotten: sys.UnraisableHookArgs) -> None:
    if not issubclass(forgotten.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(forgotten)
        return
    again = threading.Timer(AGAIN_SECONDS, _knock)
    again.daemon = True
    again.start()


def _knock() -> None:
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGTERM)  # which also wakes it up
    else:
        _thread.interrupt_main(signal.SIGTERM)


@contextlib.contextmanager
def unwrapped() -> Iterator[None]:
    """Let an interrupt out that came as another error."""
    try:
        yield
    except Exception as error:
        if any(isinstance(each, KeyboardInterrupt) for each in _behind(error)):
            raise KeyboardInterrupt from None
        raise


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Give what an error was raised from, or while handling, back to the first."""
    seen: set[int] = set()
    earlier: BaseException | None = error
    while earlier is not None and id(earlier) not in seen:
        seen.add(id(earlier))
        yield earlier
        earlier = earlier.__cause__ or earlier.__context__
