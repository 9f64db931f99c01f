"""The player page in a real browser, playing a real session."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audio_builder.publish import publish
from audio_builder.web.server import ServerPlan, prepare
from tests.publish.making import PARTS, make_session
from tests.web.browser import DESKTOP, PHONE, Watched, chromium, watched
from tests.web.conftest import serving

pytestmark = pytest.mark.judge

STARTS = (0.0, 6.0, 30.504, 55.008)
TITLES = tuple(part.title for part in PARTS)
TONES_HZ = tuple(part.tone_hz for part in PARTS)
PLAYER = "sessions/thread-the-needle/"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one browser for these tests."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def view(request: pytest.FixtureRequest, browser: Any, plan: ServerPlan) -> Iterator[Watched]:
    """Open the player, and in the end accept no complaint of any kind."""
    with watched(browser, plan.addresses[0], viewport=request.param) as seen:
        seen.open(plan.addresses[0] + PLAYER)
        yield seen
        assert seen.problems == []


@pytest.fixture
def phone(browser: Any, plan: ServerPlan) -> Iterator[Watched]:
    """Open the player on a phone."""
    with watched(browser, plan.addresses[0]) as seen:
        seen.open(plan.addresses[0] + PLAYER)
        yield seen
        assert seen.problems == []


def test_a_session_plays(view: Watched) -> None:
    """Move on in real time once play is pressed, and stand still when it is pressed again."""
    assert view.page.evaluate("document.getElementById('audio').duration") == pytest.approx(60.024, abs=0.001)
    view.page.click("#play")
    view.until("document.getElementById('audio').currentTime > 1")
    assert view.page.get_attribute("#play", "aria-label") == "Pause"
    view.page.click("#play")
    view.until("document.getElementById('audio').paused")
    stopped = view.place()
    view.page.wait_for_timeout(300)
    assert view.place() == stopped
    assert view.page.get_attribute("#play", "aria-label") == "Play"


def test_a_chapter_starts_within_a_tenth_of_a_second(view: Watched) -> None:
    """Land at each chapter's start, by its link in the list; played slowly, so that a busy machine is no excuse."""
    view.page.evaluate("document.getElementById('audio').playbackRate = 0.0625")
    for chapter in (3, 2, 1, 0, 1, 2, 3):
        landed = view.page.evaluate(
            """chapter => new Promise(done => {
              const audio = document.getElementById('audio');
              audio.addEventListener('seeked', () => done(audio.currentTime), {once: true});
              document.querySelectorAll('.chapters a')[chapter].click();
            })""",
            chapter,
        )
        assert landed == pytest.approx(STARTS[chapter], abs=0.1)
    assert not view.paused()


def test_the_sound_after_a_seek_is_the_chapters_own(phone: Watched) -> None:
    """Hear each chapter's tone right after landing on it: place and sound agree, not only place and clock."""
    heard = phone.page.evaluate(
        """async starts => {
          const audio = document.getElementById('audio');
          const context = new AudioContext({sampleRate: 48000});
          const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
          context.createMediaElementSource(audio).connect(analyser);
          const mute = new GainNode(context, {gain: 0});
          analyser.connect(mute).connect(context.destination);
          await context.resume();
          const peaks = [];
          for (const start of starts) {
            audio.currentTime = start;
            await new Promise(done => audio.addEventListener('seeked', done, {once: true}));
            await audio.play();
            const bins = new Float32Array(analyser.frequencyBinCount);
            let peak = 0;
            do {  // on a busy machine the sound may break off for a moment
              await new Promise(done => setTimeout(done, 20));
              analyser.getFloatFrequencyData(bins);
              peak = bins.indexOf(Math.max(...bins));
            } while (audio.currentTime < start + 0.6 || (bins[peak] <= -40 && audio.currentTime < start + 4));
            peaks.push([peak * 48000 / 8192, bins[peak]]);
            audio.pause();
          }
          return peaks;
        }""",
        list(STARTS),
    )
    assert [round(hertz / 100) * 100 for hertz, _ in heard] == list(TONES_HZ)
    assert all(level > -40 for _, level in heard)


