"""Speak a session's lines with the chosen voice, each once; what was spoken before comes from the clip store."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from audio_builder.errors import Remedy, Setting, SpeechError
from audio_builder.parallel import side_by_side
from audio_builder.speech.clip_store import Clip, ClipKey, ClipStore, to_clip, to_pcm
from audio_builder.speech.engine import Engine, PartialEngine, StartingEngine, Utterance
from audio_builder.speech.finishing import finish
from audio_builder.speech.notation import Lexicon, keep_marks, plain
from audio_builder.speech.recording import FilledIn, record

if TYPE_CHECKING:
    from audio_builder.speech.choice import ChosenVoice

MOST_NAMED = 12
"""Files in a message."""

SOUNDLESS = "silent"
"""The one engine whose clips hold no sound."""


def speak_all(
    utterances: Iterable[Utterance],
    voice: ChosenVoice,
    *,
    store: ClipStore,
    progress: Callable[[int, int], None] | None = None,
    places: Mapping[Utterance, str] | None = None,
    lexicon: Lexicon | None = None,
) -> dict[Utterance, Clip]:
    """Speak each utterance once, several at a time, and keep every clip as soon as it is done.

    `progress` gets how many are done and how many there are; `places` says where in a script each stands.
    Raises SpeechError, naming place and text, where one cannot be spoken; clips already spoken are kept.
    """
    wanted = tuple(dict.fromkeys(utterances))
    clips = dict(speak_each(wanted, voice, store=store, progress=progress, places=places, lexicon=lexicon))
    return {utterance: clips[utterance] for utterance in wanted}


def speak_each(
    utterances: Iterable[Utterance],
    voice: ChosenVoice,
    *,
    store: ClipStore,
    progress: Callable[[int, int], None] | None = None,
    places: Mapping[Utterance, str] | None = None,
    lexicon: Lexicon | None = None,
) -> Iterator[tuple[Utterance, Clip]]:
    """Do what `speak_all` does, giving each clip as soon as it is there and holding none of them."""
    wanted = tuple(dict.fromkeys(utterances))
    report = progress or (lambda done, total: None)
    report(0, len(wanted))
    asked = {each: prepared(each, voice, lexicon=lexicon or Lexicon()) for each in wanted}
    _check_lacking(asked.values(), voice.engine)
    keys = {each: clip_key(spoken, voice.engine) for each, spoken in asked.items()}
    missing = []
    for utterance in wanted:
        clip = store.get(keys[utterance])
        if clip is None:
            missing.append(utterance)
        else:
            yield utterance, clip
    report(len(wanted) - len(missing), len(wanted))

    def speak(utterance: Utterance) -> Clip:
        try:
            return _spoken(voice.engine, asked[utterance], store=store, key=keys[utterance])
        except SpeechError as error:
            raise _placed(error, utterance, places or {}) from error

    with closing(_at_once(speak, missing, voice.engine)) as speaking:
        for spoken, (utterance, clip) in enumerate(speaking, len(wanted) - len(missing) + 1):
            yield utterance, clip
            report(spoken, len(wanted))


def _at_once(
    speak: Callable[[Utterance], Clip], missing: Sequence[Utterance], engine: Engine
) -> Generator[tuple[Utterance, Clip]]:
    """Speak as many at a time as the engine takes, and let go of what it holds afterwards, come what may."""
    if missing and isinstance(engine, StartingEngine):
        engine.start(len(missing))
    speaking = side_by_side(speak, missing, workers=engine.at_once, stop=engine.close)
    try:
        yield from speaking
    finally:
        speaking.close()
        engine.close()


def _placed(error: SpeechError, utterance: Utterance, places: Mapping[Utterance, str]) -> SpeechError:
    """Say of what is wrong where in a script, and in which text."""
    file = f"{error.where}: " if error.where else ""
    message = f'"{utterance.text}": {file}{error.message}'
    return SpeechError(message, where=places.get(utterance), remedy=error.remedy)


def prepared(utterance: Utterance, voice: ChosenVoice, *, lexicon: Lexicon) -> Utterance:
    """Give an utterance as the engine gets it: normalised, with pronunciations, with the marks it knows."""
    text = lexicon.apply(utterance.text, utterance.language)
    # Pauses stay for whoever records: they are made of silence where the engine has none of its own.
    text = keep_marks(text, voice.engine.understands | {"pause"})
    return replace(utterance, text=text, voice=utterance.voice or voice.voice)


def clip_key(utterance: Utterance, engine: Engine) -> ClipKey:
    """Give the key of a prepared utterance's clip. Raises SpeechError for a voice that is not there.

    Where two voices share a session, a clip is that of the one that speaks it, whoever else could change.
    """
    if isinstance(engine, FilledIn):
        engine, utterance = engine.speaker(utterance)
    return ClipKey(
        engine=engine.name,
        identity=engine.identity(utterance.voice, utterance.language),
        voice=utterance.voice,
        language=utterance.language,
        speed=utterance.speed,
        text=utterance.text,
    )


def _check_lacking(utterances: Iterable[Utterance], engine: Engine) -> None:
    """Name every line at once that an engine cannot say, before any is spoken. Raises SpeechError."""
    if not isinstance(engine, PartialEngine):
        return
    wanted = tuple(utterances)
    lacking = engine.lacking(wanted)
    if lacking:
        listed = "".join(f"\n  - {plain(utterance.text)}" for utterance in lacking)
        if unused := engine.unused(wanted):
            listed += f"\n  These are for no line: {', '.join(unused[:MOST_NAMED])}{' …' * (len(unused) > MOST_NAMED)}"
        raise SpeechError(
            f"{engine.name} has no clip for {len(lacking)} line{'s' * (len(lacking) != 1)}:{listed}",
            remedy=Remedy(
                "record them, or let another voice say them, as in {}",
                (Setting("voice", f"{engine.name}:FOLDER else auto"),),
            ),
        )


def _spoken(engine: Engine, utterance: Utterance, *, store: ClipStore, key: ClipKey) -> Clip:
    if isinstance(engine, FilledIn):
        return _spoken_by_either(engine, utterance, store=store, key=key)
    if engine.name == SOUNDLESS:
        clip = to_clip(to_pcm(engine.speak(utterance).samples))
    else:
        clip = finish(record(engine, utterance))
    store.put(key, clip)
    return clip


def _spoken_by_either(engine: FilledIn, utterance: Utterance, *, store: ClipStore, key: ClipKey) -> Clip:
    speaker, said = engine.speaker(utterance)
    try:
        return _spoken(speaker, said, store=store, key=key)
    except SpeechError as error:
        engine.pass_over(utterance, error)
    speaker, said = engine.speaker(utterance)
    key = clip_key(said, speaker)
    return store.get(key) or _spoken(speaker, said, store=store, key=key)
