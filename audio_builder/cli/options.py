"""The options that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from audio_builder.script import Override

RoutineName = Annotated[
    str, typer.Argument(metavar="[ROUTINE]", help="A bundled routine's name, or the path of a YAML file.")
]
Guidance = Annotated[
    str | None, typer.Option("--guidance", metavar="full|light|bells", help="How much is spoken.")
]
Voice = Annotated[
    str | None, typer.Option("--voice", metavar="ENGINE[:VOICE]", help="Who speaks, like espeak or gtts; default auto.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help='A setting, like cat-cow.reps=10 or thread-the-needle.hold="5 breaths".'),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use no network: the voice is a local one.")]


def settings(sets: list[str] | None, flags: Mapping[str, Any]) -> list[Override]:
    """Turn flags (by setting, None where not given) and --set options into settings to lay over a routine."""
    from audio_builder.script import Override, from_option
    from audio_builder.script.document import Place

    given = [
        Override(path=path, value=value, place=Place(source=f"--{path.replace('_', '-')}", rank=3))
        for path, value in flags.items()
        if value is not None
    ]
    return given + [from_option(text) for text in sets or ()]
