'''Try a speech engine, and name every promise of the engine protocol that it breaks.

# Writing a speech engine

An engine is a class that needs no arguments and has the members of `audio_builder.speech.Engine`, as here:

    import numpy as np
    from audio_builder.speech import Availability, Recording, SpeechError, Utterance, Voice

    class BuzzEngine:
        """Says everything as a buzz."""

        name = "buzz"                  # what users write as their voice: buzz, or buzz:low
        online = False                 # True where speaking needs the network
        at_once = 4                    # calls of speak at a time, from different threads
        understands = frozenset()      # marks to leave in the text: see audio_builder.speech.notation.MARKS

        def identity(self, voice, language):
            return f"buzz 1.0; {voice or 'low'}"

        def voices(self):
            return (Voice(name="low", language="en"), Voice(name="high", language="en"))

        def availability(self):
            return Availability(works=True)

        def speak(self, utterance):
            if utterance.voice not in ("", "low", "high"):
                raise SpeechError(f'buzz has no voice "{utterance.voice}"', remedy="it has low and high")
            seconds = 0.07 * len(utterance.text) / utterance.speed
            time = np.arange(int(seconds * 16_000)) / 16_000
            pitch_hz = 240 if utterance.voice == "high" else 120
            wave = np.sign(np.sin(2 * np.pi * pitch_hz * time)) * np.hanning(len(time))
            return Recording((0.3 * wave).astype(np.float32), 16_000)

        def close(self):
            pass

Its package registers it under its name:

    [project.entry-points."audio_builder.engines"]
    buzz = "buzz_speech:BuzzEngine"

And its tests let this module look at it:

    from audio_builder.speech.contract import broken_promises

    def test_buzz_keeps_the_contract():
        assert broken_promises(BuzzEngine()) == []

What the rest of the house does, so that an engine need not: it trims silence, levels, limits, fades and
resamples; it keeps clips; it writes numbers and abbreviations out and applies the lexicon; it makes pauses of
silence for an engine that does not understand `pause`; it rejects a clip that is empty, silent, too short or
far too long for its text, and asks again. What it cannot do for an engine:

- `identity` names everything that can change the sound besides the utterance: version, model, settings.
  Clips are kept by it, so it must change when the sound does, and only then. It is asked often.
  It is asked before anything is spoken, too: a voice or language that the engine does not know is a VoiceError.
- `speak` says the whole text, or raises SpeechError saying why and what would help. It never gives silence
  for words. An engine that needs the network waits and tries again by itself, and ends at some time with a
  SpeechError; of any other, `speak` is simply called again.
- `speak` is called from up to `at_once` threads, and `close` from another one, also while they speak: they
  may then end early with a SpeechError. After `close`, `speak` works again.
- `availability` does not use the network, and says what to do where the engine does not work.
- Nothing happens on import, and making the object is cheap: it is made to list voices, too.
'''

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from audio_builder.errors import SpeechError
from audio_builder.speech.choice import engine_names, lacking_members
from audio_builder.speech.engine import Availability, Engine, Recording, Utterance, Voice
from audio_builder.speech.notation import MARKS
from audio_builder.speech.recording import complaint

SHORT = "Breathe in."
LONG = "Breathe in, and slowly reach your right hand up toward the ceiling, as far as is easy for you."
MARKED = "Move *slowly* ... and only as far as is easy."
NO_VOICE = "no-such-voice-anywhere"


def broken_promises(engine: object, *, voice: str = "", language: str = "en") -> list[str]:
    """Try an engine that works here, in one voice and language; say every promise that it breaks."""
    missing = lacking_members(engine)
    if missing:
        return [f"it lacks {', '.join(missing)}"]
    assert isinstance(engine, Engine)
    said = Utterance(SHORT, voice=voice, language=language)
    found: list[str] = []
    for check in (
        _members,
        _registration,
        _availability,
        _voices,
        _identity,
        _sound,
        _pace,
        _threads,
        _unknown_voice,
    ):
        try:
            found += check(engine, said)
        except Exception as error:  # noqa: BLE001 -- whatever an engine raises here is the finding
            found.append(f"{check.__name__.strip('_')}: raised {type(error).__name__}: {error}")
    engine.close()
    return found


