"""gTTS's real code against a service on loopback that does everything wrong which such services do."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import numpy as np
import pytest
import trustme

from audio_builder.errors import SpeechError
from audio_builder.files.cache import Cache
from audio_builder.speech import ChosenVoice, ClipStore, Utterance, speak_all
from audio_builder.speech.contract import broken_promises
from audio_builder.speech.engines.google import PassingError, Service, reachable
from audio_builder.speech.engines.gtts import LIMIT, GttsEngine, Habits, decoded, taking
from audio_builder.speech.estimate import estimate
from audio_builder.speech.finishing import speech_span, window_rms
from audio_builder.speech.recording import complaint
from tests.speech.engines import google as stand_in
from tests.speech.engines.google import Google, cut, drip, envelope, hang, page, reset_in_the_middle

LINE = Utterance("Reach your right hand up to the ceiling.")
LONG = Utterance(
    "Breathe in, and slowly reach your right hand up toward the ceiling. Let your eyes follow your hand. "
    "Breathe out, and bring it down, under your body, until you look under your left arm."
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make the certificate authority of this test run."""
    return trustme.CA()


@pytest.fixture
def google(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Google]:
    """Run the service, and point every proxy variable at it."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with stand_in.running(authority) as google:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, google.address)
        for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield google


def impatient(**changes: float) -> GttsEngine:
    """Make an engine that waits milliseconds where the real one waits seconds."""
    settings = {"interval_seconds": 0.0, "first_wait_seconds": 0.01, "patience_seconds": 60.0} | changes
    return GttsEngine(Service(**settings))  # type: ignore[arg-type]


def test_speech_arrives_whole_and_without_codec_delay(google: Google) -> None:
    """Fetch one line: it is right for its text, and starts with sound once trimmed."""
    recording = impatient().speak(LINE)
    assert complaint(recording, LINE) == ""
    assert recording.rate == 24_000
    start, stop = speech_span(recording)
    assert start < 0.02 * recording.rate
    assert stop > len(recording.samples) - 0.05 * recording.rate
    assert [(each.host, each.text, each.language, each.slow) for each in google.asked] == [
        ("translate.google.com", LINE.text, "en", False)
    ]


@pytest.mark.parametrize(
    ("utterance", "host", "language", "slow"),
    [
        (Utterance("Breathe in.", voice="co.uk"), "translate.google.co.uk", "en", False),
        (Utterance("Breathe in.", language="en-AU"), "translate.google.com.au", "en", False),
        (Utterance("Einatmen.", language="de"), "translate.google.com", "de", False),
        (Utterance("Inspira.", language="es-MX"), "translate.google.com.mx", "es", False),
        (Utterance("Inspirez.", language="fr-CA"), "translate.google.ca", "fr", False),
        (Utterance("Breathe in.", speed=0.7), "translate.google.com", "en", True),
    ],
)
def test_accent_language_and_slow_mode_reach_the_service(
    google: Google, utterance: Utterance, host: str, language: str, slow: bool
) -> None:
    """Ask for accents, languages and the slow mode; the service must get just that."""
    impatient().speak(utterance)
    asked = google.asked[0]
    assert (asked.host, asked.language, asked.slow) == (host, language, slow)


def test_long_text_is_cut_at_sentences_and_joined_without_gaps(google: Google) -> None:
    """Speak 180 characters: requests are whole sentences or clauses under the limit; no rest lasts 0.6 s."""
    recording = impatient().speak(LONG)
    texts = [asked.text for asked in google.asked]
    assert " ".join(texts) == LONG.text
    assert all(len(text) <= LIMIT and text[-1] in ".,!?;:" for text in texts)
    assert len(texts) == 2
    quiet = window_rms(recording.samples, recording.rate // 100) < 0.003
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int))))[::2]
    assert 0.2 <= max(runs) / 100 < 0.6


@pytest.mark.parametrize(
    "trouble",
    [
        page(b"", status="429 Too Many Requests"),
        page(b"", status="500 Internal Server Error"),
        page(b"", status="503 Service Unavailable"),
        page(b""),
        page(b"<!doctype html><title>Before you continue</title>"),
        page(envelope(b"")),
        page(envelope(b"no MP3 at all, but as long as a small one would be" * 20)),
        page(b'["wrb.fr","jQ1olc","[\\"!!!\\"]"]'),
        page(b"\xff\xfe\xff"),
        cut(0.5),
        cut(0.02),
        reset_in_the_middle,
    ],
    ids=[
        *(
            "429",
            "500",
            "503",
            "empty body",
            "HTML page",
            "no sound",
            "not an MP3",
            "not base64",
        ),
        *("not text", "truncated MP3", "two frames", "reset in mid-body"),
    ],
)
def test_passing_trouble_costs_no_words(google: Google, trouble: stand_in.Answer) -> None:
    """Let the first two answers go wrong; the third is spoken as if nothing had been."""
    untroubled = impatient().speak(LINE)
    google.asked.clear()
    google.answers = {0: trouble, 1: trouble}
    recording = impatient().speak(LINE)
    assert len(google.asked) == 3
    assert np.array_equal(recording.samples, untroubled.samples)


TEXTS = (
    "Reach your right hand up to the ceiling.",
    "Lower your arms. Let your shoulders sink, and breathe out slowly.",
    "Stay here for three breaths. Soften your jaw.",
    "Now the other side.",
    "Turn your head to the left, as far as it goes easily.",
)


def parts(mp3: bytes) -> Iterator[bytes]:
    """Cut an MP3 off behind each frame but the last; at 24 kHz and 32 kbit/s a frame has 96 bytes."""
    return (mp3[:place] for place in range(96, len(mp3), 96))


def test_an_mp3_that_stops_between_two_frames_is_not_taken_for_whole(google: Google) -> None:
    """Cut clips behind each frame: none is taken at once, if it lacks words; the whole one is, and at once."""
    habits = Habits()
    wholes = {text: stand_in.mp3(text) for text in TEXTS}
    likely = {text: estimate(text, "en", "gtts") for text in TEXTS}
    for text, whole in wholes.items():
        taking(likely[text], habits)(whole)
    taken, cuts = [], 0
    for text, whole in wholes.items():
        _, last_word = speech_span(decoded(whole))
        for part in parts(whole):
            cuts += 1
            try:
                recording = taking(likely[text], Habits(habits.shares[:], habits.tails_seconds[:]))(part)
            except PassingError:
                continue
            if len(recording.samples) < last_word:
                taken.append((text, len(recording.samples)))
    assert cuts > 400
    assert taken == []


def test_a_short_clip_is_asked_for_again(google: Google) -> None:
    """Answer with a first sentence alone, then with both, as it should be: no word is lost."""
    text = "Stay here for three breaths. Soften your jaw."
    whole = impatient().speak(Utterance(text))
    google.asked.clear()
    google.answers = {0: page(envelope(stand_in.mp3("Stay here for three breaths.")))}
    assert np.array_equal(impatient().speak(Utterance(text)).samples, whole.samples)
    assert len(google.asked) == 2


def test_what_is_a_little_short_each_time_is_how_the_voice_speaks(google: Google) -> None:
    """Answer with a faster voice: its first clips are asked for twice, and once its pace is known, once."""
    google.always = lambda connection, asked: page(envelope(stand_in.mp3(asked.text, speed=1.25)))(
        connection, asked
    )
    engine = impatient()
    for text in TEXTS:
        engine.speak(Utterance(text))
    assert len(google.asked) > len(TEXTS)
    google.asked.clear()
    for text in TEXTS:
        engine.speak(Utterance(text))
    assert len(google.asked) == len(TEXTS)


def test_a_clip_that_is_much_too_short_each_time_is_an_error(google: Google) -> None:
    """Answer with the first word alone, always: nothing is spoken rather than half of it."""
    google.always = page(envelope(stand_in.mp3("Reach.")))
    with pytest.raises(
        SpeechError, match=r"gTTS gave up after \d+ tries: the clip may be a part: it has \d+%"
    ):
        impatient(patience_seconds=0.3).speak(LINE)


def test_a_cut_answer_without_a_length_is_asked_for_again(google: Google) -> None:
    """End the connection in the middle of an answer that never said how long it is."""
    body = envelope(stand_in.mp3(LINE.text))

    def hang_up(connection: socket.socket, asked: stand_in.Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body[: len(body) * 2 // 3])

    untroubled = impatient().speak(LINE)
    google.asked.clear()
    google.answers = {0: hang_up, 1: hang_up}
    assert np.array_equal(impatient().speak(LINE).samples, untroubled.samples)
    assert len(google.asked) == 3


@pytest.mark.parametrize("unit", ["seconds", "date"])
def test_retry_after_is_honoured(google: Google, unit: str) -> None:
    """Be told to wait a second or two, as a number or as a date: the next request comes no earlier."""

    def wait(connection: socket.socket, asked: stand_in.Asked) -> None:
        wanted = "1" if unit == "seconds" else formatdate(time.time() + 2, usegmt=True)
        page(b"", status="429 Too Many", headers=(f"Retry-After: {wanted}",))(connection, asked)

    google.answers = {0: wait}
    impatient().speak(LINE)
    assert google.asked[1].time - google.asked[0].time >= 0.95


def test_retry_after_of_one_thread_holds_for_the_others(
    google: Google, caplog: pytest.LogCaptureFixture
) -> None:
    """Tell one of two threads to wait: the other's next request waits as well."""
    caplog.set_level("INFO", logger="audio_builder")
    google.answers = {0: page(b"", status="429 Too Many", headers=("Retry-After: 1",))}
    engine = impatient()
    first = threading.Thread(target=engine.speak, args=(LINE,))
    first.start()
    while "trying again" not in caplog.text:
        time.sleep(0.005)
    engine.speak(Utterance("Breathe in."))
    first.join()
    assert google.asked[1].time - google.asked[0].time >= 0.95


