"""Decode what Google's service answered, and refuse what is no whole clip."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from audio_builder.speech.engine import Recording
from audio_builder.speech.engines.gtts.service import PassingError
from audio_builder.speech.finishing import speech_span
from audio_builder.speech.recording import broken_end

DOUBTFUL_SHARE = 0.8
"""Of the length that a voice usually takes for a text: a shorter clip may be a part of it."""
TOO_SMALL_SHARE = 0.75
"""A shorter one is a part, and be it the same each time; of a voice that is not known yet, only below this squared."""
DOUBTFUL_TAIL = 0.5
"""Of the quiet that a voice's clips usually end with: less, and the clip may go on."""

LEARNED = 5
"""So many clips tell what is usual; until then it is this."""
USUAL_SHARE = 1.0
USUAL_TAIL_SECONDS = 0.2

_BITRATES_KBPS = {
    # Layer III by MPEG version: 1, then 2 and 2.5 (ISO/IEC 11172-3 and 13818-3).
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(slots=True)
class Habits:
    """What whole clips of one voice are like, learned from those that came."""

    shares: list[float] = field(default_factory=list)
    """How long their speech lasts against the estimate."""
    tails_seconds: list[float] = field(default_factory=list)
    """How long they are quiet at their end."""

    def doubts(self, share: float, tail_seconds: float) -> bool:
        """Say whether a clip may be a part: shorter than others, or sooner over after its last word."""
        tail = median(self.tails_seconds) if self._known else USUAL_TAIL_SECONDS
        return share < DOUBTFUL_SHARE * self._share or tail_seconds < DOUBTFUL_TAIL * tail

    def refuses(self, share: float) -> bool:
        """Say whether a clip is so short that it must be a part, even where it comes again."""
        return share < (TOO_SMALL_SHARE if self._known else TOO_SMALL_SHARE**2) * self._share

    @property
    def _known(self) -> bool:
        return len(self.shares) >= LEARNED

    @property
    def _share(self) -> float:
        return median(self.shares) if self._known else USUAL_SHARE

    def learn(self, share: float, tail_seconds: float) -> None:
        """Note a clip that was taken."""
        self.shares.append(share)
        self.tails_seconds.append(tail_seconds)


def taking(likely_seconds: float, habits: Habits) -> Callable[[bytes], Recording]:
    """Give what decodes the answers to one text, and takes none that may be a part of it.

    An MP3 that stops between two frames and two words is whole for any decoder. So one that is short for its text, or
    ends at once, is asked for again: what broke off does not break off twice at the same place, and what is whole
    comes the same again.
    """
    doubted: list[bytes] = []

    def take(mp3: bytes) -> Recording:
        recording = decoded(mp3)
        start, stop = speech_span(recording)
        share = (stop - start) / recording.rate / max(likely_seconds, 0.1)
        tail_seconds = (len(recording.samples) - stop) / recording.rate
        if habits.doubts(share, tail_seconds) and (mp3 not in doubted or habits.refuses(share)):
            doubted.append(mp3)
            raise PassingError(f"the clip may be a part: it has {share:.0%} of its text's likely length")
        habits.learn(share, tail_seconds)
        return recording

    return take


def decoded(mp3: bytes) -> Recording:
    """Decode a clip. Raises PassingError for nothing, a part, or no MP3, which may go better next time."""
    import soundfile

    if not mp3:
        raise PassingError("the service sent no sound")
    if not is_whole(mp3):
        raise PassingError("the service sent something that is no whole MP3")
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise PassingError(f"the service sent an MP3 that cannot be decoded: {error}") from error
    recording = Recording(np.asarray(samples.mean(axis=1), np.float32), int(rate))
    if wrong := broken_end(recording):
        raise PassingError(wrong)
    return recording


def is_whole(mp3: bytes) -> bool:
    """Say whether there is at least one Layer III frame and every one of them is complete."""
    place = _after_id3(mp3)
    frames = 0
    while place < len(mp3):
        if mp3[place : place + 3] == b"TAG" and len(mp3) - place == 128:
            break
        length = _frame_bytes(mp3[place : place + 4])
        if length == 0 or place + length > len(mp3):
            return False
        place += length
        frames += 1
    return frames > 0


def _after_id3(mp3: bytes) -> int:
    if mp3[:3] != b"ID3" or len(mp3) < 10:
        return 0
    size = 0
    for byte in mp3[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame_bytes(head: bytes) -> int:
    """Give the length of the frame that begins with these four bytes; 0 where they are no frame head."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, bitrate = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or bitrate in (0, 15):
        return 0
    padding = head[2] >> 1 & 1
    kbps = _BITRATES_KBPS[3 if version == 3 else 2][bitrate]
    return (144 if version == 3 else 72) * kbps * 1_000 // _RATES_HZ[version][rate] + padding
