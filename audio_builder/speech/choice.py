"""Choosing the one engine and voice that speak a session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from audio_builder.errors import Action, Remedy, Setting, SpeechError, VoiceError
from audio_builder.speech.engine import Engine
from audio_builder.speech.engines.gtts.service import reachable
from audio_builder.speech.registry import engine_names, load_engine
from audio_builder.speech.second_voice import FilledIn

log = logging.getLogger(__name__)

AS_ASKED = "as asked"
"""Why a voice speaks that was named by itself."""

AUTO = "auto"
ELSE = " else "
ONLINE = "gtts"
LOCAL = ("piper", "say", "sapi", "flite")
"""Better than the embedded voice, best first."""
EMBEDDED = "espeak"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVoice:
    """The engine and voice of a session, and why it was them."""

    engine: Engine
    voice: str
    """The engine's own name for it; empty for its default in the utterance's language."""
    why: str

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
        first = choose_voice(spec, language=language, offline=offline, is_reachable=is_reachable)
        second = choose_voice(other, language=language, offline=offline, is_reachable=is_reachable)
        filled = FilledIn(first.engine, other=second.engine, other_voice=second.voice)
        return ChosenVoice(engine=filled, voice=first.voice, why=f"as asked; {second} speaks what it lacks")
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
    return ChosenVoice(engine=engine, voice=voice, why=AS_ASKED)


def next_voice(failed: ChosenVoice, *, language: str = "en") -> ChosenVoice | None:
    """Choose the local voice that speaks the whole session after one failed for good; None after the last."""
    order = (ONLINE, *LOCAL, EMBEDDED)
    name = failed.engine.name
    later = order[order.index(name) + 1 :] if name in order else order[1:]
    return _first_local(later, language, why=f"{name} failed")


def _best(language: str, *, offline: bool, is_reachable: Callable[[], bool]) -> ChosenVoice:
    if offline:
        missing = "no network is to be used"
    elif ONLINE not in engine_names():
        missing = "gTTS is not installed"
    elif is_reachable():
        return ChosenVoice(engine=load_engine(ONLINE), voice="", why="gTTS can be reached")
    else:
        missing = "gTTS cannot be reached"
    found = _first_local((*LOCAL, EMBEDDED), language, why=missing)
    if found is None:
        raise SpeechError(
            f'no voice here speaks "{language}"',
            remedy=Remedy("see {}; gTTS needs the network", (Action("voices"),)),
        )
    return found


def _first_local(names: Iterable[str], language: str, *, why: str) -> ChosenVoice | None:
    installed = engine_names()
    for name in (each for each in names if each in installed):
        try:
            engine = load_engine(name)
            fits = engine.availability().works and _speaks(engine, language)
        except SpeechError as error:  # it is there and does not work: another one speaks
            log.warning("%s is passed over: %s", name, error.message)
            continue
        if fits:
            best = "the embedded voice" if name == EMBEDDED else "the best local voice"
            return ChosenVoice(engine=engine, voice="", why=f"{why}; {best} speaks")
        log.debug("%s does not speak %s here", name, language)
    return None


def _speaks(engine: Engine, language: str) -> bool:
    main = language.lower().partition("-")[0]
    return any(voice.language.lower().partition("-")[0] in (main, "*") for voice in engine.voices())
