"""A voice's name comes in; its files lie in the folder afterwards, whole or not at all."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from audio_builder.errors import SpeechError, VoiceError

LOOK_SECONDS = 0.5


def download(name: str, folder: Path, *, progress: Callable[[str, int], None]) -> None:
    """Download into a folder beside the voices, then move both files. Raises SpeechError."""
    from piper.download_voices import download_voice

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as place:
            with _Watch(Path(place), progress):
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


class _Watch:
    """Says how much of a download is there while it runs."""

    def __init__(self, folder: Path, progress: Callable[[str, int], None]) -> None:
        self._folder = folder
        self._progress = progress
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True, name="download")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._report()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._report()

    def _report(self) -> None:
        for path in sorted(self._folder.iterdir()):
            self._progress(path.name, path.stat().st_size)
