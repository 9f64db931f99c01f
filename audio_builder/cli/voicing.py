"""The commands that show what there is, and those around voices: a sample, an install, lines to record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audio_builder.cli import options, printing
from audio_builder.script.finding import DEFAULT_ROUTINE

voices_app = typer.Typer(invoke_without_command=True, no_args_is_help=False)


@voices_app.callback()
def voices(
    context: typer.Context,
    say: Annotated[
        str | None, typer.Option("--say", metavar="TEXT", help="Write this, spoken, as a WAV file.")
    ] = None,
    voice: Annotated[str, typer.Option("--voice", metavar="ENGINE[:VOICE]", help="Who says it.")] = "auto",
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Only, or said, in this language.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The WAV file.")] = Path(
        "sample.wav"
    ),
    everything: Annotated[bool, typer.Option("--all", help="List every single voice.")] = False,
    offline: options.Offline = False,
    as_json: options.AsJson = False,
) -> None:
    """Show what speaks here, and what would with one more step.

    [dim]audio-builder voices
    audio-builder voices --language de --all
    audio-builder voices --say "Breathe in." --voice espeak:en-gb -o sample.wav
    audio-builder voices install de_DE-thorsten-medium
    audio-builder voices install hibari:emma[/dim]
    """
    if context.invoked_subcommand is not None:
        return
    from audio_builder.cli import hearing

    if say is not None:
        speaker = hearing.write_sample(say, voice, output, language=language or "en", offline=offline)
        printing.say(f"Written to {output}, by {speaker}.")
    else:
        hearing.show_voices(language=language, everything=everything, offline=offline, as_json=as_json)


@voices_app.command()
def install(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A Piper voice, or one like hibari:emma.")],
) -> None:
    """Download a neural voice, to speak without a network from then on."""
    from audio_builder.cli import hearing

    printing.say(f"Installed. Try it: audio-builder build --voice {hearing.install(name)}")


@options.wishes
def voice_script(
    routine: options.RoutineName = DEFAULT_ROUTINE,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="The folder for the lines and your recordings."
        ),
    ] = Path("recordings"),
    *,
    wished: options.Wished,
) -> None:
    """Write the numbered lines of a routine, to record them with your own voice.

    [dim]audio-builder voice-script gentle -o my-voice
    audio-builder build gentle --voice recordings:my-voice[/dim]
    """
    from audio_builder.cli import hearing

    for path in hearing.write_lines(routine, wished, output):
        printing.say(f"Written: {path}")
    printing.say(
        f"Record each line into {output}, named by its number, like 001.wav. Then, with the same options:\n"
        f"  audio-builder build {routine} --voice recordings:{output}\n"
        f'Until all are there: --voice "recordings:{output} else espeak"'
    )


def list_(as_json: options.AsJson = False) -> None:
    """List routines, exercises with their doses, voices that work here, and sounds.

    [dim]audio-builder list[/dim]
    """
    from audio_builder.cli import hearing

    hearing.show_inventory(as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands to the app, in the order of their use."""
    app.add_typer(voices_app, name="voices")
    app.command(name="voice-script")(voice_script)
