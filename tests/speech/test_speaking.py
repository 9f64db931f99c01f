"""Speaking a session: each line once, kept at once, wrong takes refused, the lexicon and the marks at work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError
from audio_builder.files.cache import Cache
from audio_builder.sound.samples import Samples
from audio_builder.speech import (
    Availability,
    ChosenVoice,
    ClipStore,
    Lexicon,
    Recording,
    Utterance,
    Voice,
    estimate,
    load_engine,
    speak_all,
    speak_each,
)
from audio_builder.speech.notation import PAUSE_SECONDS, plain
from audio_builder.timebase import RATE, to_samples


class Tones:
    """An engine that hums for as long as a text takes, and can be told to do wrong."""

    name = "tones"
    online = False
    at_once = 2

    def __init__(self, *, understands: Sequence[str] = ()) -> None:
        self.understands = frozenset(understands)
        self.said: list[str] = []
        self.closed = 0
        self.wrong: list[Callable[[Samples], Samples]] = []
        """What is done to the next takes, one after the other."""
        self.lock = threading.Lock()

    def identity(self, voice: str, language: str) -> str:
        """Name nothing but itself."""
        return f"tones 1; {voice}"

    def voices(self) -> Sequence[Voice]:
        """List none."""
        return ()

    def availability(self) -> Availability:
        """Work."""
        return Availability(works=True)

    def speak(self, utterance: Utterance) -> Recording:
        """Hum."""
        with self.lock:
            self.said.append(utterance.text)
            change = self.wrong.pop(0) if self.wrong else None
        length = round(estimate(utterance.text) / utterance.speed * 16_000)
        time = np.arange(length) / 16_000
        samples = (0.3 * np.sin(2 * np.pi * 220 * time) * np.hanning(length)).astype(np.float32)
        return Recording(change(samples) if change else samples, 16_000)

    def close(self) -> None:
        """Count."""
        self.closed += 1


def chosen(engine: Tones) -> ChosenVoice:
    """Choose the engine's only voice."""
    return ChosenVoice(engine=engine, voice="", why="test")


LINES = [Utterance(f"Breathe in, and reach up, number {number}.") for number in "bcdefg"]


def test_each_line_is_spoken_once_and_then_never_again(tmp_path: Path) -> None:
    """Speak lines with repetitions, twice: the engine hears each once, both times give the same clips."""
    engine, store = Tones(), ClipStore(Cache(tmp_path))
    first = speak_all([*LINES, *LINES[:3]], chosen(engine), store=store)
    second = speak_all(LINES, chosen(engine), store=store)
    assert sorted(engine.said) == [line.text for line in LINES]
    assert list(first) == list(second) == LINES
    assert [clip.digest for clip in first.values()] == [clip.digest for clip in second.values()]
    assert engine.closed >= 2


def test_progress_counts_every_line(tmp_path: Path) -> None:
    """Follow the progress of a half-known session: it starts with what is known, and reaches all."""
    engine, store = Tones(), ClipStore(Cache(tmp_path))
    speak_all(LINES[:2], chosen(engine), store=store)
    seen: list[tuple[int, int]] = []
    speak_all(LINES, chosen(engine), store=store, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]


def test_clips_come_as_they_are_ready(tmp_path: Path) -> None:
    """Take clips one by one: what was kept comes first, and each line comes once."""
    engine, store = Tones(), ClipStore(Cache(tmp_path))
    speak_all(LINES[4:], chosen(engine), store=store)
    order = [utterance for utterance, _ in speak_each(LINES, chosen(engine), store=store)]
    assert order[:2] == LINES[4:]
    assert sorted(line.text for line in order) == sorted(line.text for line in LINES)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda samples: samples[:0],
        np.zeros_like,
        lambda samples: samples * np.float32(1e-4),
        lambda samples: samples[: len(samples) // 5],
        lambda samples: np.tile(samples, 8),
        lambda samples: samples[: len(samples) // 2],
        lambda samples: samples * np.float32(np.nan),
    ],
    ids=["empty", "silent", "near-silent", "far too short", "far too long", "cut off", "not a number"],
)
def test_a_wrong_take_is_spoken_again(tmp_path: Path, wrong: Callable[[Samples], Samples]) -> None:
    """Get two wrong takes, then a right one: the clip is the right one's."""
    engine = Tones()
    right = speak_all(LINES[:1], chosen(engine), store=ClipStore(Cache(tmp_path / "right")))[LINES[0]]
    engine.wrong = [wrong, wrong]
    clip = speak_all(LINES[:1], chosen(engine), store=ClipStore(Cache(tmp_path / "other")))[LINES[0]]
    assert clip.digest == right.digest
    assert len(engine.said) == 4


