"""Nothing comes in; the version of this program goes out."""

from functools import cache


@cache
def builder_version() -> str:
    """Give the installed version, or `0` where the package was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("audio-builder")
    except PackageNotFoundError:
        return "0"