def test_decoded_chapters_begin_where_the_cue_sheet_says(phone: Watched) -> None:
    """Decode the whole MP3 in the browser: each tone begins within 5 ms of its chapter."""
    changes = phone.page.evaluate(
        """async ([starts, tones]) => {
          const response = await fetch(document.getElementById('audio').src);
          const context = new OfflineAudioContext(1, 1, 48000);
          const sound = (await context.decodeAudioData(await response.arrayBuffer())).getChannelData(0);
          const power = (at, hertz) => {
            let [real, imaginary] = [0, 0];
            for (let n = 0; n < 480; n += 1) {
              const angle = 2 * Math.PI * hertz * n / 48000;
              real += sound[at + n] * Math.cos(angle);
              imaginary += sound[at + n] * Math.sin(angle);
            }
            return Math.hypot(real, imaginary) / 240;
          };
          return {length: sound.length, begins: starts.map((start, index) => {
            const from = Math.max(0, Math.round((start - 0.05) * 48000));
            for (let at = from; at < from + 9600; at += 24) {
              if (power(at, tones[index]) > 0.1) return at / 48000 + 0.005;
            }
            return -1;
          })};
        }""",
        [list(STARTS), list(TONES_HZ)],
    )
    assert changes["length"] == round(60.024 * 48000)
    for begins, start in zip(changes["begins"], STARTS, strict=True):
        assert begins == pytest.approx(start, abs=0.005)


MOMENTS = [
    (
        0.0,
        TITLES[0],
        "Press play, lay the phone down and follow the voice.",
        "",
        f"Next: {TITLES[1]} in 0:06",
    ),
    (1.0, TITLES[0], "Welcome. Settle down on your mat.", "", f"Next: {TITLES[1]} in 0:05"),
    (6.05, TITLES[1], "", "", f"Next: {TITLES[2]} in 0:24"),
    (12.0, TITLES[1], "Thread the needle, right side.", "Hold · 0:17 left", f"Next: {TITLES[2]} in 0:18"),
    (20.0, TITLES[1], "Let the shoulder grow heavy.", "Hold · 0:09 left", f"Next: {TITLES[2]} in 0:10"),
    (27.0, TITLES[1], "Slowly come back.", "Hold · 0:02 left", f"Next: {TITLES[2]} in 0:03"),
    (29.5, TITLES[1], "Slowly come back.", "", f"Next: {TITLES[2]} in 0:01"),
    (56.0, TITLES[3], "Thank you for practising.", "", "Ends in 0:04"),
]
"""Seconds, and what the page then says: the chapter, the words, the hold, what comes next."""


def test_the_page_follows_the_audio(phone: Watched) -> None:
    """Show the chapter, the words, what is left of the hold, and what comes next, at any place."""
    for seconds, *wanted in MOMENTS:
        if seconds:
            phone.seek(seconds)
        phone.until(f"document.getElementById('cue').textContent === {json.dumps(wanted[1])}")
        assert [phone.text(name) for name in ("now", "cue", "span", "next")] == wanted, seconds
        current = phone.page.locator(".chapters a[aria-current]")
        assert current.count() == 1
        assert current.locator(".chapter-title").text_content() == wanted[0]


BREATHS = [
    (5.0, "none", "", "", 0.0),
    (9.0, "inhale", "Breathe in", "4", 0.0),
    (10.0, "inhale", "Breathe in", "3", (1 - math.cos(math.pi / 4)) / 2),
    (11.0, "inhale", "Breathe in", "2", 0.5),
    (12.9, "inhale", "Breathe in", "1", (1 - math.cos(math.pi * 3.9 / 4)) / 2),
    (13.0, "exhale", "Breathe out", "6", 1.0),
    (16.0, "exhale", "Breathe out", "3", 0.5),
    (18.9, "exhale", "Breathe out", "1", (1 + math.cos(math.pi * 5.9 / 6)) / 2),
    (19.0, "inhale", "Breathe in", "4", 0.0),
    (29.1, "none", "", "", 0.0),
]
"""Seconds, the phase, its words, the seconds left of it, and how full the lungs are."""