def test_waits_grow_and_end(google: Google, caplog: pytest.LogCaptureFixture) -> None:
    """Never get an answer: each wait is longer than the one before, they end, and the message says what to do."""
    caplog.set_level("INFO", logger="audio_builder")
    google.always = page(b"", status="503 Service Unavailable")
    with pytest.raises(SpeechError) as caught:
        impatient(first_wait_seconds=0.1, total_patience_seconds=2.0).speak(LINE)
    waits = [float(said[1]) for said in re.finditer(r"trying again in ([\d.]+) s", caplog.text)]
    assert len(waits) == 4
    assert waits == sorted(waits)
    assert waits[3] > 3 * waits[0]
    assert np.all(np.diff([asked.time for asked in google.asked]) > np.subtract(waits, 0.06))
    assert str(caught.value).startswith("gTTS gave up after 5 tries: the service answered 503")
    assert "choose a local voice" in str(caught.value)


def test_waits_for_one_line_are_bounded(google: Google) -> None:
    """Never get an answer for one line: it is given up before the time that one line has."""
    google.always = page(b"", status="503 Service Unavailable")
    with pytest.raises(SpeechError, match="the service answered 503"):
        impatient(first_wait_seconds=0.4, patience_seconds=0.3).speak(LINE)
    assert len(google.asked) == 1


