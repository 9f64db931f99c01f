"""Find the installed speech engines, and choose the one engine and voice that speak a session."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache, partial
from importlib.metadata import EntryPoint, entry_points

from audio_builder.errors import Action, Remedy, Setting, SpeechError, VoiceError
from audio_builder.language import known_language
from audio_builder.speech.engine import Availability, DownloadingEngine, Engine, VariedEngine, Voice
from audio_builder.speech.engines.google import reachable
from audio_builder.speech.recording import FilledIn

GROUP = "audio_builder.engines"
"""The entry point group that engines register in; each entry names a class that needs no arguments."""


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
    downloads: Sequence[Voice] = ()
    """Voices that are not here yet: the network is needed once for each."""


def engine_names() -> tuple[str, ...]:
    """Name all installed engines."""
    return tuple(sorted(_entry_points()))


def load_engine(name: str) -> Engine:
    """Make the engine of this name. Raises VoiceError where there is none, SpeechError where it does not load."""
    entries = _entry_points()
    if name not in entries:
        close = get_close_matches(name, entries, n=1)
        meant = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(sorted(entries))}"
        raise VoiceError(f'no speech engine is called "{name}"', remedy=meant)
    entry = entries[name]
    try:
        made = entry.load()()
    except Exception as error:  # a plug-in may fail in any way
        raise SpeechError(
            f'the speech engine "{name}" ({entry.value}) does not load: {error}',
            remedy="update or remove the package that brings it",
        ) from error
    if not isinstance(made, Engine):
        raise SpeechError(
            f'"{name}" ({entry.value}) is not a speech engine: it lacks {", ".join(lacking_members(made))}',
            remedy="see audio_builder.speech.contract",
        )
    return made


def lacking_members(made: object) -> list[str]:
    """Name the members of the engine protocol that an object has not."""
    wanted = [member for member in vars(Engine) if not member.startswith("_")]
    return [member for member in wanted if not hasattr(made, member)]


def survey() -> tuple[EngineReport, ...]:
    """Look at every installed engine, working ones first; one that does not load is reported, too."""
    reports = [_report(name) for name in engine_names()]
    return tuple(sorted(reports, key=lambda report: (not report.availability.works, report.name)))


def _report(name: str) -> EngineReport:
    try:
        return _looked_at(name, load_engine(name))
    except SpeechError as error:
        why, remedy = error.message, error.remedy or ""
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
        downloads=engine.downloadable() if voices and isinstance(engine, DownloadingEngine) else (),
    )


def _entry_points() -> Mapping[str, EntryPoint]:
    return _found_on(tuple(sys.path))


@lru_cache(maxsize=4)
def _found_on(search_path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Look through all packages on a search path, which takes some milliseconds, once."""
    del search_path  # the key alone: another path, other packages
    return {entry.name: entry for entry in entry_points(group=GROUP)}


log = logging.getLogger(__name__)

AUTO = "auto"
ELSE = " else "
NEURAL = ("hibari", "piper")
"""Neural voices of this machine, best first."""
ONLINE = "gtts"
SYSTEM = ("say", "sapi", "flite")
"""Better than the embedded voice, best first."""
EMBEDDED = "espeak"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVoice:
    """The engine and voice of a session, and why it was them."""

    engine: Engine
    voice: str
    """The engine's own name for it; empty for its default in the utterance's language."""
    why: str
    better: Remedy | str = ""
    """One step that would give a better voice; empty where there is none."""
    gives_way: bool = True
    """Whether another voice may speak the whole session where this one fails, if the routine does not say."""

    def __str__(self) -> str:
        return f"{self.engine.name}:{self.voice}" if self.voice else self.engine.name


def choose_voice(
    spec: str = AUTO,
    *,
    language: str = "en",
    offline: bool = False,
    is_reachable: Callable[[], bool] = reachable,
) -> ChosenVoice:
    """Choose by `auto`, `ENGINE[:VOICE]`, or `ENGINE[:VOICE] else …`, which speaks what the first one lacks.

    Raises VoiceError where no engine or voice is called so, SpeechError where it cannot speak here.
    """
    spec, lacks, other = spec.partition(ELSE)
    if lacks:
        asked = partial(choose_voice, language=language, offline=offline, is_reachable=is_reachable)
        return _filled_in(asked(spec), asked(other))
    name, _, voice = spec.strip().partition(":")
    if name == AUTO:
        if voice:
            raise VoiceError(f'"{spec}": auto takes no voice', remedy="name the engine, as in espeak:en-gb")
        return _best(language, offline=offline, is_reachable=is_reachable)
    engine = load_engine(name)
    if offline and engine.online:
        raise SpeechError(
            f"{name} needs the network",
            remedy=Remedy("leave out {}, or choose another voice", (Setting("offline"),)),
        )
    availability = engine.availability()
    if not availability.works:
        raise SpeechError(
            f"{name} does not work here: {availability.why}", remedy=availability.remedy or None
        )
    engine.identity(voice, language)  # a voice that is not there is an error now, not after minutes
    return ChosenVoice(engine=engine, voice=voice, why="as asked", gives_way=False)