def test_a_line_that_is_never_right_fails_with_its_place_and_text(tmp_path: Path) -> None:
    """Get silence for ever: the build fails, silence is never kept, and the message says where."""
    engine = Tones()
    engine.wrong = [np.zeros_like] * 100
    with pytest.raises(SpeechError) as caught:
        speak_all(
            LINES[:1], chosen(engine), store=ClipStore(Cache(tmp_path)), places={LINES[0]: "calm.yaml:12"}
        )
    assert str(caught.value) == (
        'calm.yaml:12: "Breathe in, and reach up, number b.": tones: the clip is silent (digital zero)'
    )
    assert len(engine.said) == 3
    assert not list(tmp_path.rglob("clips/?/*"))


def test_clips_spoken_before_a_failure_are_kept(tmp_path: Path) -> None:
    """Fail at the fifth line: whatever was spoken before is there next time."""
    engine = Tones()
    engine.at_once = 1
    good: Callable[[Samples], Samples] = lambda samples: samples  # noqa: E731
    engine.wrong = [good] * 4 + [np.zeros_like] * 9
    with pytest.raises(SpeechError):
        speak_all(LINES, chosen(engine), store=ClipStore(Cache(tmp_path)))
    engine.wrong, engine.said = [], []
    speak_all(LINES, chosen(engine), store=ClipStore(Cache(tmp_path)))
    assert engine.said == [line.text for line in LINES[4:]]


def test_an_engine_that_breaks_is_a_speech_error(tmp_path: Path) -> None:
    """Let a plug-in raise something of its own: the error names the engine and what it raised."""
    engine = Tones()

    def broken(samples: Samples) -> Samples:
        raise ZeroDivisionError("oh")

    engine.wrong = [broken] * 9
    with pytest.raises(SpeechError, match="tones failed: ZeroDivisionError: oh"):
        speak_all(LINES[:1], chosen(engine), store=ClipStore(Cache(tmp_path)))


class OutOfBreath(Tones):
    """Hums nine lines, and then waits to be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()

    def speak(self, utterance: Utterance) -> Recording:
        """Hum, or wait before it."""
        if len(self.said) >= 9:
            self.over.wait(60)
        return super().speak(utterance)

    def close(self) -> None:
        """Wait no longer."""
        super().close()
        self.over.set()


def test_an_interrupt_ends_speaking_and_closes_the_engine(tmp_path: Path) -> None:
    """Raise KeyboardInterrupt from the progress report, as Ctrl-C does: no line is begun after it."""
    engine = OutOfBreath()
    lines = [Utterance(f"Breathe in, number {number}.") for number in range(200)]

    def interrupt(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        speak_all(lines, chosen(engine), store=ClipStore(Cache(tmp_path)), progress=interrupt)
    assert engine.closed >= 1
    assert 5 <= len(engine.said) <= 9 + 2 * engine.at_once


def test_changing_a_pronunciation_speaks_only_its_lines_again(tmp_path: Path) -> None:
    """Change one word's respelling: only the clip that contains it is spoken, and it says the respelling."""
    engine, store = Tones(), ClipStore(Cache(tmp_path))
    lines = [Utterance("Lift your scapula."), Utterance("Lower your arm.")]
    speak_all(lines, chosen(engine), store=store)
    speak_all(lines, chosen(engine), store=store, lexicon=Lexicon.read({"scapula": "skappula"}))
    assert sorted(engine.said) == ["Lift your scapula.", "Lift your skappula.", "Lower your arm."]


