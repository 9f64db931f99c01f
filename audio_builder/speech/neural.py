"""What neural engines have in common: the digest of a model's file, and what a model's sound depends on besides."""

from __future__ import annotations

import base64
import hashlib
import platform
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, files, version
from pathlib import Path

_KERNELS = (
    *("avx2", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni", "amx_int8"),
    *("asimddp", "i8mm", "sve", "bf16"),
)
"""The processor features by which onnxruntime chooses how it multiplies; each way rounds a little differently."""


def model_digest(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal; looked up again only when the file changes. Raises OSError."""
    stat = path.stat()
    return _digest(path, (stat.st_size, stat.st_mtime_ns))


def altered(package: str, folder: Path, *, but: str) -> str:
    """Say which file in a package's folder is not as its installer noted it; a wrong dictionary gives wrong words."""
    for name, published in _published(package, folder.name):
        try:
            digest = bytes.fromhex(model_digest(folder / name))
        except OSError:
            return f"its file {folder / name} is missing"
        if name != but and base64.urlsafe_b64encode(digest).decode().rstrip("=") != published:
            return f"its file {folder / name} is damaged"
    return ""


@cache
def runtime() -> str:
    """Name the onnxruntime and the kind of processor: the same text gives the same samples where both are equal."""
    try:
        installed = version("onnxruntime")
    except PackageNotFoundError:
        installed = "missing"
    return f"onnxruntime {installed} on {' '.join((platform.machine(), *_features()))}"


@cache
def _published(package: str, folder: str) -> tuple[tuple[str, str], ...]:
    """Give each file in a package's folder with its digest in RECORD; none where there is no RECORD."""
    try:
        listed = files(package) or ()
    except PackageNotFoundError:
        listed = ()
    return tuple(
        (each.name, each.hash.value)
        for each in listed
        if each.hash and each.hash.mode == "sha256" and each.parent.name == folder
    )


@lru_cache(maxsize=64)
def _digest(path: Path, changed: tuple[int, int]) -> str:
    del changed  # a replaced file is another file
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _features() -> tuple[str, ...]:
    """Name the features that matter, where the system tells them; else the processor as Python knows it."""
    try:
        described = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return tuple(platform.processor().split())
    lines = (line for line in described.splitlines() if line.startswith(("flags", "Features")))
    found = set(next(lines, "").split())
    return tuple(name for name in _KERNELS if name in found)
