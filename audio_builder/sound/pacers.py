"""The tones that lead a breath: a gliding pitch, waves or bells for each phase, as loud as speech."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from audio_builder.breath import HELD, Phase
from audio_builder.sound.chimes import struck
from audio_builder.sound.levelling import anchored
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import BELLS_CLOSE, HELD_SWELL, Pacer
from audio_builder.sound.synthesis import Curve, band, course, eased, faded, periodic, swell, wrapped
from audio_builder.timebase import RATE, to_samples

__all__ = ["Pacer", "glide_hz", "tone"]


def tone(phase: Phase, length: int, *, pacer: Pacer | None = None) -> Samples:
    """Make the tone of a phase, shape (length,), at the anchor's loudness and silent at both ends.

    Held phases stand lower by the pacer's `holds_db`. The array cannot be written to.
    """
    pacer = pacer or Pacer()
    held = phase in HELD
    silent = pacer.sound == "off" or length == 0 or (held and pacer.holds_db <= -60.0)
    shape = np.zeros(length) if silent else _SOUNDS[pacer.sound](phase, length, pacer)
    return anchored(shape.astype(np.float32), offset_db=pacer.holds_db if held else 0.0)


def glide_hz(phase: Phase, length: int, *, pacer: Pacer) -> Curve:
    """Give the pitch of a gliding tone at each sample: level at both ends, so that phases flow on."""
    return _pitch(_height(phase, length), pacer)


def _height(phase: Phase, length: int) -> Curve:
    """Say how full the lungs are at each sample, from 0 to 1."""
    if phase in HELD:
        return np.full(length, 1.0 if phase == "hold-in" else 0.0)
    rising = eased(course(length))
    return rising if phase == "inhale" else 1.0 - rising


def _pitch(height: Curve, pacer: Pacer) -> Curve:
    return np.asarray(pacer.low_hz * np.exp(np.log(pacer.high_hz / pacer.low_hz) * height))


def _loudness_curve(phase: Phase, length: int, pacer: Pacer) -> Curve:
    """Swell late on an inhale and early on an exhale: lungs fill towards the top, and let go from it."""
    passed = course(length)
    if phase == "inhale":
        return swell(passed, rise=pacer.inhale_rise, fall=pacer.inhale_fall)
    if phase == "exhale":
        return swell(passed, rise=pacer.exhale_rise, fall=pacer.exhale_fall)
    return swell(passed, rise=HELD_SWELL, fall=HELD_SWELL)


_NEAR = 4_096
"""Samples that are worked on at once: their overtones stay in the processor's nearest cache."""


def _glide(phase: Phase, length: int, pacer: Pacer) -> Curve:
    """Sum the overtones of one running phase angle, brighter towards the top of the breath.

    Each overtone comes from the two below it: sin(k a) = 2 cos(a) sin((k - 1) a) - sin((k - 2) a).
    """
    height = _height(phase, length)
    angle = np.cumsum(2 * np.pi / RATE * _pitch(height, pacer))
    light = (0.25 + 0.6 * pacer.brightness) * (0.7 + 0.3 * height)
    sine, twice = np.sin(angle), 2.0 * np.cos(angle)
    partials = min(6, int(4_000.0 / pacer.high_hz))
    sound = np.empty(length)
    for first in range(0, length, _NEAR):
        here = slice(first, first + _NEAR)
        sound[here] = _rich(sine[here], twice[here], light[here], partials=partials)
    return sound * _loudness_curve(phase, length, pacer)


def _rich(sine: Curve, twice: Curve, light: Curve, *, partials: int) -> Curve:
    """Add overtones to a sine, each fainter than the one below it by `light`; `twice` is twice the cosine."""
    below, overtone = np.zeros(len(sine)), sine
    sound, strength = sine.copy(), light
    for _ in range(2, partials + 1):
        below, overtone = overtone, twice * overtone - below
        sound += strength * overtone
        strength = strength * light
    return sound


_WAVE_BANDS_HZ = (350.0, 700.0, 1_400.0, 2_600.0)


def _waves(phase: Phase, length: int, pacer: Pacer) -> Curve:
    """Swell noise like the sea: it runs up bright on an inhale, and draws back dark on an exhale."""
    rising = eased(course(length))
    height = {"inhale": rising, "exhale": 1.0 - rising}.get(phase)
    if height is None:
        return np.zeros(length)
    sound = np.zeros(length)
    for step, table in enumerate(_wave_tables()):
        distance = step - (0.4 + (1.2 + 1.4 * pacer.brightness) * height)
        sound += np.exp(-0.7 * distance**2) * wrapped(table, 0, stop=length)
    return sound * _loudness_curve(phase, length, pacer)


@lru_cache(maxsize=1)
def _wave_tables() -> tuple[Samples, ...]:
    return tuple(
        periodic(
            1 << 18, seed=round(centre_hz), spectrum=band(centre_hz / 1.35, centre_hz * 1.35, slope=-0.5)
        )
        for centre_hz in _WAVE_BANDS_HZ
    )


def _bells(phase: Phase, length: int, pacer: Pacer) -> Curve:
    """Strike three bells over the phase, going up to breathe in and down to breathe out."""
    steps = {"inhale": (0.0, 0.5, 1.0), "exhale": (1.0, 0.5, 0.0)}.get(phase)
    sound = np.zeros(length)
    if steps is None:
        return sound
    for index, step in enumerate(steps):
        start = index * length // 4
        pitch = 2.0 * pacer.low_hz * (pacer.high_hz / pacer.low_hz) ** step
        sound[start:] += 0.8**index * struck(pitch, length - start, ring_seconds=3.0)
    return sound * faded(length, fade_out=max(round(BELLS_CLOSE * length), to_samples(0.02)))


_SOUNDS: Mapping[str, Callable[[Phase, int, Pacer], Curve]] = MappingProxyType(
    {"glide": _glide, "waves": _waves, "bells": _bells}
)
