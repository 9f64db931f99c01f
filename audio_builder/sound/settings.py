"""Settings of the sound, each number with its range, unit and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from audio_builder.breath import HELD, PHASES
from audio_builder.errors import AudioBuilderError

_KEY = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a number may be."""

    low: float
    high: float
    unit: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One named number of a settings class."""

    name: str
    default: float
    range: Range


def ranged(default: float, low: float, high: float, *, unit: str, about: str) -> Any:
    """Declare a dataclass field with its default, bounds (both allowed), unit and one line about it."""
    return field(default=default, metadata={_KEY: Range(low=low, high=high, unit=unit, about=about)})


def rows(settings: type[Any]) -> tuple[Setting, ...]:
    """List the ranged fields of a settings class, in order."""
    return tuple(
        Setting(name=entry.name, default=float(cast("float", entry.default)), range=entry.metadata[_KEY])
        for entry in fields(settings)
        if _KEY in entry.metadata
    )


def check(settings: Any, *, where: str) -> None:
    """Raise AudioBuilderError for the first field outside its range; `where` names the group of settings."""
    for entry in fields(settings):
        if _KEY in entry.metadata:
            _check_one(entry, getattr(settings, entry.name), where=where)


def _check_one(entry: Field[Any], value: float, *, where: str) -> None:
    allowed: Range = entry.metadata[_KEY]
    if not allowed.low <= value <= allowed.high:
        raise AudioBuilderError(
            f"{value:g} {allowed.unit} is out of range ({allowed.about})",
            where=f"{where}.{entry.name}",
            remedy=f"Use {allowed.low:g} to {allowed.high:g} {allowed.unit}; the default is {entry.default:g}.",
        )


PacerName = Literal["glide", "waves", "bells", "off"]
PACERS: tuple[PacerName, ...] = get_args(PacerName)

BED_OFF = "none"
BEDS = ("none", "waves", "rain", "drone")
"""The beds that come with the house; anything else a bed's sound may be is a file."""

MADE_BEDS_VERSION = 1
"""Goes into keys; raise it when a bed that comes with the house changes its sound."""

BELLS_CLOSE = 0.25
"""The share of a phase over which its bells are faded out."""

HELD_SWELL = 0.3
"""The share of a held breath over which its marker swells, and over which it dies away."""

