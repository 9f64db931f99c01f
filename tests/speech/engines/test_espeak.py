"""The embedded voice: the same bytes whatever came before, no process left behind, no word lost in a crash."""

from __future__ import annotations

import _ctypes
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audio_builder.errors import SpeechError
from audio_builder.speech import Recording, Utterance
from audio_builder.speech.engines import espeak_pool, espeak_worker
from audio_builder.speech.engines.espeak import EspeakEngine, _library
from audio_builder.speech.engines.espeak_pool import WorkerPool
from audio_builder.speech.engines.espeak_worker import REPLY
from audio_builder.speech.finishing import speech_span
from audio_builder.speech.recording import complaint

LINES = [
    Utterance("Reach your right hand up to the ceiling."),
    Utterance("Breathe in."),
    Utterance("Slide on, until you look under your left arm. Then rest; and hold."),
    Utterance("Einatmen, und die rechte Hand zur Decke.", language="de"),
    Utterance("Inspira y levanta la mano derecha.", language="es"),
    Utterance("Inspirez, et levez la main droite.", language="fr"),
    Utterance("Breathe in.", voice="en-gb-scotland+f2"),
]
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")


def fingerprint(recording: Recording) -> tuple[int, bytes]:
    """Name a recording's samples."""
    return recording.rate, recording.samples.tobytes()


def is_alive(process: int) -> bool:
    """Say whether a process runs; one that has ended and waits to be looked at does not."""
    try:
        os.kill(process, 0)
        return " Z " not in Path(f"/proc/{process}/stat").read_text("utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False


def children() -> set[int]:
    """List this process's workers."""
    return workers_of(os.getpid())


def workers_of(process: int) -> set[int]:
    """List a process's workers."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            if parent == process and b"espeak_worker.py" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
        except (OSError, ValueError):
            continue  # it has just ended
    return found


def test_the_same_text_gives_the_same_bytes_whatever_was_spoken_before() -> None:
    """Speak lines forward, backward and from two threads at once: each has one sound."""
    first, second, third = EspeakEngine(), EspeakEngine(), EspeakEngine()
    forward = {line: fingerprint(first.speak(line)) for line in LINES}
    time.sleep(1.1)  # noise that is seeded by the clock's second would now differ
    backward = {line: fingerprint(second.speak(line)) for line in reversed(LINES + LINES)}
    with ThreadPoolExecutor(2) as pool:
        crowded = dict(
            zip(LINES * 3, pool.map(lambda line: fingerprint(third.speak(line)), LINES * 3), strict=True)
        )
    for engine in (first, second, third):
        engine.close()
    assert forward == backward == crowded
    assert len({sound for _, sound in forward.values()}) == len(LINES)


def request(text: str, voice: str = "en-US") -> dict[str, object]:
    """Ask for a text as the engine would."""
    file = f"lang/gmw/{voice.partition('+')[0]}"
    manner = {"rate": 150, "pitch": 40, "range": 50, "gap": 0}
    return {"voice": voice, "file": file, "clauses": [[text, 300], ["And out.", 0]], **manner}


def test_a_worker_for_each_clip_speaks_the_same_bytes() -> None:
    """Speak in one process, and in a process for each clip, as where a library is never let go: same sound."""
    lasting = WorkerPool(*_library())
    wanted = [request(text, voice) for text in ("Breathe in.", "Rest.") for voice in ("en-US", "en-US+Reed")]
    together = [lasting.ask(each) for each in wanted * 2]
    lasting.close()
    alone = []
    for each in wanted:
        pool = WorkerPool(*_library())
        alone.append(pool.ask(each))
        pool.close()
    assert together == alone * 2
    assert len(together[0][1]) > 20_000


@linux
def test_a_library_that_stays_open_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let closing do nothing, as on some systems: the worker says that it ends, and answers no second request."""
    monkeypatch.setattr(_ctypes, "dlclose", lambda handle: None)
    library, data = _library()
    monkeypatch.chdir(Path(data).parent)
    replies = io.BytesIO()
    lines = io.BytesIO((json.dumps(request("Breathe in.")) + "\n").encode() * 2)
    espeak_worker.serve(lines, replies, library)
    spoken, goes_on, rate, count = REPLY.unpack(replies.getvalue()[: REPLY.size])
    assert (spoken, goes_on, rate) == (True, False, 22_050)
    assert len(replies.getvalue()) == REPLY.size + count


def test_every_variant_and_language_speaks() -> None:
    """Speak by every variant, and in every language: each is taken, and no variant is passed over in silence."""
    engine = EspeakEngine()
    said = Utterance("1, 2, 3. Ma la. Ма ла.")
    variants = [fingerprint(engine.speak(replace(said, voice=f"en-us+{name}"))) for name in engine.variants()]
    plain = fingerprint(engine.speak(replace(said, voice="en-us+plain")))
    silent = [
        voice.name
        for voice in engine.voices()
        if not engine.speak(replace(said, voice=voice.name)).samples.any()
    ]
    engine.close()
    assert [name for name, sound in zip(engine.variants(), variants, strict=True) if sound == plain] == [
        "fast"
    ]
    assert silent == []


def test_every_clip_can_be_right_for_its_text() -> None:
    """Let the checks of clips look at every line."""
    engine = EspeakEngine()
    complaints = [complaint(engine.speak(line), line) for line in LINES]
    engine.close()
    assert complaints == [""] * len(LINES)


@pytest.mark.parametrize(
    ("utterance", "message"),
    [
        (Utterance("Hello.", voice="en-us+nobody"), 'eSpeak NG has no variant "nobody"'),
        (Utterance("Hello.", voice="klingon"), 'eSpeak NG has no voice "klingon"'),
        (Utterance("Hello.", language="qqq"), 'eSpeak NG does not speak "qqq"'),
        (Utterance("Hello.", voice="en-us+anica"), 'did you mean "anika"?'),
    ],
)
def test_unknown_voices_are_refused(utterance: Utterance, message: str) -> None:
    """Ask for voices the library would silently replace: the message names them and suggests."""
    engine = EspeakEngine()
    with pytest.raises(SpeechError) as caught:
        engine.speak(utterance)
    engine.close()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "language", "name"),
    [
        ("", "en", "en-US"), ("", "en-GB", "en"), ("en-gb", "en", "en"), ("", "de-AT", "de"), ("", "zh", "cmn"),
        ("", "no", "nb"), ("", "pt", "pt"), ("", "es-mx", "es-419"), ("fr-fr", "en", "fr"),
    ],
)  # fmt: skip
def test_languages_find_their_voice(asked: str, language: str, name: str) -> None:
    """Resolve tags that are no file names: the voice that claims the tag most speaks."""
    voice = EspeakEngine()._resolved(asked, language)
    assert voice.partition("+")[0] == name