def test_a_retry_after_beyond_our_patience_ends_at_once(google: Google) -> None:
    """Be told to come back in an hour: say so now, not in an hour."""
    google.always = page(b"", status="429 Too Many", headers=("Retry-After: 3600",))
    with pytest.raises(SpeechError, match="gave up after 1 tries: the service answered 429"):
        impatient().speak(LINE)


def test_all_lines_together_have_bounded_patience(google: Google) -> None:
    """Stumble at every line: waiting is bounded over the session, not only per line."""
    google.answers = {number: page(b"", status="503 No") for number in range(0, 200, 2)}
    engine = impatient(first_wait_seconds=0.05, total_patience_seconds=0.5)
    lines = [Utterance(f"Breathe in, number {number}.") for number in range(100)]
    with pytest.raises(SpeechError, match="gave up"):
        list(map(engine.speak, lines))
    assert 3 <= len(google.asked) <= 24


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found"])
def test_a_refusal_is_not_asked_again(google: Google, status: str) -> None:
    """Be refused: that does not pass, so there is one request."""
    google.always = page(b"", status=status)
    with pytest.raises(SpeechError, match=status[:3]):
        impatient().speak(LINE)
    assert len(google.asked) == 1


def test_a_language_the_service_does_not_speak_is_named(google: Google) -> None:
    """Get the service's answer for a language it has no voice for: it is final, and the message names it."""
    google.always = page(b')]}\'\n\n[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]\n')
    with pytest.raises(SpeechError, match="no voice answered for cy"):
        impatient().speak(Utterance("Anadlwch i mewn.", language="cy"))
    assert len(google.asked) == 1