BED_BELOW_SPEECH_DB = -21.0
"""How far below speech a bed stays while it speaks: 20 dB (WCAG 1.4.7), and one for its restless moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud everything is relative to speech, and how it makes way for speech."""

    tones_db: float = ranged(-9.0, -24.0, -4.0, unit="dB", about="breath tones, relative to speech")
    tones_duck_db: float = ranged(6.0, 0.0, 24.0, unit="dB", about="how far breath tones sink under speech")
    chimes_db: float = ranged(-8.0, -24.0, 0.0, unit="dB", about="chimes, relative to speech")
    chimes_duck_db: float = ranged(6.0, 0.0, 24.0, unit="dB", about="how far chimes sink under speech")
    ticks_db: float = ranged(-12.0, -30.0, -4.0, unit="dB", about="tempo ticks, relative to speech")
    bed_db: float = ranged(-18.0, -40.0, -13.0, unit="dB", about="a bed's loudest 3 s, relative to speech")
    bed_duck_db: float = ranged(8.0, 0.0, 24.0, unit="dB", about="how far a bed sinks under speech")
    room_dbfs: float = ranged(-60.0, -72.0, -50.0, unit="dBFS", about="room tone, root mean square")
    duck_attack_seconds: float = ranged(0.25, 0.02, 2.0, unit="s", about="sinking, done as speech starts")
    duck_release_seconds: float = ranged(0.8, 0.05, 4.0, unit="s", about="rising again once speech has ended")

    def __post_init__(self) -> None:
        check(self, where="levels")
        under_speech = self.bed_db - self.bed_duck_db
        if under_speech > BED_BELOW_SPEECH_DB:
            raise AudioBuilderError(
                f"the bed would stand only {-under_speech:g} dB below speech while it speaks",
                where="levels.bed_db",
                remedy=f"Keep bed_db minus bed_duck_db at {BED_BELOW_SPEECH_DB:g} dB or lower.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacer:
    """How breaths are led."""

    sound: PacerName = "glide"
    low_hz: float = ranged(294.0, 200.0, 800.0, unit="Hz", about="where an inhale starts, an exhale ends")
    high_hz: float = ranged(440.0, 220.0, 1_200.0, unit="Hz", about="where an inhale ends, an exhale starts")
    brightness: float = ranged(0.5, 0.0, 1.0, unit="of 1", about="how strong the overtones are")
    holds_db: float = ranged(
        -10.0, -60.0, 0.0, unit="dB", about="the marker of a held breath, relative to the tones; -60 is off"
    )
    inhale_rise: float = ranged(0.5, 0.05, 0.95, unit="of 1", about="share of an inhale that swells")
    inhale_fall: float = ranged(0.2, 0.05, 0.95, unit="of 1", about="share of an inhale that dies away")
    exhale_rise: float = ranged(0.15, 0.05, 0.95, unit="of 1", about="share of an exhale that swells")
    exhale_fall: float = ranged(0.6, 0.05, 0.95, unit="of 1", about="share of an exhale that dies away")

    @property
    def closing_shares(self) -> Mapping[str, float]:
        """The share of each phase over which its tone dies away into silence."""
        if self.sound == "bells":
            return dict.fromkeys(PHASES, BELLS_CLOSE)
        moving: dict[str, float] = {"inhale": self.inhale_fall, "exhale": self.exhale_fall}
        return moving | dict.fromkeys(HELD, HELD_SWELL)

    def __post_init__(self) -> None:
        check(self, where="pacer")
        if self.high_hz < 1.1 * self.low_hz:
            raise AudioBuilderError(
                f"{self.high_hz:g} Hz is too near low_hz ({self.low_hz:g} Hz) to be heard as a rise",
                where="pacer.high_hz",
                remedy=f"Use {1.1 * self.low_hz:.0f} Hz or more.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """What lies quietly under everything."""

    sound: str = BED_OFF
    """One of BEDS, or the path of a sound file."""
    channels: Literal[1, 2] = 1
    """With 2, the whole session is stereo."""
    fade_in_seconds: float = ranged(4.0, 0.0, 60.0, unit="s", about="opening at the session's start")
    fade_out_seconds: float = ranged(8.0, 0.0, 60.0, unit="s", about="closing at the session's end")
    crossfade_seconds: float = ranged(3.0, 0.05, 20.0, unit="s", about="where a loop meets its start")

    def __post_init__(self) -> None:
        check(self, where="bed")

    @property
    def made(self) -> bool:
        """True for a bed that is synthesised, False for a file or none."""
        return self.sound in BEDS and self.sound != BED_OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmth:
    """How a synthetic voice is made easier on the ear; recordings are left alone."""

    amount: float = ranged(0.0, 0.0, 1.0, unit="of 1", about="how much of the whole treatment; 0 is off")
    high_pass_hz: float = ranged(80.0, 20.0, 160.0, unit="Hz", about="below it, rumble is taken out")
    body_hz: float = ranged(220.0, 120.0, 500.0, unit="Hz", about="below it, the voice gets more body")
    body_db: float = ranged(2.0, 0.0, 6.0, unit="dB", about="how much more body")
    air_hz: float = ranged(5_000.0, 2_500.0, 9_000.0, unit="Hz", about="above it, the voice gets softer")
    air_db: float = ranged(-3.0, -9.0, 0.0, unit="dB", about="how much softer")
    harsh_low_hz: float = ranged(2_500.0, 1_500.0, 5_000.0, unit="Hz", about="where harshness starts")
    harsh_high_hz: float = ranged(7_000.0, 4_000.0, 10_000.0, unit="Hz", about="where harshness ends")
    harsh_db: float = ranged(6.0, 0.0, 12.0, unit="dB", about="how far a harsh moment is turned down at most")

    def __post_init__(self) -> None:
        check(self, where="warmth")
        if self.harsh_high_hz < 1.2 * self.harsh_low_hz:
            raise AudioBuilderError(
                f"{self.harsh_high_hz:g} Hz is too near harsh_low_hz ({self.harsh_low_hz:g} Hz)",
                where="warmth.harsh_high_hz",
                remedy=f"Use {1.2 * self.harsh_low_hz:.0f} Hz or more.",
            )


SETTINGS: Mapping[str, tuple[Setting, ...]] = MappingProxyType(
    {"levels": rows(Levels), "pacer": rows(Pacer), "bed": rows(Bed), "warmth": rows(Warmth)}
)
"""Every number of the sound by its group: name, default, range, unit and what it is."""