def test_engines_get_ipa_only_where_they_understand_it(tmp_path: Path) -> None:
    """Give a word IPA and no respelling: an engine for IPA is told, another gets the word as it was."""
    lexicon = Lexicon.read({"scapula": "/ˈskæpjʊlə/"})
    for understands, said in (((), "Lift your scapula."), (("ipa",), "Lift your [scapula|ˈskæpjʊlə].")):
        engine = Tones(understands=understands)
        store = ClipStore(Cache(tmp_path / str(len(understands))))
        speak_all([Utterance("Lift your scapula.")], chosen(engine), store=store, lexicon=lexicon)
        assert engine.said == [said]


def test_pauses_are_silence_of_their_length(tmp_path: Path) -> None:
    """Put a pause into a line: the engine says both parts, and half a second of silence lies between."""
    engine = Tones()
    line = Utterance("Reach up to the ceiling ... and hold it there.")
    clip = speak_all([line], chosen(engine), store=ClipStore(Cache(tmp_path)))[line]
    assert engine.said == ["Reach up to the ceiling", "and hold it there."]
    sounding = np.flatnonzero(np.abs(clip.samples) > 0.01)
    assert np.diff(sounding).max() / RATE == pytest.approx(PAUSE_SECONDS, abs=0.15)


def test_an_engine_that_makes_pauses_gets_the_line_whole(tmp_path: Path) -> None:
    """Speak a pause with an engine that understands it: it hears the mark."""
    engine = Tones(understands=("pause", "emphasis"))
    speak_all([Utterance("Reach *up* ... and hold.")], chosen(engine), store=ClipStore(Cache(tmp_path)))
    assert engine.said == ["Reach *up*… and hold."]


def test_a_line_without_words_is_an_error(tmp_path: Path) -> None:
    """Speak nothing but a pause: there are no words to lose, so the script is wrong."""
    with pytest.raises(SpeechError, match="no words"):
        speak_all([Utterance("...")], chosen(Tones()), store=ClipStore(Cache(tmp_path)))


def test_silence_lasts_exactly_as_long_as_estimated(tmp_path: Path) -> None:
    """Speak with the silent engine: lengths are the estimate's to the sample, and there is no sound."""
    voice = ChosenVoice(engine=load_engine("silent"), voice="", why="test")
    clips = speak_all(LINES, voice, store=ClipStore(Cache(tmp_path)))
    for line, clip in clips.items():
        assert clip.length == to_samples(estimate(line.text))
        assert not clip.samples.any()


def test_cold_and_warm_give_the_same_clips(tmp_path: Path) -> None:
    """Speak with the embedded voice into two stores, in different orders: the digests agree."""
    voice = ChosenVoice(engine=load_engine("espeak"), voice="", why="test")
    one = speak_all(LINES, voice, store=ClipStore(Cache(tmp_path / "one")))
    other = speak_all(reversed(LINES), voice, store=ClipStore(Cache(tmp_path / "other")))
    warm = speak_all(LINES, voice, store=ClipStore(Cache(tmp_path / "one")))
    digests = [[clips[line].digest for line in LINES] for clips in (one, other, warm)]
    assert digests[0] == digests[1] == digests[2]


def test_plain_and_marked_lines_are_kept_apart_only_where_it_matters(tmp_path: Path) -> None:
    """Mark emphasis for an engine that does not know it: the clip is that of the plain line."""
    engine, store = Tones(), ClipStore(Cache(tmp_path))
    marked = Utterance("Move *slowly* now.")
    speak_all([marked], chosen(engine), store=store)
    speak_all([replace(marked, text=plain(marked.text))], chosen(engine), store=store)
    assert engine.said == ["Move slowly now."]
