"""Files of the site: content comes in, and each file is replaced whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from audio_builder.errors import OutputError


def put(path: Path, content: bytes) -> bool:
    """Write content to path atomically; say whether the file changed."""
    with contextlib.suppress(OSError):
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
    with _replacing(path) as file:
        file.write(content)
    return True


def put_copy(path: Path, source: Path) -> bool:
    """Copy a file to path atomically; say whether the file changed."""
    with contextlib.suppress(OSError):
        if path.stat().st_size == source.stat().st_size and digest_of(path) == digest_of(source):
            return False
    try:
        with source.open("rb") as content, _replacing(path) as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except FileNotFoundError as error:
        raise OutputError("the file went away while it was published", str(source)) from error
    return True


def digest_of(*paths: Path) -> str:
    """Hash the contents of files, in order, with SHA-256."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file beside the target that takes its place when the block ends well."""
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            yield file
        os.replace(beside, path)  # noqa: PTH105 - Path.replace has the same effect; os.replace says it is atomic
    except OSError as error:
        raise OutputError(
            f"the site's file cannot be written: {error.strerror or error}",
            str(path),
            "Check that the folder can be written to and that the disk has room.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
