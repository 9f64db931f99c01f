"""The clips of a session: their lengths and digests at once, their sound when it is mixed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from audio_builder.errors import SpeechError
from audio_builder.sound.contour import contour
from audio_builder.sound.levelling import WARMTH_VERSION, level, warmed
from audio_builder.sound.samples import Samples
from audio_builder.sound.settings import Warmth
from audio_builder.speech.choice import ChosenVoice
from audio_builder.speech.clip_store import ClipKey, ClipNote, ClipStore
from audio_builder.speech.engine import Utterance
from audio_builder.speech.notation import Lexicon
from audio_builder.speech.speaking import clip_key, prepared, speak_all, speak_each
from audio_builder.timebase import RATE

Report = Callable[[int, int], None]
"""Gets how much of a stage is done, and how much there is."""

RECORDINGS = "recordings"
"""The engine whose voices are people's own; they are not softened."""


class Clips(Mapping[str, Samples]):
    """The clips of one session, by text. No more of their sound is held than somebody looks at."""

    def __init__(
        self,
        voice: ChosenVoice,
        *,
        language: str,
        speed: float,
        store: ClipStore,
        lexicon: Lexicon | None = None,
        warmth: Warmth | None = None,
    ) -> None:
        self._voice = voice
        self._language = language
        self._speed = speed
        self._store = store
        self._lexicon = lexicon or Lexicon()
        own_words = voice.engine.name == RECORDINGS
        self._warmth = None if warmth is None or not warmth.amount or own_words else warmth
        self._keys: dict[str, ClipKey] = {}
        self._notes: dict[str, ClipNote] = {}
        self._mending = threading.Lock()

    def learn(
        self,
        texts: Iterable[str],
        *,
        report: Report,
        places: Mapping[str, str],
        known: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Speak what was never spoken, and note what the others are. Raises SpeechError.

        While there is something to speak, `known` gets each text as soon as its length is known.
        """
        wanted = tuple(dict.fromkeys(texts))
        for text in wanted:
            key = clip_key(prepared(self._said(text), self._voice, lexicon=self._lexicon), self._voice.engine)
            self._keys[text] = key
            note = self._store.note(key)
            if note is not None:
                self._notes[text] = note
        missing = [text for text in wanted if text not in self._notes]
        stored = [text for text in wanted if text in self._notes]
        report(len(stored), len(wanted))
        if missing:
            for text in stored:
                known(text)
            for text in self._speak(missing, places=places, report=_part(report, len(stored), len(wanted))):
                known(text)
            self._store.cache.trim()

    def _speak(self, texts: list[str], *, report: Report, places: Mapping[str, str]) -> Iterator[str]:

        spoken = speak_each(
            [self._said(text) for text in texts],
            self._voice,
            store=self._store,
            progress=report,
            places={self._said(text): places[text] for text in texts if text in places},
            lexicon=self._lexicon,
        )
        for utterance, clip in spoken:
            note = self._store.note(self._keys[utterance.text])
            if note is None or note.digest != clip.digest:  # pruned meanwhile, or kept as another voice's
                note = ClipNote(clip.length, clip.digest, contour(clip.samples))
            self._notes[utterance.text] = note
            yield utterance.text

    def _said(self, text: str) -> Utterance:
        return Utterance(text, language=self._language, speed=self._speed)

    def note(self, text: str) -> ClipNote:
        """Give the note of a text that was learned; warmth changes how it sounds, hardly its contour."""
        note = self._notes[text]
        if self._warmth is None:
            return note
        made = f"{note.digest} {self._warmth!r} {WARMTH_VERSION}"
        return replace(note, digest=hashlib.sha256(made.encode()).hexdigest())

    def digest(self, text: str) -> str:
        """Tell how a text that was learned sounds by a digest."""
        return self.note(text).digest

    def __getitem__(self, text: str) -> Samples:
        """Read a clip's sound, (samples,). Raises SpeechError where it was lost and is not the same again."""
        note = self._notes[text]
        clip = self._store.get(self._keys[text])
        if clip is None or clip.digest != note.digest:
            with self._mending:
                said = self._said(text)
                clip = speak_all([said], self._voice, store=self._store, lexicon=self._lexicon)[said]
            if clip.digest != note.digest:
                raise SpeechError(
                    f'the stored clip of "{text}" was damaged, and its voice says it differently now',
                    remedy="build again; the new clip is kept",
                )
        if self._warmth is None:
            return clip.samples

        return level(warmed(clip.samples, RATE, warmth=self._warmth), RATE)

    def __contains__(self, text: object) -> bool:
        return text in self._notes

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)


def _part(report: Report, before: int, total: int) -> Report:
    """Make a report on a part of the clips speak of all of them."""
    return lambda done, _: report(before + done, total)
