"""What a build gives back: where the session lies, and everything that is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio_builder.errors import Remedy
from audio_builder.session.chapters import chapters_of
from audio_builder.session.cuesheet import CueSheet
from audio_builder.speech import ChosenVoice
from audio_builder.timebase import to_seconds

if TYPE_CHECKING:
    from pydub import AudioSegment


def target(out: str | Path, name: str) -> Path:
    """Give the MP3's path: `out` is the file itself where it ends in .mp3, else a folder."""
    path = Path(out)
    return path if path.suffix.lower() == ".mp3" and not path.is_dir() else path / f"{name}.mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A finished session on disk."""

    path: Path
    """The MP3; its sidecars lie beside it."""
    cue_sheet: CueSheet
    voice: str
    """Engine and voice, such as `espeak` or `gtts:en`."""
    why: str
    """Why this voice was chosen."""
    better: Remedy | str
    """One step that would give a better voice; empty where there is none."""
    size: int
    """Bytes of the MP3."""

    @classmethod
    def of(cls, path: Path, sheet: CueSheet, chosen: ChosenVoice) -> Session:
        """Describe the session that lies at a path."""
        return cls(
            path=path,
            cue_sheet=sheet,
            voice=str(chosen),
            why=chosen.why,
            better=chosen.better,
            size=path.stat().st_size,
        )

    @property
    def length_seconds(self) -> float:
        """The length of the session."""
        return self.cue_sheet.length_seconds

    def audio(self) -> AudioSegment:
        """Decode the session into a pydub AudioSegment: 48 kHz, 16 bits."""
        import soundfile

        from audio_builder.sound.samples import to_segment

        samples, rate = soundfile.read(str(self.path), dtype="float32")
        return to_segment(samples, rate)

    def summary(self) -> dict[str, Any]:
        """Give what a person wants to know, as plain data."""
        return {
            "path": str(self.path),
            "title": self.cue_sheet.title,
            "length_seconds": self.length_seconds,
            "size_bytes": self.size,
            "voice": self.voice,
            "voice_reason": self.why,
            "better_voice": str(self.better),
            "chapters": [
                {"title": chapter.title, "start_seconds": to_seconds(chapter.start)}
                for chapter in chapters_of(self.cue_sheet)
            ],
        }