def test_the_breath_circle_moves_with_the_tones(phone: Watched) -> None:
    """Grow with each inhale and shrink with each exhale, exactly as the cue sheet times them."""
    for seconds, phase, words, left, level in BREATHS:
        phone.seek(seconds)
        phone.until(f"document.getElementById('breath').dataset.phase === '{phase}'")
        assert (phone.text("phase"), phone.text("phase-left")) == (words, left), seconds
        shown = phone.page.evaluate(
            "Number(document.getElementById('breath').style.getPropertyValue('--level'))"
        )
        assert shown == pytest.approx(level, abs=0.002), seconds
        size = phone.page.evaluate(
            "new DOMMatrix(getComputedStyle(document.querySelector('.disc')).transform).a"
        )
        assert size == pytest.approx(0.46 + 0.54 * level, abs=0.002), seconds


LABELLED = ("play", "previous", "next-exercise", "back", "seek")


def test_the_player_speaks_the_sessions_language(browser: Any, plan: ServerPlan) -> None:
    """Say breaths, holds, headings and buttons in German for a German session."""
    with watched(browser, plan.addresses[0]) as seen:
        seen.open(plan.addresses[0] + "sessions/evening/")
        seen.seek(10.0)
        seen.until("document.getElementById('phase').textContent === 'Einatmen'")
        assert seen.text("span") == "Halten · noch 0:19"
        assert seen.text("next") == f"Als Nächstes: {TITLES[2]} in 0:20"
        assert seen.page.get_attribute("html", "lang") == "de"
        assert [seen.page.get_attribute(f"#{name}", "aria-label") for name in LABELLED] == [
            "Wiedergabe", "Vorige Übung", "Nächste Übung", "10 Sekunden zurück", "Stelle",
        ]  # fmt: skip
        assert seen.page.locator("h2").all_text_contents() == ["Kapitel", "Zum Mitnehmen"]
        seen.page.click("#play")
        seen.until("document.getElementById('play').getAttribute('aria-label') === 'Anhalten'")
        assert seen.problems == []


def test_the_circle_keeps_up_while_playing(phone: Watched) -> None:
    """Stay by the audio's clock all the time it plays, at half the speed for the sake of busy machines."""
    phone.seek(9.5)
    phone.page.evaluate("document.getElementById('audio').playbackRate = 0.5")
    phone.page.click("#play")
    errors = phone.page.evaluate(
        """() => new Promise(done => {
          const audio = document.getElementById('audio');
          const breath = document.getElementById('breath');
          const errors = [];
          const look = () => {
            const progress = (audio.currentTime - 9) / 4;
            const wanted = (1 - Math.cos(Math.PI * Math.min(1, progress))) / 2;
            errors.push(Math.abs(wanted - Number(breath.style.getPropertyValue('--level'))));
            if (audio.currentTime < 12.5) requestAnimationFrame(look); else done(errors);
          };
          requestAnimationFrame(look);
        })"""
    )
    assert len(errors) > 20
    assert sorted(errors)[int(len(errors) * 0.95)] < 0.06


def test_buttons_go_from_exercise_to_exercise(view: Watched) -> None:
    """Go on to the next, back to the start of this one, and back to the one before."""
    view.page.click("#next-exercise")
    assert view.place() == pytest.approx(6.0, abs=0.01)
    view.seek(20.0)
    view.page.click("#previous")
    assert view.place() == pytest.approx(6.0, abs=0.01)
    view.page.click("#previous")
    assert view.place() == pytest.approx(0.0, abs=0.01)
    view.seek(40.0)
    view.page.click("#back")
    assert view.place() == pytest.approx(30.0, abs=0.01)


def test_keys_do_what_the_page_says(view: Watched) -> None:
    """Play, pause, skip and change exercise without a mouse."""
    press = view.page.keyboard.press
    press("Space")
    view.until("!document.getElementById('audio').paused")
    press("Space")
    view.until("document.getElementById('audio').paused")
    view.seek(20.0)
    press("ArrowRight")
    assert view.place() == pytest.approx(30.0, abs=0.01)
    press("ArrowLeft")
    press("ArrowLeft")
    assert view.place() == pytest.approx(10.0, abs=0.01)
    press("Shift+ArrowRight")
    assert view.place() == pytest.approx(30.504, abs=0.01)
    press("Shift+ArrowLeft")
    assert view.place() == pytest.approx(6.0, abs=0.01)
    view.page.focus("#speed")
    press("ArrowLeft")
    assert view.place() == pytest.approx(6.0, abs=0.01)