def _members(engine: Engine, said: Utterance) -> Iterator[str]:
    if not (isinstance(engine.name, str) and engine.name.isidentifier() and engine.name.islower()):
        yield f"name is {engine.name!r}; a small plain word is wanted"
    if not isinstance(engine.online, bool):
        yield f"online is {engine.online!r}; True or False is wanted"
    if not (isinstance(engine.at_once, int) and engine.at_once >= 1):
        yield f"at_once is {engine.at_once!r}; 1 or more is wanted"
    unknown = set(engine.understands) - MARKS
    if unknown:
        yield f"understands names unknown marks: {', '.join(sorted(unknown))}"


def _registration(engine: Engine, said: Utterance) -> Iterator[str]:
    if engine.name not in engine_names():
        yield f'no entry point is called "{engine.name}"'


def _availability(engine: Engine, said: Utterance) -> Iterator[str]:
    availability = engine.availability()
    if not isinstance(availability, Availability):
        yield f"availability() gave {availability!r}"
    elif not availability.works:
        yield f"it does not work here, so nothing more can be tried: {availability.why} {availability.remedy}"


def _voices(engine: Engine, said: Utterance) -> Iterator[str]:
    voices = engine.voices()
    if not voices:
        yield "voices() is empty"
    for each in voices:
        if not (isinstance(each, Voice) and each.language):
            yield f"voices() has {each!r}; a Voice with a language is wanted"


def _identity(engine: Engine, said: Utterance) -> Iterator[str]:
    first, second = (engine.identity(said.voice, said.language) for _ in range(2))
    if not (isinstance(first, str) and first.strip()):
        yield f"identity() gave {first!r}"
    if first != second:
        yield f"identity() changed from {first!r} to {second!r}"


def _sound(engine: Engine, said: Utterance) -> Iterator[str]:
    marks = MARKED if {"emphasis", "pause"} & engine.understands else ""
    for text in filter(None, (SHORT, LONG, marks)):
        yield from _faults(engine, replace(said, text=text))
    engine.close()
    yield from (f"after close(), {fault}" for fault in _faults(engine, said))


def _pace(engine: Engine, said: Utterance) -> Iterator[str]:
    long = replace(said, text=LONG)
    short_seconds, long_seconds = engine.speak(said).seconds, engine.speak(long).seconds
    if long_seconds < 2 * short_seconds:
        yield f"a text eight times as long lasts {long_seconds:.1f} s, the short one {short_seconds:.1f} s"
    fast_seconds = engine.speak(replace(long, speed=1.3)).seconds
    if fast_seconds > 1.05 * long_seconds:
        yield f"at speed 1.3 a text lasts {fast_seconds:.1f} s, at 1 {long_seconds:.1f} s"


def _threads(engine: Engine, said: Utterance) -> Iterator[str]:
    texts = [replace(said, text=f"{SHORT} {LONG}"[: 40 + 5 * index]) for index in range(2 * engine.at_once)]
    with ThreadPoolExecutor(engine.at_once) as pool:
        faults = list(pool.map(lambda each: list(_faults(engine, each)), texts))
    yield from (f"{engine.at_once} at a time, {fault}" for found in faults for fault in found)


def _unknown_voice(engine: Engine, said: Utterance) -> Iterator[str]:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: engine.identity(NO_VOICE, said.language),
        lambda: engine.speak(replace(said, voice=NO_VOICE)),
    )
    refused = 0
    for attempt in attempts:
        try:
            attempt()
        except SpeechError:
            refused += 1
    if not refused:
        yield f'it takes "{NO_VOICE}" for a voice; a SpeechError is wanted'


def _faults(engine: Engine, said: Utterance) -> Iterator[str]:
    recording = engine.speak(said)
    if not isinstance(recording, Recording):
        yield f"speak() gave {type(recording).__name__}; a Recording is wanted"
        return
    samples = recording.samples
    if samples.dtype != np.float32 or samples.ndim != 1:
        yield f"samples are {samples.dtype} of shape {samples.shape}; float32 of shape (n,) are wanted"
    elif samples.size and float(np.abs(samples).max()) > 1.0:
        yield f"samples go up to {float(np.abs(samples).max()):.2f}; 1 is full scale"
    elif wrong := complaint(recording, said):
        yield f'"{said.text}": {wrong}'
    if not 8_000 <= recording.rate <= 192_000:
        yield f"the sample rate is {recording.rate} Hz"
