"""A routine comes in; every line that its teacher may need to have recorded goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from audio_builder.building import preview
from audio_builder.cli import options
from audio_builder.errors import CompileError
from audio_builder.script import Override, load_routine
from audio_builder.script.document import Place, Rank
from audio_builder.speech.voice_script import Line

if TYPE_CHECKING:
    from audio_builder.building import CueSheet

PACES = (1.0, 0.75, 0.87, 1.15, 1.3)
"""Of reading aloud, against the estimate's: which lines fit, and which doses make a length, depends on it."""

SLOWEST, FASTEST = 0.5, 1.5
"""What a routine allows as its speed."""


def lines_of(routine: str, wished: Sequence[Override]) -> tuple[str, list[Line]]:
    """Give a routine's title and lines, section by section, those of other paces of reading at their end."""
    sheets = list(_sheets(routine, wished))
    titles = {section.name: section.title for sheet in sheets for section in sheet.sections}
    order = list(titles)
    cues = [(cue.section, cue.text, sheet.language) for sheet in sheets for cue in sheet.cues()]
    return sheets[0].title, [
        Line(text=text, language=language, section=titles[section])
        for section, text, language in sorted(cues, key=lambda cue: order.index(cue[0]))
    ]


def _sheets(routine: str, wished: Sequence[Override]) -> Iterator[CueSheet]:
    """Plan the routine at each pace; one at which it cannot be, for the length that is asked, is left out."""
    config = options.personal_config()
    speed = load_routine(routine, settings=wished, config=config).routine.speed
    for pace in PACES:
        value = min(FASTEST, max(SLOWEST, speed * pace))
        at_pace = Override(path="speed", value=value, place=Place(source="voice-script", rank=Rank.ASKED))
        try:
            yield preview(routine, settings=[*wished, at_pace], config=config)
        except CompileError:
            if pace == PACES[0]:
                raise