def test_everything_is_reached_by_tab(phone: Watched) -> None:
    """Come past every control, and see where one is."""
    reached: list[tuple[str, str, bool]] = []
    for _ in range(40):
        phone.page.keyboard.press("Tab")
        found = phone.page.evaluate(
            """() => {
              const at = document.activeElement;
              if (at === document.body) return ["", "none", false];
              const outline = getComputedStyle(at).outlineStyle;
              const box = at.getBoundingClientRect();
              const deck = document.querySelector('.deck');
              const covered = !deck.contains(at) && box.bottom > deck.getBoundingClientRect().top;
              return [at.id || at.className || at.textContent.trim(), outline, covered];
            }"""
        )
        if found[0] in [name for name, _, _ in reached] and found[0] != "":
            continue
        reached.append(found)
    names = [name for name, _, _ in reached]
    for wanted in (
        "back",
        "keep",
        "speed",
        "previous",
        "play",
        "next-exercise",
        "seek",
        "The words of this session",
    ):
        assert wanted in names, wanted
    assert not [name for name, outline, _ in reached if outline == "none" and name]
    assert not [name for name, _, covered in reached if covered]


def test_the_position_is_a_slider_that_says_where_it_is(phone: Watched) -> None:
    """Seek by the slider, and name the place in words."""
    phone.page.evaluate(
        """() => {
          const seek = document.getElementById('seek');
          seek.value = 42;
          seek.dispatchEvent(new Event('input'));
        }"""
    )
    assert phone.place() == pytest.approx(42.0, abs=0.01)
    assert phone.page.get_attribute("#seek", "aria-valuetext") == "0:42 of 1:00"
    assert (phone.text("elapsed"), phone.text("remaining")) == ("0:42", "−0:18")


def test_speed_changes_and_is_remembered(phone: Watched) -> None:
    """Play slower with the same pitch, here and after the page is loaded again."""
    phone.page.select_option("#speed", "0.8")
    rate = "[document.getElementById('audio').playbackRate, document.getElementById('audio').preservesPitch]"
    assert phone.page.evaluate(rate) == [0.8, True]
    phone.open(phone.page.url)
    assert phone.page.evaluate(rate) == [0.8, True]
    assert phone.page.input_value("#speed") == "0.8"


def test_the_place_is_remembered(phone: Watched) -> None:
    """Go on where one stopped, offer the start, and forget at the end."""
    page = phone.page
    page.evaluate("document.getElementById('audio').playbackRate = 0.0625")  # so that a busy machine has time
    page.click("#play")
    phone.seek(33.0)
    page.click("#play")
    stopped = phone.place()
    phone.open(page.url)
    assert phone.place() == pytest.approx(stopped, abs=0.2)
    assert phone.text("resumed") == "Goes on at 0:33."
    assert phone.paused()
    page.click("#restart")
    assert phone.place() == 0
    phone.open(page.url)
    assert phone.place() == 0
    assert page.is_hidden("#resume")


def test_the_place_is_remembered_when_the_key_is_another(browser: Any, site: Path) -> None:
    """Go on where one stopped, though `serve --lan` has made a new address since."""
    first = prepare(site, host="127.0.0.1", port=0, lan=True, key="a" * 16)
    again = {name: getattr(first, name).replace("a" * 16, "b" * 16) for name in ("key", "feed")}
    addresses = tuple(address.replace("a" * 16, "b" * 16) for address in first.addresses)
    second = replace(
        first, **again, addresses=addresses, listening=first.listening.dup()
    )  # nobody takes the port
    with watched(browser, f"http://127.0.0.1:{first.port}/") as seen:
        for plan in serving(first):
            seen.open(plan.addresses[0] + PLAYER)
            seen.seek(33.0)
            seen.page.goto("about:blank")
        for plan in serving(second):
            seen.open(plan.addresses[0] + PLAYER)
            assert seen.text("resumed") == "Goes on at 0:33."
            assert seen.place() == pytest.approx(33.0, abs=0.2)