def test_slower_speech_takes_longer() -> None:
    """Speak at three speeds: lengths go the other way."""
    engine = EspeakEngine()
    seconds = [engine.speak(Utterance(LINES[0].text, speed=speed)).seconds for speed in (0.8, 1.0, 1.25)]
    engine.close()
    assert seconds[0] > 1.1 * seconds[1] > 1.21 * seconds[2]


def test_a_long_cue_breathes_between_its_clauses() -> None:
    """Speak two sentences: between them there is a rest, with words on both sides."""
    engine = EspeakEngine()
    recording = engine.speak(Utterance("Reach up to the ceiling. Then slide your arm under."))
    engine.close()
    silent = np.flatnonzero(recording.samples != 0.0)
    longest = int(np.diff(silent).max()) / recording.rate
    assert 0.35 < longest < 0.6


def test_text_is_never_taken_for_markup() -> None:
    """Speak angle brackets and ampersands: the line is as long as without, and nothing is swallowed."""
    engine = EspeakEngine()
    whole = engine.speak(Utterance("Reach <break time='5s'/> up & hold <b>it</b>."))
    words = engine.speak(Utterance("Reach up and hold it."))
    engine.close()
    assert 1.0 < whole.seconds / words.seconds < 6.0


@linux
def test_a_worker_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Freeze the worker: after the time it has, one error; the next clip speaks."""
    monkeypatch.setattr(espeak_pool, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(espeak_pool, "LOOK_UP_SECONDS", 0.1)
    engine = EspeakEngine()
    engine.speak(LINES[1])
    (worker,) = children()
    os.kill(worker, signal.SIGSTOP)
    with pytest.raises(SpeechError, match="ended without an answer"):
        engine.speak(LINES[1])
    monkeypatch.undo()
    assert engine.speak(LINES[1]).seconds > 0.3
    engine.close()


def test_emphasis_changes_the_sound() -> None:
    """Mark a word: the sound differs from the unmarked line's."""
    engine = EspeakEngine()
    marked, plain = (engine.speak(Utterance(text)) for text in ("Move *slowly* now.", "Move slowly now."))
    engine.close()
    assert fingerprint(marked) != fingerprint(plain)


@linux
def test_a_killed_worker_is_an_error_and_the_next_clip_speaks() -> None:
    """Kill the worker between two clips: one error, no hang, and then it speaks again."""
    engine = EspeakEngine()
    before = children()
    expected = fingerprint(engine.speak(LINES[1]))
    (worker,) = children() - before
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(SpeechError, match="eSpeak NG process"):
        engine.speak(LINES[1])
    assert fingerprint(engine.speak(LINES[1])) == expected
    engine.close()
    assert children() <= before


