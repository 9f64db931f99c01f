"""Interrupts (Ctrl-C and SIGTERM) that end the program in peace, wherever in its work they come.

Python raises it between any two steps of the main thread: also in a class body, where up to 3.11 another error is made
of it, and in destructors and the importer's own callbacks, where what is raised is printed and then forgotten.
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

AGAIN_SECONDS = 0.01
"""Long enough to be out of a destructor again; if not, it is sent once more."""


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