def test_the_end_is_the_end(phone: Watched) -> None:
    """Say that it is done, stop, and begin at the start next time."""
    phone.page.click("#play")
    phone.seek(59.7)
    phone.until("document.getElementById('audio').ended")
    phone.until("document.getElementById('cue').textContent === 'Done.'")
    assert phone.page.get_attribute("#play", "aria-label") == "Play"
    assert phone.text("remaining") == "−0:00"
    phone.open(phone.page.url)
    assert phone.place() == 0


def test_media_session_shows_the_chapter(phone: Watched) -> None:
    """Tell the lock screen the chapter, the session, the pictures and all chapters."""
    phone.seek(10.0)
    told = phone.page.evaluate(
        """() => { const {title, artist, album, artwork, chapterInfo} = navigator.mediaSession.metadata;
          return {title, artist, album, artwork: artwork.map(one => [one.src, one.sizes, one.type]),
                  chapters: chapterInfo ? chapterInfo.map(one => [one.title, one.startTime]) : null}; }"""
    )
    assert (told["title"], told["artist"], told["album"]) == (
        TITLES[1],
        "Thoracic Mobility",
        "Guided sessions",
    )
    base = phone.page.url
    assert told["artwork"] == [
        [f"{base}cover-512.jpg", "512x512", "image/jpeg"],
        [f"{base}cover.jpg", "1400x1400", "image/jpeg"],
    ]
    assert told["chapters"] == [[title, start] for title, start in zip(TITLES, STARTS, strict=True)]


def test_media_session_handlers_do_what_they_say(phone: Watched) -> None:
    """Obey the lock screen and headset buttons, and keep their position right."""

    def press(action: str, **details: float) -> None:
        phone.page.evaluate(
            "([action, details]) => told.actions[action](Object.assign({action}, details))", [action, details]
        )

    actions = phone.page.evaluate("Object.keys(told.actions).sort()")
    assert actions == ["nexttrack", "pause", "play", "previoustrack", "seekbackward", "seekforward", "seekto"]
    phone.page.click("#play")
    press("pause")
    assert phone.paused()
    assert phone.page.evaluate("navigator.mediaSession.playbackState") == "paused"
    press("play")
    phone.until("!document.getElementById('audio').paused")
    phone.until("navigator.mediaSession.playbackState === 'playing'")
    press("pause")
    press("seekto", seekTime=20.0)
    assert phone.place() == pytest.approx(20.0, abs=0.01)
    press("seekforward")
    assert phone.place() == pytest.approx(30.0, abs=0.01)
    press("seekbackward", seekOffset=5)
    assert phone.place() == pytest.approx(25.0, abs=0.01)
    press("nexttrack")
    assert phone.place() == pytest.approx(30.504, abs=0.01)
    press("previoustrack")
    assert phone.place() == pytest.approx(6.0, abs=0.01)
    phone.until("told.positions.length && Math.abs(told.positions.at(-1).position - 6) < 0.01")
    last = phone.page.evaluate("told.positions.at(-1)")
    assert last == {
        "duration": pytest.approx(60.024),
        "playbackRate": 1,
        "position": pytest.approx(6.0, abs=0.01),
    }


def test_on_ios_the_two_buttons_go_to_the_exercises(browser: Any, plan: ServerPlan) -> None:
    """Leave seeking to the slider there: iOS would show its buttons in place of previous and next."""
    with watched(browser, plan.addresses[0]) as seen:
        seen.page.add_init_script("navigator.standalone = false")
        seen.open(plan.addresses[0] + PLAYER)
        handlers = (
            "Object.entries(told.actions).map(([name, handler]) => handler && name).filter(Boolean).sort()"
        )
        assert seen.page.evaluate(handlers) == ["nexttrack", "pause", "play", "previoustrack", "seekto"]
        assert seen.problems == []


def test_the_lock_screen_is_told_again_once_it_plays(phone: Watched) -> None:
    """Give chapter and buttons anew when playing begins: WebKit forgets what it was told before."""
    phone.page.evaluate("told.actions = {}; navigator.mediaSession.metadata = null")
    phone.page.click("#play")
    phone.until("Object.keys(told.actions).length === 7")
    assert phone.page.evaluate("navigator.mediaSession.metadata.title") == TITLES[0]


