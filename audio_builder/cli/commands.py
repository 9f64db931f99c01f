"""What each command does: read options, call the library, print what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audio_builder.cli import caching, options, printing, sharing, voicing
from audio_builder.files.atomic import write_all
from audio_builder.language import LANGUAGES
from audio_builder.script.finding import DEFAULT_ROUTINE


@options.wishes
def build(
    routine: options.RoutineName = DEFAULT_ROUTINE,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="A folder, or a file ending in .mp3.")
    ] = Path("dist"),
    check_it: Annotated[
        bool, typer.Option("--verify", help="Inspect the finished session; exit 1 if anything is off.")
    ] = False,
    offline: options.Offline = False,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
    *,
    wished: options.Wished,
) -> None:
    """Build a session: an MP3 with chapters, and its sidecars.

    [dim]audio-builder build
    audio-builder build gentle -o gentle.mp3 --guidance light
    audio-builder build --minutes 15 --pace 4/4 --skip downward-dog-to-plank
    audio-builder build my-routine.yaml --set cat-cow.reps=10[/dim]
    """
    from audio_builder.building import build as build_session

    config = options.personal_config()
    with printing.progress(shown=not quiet and not as_json) as report:
        session = build_session(
            routine, output, settings=wished, config=config, offline=offline, progress=report
        )
    if as_json:
        printing.say_json(session.summary())
    elif not quiet:
        printing.summary(session)
    if check_it:
        sharing.verify_built(session.path, quiet=quiet or as_json)


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Scripts or folders; default: the bundled ones."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="|".join(LANGUAGES), help="Check what build would take in this language."
        ),
    ] = None,
) -> None:
    """Check scripts and show every problem, each with its line.

    [dim]audio-builder check
    audio-builder check my-routine.yaml exercises/
    audio-builder check my-routine.yaml --language de[/dim]
    """
    from audio_builder.building.checking import check_scripts

    wished = options.asked("language", language) if language else None
    found = check_scripts(paths, language=wished, config=options.personal_config())
    for problem in (*found.problems, *found.advice):
        printing.say(problem.worded(options.called), err=True)
    if found.problems:
        printing.say(f"{printing.counted(len(found.problems), 'problem')} in {found.scripts}.", err=True)
        raise typer.Exit(2)
    advice = f", {printing.counted(len(found.advice), 'piece')} of advice" if found.advice else ""
    printing.say(f"{found.scripts} checked, no problem found{advice}.")


Format = Annotated[str, typer.Option("--format", metavar="text|json|vtt|lrc|md", help="How to show them.")]
Instead = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="A file to write instead.")
]
Exact = Annotated[bool, typer.Option("--exact", help="Speak first, so that all times are exact.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show each setting and where it came from instead.")]


@options.wishes
def cues(
    routine: options.RoutineName = DEFAULT_ROUTINE,
    form: Format = "text",
    output: Instead = None,
    exact: Exact = False,
    explain: Explain = False,
    offline: options.Offline = False,
    as_json: options.AsJson = False,
    *,
    wished: options.Wished,
) -> None:
    """Show the timed cue text without building; times are estimated.

    [dim]audio-builder cues
    audio-builder cues gentle --format md -o gentle.md
    audio-builder cues --level strong --explain[/dim]
    """
    from audio_builder.building import FORMATS, preview

    config = options.personal_config()
    if explain:
        _explain(routine, wished, config, as_json=as_json)
        return
    form = "json" if as_json else form
    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise typer.BadParameter(f'"{form}" is not a format; choose one of {known}', param_hint="--format")
    sheet = preview(routine, settings=wished, config=config, exact=exact, offline=offline)
    text = FORMATS[form](sheet)
    if output is None:
        printing.say(text, end="")
        return
    write_all({output: [text.encode()]})
    printing.say(f"Written to {output}.")


def _explain(routine: str, wished: options.Wished, config: Path, *, as_json: bool) -> None:
    from audio_builder.building import explain

    rows = explain(routine, settings=wished, config=config)
    if as_json:
        found = {row.setting: {"value": row.value, "origin": row.origin} for row in rows}
        printing.say_json(found)
    else:
        printing.explanation(rows)


def init(
    routine: Annotated[
        str, typer.Argument(metavar="ROUTINE", help="The bundled routine to start from.")
    ] = DEFAULT_ROUTINE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="What to call the copy.")
    ] = None,
    with_exercises: Annotated[
        bool, typer.Option("--with-exercises", help="Copy its exercises too, to change their words.")
    ] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="|".join(LANGUAGES), help="Which version.")
    ] = "en",
) -> None:
    """Put an editable copy of a routine into this folder.

    [dim]audio-builder init
    audio-builder init gentle -o mornings.yaml --with-exercises[/dim]
    """
    from audio_builder.cli.starting import copy_routine

    written = copy_routine(routine, output, language=language, with_exercises=with_exercises)
    for path in written:
        printing.say(f"Written: {path}")
    printing.say(f"Edit it, then: audio-builder build {written[0]}")


def new(
    kind: Annotated[str, typer.Argument(metavar="exercise|routine", help="What to start.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its short name, like side-stretch.")],
) -> None:
    """Write a commented template of an exercise or a routine into this folder.

    [dim]audio-builder new exercise side-stretch
    audio-builder new routine mornings[/dim]
    """
    from audio_builder.cli.starting import write_template

    printing.say(f"Written: {write_template(kind, name)}")


def schema(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write the two files.")] = Path(
        "schema"
    ),
) -> None:
    """Write the JSON Schemas of scripts, with which editors complete and check as one types.

    [dim]audio-builder schema[/dim]
    """
    from audio_builder.cli.starting import write_schemas

    for path in write_schemas(folder):
        printing.say(f"Written: {path}")


def register(app: typer.Typer) -> None:
    """Add the commands to the app, in the order of their use."""
    app.command()(build)
    app.command()(cues)
    app.command()(check)
    app.command(name="list")(voicing.list_)
    app.command()(init)
    app.command()(new)
    app.command()(schema)
    voicing.register(app)
    caching.register(app)
    sharing.register(app)