@linux
def test_a_worker_killed_in_the_middle_of_a_clip_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the worker while it speaks for minutes, with nobody to end it otherwise: the error comes."""
    monkeypatch.setattr(espeak_pool, "ANSWER_SECONDS", 3_600)
    engine = EspeakEngine()
    before = children()
    engine.speak(LINES[1])
    (worker,) = children() - before
    killer = threading.Timer(0.3, os.kill, (worker, signal.SIGKILL))
    killer.start()
    with pytest.raises(SpeechError, match="eSpeak NG process"):
        engine.speak(Utterance("Breathe in and out again, without any end. " * 20_000))
    killer.join()
    engine.close()


@linux
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """Kill a program that speaks: its workers see their input close, and go."""
    program = tmp_path / "speaker.py"
    program.write_text(
        "from audio_builder.speech import Utterance\n"
        "from audio_builder.speech.engines.espeak import EspeakEngine\n"
        "import subprocess, os, time\n"
        "engine = EspeakEngine(); engine.speak(Utterance('Hello.'))\n"
        "print(engine._pool._idle[0]._process.pid, flush=True); time.sleep(600)\n",
        "utf-8",
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as speaker:
        assert speaker.stdout is not None
        worker = int(speaker.stdout.readline())
        os.kill(worker, 0)
        speaker.kill()
    until = time.monotonic() + 120
    while is_alive(worker):
        assert time.monotonic() < until, "the worker outlived its parent"
        time.sleep(0.02)


@linux
def test_the_keyboards_interrupt_does_not_reach_the_workers() -> None:
    """Look at the worker's session: it is its own, so Ctrl-C in a terminal is for the builder alone."""
    engine = EspeakEngine()
    before = children()
    engine.speak(LINES[1])
    (worker,) = children() - before
    assert os.getsid(worker) != os.getsid(0)
    engine.close()


BUILDER = """
import os, sys
os.cpu_count = lambda: 2
from pathlib import Path
from audio_builder.files.cache import Cache
from audio_builder.speech import ClipStore, Utterance, choose_voice, speak_all
lines = [Utterance(f"Breathe in, and reach up, number {number}.") for number in range(5_000)]
def report(done, total):
    if done == 20: print("under way", flush=True)
speak_all(lines, choose_voice("espeak"), store=ClipStore(Cache(Path(sys.argv[1]))), progress=report)
"""


@linux
def test_control_c_ends_a_session_at_once_and_leaves_nobody_behind(tmp_path: Path) -> None:
    """Press Ctrl-C while many lines are spoken: the program ends, its workers too, and clips are whole."""
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as builder:  # fmt: skip
        assert builder.stdout is not None
        assert builder.stdout.readline() == "under way\n"
        workers = workers_of(builder.pid)
        os.killpg(builder.pid, signal.SIGINT)
        try:
            _, complaints = builder.communicate(timeout=600)  # of the minutes that all the lines would take
        finally:
            builder.kill()
    assert complaints.strip().endswith("KeyboardInterrupt")
    assert workers
    assert not any(is_alive(worker) for worker in workers)
    assert not list(tmp_path.rglob("*.part"))


def test_a_long_path_to_the_library_is_no_trouble(tmp_path: Path) -> None:
    """Link the data under a path of more than 200 characters, which the library's own buffer cannot hold."""
    library, data = _library()
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(data)
    pool = WorkerPool(library, str(deep / "espeak-ng-data"))
    rate, payload = pool.ask(request("Hello."))
    pool.close()
    assert rate == 22_050
    assert len(payload) > 10_000


def test_a_missing_library_is_an_error_with_its_path(tmp_path: Path) -> None:
    """Name a library that is not there: the error names it."""
    pool = WorkerPool(str(tmp_path / "none.so"), str(tmp_path / "espeak-ng-data"))
    with pytest.raises(SpeechError, match=r"none\.so"):
        pool.ask(request("Hello."))
    pool.close()


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("speed", [0.5, 0.7, 0.85, 1.5])
def test_any_speed_is_kept_to_even_below_the_librarys_slowest(language: str, speed: float) -> None:
    """Speak slower than the library can, and faster: a line lasts as much longer or shorter as was asked."""
    engine = EspeakEngine()
    line = Utterance(LINES_OF_LENGTH[language], language=language)
    usual, other = (_spoken_seconds(engine, each) for each in (line, replace(line, speed=speed)))
    engine.close()
    assert other * speed == pytest.approx(usual, rel=0.04)


LINES_OF_LENGTH = {
    "en": "Reach your right hand up to the ceiling, as far as is easy. Then rest; and hold.",
    "de": "Streck die rechte Hand zur Decke, so weit es angenehm ist. Dann ruh dich aus.",
    "es": "Estira la mano derecha hacia el techo, hasta donde sea cómodo. Luego descansa.",
    "fr": "Tendez la main droite vers le plafond, aussi loin que possible. Puis reposez-vous.",
}


def _spoken_seconds(engine: EspeakEngine, line: Utterance) -> float:
    recording = engine.speak(line)
    start, stop = speech_span(recording)
    return (stop - start) / recording.rate