def test_a_cue_that_only_names_the_breath_hides_no_other(phone: Watched) -> None:
    """Keep the last instruction in sight while the page says the breath anyway."""
    said = phone.page.evaluate(
        """async () => {
          const {Cues} = await import('/assets/cues.js');
          const at = (start_seconds, text) => ({kind: 'cue', start_seconds, length_seconds: 1, text});
          const cues = new Cues([at(1, 'Slide on.'), at(5, 'Breathe in.'), at(9, 'In. Belly drops.')], ['Breathe in']);
          return [2, 6, 10].map(seconds => cues.wordsAt(seconds));
        }"""
    )
    assert said == ["Slide on.", "Slide on.", "In. Belly drops."]


def test_the_screen_stays_on_only_while_it_plays(phone: Watched) -> None:
    """Ask for a wake lock with play, and give it back with pause."""
    assert phone.page.evaluate("told.locks") == 0
    phone.page.click("#play")
    phone.until("told.locks === 1")
    phone.page.click("#play")
    phone.until("told.released === 1")


def test_reduced_motion_is_respected(browser: Any, plan: ServerPlan) -> None:
    """Show the breath by light instead of size where movement is not wanted."""
    with watched(browser, plan.addresses[0], reduced_motion="reduce") as seen:
        seen.open(plan.addresses[0] + PLAYER)
        looks = []
        for seconds in (9.0, 13.0):
            seen.seek(seconds)
            looks.append(
                seen.page.evaluate(
                    "(s => [s.transform, Number(s.opacity)])(getComputedStyle(document.querySelector('.disc')))"
                )
            )
        assert [transform for transform, _ in looks] == ["none", "none"]
        assert looks[1][1] - looks[0][1] > 0.5


def test_without_scripts_it_plays_and_downloads(browser: Any, plan: ServerPlan) -> None:
    """Leave the browser's own player, the chapters' addresses and the download."""
    with watched(browser, plan.addresses[0], java_script_enabled=False) as seen:
        seen.page.goto(plan.addresses[0] + PLAYER)
        audio = seen.page.locator("audio")
        assert audio.is_visible()
        assert audio.get_attribute("controls") is not None
        assert not seen.page.locator(".needs-script:visible").count()
        assert seen.page.locator(".chapters a").first.is_visible()
        with seen.page.expect_download() as waiting:
            seen.page.click("a[download]")
        assert waiting.value.suggested_filename == "Thoracic Mobility.mp3"
        assert seen.problems == []


def test_a_broken_network_is_told_and_not_thrown(browser: Any, plan: ServerPlan) -> None:
    """Say in words that cue sheet or audio could not be had."""
    with watched(browser, plan.addresses[0], service_workers="block") as seen:
        seen.page.route("**/*.json?*", lambda route: route.fulfill(status=500, body="no"))
        seen.open(plan.addresses[0] + PLAYER)
        seen.until("document.getElementById('status').textContent !== ''")
        assert seen.text("status") == "The cue texts could not be loaded; the audio plays all the same."
        seen.page.click("#play")
        seen.until("document.getElementById('audio').currentTime > 0.2")
        assert seen.text("now") == "Welcome"
        assert not [problem for problem in seen.problems if problem.startswith("page error")]


@pytest.mark.parametrize(
    "size", [PHONE, DESKTOP, {"width": 320, "height": 480}, {"width": 844, "height": 390}], ids=str
)
def test_nothing_runs_over_the_edge(browser: Any, tmp_path: Path, size: dict[str, int]) -> None:
    """Keep long and foreign words within small screens, with the controls in sight."""
    title = "Brustwirbelsäulenbeweglichkeitsverbesserungsübung – تمارين الظهر 🧘🏽‍♀️ " * 4
    long = PARTS[1].__class__(
        name="x",
        title=title,
        kind="exercise",
        seconds=6,
        tone_hz=500,
        cues=((0.0, "Breathe into the side of the ribs. " * 9),),
    )
    site = publish(
        [make_session(tmp_path, title=title, about=title, parts=[long, *PARTS[1:]])], tmp_path / "site"
    ).folder
    for plan in serving(prepare(site, port=0)):
        with watched(browser, plan.addresses[0], viewport=size) as seen:
            for path in ("", PLAYER):
                seen.open(plan.addresses[0] + path)
                assert seen.page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            box = seen.page.locator("#play").bounding_box()
            assert box["y"] + box["height"] <= size["height"]
            assert seen.problems == []
