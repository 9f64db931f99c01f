"""Reading what a finished session says of itself: it may come from anybody, so all of it is bounded and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from audio_builder.errors import OutputError

STRICT = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)
"""How everything that is read here is held to its kinds; what a later version added is passed over."""

Read = TypeVar("Read", bound=BaseModel)

AGAIN = "Build the session again."


def read_model(path: Path, kind: type[Read], *, name: str, most_bytes: int) -> Read:
    """Read a plain file of JSON as a kind of data; `name` says to people what it is.

    Raises OutputError where there is none, where it is too large or no plain file, and for its first fault.
    """
    content = read_bytes(path, name=name, most_bytes=most_bytes)
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise OutputError(f"this is not a {name}: {_first_fault(error)}", str(path), AGAIN) from error


def read_bytes(path: Path, *, name: str, most_bytes: int) -> bytes:
    """Read a plain file of at most so many bytes; `name` says to people what it is. Raises OutputError."""
    try:
        if path.exists() and not path.is_file():
            raise OutputError(f"the {name} is no plain file", str(path), AGAIN)
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise OutputError(f"the session has no {name} beside it", str(path), AGAIN) from error
    except OSError as error:
        raise OutputError(f"the {name} cannot be read: {error.strerror}", str(path)) from error
    if len(content) > most_bytes:
        raise OutputError(f"this {name} is too large to be one", str(path), AGAIN)
    return content


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
