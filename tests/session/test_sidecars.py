"""The files beside a session say what its cue sheet says, each in its own form."""

from __future__ import annotations

from audio_builder.session.sidecars import to_chapters, to_lrc, to_lyrics, to_markdown, to_text, to_vtt
from tests.session.making import SHEET

VTT = """\
WEBVTT

1
00:00:02.000 --> 00:00:03.501
Welcome &lt;home&gt;.

2
00:00:16.000 --> 00:00:17.000
Breathe [out] slowly.
"""

LRC = """\
[ti:Calm]
[length:01:00.000]
[tool:audio-builder]
[00:02.000]Welcome <home>.
[00:16.000]Breathe (out) slowly.
"""

CHAPTERS = """\
{
 "version": "1.2.0",
 "chapters": [
  {
   "startTime": 0.0,
   "endTime": 10.0,
   "title": "Welcome"
  },
  {
   "startTime": 10.0,
   "endTime": 60.0,
   "title": "Reach [left] & up"
  }
 ]
}
"""

LYRICS = """\
Welcome
Welcome <home>.

Reach [left] & up
Breathe [out] slowly.
"""

TEXT = """\
Calm: 01:00 (measured times)

00:00.0  Welcome
00:00.0    (bowl)
00:02.0    Welcome <home>.

00:10.0  Reach [left] & up
00:12.0    (hold, 20 s)
00:12.0    (breathe in)
00:16.0    Breathe [out] slowly.
"""

MARKDOWN = """\
# Calm

Length 01:00, times measured.

## 00:00 Welcome

| time | cue |
| --- | --- |
| 00:00.0 | (bowl) |
| 00:02.0 | Welcome <home>. |

## 00:10 Reach [left] & up

| time | cue |
| --- | --- |
| 00:12.0 | (hold, 20 s) |
| 00:12.0 | (breathe in) |
| 00:16.0 | Breathe [out] slowly. |
"""


def test_every_sidecar_says_what_the_sheet_says() -> None:
    """Compare each whole."""
    assert to_vtt(SHEET) == VTT
    assert to_lrc(SHEET) == LRC
    assert to_chapters(SHEET) == CHAPTERS
    assert to_lyrics(SHEET) == LYRICS
    assert to_text(SHEET) == TEXT
    assert to_markdown(SHEET) == MARKDOWN


def test_an_estimate_says_that_it_is_one() -> None:
    """In each form that has a place for it."""
    guessed = SHEET.model_copy(update={"estimated": True})
    assert "NOTE Times are estimated; the build measures them." in to_vtt(guessed)
    assert "[note:times are estimated; the build measures them]" in to_lrc(guessed)
    assert to_text(guessed).startswith("Calm: 01:00 (estimated times)")
    assert "times estimated." in to_markdown(guessed)
