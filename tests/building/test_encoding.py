"""What is settled is made while the rest is spoken: a head start that changes no byte and hides no failure."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audio_builder import SpeechError, build, load_routine
from audio_builder.building.chunks import Soundscape, lay_chunks, soundscape
from audio_builder.building.clips import Clips
from audio_builder.building.encoding import ChunkEncoder, HeadStart
from audio_builder.building.spoken import spoken
from audio_builder.compiler import PlacedSection
from audio_builder.files.cache import Cache, Kind
from audio_builder.sound.settings import Bed
from audio_builder.speech import ChosenVoice, ClipStore
from audio_builder.speech.engine import Recording, Utterance
from audio_builder.speech.engines.silent import SilentEngine

ROUTINE = """\
title: Short
breath: 3/3
rest: 6s
exercises:
  - use: cat-cow
    reps: 4
  - use: thread-the-needle
    hold: 3 breaths
"""


@dataclass
class Listener:
    """Keeps what was settled, and how many lines had been spoken by then."""

    engine: Counting
    heard: list[tuple[int, tuple[PlacedSection, ...]]] = field(default_factory=list)

    def settled(self, sections: Sequence[PlacedSection], clips: Clips) -> None:
        """Note it."""
        assert all(text in clips for section in sections for text in section.texts)
        self.heard.append((self.engine.said, tuple(sections)))


class Counting(SilentEngine):
    """A silent voice that counts its lines, one at a time."""

    at_once = 1

    def __init__(self, *, fails_at: int = 0) -> None:
        super().__init__()
        self.said = 0
        self._fails_at = fails_at

    def speak(self, utterance: Utterance) -> Recording:
        """Count a line, and fail at one."""
        self.said += 1
        if self.said == self._fails_at:
            raise SpeechError("no voice left")
        return super().speak(utterance)


@pytest.fixture
def routine(folder: Path) -> Path:
    """Give a short routine of its own."""
    path = folder / "short.yaml"
    path.write_text(ROUTINE)
    return path


def said(routine: Path, folder: Path, listener: Listener, **settings: object) -> tuple[PlacedSection, ...]:
    """Speak a routine into a cache; give its placed sections."""
    voice = ChosenVoice(engine=listener.engine, voice="", why="as asked")
    program = load_routine(routine, settings=settings)
    store = ClipStore(Cache(folder / "cache"))
    found = spoken(program, voice, store=store, report=lambda done, total: None, settled=listener.settled)
    return found.timeline.sections


def test_sections_are_settled_before_all_is_spoken_and_stay_as_they_are(
    routine: Path, tmp_path: Path
) -> None:
    """Listen while it speaks: each section comes once, some long before the end, and is in the timeline."""
    listener = Listener(Counting())
    sections = said(routine, tmp_path, listener)
    settled = [section for _, group in listener.heard for section in group]
    assert len(settled) == len({section.name for section in settled})
    assert all(section in sections for section in settled)
    assert {each.name for each in settled} == {each.name for each in sections if list(each.texts)}
    assert listener.heard[0][0] < listener.engine.said / 2


def test_sides_are_settled_together(routine: Path, tmp_path: Path) -> None:
    """They depend on one another: both come at once."""
    listener = Listener(Counting())
    said(routine, tmp_path, listener)
    groups = [[section.name for section in group] for _, group in listener.heard]
    assert ["thread-the-needle/right", "thread-the-needle/left"] in groups


def test_nothing_is_settled_where_a_length_is_asked_or_nothing_is_to_be_spoken(
    routine: Path, tmp_path: Path
) -> None:
    """Doses depend on all lines then; and whoever has all clips already makes all sections at once."""
    listener = Listener(Counting())
    said(routine, tmp_path, listener, length="6m")
    assert listener.engine.said
    said(routine, tmp_path / "other", listener)
    before = len(listener.heard)
    assert before
    said(routine, tmp_path / "other", listener)
    assert len(listener.heard) == before


def test_a_build_takes_over_what_was_made_ahead(
    routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wait at the end of speaking until all that was settled is made: the build makes the rest, to the same bytes."""
    plain = build(routine, tmp_path / "plain", voice="silent").path.read_bytes()
    made: list[str] = []
    put = Cache.put

    def noted(
        cache: Cache, kind: Kind, key: str, content: bytes, *, about: Mapping[str, str] | None = None
    ) -> None:
        if kind != "clips":
            made.append(threading.current_thread().name)
        put(cache, kind, key, content, about=about)

    def patient(ahead: HeadStart, *problem: object) -> None:
        ahead._todo.put(None)
        if ahead._thread:
            ahead._thread.join()

    monkeypatch.setattr(Cache, "put", noted)
    monkeypatch.setattr(HeadStart, "__exit__", patient)
    cache = Cache(tmp_path / "cache")
    assert build(routine, tmp_path / "ahead", voice="silent", cache=cache).path.read_bytes() == plain
    assert len(made) > 10
    found = set(cache.folder.glob("chunks/?/*"))
    monkeypatch.undo()
    build(routine, tmp_path / "again", voice="silent", cache=cache)
    assert set(cache.folder.glob("chunks/?/*")) == found


