"""What is installed comes in; which engines speak here goes out, and what one more step would add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from audio_builder.errors import SpeechError
from audio_builder.speech.engine import Availability, Engine, Voice, engine_names, load_engine


@runtime_checkable
class VariedEngine(Protocol):
    """An engine whose voices all take on some timbres, as in `VOICE+VARIANT`."""

    def variants(self) -> Sequence[str]:
        """List the timbres."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReport:
    """What an engine can do here."""

    name: str
    online: bool
    availability: Availability
    voices: Sequence[Voice] = ()
    """Empty where it does not work."""
    variants: Sequence[str] = ()
    """Timbres that each voice can take on."""


def survey() -> tuple[EngineReport, ...]:
    """Look at every installed engine, working ones first; one that does not load is reported, too."""
    reports = [_report(name) for name in engine_names()]
    return tuple(sorted(reports, key=lambda report: (not report.availability.works, report.name)))


def _report(name: str) -> EngineReport:
    try:
        return _looked_at(name, load_engine(name))
    except SpeechError as error:
        why, remedy = error.message, error.hint or ""
    except Exception as error:  # noqa: BLE001 -- a plug-in may fail in any way, and is to hide no other engine
        why, remedy = f"{type(error).__name__}: {error}", ""
    return EngineReport(
        name=name, online=False, availability=Availability(works=False, why=why, remedy=remedy)
    )


def _looked_at(name: str, engine: Engine) -> EngineReport:
    availability = engine.availability()
    voices = engine.voices() if availability.works else ()
    if not voices:
        availability = replace(availability, works=False)
    return EngineReport(
        name=name,
        online=engine.online,
        availability=availability,
        voices=voices,
        variants=engine.variants() if voices and isinstance(engine, VariedEngine) else (),
    )
