"""What each command does: read options, call the library, print what came out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from audio_builder.cli import options, printing

DEFAULT = "thoracic-mobility"


def build(
    routine: options.RoutineName = DEFAULT,
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder, or a file ending in .mp3.")] = Path("dist"),
    voice: options.Voice = None,
    guidance: options.Guidance = None,
    sets: options.Set = None,
    offline: options.Offline = False,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
) -> None:
    """Build a session: an MP3 with chapters, and its sidecars.

    [dim]audio-builder build
    audio-builder build gentle -o gentle.mp3 --guidance light
    audio-builder build my-routine.yaml --set cat-cow.reps=10[/dim]
    """
    from audio_builder.build import build as build_session

    wished = options.settings(sets, {"guidance": guidance, "voice": voice})
    with printing.progress(shown=not quiet and not as_json) as report:
        session = build_session(routine, output, settings=wished, offline=offline, progress=report)
    if as_json:
        typer.echo(json.dumps(session.summary(), ensure_ascii=False))
    elif not quiet:
        printing.summary(session)


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Scripts or folders; default: the bundled ones.")
    ] = None,
) -> None:
    """Check scripts and show every problem, each with its line.

    [dim]audio-builder check
    audio-builder check my-routine.yaml exercises/[/dim]
    """
    from audio_builder.cli.checking import check_scripts

    count, problems = check_scripts(paths)
    if problems:
        for problem in problems:
            typer.echo(str(problem), err=True)
        found = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        typer.echo(f"{found} in {printing.scripts(count)}.", err=True)
        raise typer.Exit(2)
    typer.echo(f"{printing.scripts(count).capitalize()} checked, no problem found.")


def cues(
    routine: options.RoutineName = DEFAULT,
    form: Annotated[str, typer.Option("--format", metavar="text|json|vtt|lrc|md", help="How to show them.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file to write instead.")] = None,
    voice: options.Voice = None,
    guidance: options.Guidance = None,
    sets: options.Set = None,
    offline: options.Offline = False,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
) -> None:
    """Show the timed cue text without speaking it; times are estimated.

    [dim]audio-builder cues
    audio-builder cues gentle --format md -o gentle.md[/dim]
    """
    from audio_builder.build import FORMATS, preview
    from audio_builder.build.output import write_all

    form = "json" if as_json else form
    if form not in FORMATS:
        raise typer.BadParameter(f'"{form}" is not a format; choose one of {", ".join(FORMATS)}', param_hint="--format")
    sheet = preview(routine, settings=options.settings(sets, {"guidance": guidance, "voice": voice}))
    text = FORMATS[form](sheet)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_all({output: [text.encode()]})
    if not quiet:
        typer.echo(f"Written to {output}.")


def list_(as_json: options.AsJson = False) -> None:
    """List routines, exercises with their doses, voices that work here, and sounds."""
    from audio_builder.cli.listing import inventory

    found = inventory()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        printing.inventory(found)


def register(app: typer.Typer) -> None:
    """Add the commands to the app, in the order of their use."""
    app.command()(build)
    app.command()(check)
    app.command()(cues)
    app.command(name="list")(list_)