def test_a_server_that_hangs_is_given_up(google: Google) -> None:
    """Get no answer, then one: the timeout ends the first try."""
    stand_in.mp3(LINE.text)
    google.answers = {0: hang(google)}
    recording = impatient(timeouts_seconds=(60.0, 2.0)).speak(LINE)  # type: ignore[arg-type]
    assert complaint(recording, LINE) == ""
    assert len(google.asked) >= 2  # more where a busy machine takes as long for a right answer


def test_a_server_that_drips_is_given_up(google: Google) -> None:
    """Get a byte now and then for ever: an answer has a time for all of it."""
    stand_in.mp3(LINE.text)
    google.answers = {0: drip(google)}
    recording = impatient(answer_seconds=2.0).speak(LINE)
    assert complaint(recording, LINE) == ""
    assert len(google.asked) >= 2  # more where a busy machine takes as long for a right answer


def test_requests_are_throttled_over_all_threads(google: Google) -> None:
    """Speak from four threads: the nth request comes no earlier than n intervals after the start."""
    engine = impatient(interval_seconds=0.4)
    start = time.monotonic()
    threads = [threading.Thread(target=engine.speak, args=(Utterance(f"Number {n}."),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(asked.time - start for asked in google.asked)
    assert all(time >= number * 0.4 for number, time in enumerate(times))
    assert len(times) == 4


def test_unknown_languages_and_voices_are_refused_without_a_request(google: Google) -> None:
    """Ask for what cannot be: the message says so, and nothing is sent."""
    with pytest.raises(SpeechError, match='gTTS does not speak "tlh"'):
        impatient().speak(Utterance("nuqneH", language="tlh"))
    with pytest.raises(SpeechError, match=r'gTTS has no voice "evil\.example/"'):
        impatient().speak(Utterance("Breathe in.", voice="evil.example/"))
    assert google.asked == []


def test_a_failure_at_the_fortieth_of_sixty_keeps_what_was_spoken(google: Google, tmp_path: Path) -> None:
    """Fail for good at the 40th clip: nothing is lost, the place is named, and the next build goes on."""
    lines = [Utterance(f"Breathe in, number {number}.") for number in range(1, 61)]
    refused = page(b"", status="403 Forbidden")
    google.always = lambda connection, asked: (refused if "number forty." in asked.text else stand_in.speech)(
        connection, asked
    )
    store = ClipStore(Cache(tmp_path / "clips"))
    engine = impatient()
    engine.at_once = 1
    voice = ChosenVoice(engine=engine, voice="", why="test")
    places = {line: f"calm.yaml:{number}" for number, line in enumerate(lines, start=1)}
    with pytest.raises(SpeechError) as caught:
        speak_all(lines, voice, store=store, places=places)
    assert str(caught.value).startswith('calm.yaml:40: "Breathe in, number 40.": gTTS: 403 (Forbidden)')
    assert len(list(store.cache.folder.glob("clips/?/*"))) == 39
    assert len(google.asked) == 40

    google.asked.clear()
    google.always = None
    clips = speak_all(lines, voice, store=store)
    assert list(clips) == lines
    assert len(google.asked) == 60 - 39


def test_an_interrupt_does_not_wait_for_the_service(google: Google, caplog: pytest.LogCaptureFixture) -> None:
    """Close the engine while it waits for an hour to try again: the wait ends."""
    google.always = page(b"", status="429 Too Many", headers=("Retry-After: 3600",))
    engine = impatient(patience_seconds=7_200.0, total_patience_seconds=7_200.0)
    failures: list[SpeechError] = []

    def speak() -> None:
        try:
            engine.speak(LINE)
        except SpeechError as error:
            failures.append(error)

    caplog.set_level("INFO", logger="audio_builder")
    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    while "trying again" not in caplog.text:
        time.sleep(0.005)
    engine.close()
    thread.join(60)
    assert len(failures) == 1


def test_gtts_keeps_the_contract(google: Google) -> None:
    """Try the engine against the service."""
    assert broken_promises(impatient()) == []


def test_the_probe_reaches_the_service_through_the_proxy(google: Google) -> None:
    """Probe a service that is there, over TLS that is verified."""
    assert reachable(patience_seconds=60.0)


def test_the_probe_trusts_no_stranger(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Probe a service whose certificate nobody vouches for, like a hotel's sign-in page: not reachable."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert not reachable(patience_seconds=60.0)


def test_the_probe_waits_no_longer_than_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probe through a proxy that accepts and never says anything: the answer comes, and is no."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert not reachable(patience_seconds=0.5)
