"""Every fault that a session can have is found, and called by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio_builder.mp3.format import Format, tag_bytes
from audio_builder.mp3.tags import tag
from audio_builder.session.cuesheet import Chapter, SheetEvent
from audio_builder.timebase import clock, to_ms, to_samples
from audio_builder.verify import Report, verify
from audio_builder.verify.inspection import check_files
from tests.verify.planting import (
    Samples,
    alone,
    copied,
    good_session,
    good_sheet,
    moved,
    overlaps,
    planted,
    quietly,
    room,
    second_join,
)


def found(report: Report) -> set[str]:
    """Name the checks that failed."""
    return {check.name for check in report.failures}


def read(path: Path) -> Report:
    """Inspect all that needs no listening."""
    return Report(path=path, checks=tuple(check_files(path, good_sheet())))


def details(report: Report, name: str) -> tuple[str, ...]:
    """Give what one check says is off."""
    return next(check.details for check in report.checks if check.name == name)


def test_a_good_session_passes_everything() -> None:
    """Find nothing wrong with what was just built."""
    report = verify(good_session())
    assert found(report) == set()
    assert report.passed
    assert len(report.checks) == 21


def test_encoding_anew_plants_nothing(tmp_path: Path) -> None:
    """Find nothing wrong with a session that went through the planting without a fault."""
    assert found(verify(planted(tmp_path, lambda samples: None))) == set()


@pytest.mark.parametrize("milliseconds", [-60, 35, 120])
def test_a_shifted_cue_is_found(tmp_path: Path, milliseconds: float) -> None:
    """Let one cue come early or late."""
    cue = alone("cue", nth=3)
    report = verify(planted(tmp_path, lambda samples: moved(samples, cue, milliseconds=milliseconds)))
    assert found(report) == {"cue onsets"}
    (told,) = details(report, "cue onsets")
    assert told.startswith(cue.label)
    assert abs(float(told.split()[-2]) - milliseconds) < 12


def test_a_missing_clip_is_found(tmp_path: Path) -> None:
    """Leave one cue out."""
    cue = alone("cue", nth=3)
    report = verify(planted(tmp_path, lambda samples: quietly(samples, cue)))
    assert found(report) == {"cues spoken", "cue onsets"}
    assert details(report, "cues spoken")[0].startswith(cue.label)
    assert details(report, "cue onsets") == (f"{cue.label}: not heard",)


def test_a_missing_tone_is_found(tmp_path: Path) -> None:
    """Leave one breath tone out."""
    tone = alone("inhale", nth=1)
    report = verify(planted(tmp_path, lambda samples: quietly(samples, tone)))
    assert found(report) == {"tone onsets"}
    assert details(report, "tone onsets") == (f"{tone.label}: not there",)


@pytest.mark.parametrize("milliseconds", [-40, 40])
def test_a_shifted_tone_is_found_though_it_swells_from_silence(tmp_path: Path, milliseconds: float) -> None:
    """Let the first breath of a hold come early or late; the hold is then too long or too short."""
    tone = good_sheet().of_kind("inhale")[0]
    report = verify(planted(tmp_path, lambda samples: moved(samples, tone, milliseconds=milliseconds)))
    assert found(report) == {"tone onsets", "hold lengths"}
    assert details(report, "tone onsets") == (f"{tone.label}: {milliseconds:+.0f} ms",)


def test_a_missing_chime_is_found(tmp_path: Path) -> None:
    """Leave the last chime out."""
    chime = good_sheet().of_kind("chime")[-1]
    report = verify(planted(tmp_path, lambda samples: quietly(samples, chime)))
    assert found(report) == {"chime onsets"}
    assert details(report, "chime onsets") == (f"{chime.label}: not there",)


def test_a_chapter_that_opens_with_nothing_is_found(tmp_path: Path) -> None:
    """Leave out the first cue of a section."""
    section = good_sheet().sections[1]
    cue = next(e for e in good_sheet().of_kind("cue") if e.section == section.name)
    report = verify(planted(tmp_path, lambda samples: quietly(samples, cue)))
    assert found(report) == {"cues spoken", "cue onsets", "chapter openings"}
    place = clock(section.start_samples, decimals=3)
    assert details(report, "chapter openings")[0].startswith(f"{place} {section.title!r} opens with ")


def test_a_hot_peak_is_found_where_it_is(tmp_path: Path) -> None:
    """Let a few milliseconds of a cue come within 0.3 dB of full scale."""
    cue = alone("cue", nth=3)
    place = cue.start_samples + cue.length_samples // 2

    def hot(samples: Samples) -> None:
        t = np.arange(960) / 48_000
        samples[place : place + 960] = 0.97 * np.sin(2 * np.pi * 400 * t) * np.hanning(960)

    report = verify(planted(tmp_path, hot, form=Format(320)))
    assert found(report) == {"true peak"}
    (told,) = details(report, "true peak")
    minutes, seconds = told.split()[-1].split(":")
    assert abs(60 * int(minutes) + float(seconds) - place / 48_000) < 0.03


@pytest.mark.parametrize("amplitude", [0.03, 0.3])
def test_a_click_at_a_join_is_found(tmp_path: Path, amplitude: float) -> None:
    """Let the waveform jump where two sections join."""

    def click(samples: Samples) -> None:
        samples[second_join()] += amplitude

    report = verify(planted(tmp_path, click))
    assert found(report) == {"clicks"}
    assert "the join before" in details(report, "clicks")[0]


def test_a_tone_that_breaks_off_is_found(tmp_path: Path) -> None:
    """Let a tone go on at full strength, and stop at its end at once."""
    tone = good_sheet().of_kind("exhale")[1]

    def broken_off(samples: Samples) -> None:
        t = np.arange(tone.length_samples // 10) / 48_000
        samples[tone.end_samples - len(t) : tone.end_samples] += (
            np.float32(0.05) * np.sin(2 * np.pi * 300 * t + 1) * np.minimum(1, t * 20)
        )

    report = verify(planted(tmp_path, broken_off))
    assert found(report) == {"clicks"}
    assert "of exhale" in details(report, "clicks")[0] or "of inhale" in details(report, "clicks")[0]


def test_a_long_run_of_zeros_is_found(tmp_path: Path) -> None:
    """Switch the room tone off for a second and a half."""
    rest = good_sheet().of_kind("hold")[0]
    tones = good_sheet().of_kind("inhale", "exhale")
    after = max(t.end_samples for t in tones if t.start_samples < rest.end_samples)

    def off(samples: Samples) -> None:
        samples[after + 4_800 : after + 4_800 + to_samples(1.5)] = 0

    report = verify(planted(tmp_path, off))
    assert found(report) == {"digital silence"}


def test_a_bed_that_is_too_loud_is_found(tmp_path: Path) -> None:
    """Lay noise 15 LU below speech under everything."""

    def bed(samples: Samples) -> None:
        samples += 23 * room(len(samples))

    assert "background under speech" in found(verify(planted(tmp_path, bed)))


@pytest.mark.parametrize("gain", [0.9, 1.1])
def test_speech_at_the_wrong_level_is_found(tmp_path: Path, gain: float) -> None:
    """Turn all speech a little up or down, by less than a decibel."""

    def turned(samples: Samples) -> None:
        for cue in good_sheet().of_kind("cue"):
            samples[cue.start_samples : cue.end_samples] *= np.float32(gain)

    assert "speech loudness" in found(verify(planted(tmp_path, turned, form=Format(320))))


def test_tones_that_are_too_loud_are_found(tmp_path: Path) -> None:
    """Turn all breath tones up by 4 dB, as far as speech over them leaves room."""

    def louder(samples: Samples) -> None:
        for tone in good_sheet().of_kind("inhale", "exhale"):
            if overlaps(list(good_sheet().of_kind("cue")), tone):
                continue
            samples[tone.start_samples : tone.end_samples] *= np.float32(10 ** (4 / 20))

    assert "tones under speech" in found(verify(planted(tmp_path, louder, form=Format(320))))


def test_a_truncated_file_is_found(tmp_path: Path) -> None:
    """Cut the last third off, in the middle of a frame of 288 bytes."""
    path = copied(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - len(whole) // 864 * 288 - 188])
    report = verify(path)
    assert {"frames", "info frame", "decoded length", "cues spoken"} <= found(report)
    assert "cut short" in details(report, "frames")[0]


def test_damage_in_the_middle_is_found(tmp_path: Path) -> None:
    """Overwrite a thousand bytes, and elsewhere flip one bit that leaves every header as it is."""
    path = copied(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    report = verify(path)
    assert "info frame" in found(report)
    assert "its checksum of the frames does not fit" in details(report, "info frame")
    whole[len(whole) // 2 : len(whole) // 2 + 1_000] = bytes(1_000)
    path.write_bytes(whole)
    assert "frames" in found(verify(path))


def test_a_missing_info_frame_is_found(tmp_path: Path) -> None:
    """Take the Info frame out: the session is then 2,257 samples too long."""
    path = copied(tmp_path)
    whole = path.read_bytes()
    start = tag_bytes(whole)
    path.write_bytes(whole[:start] + whole[start + 288 :])
    report = verify(path)
    assert {"info frame", "decoded length"} <= found(report)


def _retagged(
    folder: Path, *, shift: int = 0, rename: str = "", title: str | None = None, **fields: object
) -> Path:
    path = copied(folder)
    whole = path.read_bytes()
    chapters = [
        Chapter(title=s.title, start=s.start_samples, end=s.end_samples) for s in good_sheet().sections
    ]
    second, third = chapters[1:3]
    edge = second.end + shift
    chapters[1:3] = [
        Chapter(title=rename or second.title, start=second.start, end=edge),
        Chapter(title=third.title, start=edge, end=third.end),
    ]
    given: dict[str, object] = {
        "title": good_sheet().title if title is None else title,
        "chapters": chapters,
        "lyrics": "\n".join(cue.text for cue in good_sheet().of_kind("cue")),
        "cover": _cover(),
        "language": "en",
    }
    front = tag(**(given | fields))  # type: ignore[arg-type]
    path.write_bytes(front + whole[tag_bytes(whole) :])
    return path


def _cover() -> bytes:
    from audio_builder.mp3.cover import draw_cover

    return draw_cover(title="Short", length_seconds=120)


def _edges() -> tuple[int, int]:
    """Give the milliseconds at which the second section begins and ends."""
    section = good_sheet().sections[1]
    return to_ms(section.start_samples), to_ms(section.end_samples)


def test_a_good_tag_passes(tmp_path: Path) -> None:
    """Write the tag anew with nothing wrong in it."""
    assert found(read(_retagged(tmp_path))) == set()


def test_a_wrong_chapter_is_found(tmp_path: Path) -> None:
    """Let the third chapter begin one frame late."""
    report = read(_retagged(tmp_path, shift=24 * 48))
    start, end = _edges()
    assert found(report) == {"chapters"}
    assert details(report, "chapters")[0] == (
        f"chapter 2 lasts from {start} to {end + 24} ms, not from {start} to {end} ms"
    )


@pytest.mark.parametrize(
    ("fault", "name", "told"),
    [
        ({"rename": "Elsewhere"}, "chapters",
         "chapter 2 is called 'Elsewhere', not 'Thread the Needle, right side'"),
        ({"chapters": ()}, "chapters", "there are 0 ordered top-level tables of contents"),
        ({"title": "Long"}, "tags", "the title is 'Long', the cue sheet has 'Short & plain'"),
        ({"cover": b""}, "tags", "there is no cover"),
        ({"cover": b"\xff\xd8 broken"}, "tags", "the cover is not a picture that can be shown"),
        ({"lyrics": "Welcome."}, "tags", "the lyrics lack 0:04."),
    ],
)  # fmt: skip
def test_wrong_tags_are_found(tmp_path: Path, fault: dict[str, object], name: str, told: str) -> None:
    """Write the tag anew with one thing wrong in it."""
    report = read(_retagged(tmp_path, **fault))  # type: ignore[arg-type]
    assert found(report) == {name}
    assert details(report, name)[0].startswith(told)


def test_a_missing_tag_is_found(tmp_path: Path) -> None:
    """Leave the frames alone in the file."""
    path = copied(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[tag_bytes(whole) :])
    assert found(read(path)) == {"tags", "chapters"}


def _shifted_chapters(text: str) -> str:
    chapters = json.loads(text)
    chapters["chapters"][1]["startTime"] += 0.005
    return json.dumps(chapters)


@pytest.mark.parametrize(
    ("ending", "change", "told"),
    [
        (".vtt", lambda text: text.replace("00:00:02.640", "00:00:02.650"),
         '0:02.640 "Welcome.": it starts at 2650 ms, the cue at 2640 ms'),
        (".vtt", lambda text: text.replace("Welcome.", "Hello."), "0:02.640 \"Welcome.\": it says 'Hello.'"),
        (".vtt", lambda text: text[: len(text) // 2].rpartition("\n\n")[0], "it has "),
        (".lrc", lambda text: text.replace("[00:02.640]", "[00:02.642]"),
         '0:02.640 "Welcome.": it starts at 2642 ms, the cue at 2640 ms'),
        (".lrc", None, "short.lrc is missing"),
        (".chapters.json", _shifted_chapters, "chapter 2 lasts from "),
        (".chapters.json", lambda text: "{}", "short.chapters.json cannot be read: this is not a list of chapters: "),
    ],
)  # fmt: skip
def test_sidecars_that_disagree_are_found(
    tmp_path: Path, ending: str, change: Callable[[str], str] | None, told: str
) -> None:
    """Change one sidecar, or take it away."""
    path = copied(tmp_path)
    beside = path.with_name(path.stem + ending)
    if change is None:
        beside.unlink()
    else:
        beside.write_text(change(beside.read_text(encoding="utf-8")), encoding="utf-8")
    report = read(path)
    assert found(report) == {f"sidecar {ending}"}
    assert details(report, f"sidecar {ending}")[0].startswith(told)


def test_a_sheet_of_another_session_fails_nearly_everything(tmp_path: Path) -> None:
    """Shift every event of the sheet by half a second: nothing is where it says."""
    path = copied(tmp_path)
    sheet = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for event in sheet["events"]:
        event["start_samples"] += 24_000
    path.with_suffix(".json").write_text(json.dumps(sheet))
    report = verify(path)
    assert {"cue onsets", "tone onsets", "chime onsets", "sidecar .vtt", "sidecar .lrc"} <= found(report)
    assert len(details(report, "cue onsets")) > len(good_sheet().of_kind("cue")) * 0.8


def test_an_event_is_named_by_its_time_and_words() -> None:
    """Shorten long texts, and name silent kinds by their sound."""
    cue = SheetEvent(kind="cue", start_samples=48_000 * 75, length_samples=1, text="x" * 50)
    assert cue.label == f'1:15.000 "{"x" * 39}…"'
    assert (
        SheetEvent(kind="chime", start_samples=480, length_samples=1, sound="end").label
        == "0:00.010 chime end"
    )