@pytest.fixture
def settled(routine: Path, tmp_path: Path) -> tuple[PlacedSection, ...]:
    """Give a routine's sections."""
    return said(routine, tmp_path, Listener(Counting()))


def clips_of(settled: Sequence[PlacedSection], tmp_path: Path) -> Clips:
    """Give the clips of sections that were spoken."""
    voice = ChosenVoice(engine=SilentEngine(), voice="", why="as asked")
    clips = Clips(voice, language="en", speed=1.0, store=ClipStore(Cache(tmp_path / "cache")))
    clips.learn((text for each in settled for text in each.texts), report=lambda done, total: None, places={})
    return clips


def test_a_failure_ahead_is_left_to_the_build(
    routine: Path, tmp_path: Path, settled: tuple[PlacedSection, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let making fail in any way: nobody hears of it here, and the block goes on."""
    tried = threading.Event()

    def fails(encoder: ChunkEncoder, chunks: object, **options: object) -> None:
        tried.set()
        raise ZeroDivisionError

    monkeypatch.setattr(ChunkEncoder, "make_all", fails)
    with HeadStart(soundscape(load_routine(routine)), Cache(tmp_path / "cache")) as ahead:
        ahead.settled(settled, clips_of(settled, tmp_path))
        assert tried.wait(60)
    assert not list((tmp_path / "cache").glob("chunks/?/*"))


def test_over_a_bed_nothing_is_made_ahead(tmp_path: Path, settled: tuple[PlacedSection, ...]) -> None:
    """There a section's sound depends on all that come before it."""
    scape = Soundscape(bed=Bed(sound="rain"))
    with HeadStart(scape, Cache(tmp_path / "cache")) as ahead:
        ahead.settled(settled, clips_of(settled, tmp_path))
    assert not list((tmp_path / "cache").glob("chunks/?/*"))


def test_after_a_failure_what_is_under_way_is_dropped(
    routine: Path, tmp_path: Path, settled: tuple[PlacedSection, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail while the first chunk is being made: it is not finished, nor is another begun."""
    scape, clips = soundscape(load_routine(routine)), clips_of(settled, tmp_path)
    assert len(lay_chunks(settled, clips.digest, scape)) > 5
    begun, fail = threading.Event(), threading.Event()
    made = 0
    plain = ChunkEncoder._make

    def slow(encoder: ChunkEncoder, chunk: object, sources: object) -> bytes:
        nonlocal made
        made += 1
        begun.set()
        assert fail.wait(60)
        while not encoder._stop.is_set():
            pass
        return plain(encoder, chunk, sources)  # type: ignore[arg-type]

    def failing() -> None:
        with HeadStart(scape, Cache(tmp_path / "cache")) as ahead:
            ahead.settled(settled, clips)
            assert begun.wait(60)
            fail.set()
            raise SpeechError("no voice left")

    monkeypatch.setattr(ChunkEncoder, "_make", slow)
    with pytest.raises(SpeechError):
        failing()
    assert made == 1
    cache = Cache(tmp_path / "cache")
    assert not any(cache.holds("chunks", each.chunk.key) for each in lay_chunks(settled, clips.digest, scape))


def test_a_voice_that_fails_later_leaves_a_build_that_can_go_on(
    routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail at the last lines, then speak them: the second build gives what an undisturbed one gives."""
    plain = build(routine, tmp_path / "plain", voice="silent")
    lines = Listener(Counting())
    said(routine, tmp_path / "count", lines)
    cache = Cache(tmp_path / "cache")
    engines = iter([Counting(fails_at=lines.engine.said), Counting()])
    monkeypatch.setattr("audio_builder.speech.choice.load_engine", lambda name: next(engines))
    with pytest.raises(SpeechError, match="no voice left"):
        build(routine, tmp_path / "out", voice="silent", cache=cache)
    again = build(routine, tmp_path / "out", voice="silent", cache=cache)
    assert again.path.read_bytes() == plain.path.read_bytes()