def _filled_in(first: ChosenVoice, second: ChosenVoice) -> ChosenVoice:
    """Have a second voice speak what the first one lacks."""
    filled = FilledIn(first.engine, other=second.engine, other_voice=second.voice)
    why = f"as asked; {second} speaks what it lacks"
    return ChosenVoice(engine=filled, voice=first.voice, why=why, gives_way=not filled.mixes)


def next_voice(failed: ChosenVoice, *, language: str = "en") -> ChosenVoice | None:
    """Choose the voice that speaks the whole session after one failed for good; None after the last.

    It is a local one, unless a second voice was named: then that one, and no other ever.
    """
    if isinstance(failed.engine, FilledIn):
        return _named_second(failed.engine)
    order = (*NEURAL, ONLINE, *SYSTEM, EMBEDDED)
    name = failed.engine.name
    later = order[order.index(name) + 1 :] if name in order else order
    found = _first_local((each for each in later if each != ONLINE), language)
    if found is None:
        return None
    mend = failed.engine.availability().remedy
    return replace(found, why=f"{name} failed; {found.why}", better=mend)


def _named_second(both: FilledIn) -> ChosenVoice | None:
    if both.mixes:  # it has spoken what the first one lacks, and failed itself
        return None
    why = f"{both.name} failed, and it was named for that"
    return ChosenVoice(engine=both.other, voice=both.other_voice, why=why, gives_way=False)


def likely_engine(spec: str, language: str) -> str:
    """Name the engine that a wish would come to, without asking the network: estimates are made for it."""
    try:
        return choose_voice(spec, language=language, offline=True).engine.name
    except SpeechError:  # told where it matters: an estimate is no build
        name = spec.partition(":")[0].strip()
        return EMBEDDED if name == AUTO else name


def _one_step(language: str) -> Remedy | str:
    record = known_language(language)
    if record is None:
        return ""
    if record.tag == "en":
        return load_engine("hibari").availability().remedy
    piper = load_engine("piper").availability()
    download = Action("voices install", record.piper_voice)
    return Remedy("{}" if piper.works else f"{piper.remedy}, then {{}}", (download,))


def _best(language: str, *, offline: bool, is_reachable: Callable[[], bool]) -> ChosenVoice:
    neural = _first_local(NEURAL, language)
    if neural is not None:
        return neural
    better = _one_step(language)
    if offline:
        missing = "no network is to be used"
    elif ONLINE not in engine_names():
        missing = "gTTS is not installed"
    elif is_reachable():
        why = "no neural voice is here, and gTTS can be reached"
        return ChosenVoice(engine=load_engine(ONLINE), voice="", why=why, better=better)
    else:
        missing = "gTTS cannot be reached"
    found = _first_local((*SYSTEM, EMBEDDED), language)
    if found is None:
        raise SpeechError(
            f'no voice here speaks "{language}"',
            remedy=Remedy("see {}; gTTS needs the network", (Action("voices"),)),
        )
    return replace(found, why=f"no neural voice is here, and {missing}; {found.why}", better=better)


def _first_local(names: Iterable[str], language: str) -> ChosenVoice | None:
    installed = engine_names()
    for name in (each for each in names if each in installed):
        if _works(name, language):
            return ChosenVoice(engine=load_engine(name), voice="", why=f"{_KINDS[name]} speaks")
    return None


def _works(name: str, language: str) -> bool:
    """Tell whether an engine speaks a language here; say so where it is there and does not work."""
    try:
        engine = load_engine(name)
        found = engine.availability()
        fits = found.works and _speaks(engine, language)
    except SpeechError as error:  # it is there and does not work: another one speaks
        log.warning("%s is passed over: %s", name, error.message)
        return False
    if found.broken:
        log.warning("%s is passed over: %s; mend it: %s", name, found.why, found.remedy)
    if not fits:
        log.debug("%s does not speak %s here", name, language)
    return fits


_KINDS = {
    "hibari": "the embedded neural voice",
    "piper": "a neural voice of this machine",
    **dict.fromkeys(SYSTEM, "the system's voice"),
    EMBEDDED: "the simple embedded voice",
}


def _speaks(engine: Engine, language: str) -> bool:
    main = language.lower().partition("-")[0]
    return any(voice.language.lower().partition("-")[0] in (main, "*") for voice in engine.voices())
