"""Chimes made of struck bowls. As a command it makes the shipped files again, bit for bit."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from audio_builder.errors import OutputError
from audio_builder.sound.samples import Samples
from audio_builder.sound.synthesis import Curve, faded, uniform
from audio_builder.timebase import RATE, to_samples

PEAK = 0.5
"""Every chime's largest sample; the mixer levels by loudness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One touch of a bowl."""

    at_seconds: float
    pitch_hz: float
    ring_seconds: float
    """Until it is 60 dB down."""
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chime:
    """A pattern of strikes."""

    seconds: float
    strikes: tuple[Strike, ...]


def _one(pitch_hz: float, *, seconds: float, ring_seconds: float) -> Chime:
    return Chime(
        seconds=seconds, strikes=(Strike(at_seconds=0.0, pitch_hz=pitch_hz, ring_seconds=ring_seconds),)
    )


CHIMES: Mapping[str, Chime] = MappingProxyType(
    {
        "begin": _one(392.0, seconds=5.0, ring_seconds=8.0),
        "switch": Chime(
            seconds=2.4,
            strikes=(
                Strike(at_seconds=0.0, pitch_hz=523.25, ring_seconds=2.5, strength=0.8),
                Strike(at_seconds=0.42, pitch_hz=698.46, ring_seconds=3.0),
            ),
        ),
        "halfway": _one(880.0, seconds=1.8, ring_seconds=2.4),
        "end": Chime(
            seconds=6.5,
            strikes=(
                Strike(at_seconds=0.0, pitch_hz=523.25, ring_seconds=5.0, strength=0.75),
                Strike(at_seconds=1.0, pitch_hz=392.0, ring_seconds=5.0, strength=0.85),
                Strike(at_seconds=2.0, pitch_hz=329.63, ring_seconds=7.0),
            ),
        ),
        "bell": _one(659.26, seconds=2.4, ring_seconds=3.2),
    }
)

NAMES = (*CHIMES, "tick")


def synthesise(name: str) -> Samples:
    """Make a chime, shape (samples,) at 48 kHz, its largest sample at PEAK."""
    sound = _tick() if name == "tick" else _pattern(CHIMES[name])
    return np.asarray(sound * (PEAK / np.max(np.abs(sound))), dtype=np.float32)


def _pattern(chime: Chime) -> Curve:
    length = to_samples(chime.seconds)
    sound = np.zeros(length)
    for strike in chime.strikes:
        start = to_samples(strike.at_seconds)
        ring = struck(strike.pitch_hz, length - start, ring_seconds=strike.ring_seconds)
        sound[start:] += strike.strength * ring
    return sound


def _tick() -> Curve:
    """Give a soft wooden tap."""
    length = to_samples(0.06)
    time = np.arange(length) / RATE
    sound = np.exp(-time / 0.014) * np.sin(2 * np.pi * 1_046.5 * time)
    sound += 0.4 * np.exp(-time / 0.006) * np.sin(2 * np.pi * 2_480.0 * time)
    return sound * faded(length, fade_in=to_samples(0.002), fade_out=length // 2)


def write_all(folder: Path) -> tuple[Path, ...]:
    """Write every chime as a 16-bit FLAC into a folder; raises OutputError."""
    import soundfile

    paths = tuple(folder / f"{name}.flac" for name in NAMES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in zip(NAMES, paths, strict=True):
            soundfile.write(path, to_int16(synthesise(name)), RATE, subtype="PCM_16", format="FLAC")
    except (OSError, soundfile.LibsndfileError) as error:
        raise OutputError(f"cannot write chimes: {error}", where=str(folder)) from error
    return paths


def to_int16(samples: Samples) -> np.typing.NDArray[np.int16]:
    """Round to 16 bits, so that no writer's own rounding has a say."""
    return np.asarray(np.rint(samples.astype(np.float64) * 32_767.0), dtype=np.int16)


def main(arguments: list[str]) -> int:
    """Write the chimes into the folder named; give the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m audio_builder.sound.chimes FOLDER\n")
        return 2
    try:
        paths = write_all(Path(arguments[0]))
    except OutputError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in paths))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))


HIGHEST_HZ = 4_000.0

_PARTIALS = (
    # ratio to the fundamental, strength, share of the fundamental's ring, beat in Hz
    (1.00, 1.00, 1.00, 0.40),
    (2.00, 0.28, 0.80, 0.35),
    (2.76, 0.55, 0.55, 0.90),
    (5.15, 0.28, 0.30, 1.60),
    (8.10, 0.12, 0.16, 2.30),
)
"""A bowl's modes lie near the squares of 3, 5, 7 and 9 halves; each is a close pair, and so bowls beat."""

_ATTACK_SECONDS = 0.006
_MALLET_SECONDS = 0.03
_MALLET_STRENGTH = 0.05


def struck(pitch_hz: float, length: int, *, ring_seconds: float) -> Curve:
    """Strike a bowl once, shape (length,): it falls by 60 dB in the ring time, and to nothing at the end."""
    time = np.arange(length) / RATE
    sound = np.zeros(length)
    for ratio, strength, share, beat_hz in _PARTIALS:
        if pitch_hz * ratio > HIGHEST_HZ:
            continue
        decay = np.exp(time * (np.log(1e-3) / (ring_seconds * share)))
        pair = np.sin(2 * np.pi * pitch_hz * ratio * time)
        pair += 0.45 * np.sin(2 * np.pi * (pitch_hz * ratio + beat_hz) * time)
        sound += strength * decay * pair
    sound += _mallet(length)
    return sound * faded(length, fade_in=to_samples(_ATTACK_SECONDS), fade_out=length // 4)


def _mallet(length: int) -> Curve:
    """Give the felt's soft thud on the rim: a short breath of noise without highs."""
    touch = to_samples(_MALLET_SECONDS)
    noise = np.convolve(uniform(touch, seed=7) - 0.5, np.hanning(24), mode="same")
    thud = _MALLET_STRENGTH * noise * np.hanning(2 * touch)[touch:]
    return np.concatenate([thud, np.zeros(length)])[:length]
