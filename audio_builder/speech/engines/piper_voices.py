"""Piper's voices as files of this machine: where they lie, and how one is downloaded, whole or not at all."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from audio_builder.errors import SpeechError, VoiceError
from audio_builder.files import own_folder

INSTALL = "pip install 'audio-builder[voice]'"

LOOK_SECONDS = 0.5
"""How often somebody is told how much of a download is there."""


def default_voices_folder() -> Path:
    """Give where downloaded voices lie: the user's data folder."""
    return own_folder("data") / "piper"


def install_voice(
    name: str, *, folder: Path | None = None, progress: Callable[[str, int], None] | None = None
) -> Path:
    """Download a voice with Piper's own downloader; give its model file. Raises SpeechError.

    `progress` gets the name of the file under way and how many bytes of it are there, about twice a second.
    """
    if find_spec("piper") is None:
        raise SpeechError("the package piper-tts is missing", remedy=INSTALL)
    folder = folder or default_voices_folder()
    model = folder / f"{name}.onnx"
    _download(name, folder, progress=progress or (lambda file, count: None))
    return checked(model)


def _download(name: str, folder: Path, *, progress: Callable[[str, int], None]) -> None:
    """Download into a folder beside the voices, then move both files. Raises SpeechError."""
    from piper.download_voices import download_voice

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as place:
            with _watched(Path(place), progress):
                download_voice(name, Path(place))
            _try(Path(place) / f"{name}.onnx", name)
            # The settings come last: a voice without them is not listed.
            for file in (f"{name}.onnx", f"{name}.onnx.json"):
                (Path(place) / file).replace(folder / file)
    except ValueError as error:
        raise VoiceError(
            f'"{name}" is no name of a Piper voice', remedy="names are like en_US-lessac-medium"
        ) from error
    except OSError as error:  # urllib's errors among them
        raise SpeechError(
            f"the Piper voice {name} cannot be downloaded: {error}", remedy="check the name and the network"
        ) from error


def _try(model: Path, name: str) -> None:
    """Load what has arrived: the downloader does not notice a connection that ends early. Raises SpeechError."""
    from piper import PiperVoice

    try:
        PiperVoice.load(model)
    except Exception as error:  # onnxruntime and Piper raise errors of many kinds for a broken file
        raise SpeechError(f"the Piper voice {name} arrived damaged", remedy="download it again") from error


@contextlib.contextmanager
def _watched(folder: Path, progress: Callable[[str, int], None]) -> Iterator[None]:
    """Say how much of a download is there while it runs."""

    def report() -> None:
        for path in sorted(folder.iterdir()):
            progress(path.name, path.stat().st_size)

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            report()

    over = threading.Event()
    thread = threading.Thread(target=look, daemon=True, name="download")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        report()


def checked(model: Path) -> Path:
    """Give a model that is there with its settings beside it. Raises SpeechError."""
    for path in (model, Path(f"{model}.json")):
        if not path.is_file():
            raise SpeechError(
                "a Piper voice is two files, and this one is missing", where=str(path), remedy="download both"
            )
    return model
