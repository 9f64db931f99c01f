"""Utterances and the chosen voice come in; a finished clip for each goes out, kept or freshly spoken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace

from audio_builder.errors import SpeechError
from audio_builder.speech.checks import complaint
from audio_builder.speech.choice import ChosenVoice
from audio_builder.speech.engine import Engine
from audio_builder.speech.finishing import finish, quantised, to_clip
from audio_builder.speech.store import ClipKey, ClipStore
from audio_builder.speech.utterance import Clip, Recording, Utterance

log = logging.getLogger(__name__)

ATTEMPTS = 3
SOUNDLESS = "silent"
"""The one engine whose clips may be silent."""


def speak_all(
    utterances: Iterable[Utterance],
    voice: ChosenVoice,
    *,
    store: ClipStore,
    progress: Callable[[int, int], None] | None = None,
    places: Mapping[Utterance, str] | None = None,
) -> dict[Utterance, Clip]:
    """Speak each utterance once, several at a time, and keep every clip as soon as it is done.

    `progress` gets how many are done and how many there are; `places` says where in a script each stands.
    Raises SpeechError, naming place and text, where one cannot be spoken; clips already spoken are kept.
    """
    wanted = tuple(dict.fromkeys(utterances))
    report = progress or (lambda done, total: None)
    clips: dict[Utterance, Clip] = {}
    report(0, len(wanted))
    with _speakers(voice.engine) as pool:
        jobs = {pool.submit(_clip, utterance, voice, store): utterance for utterance in wanted}
        for done, job in enumerate(as_completed(jobs), start=1):
            utterance = jobs[job]
            clips[utterance] = _result(job, utterance, (places or {}).get(utterance))
            report(done, len(wanted))
    return {utterance: clips[utterance] for utterance in wanted}


@contextmanager
def _speakers(engine: Engine) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max_workers=max(1, engine.at_once), thread_name_prefix="speak")
    try:
        yield pool
    finally:
        # After a failure or an interrupt nothing more is begun; what is under way ends within one clip.
        pool.shutdown(wait=True, cancel_futures=True)
        engine.close()


def _result(job: Future[Clip], utterance: Utterance, place: str | None) -> Clip:
    try:
        return job.result()
    except SpeechError as error:
        raise SpeechError(f'"{utterance.text}": {error.message}', where=place, hint=error.hint) from error


def _clip(utterance: Utterance, voice: ChosenVoice, store: ClipStore) -> Clip:
    spoken = replace(utterance, voice=utterance.voice or voice.voice, text=" ".join(utterance.text.split()))
    key = ClipKey(
        engine=voice.engine.name,
        identity=voice.engine.identity(spoken.voice, spoken.language),
        voice=spoken.voice,
        language=spoken.language,
        speed=spoken.speed,
        text=spoken.text,
    )
    clip = store.get(key)
    if clip is None:
        clip = _spoken(voice.engine, spoken)
        store.put(key, clip)
    return clip


def _spoken(engine: Engine, utterance: Utterance) -> Clip:
    if engine.name == SOUNDLESS:
        return to_clip(quantised(engine.speak(utterance).samples))
    return finish(_sound_recording(engine, utterance))


def _sound_recording(engine: Engine, utterance: Utterance) -> Recording:
    """Let the engine try until a recording can be right. Raises SpeechError with the last complaint."""
    failure = SpeechError("was not spoken")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            recording = engine.speak(utterance)
        except SpeechError as error:
            failure = error
        else:
            wrong = complaint(recording, utterance)
            if not wrong:
                return recording
            failure = SpeechError(f"{engine.name}: {wrong}")
        log.warning("attempt %d of %d at %r: %s", attempt, ATTEMPTS, utterance.text, failure.message)
    raise failure
