"""The commands for finished sessions: verify, plot, publish, serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audio_builder.cli import options, printing
from audio_builder.files.atomic import write_all

if TYPE_CHECKING:
    from audio_builder.publish.website import Published
    from audio_builder.web.server import ServerPlan

DIST = Path("dist")

Sessions = Annotated[
    list[str] | None,
    typer.Argument(metavar="SESSION", help="Names or MP3s; default: all that lie in dist/."),
]


def verify(sessions: Sessions = None, as_json: options.AsJson = False) -> None:
    """Inspect finished sessions against their cue sheets; exit 1 if anything is off.

    [dim]audio-builder verify
    audio-builder verify dist/gentle.mp3[/dim]
    """
    import json

    from audio_builder.publish.episode import locate
    from audio_builder.verify.inspection import verify as inspect

    reports = [inspect(path) for path in locate(sessions or (), DIST)]
    if as_json:
        found = [json.loads(report.to_json()) for report in reports]
        printing.say_json(found[0] if len(found) == 1 else found)
    else:
        for report in reports:
            printing.report(report)
    if not all(report.passed for report in reports):
        raise typer.Exit(1)


def verify_built(path: Path, *, quiet: bool) -> None:
    """Inspect a session that was just built; show what was found, or only what is off."""
    from audio_builder.verify.inspection import verify as inspect

    found = inspect(path)
    if not quiet or not found.passed:
        printing.report(found, to_stderr=quiet)
    if not found.passed:
        raise typer.Exit(1)


Session = Annotated[
    str | None, typer.Argument(metavar="SESSION", help="A name or an MP3; default: the one in dist/.")
]
Picture = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="A file ending in .png or .svg.")
]
Spectrogram = Annotated[bool, typer.Option("--spectrogram", help="Show the tones' pitch as well.")]
Start = Annotated[float | None, typer.Option("--from", metavar="SECONDS", help="Where the picture begins.")]
Stop = Annotated[float | None, typer.Option("--to", metavar="SECONDS", help="Where the picture ends.")]


def plot(
    session: Session = None,
    output: Picture = None,
    spectrogram: Spectrogram = False,
    start: Start = None,
    stop: Stop = None,
) -> None:
    """Draw a session: waveform, speech, breath, chapters and loudness over time.

    [dim]audio-builder plot
    audio-builder plot dist/gentle.mp3 --spectrogram --from 60 --to 120[/dim]
    """
    from audio_builder.plot import plot as draw
    from audio_builder.publish.episode import locate

    path = locate([session] if session else (), DIST)[0]
    target = output or path.with_suffix(".png")
    form = target.suffix.lstrip(".")
    write_all({target: [draw(path, form=form, spectrogram=spectrogram, start=start, stop=stop)]})
    printing.say(f"Written to {target}.")


SiteFolder = Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="The site's folder.")]
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="Where the site will be; podcast apps need it."),
]
Title = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", help="The site's and the podcast's title.")
]
About = Annotated[
    str | None, typer.Option("--about", metavar="TEXT", help="What they are about, in a sentence or two.")
]
Author = Annotated[str | None, typer.Option("--author", metavar="NAME", help="Who made them.")]
Email = Annotated[
    str | None,
    typer.Option("--email", metavar="ADDRESS", help="Public in the feed; some directories ask for it."),
]
Removed = Annotated[
    list[str] | None,
    typer.Option("--remove", metavar="SESSION", help="Take a session off the site; may be repeated."),
]


def publish(
    sessions: Sessions = None,
    output: SiteFolder = DIST / "site",
    base_url: BaseUrl = None,
    title: Title = None,
    about: About = None,
    author: Author = None,
    email: Email = None,
    remove: Removed = None,
    quiet: options.Quiet = False,
) -> None:
    """Make a static site of sessions: player pages, downloads and a podcast feed.

    Publishing again adds and replaces; the site remembers its address, title, about, author and e-mail.

    [dim]audio-builder publish
    audio-builder publish gentle --base-url https://example.org/sessions/
    audio-builder publish --remove gentle[/dim]
    """
    from audio_builder.publish.episode import locate
    from audio_builder.publish.website import publish as make_site

    found = () if remove and not sessions else locate(sessions or (), DIST)
    done = make_site(
        found,
        output,
        remove=remove or (),
        base_url=base_url,
        title=title,
        about=about,
        author=author,
        email=email,
    )
    if not quiet:
        _tell(done)


def _tell(done: Published) -> None:
    printing.say(f"{done.index}: {printing.counted(len(done.pages), 'session')}")
    for word, names in (
        ("added", done.added),
        ("replaced", done.replaced),
        ("removed", done.removed),
        ("left out, damaged", done.left_out),
    ):
        if names:
            printing.say(f"  {word}: {', '.join(names)}")
    if not done.absolute:
        printing.say("  The feed needs --base-url before podcast apps can read it.")
    printing.say("Listen on your phone: audio-builder serve --lan")


def serve(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The published site.")] = DIST / "site",
    lan: Annotated[
        bool, typer.Option("--lan", help="Let phones in the local network in, with a key.")
    ] = False,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="NUMBER", help="The port; 0 takes a free one.")
    ] = 8000,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="KEY",
            envvar="AUDIO_BUILDER_KEY",
            help="A key of your own, 16 characters or more, so that the address stays; default: a new one.",
        ),
    ] = None,
) -> None:
    """Serve the published site: to this machine, or to phones in the local network.

    [dim]audio-builder serve
    audio-builder serve --lan
    AUDIO_BUILDER_KEY=… audio-builder serve --lan[/dim]
    """
    from audio_builder.web.server import serve as serve_site

    serve_site(folder, host=host, port=port, lan=lan, key=key, announce=_announce)


def _announce(plan: ServerPlan) -> None:
    if plan.qr:
        # The blocks are what is light: in these colours the code is dark on light, as cameras want it.
        for line in plan.qr.splitlines():
            typer.secho(line, fg=typer.colors.BRIGHT_WHITE, bg=typer.colors.BLACK)
        printing.say("Scan it with a phone in the same network, or open there:")
    for address in plan.addresses:
        printing.say(address)
    printing.say(f"Podcast feed: {plan.feed}")
    printing.say("Ctrl-C stops.")


def register(app: typer.Typer) -> None:
    """Add the commands to the app, in the order of their use."""
    for command in (verify, plot, publish, serve):
        app.command()(command)
