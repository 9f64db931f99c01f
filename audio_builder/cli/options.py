"""The options that several commands share, and how they become settings."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, assert_never

import typer

from audio_builder.errors import Action, Place, Setting
from audio_builder.language import LANGUAGES
from audio_builder.sound.settings import PACERS

if TYPE_CHECKING:
    from audio_builder.script.overrides import Override

    Wished = list[Override]
else:
    Wished = list

RoutineName = Annotated[
    str, typer.Argument(metavar="ROUTINE", help="A bundled routine's name, or the path of a YAML file.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use no network: the voice is a local one.")]

CUSTOMISE = "Customise"
"""The panel of the help under which the settings stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """An option that is short for one setting."""

    setting: str
    metavar: str
    about: str
    name: str = ""
    """The option, where it is not the setting's own name."""

    @property
    def option(self) -> str:
        """The option as people type it."""
        return self.name or "--" + self.setting.replace("_", "-")


FLAGS = (
    Flag(setting="length", name="--minutes", metavar="MINUTES", about="Fit doses and rests to this length."),
    Flag(setting="level", metavar="gentle|standard|strong", about="Doses within the authors' limits."),
    Flag(setting="hold", metavar="LENGTH", about='Every hold, like "5 breaths" or 30s.'),
    Flag(setting="reps", metavar="NUMBER", about="Every count of reps."),
    Flag(
        setting="breath",
        name="--pace",
        metavar="IN/OUT",
        about="Breath pace, like 4/6, or 4-4-4-4 with pauses.",
    ),
    Flag(setting="guidance", metavar="full|light|bells", about="How much is spoken."),
    Flag(setting="counts", metavar="all|last three|none|…", about="Which reps are counted aloud."),
    Flag(setting="rest", metavar="TIME", about="Between exercises, like 20s."),
    Flag(setting="switch", metavar="TIME", about="Between the sides, like 8s."),
    Flag(setting="only", metavar="NAMES", about="Do only these exercises, like cat-cow,open-book-twist."),
    Flag(setting="skip", metavar="NAMES", about="Leave these exercises out."),
    Flag(setting="start_side", metavar="right|left", about="The side that comes first."),
    Flag(setting="rounds", metavar="NUMBER", about="How often to go through it all."),
    Flag(setting="voice", metavar="ENGINE[:VOICE]", about="Who speaks, like espeak or gtts; default auto."),
    Flag(setting="on_failure", metavar="stop|next-engine", about="What to do when a voice fails for good."),
    Flag(setting="pacer", metavar="|".join(PACERS), about="What leads the breath."),
    Flag(setting="bed", metavar="none|waves|rain|drone|FILE", about="What lies quietly under everything."),
    Flag(setting="warmth", metavar="0..1", about="How much a synthetic voice is softened."),
    Flag(setting="quality", metavar="small|standard|high", about="64, 96 or 160 kbit/s."),
    Flag(setting="language", metavar="|".join(LANGUAGES), about="The language that is spoken."),
)


_COMMANDS_OWN = ("base_url", "email", "host", "key", "lan", "offline", "port")
"""Options of single commands that errors name."""
_OPTIONS = {
    **{flag.setting: flag.option for flag in FLAGS},
    **{name: "--" + name.replace("_", "-") for name in ("beyond_limits", *_COMMANDS_OWN)},
    "output": "-o",
}


def called(part: Setting | Action) -> str:
    """Call a setting or an action what the command line calls it."""
    match part:
        case Action():
            return f"audio-builder {part}"
        case Setting():
            value = f'"{part.value}"' if " " in part.value else part.value
            if part.name in _OPTIONS:
                return f"{_OPTIONS[part.name]} {value}".strip()
            return f"--set {part.name}" + (f"={value}" if value else "")
        case _:
            assert_never(part)


def wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of FLAGS, `--beyond-limits` and `--set`; it gets them all as `wished`."""
    own = inspect.signature(command, eval_str=True)
    added = {flag.setting: _option(flag) for flag in FLAGS}
    added["beyond_limits"] = Annotated[
        bool,
        typer.Option(
            "--beyond-limits", help="Allow doses outside the authors' limits.", rich_help_panel=CUSTOMISE
        ),
    ]
    added["sets"] = Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help='Any setting, like cat-cow.reps=10 or thread-the-needle.hold="5 breaths".',
            rich_help_panel=CUSTOMISE,
        ),
    ]

    @functools.wraps(command)
    def with_wishes(**given: Any) -> None:
        values = {name: given.pop(name) for name in added}
        command(**given, wished=_settings(values.pop("sets"), values))

    kept = [parameter for parameter in own.parameters.values() if parameter.name != "wished"]
    new = [_parameter(name, kind) for name, kind in added.items()]
    with_wishes.__signature__ = own.replace(parameters=[*kept, *new])  # type: ignore[attr-defined]
    with_wishes.__annotations__ = {each.name: each.annotation for each in (*kept, *new)}
    return with_wishes


def _option(flag: Flag) -> Any:
    option = typer.Option(flag.option, metavar=flag.metavar, help=flag.about, rich_help_panel=CUSTOMISE)
    return Annotated[str | None, option]


def _parameter(name: str, kind: Any) -> inspect.Parameter:
    default = False if name == "beyond_limits" else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def asked(setting: str, value: Any) -> Override:
    """Make a setting to lay over a routine from what an option was given."""
    from audio_builder.script.overrides import Override

    return Override(path=setting, value=value, place=Place(source=_OPTIONS[setting]))


def _settings(sets: list[str] | None, values: dict[str, Any]) -> list[Override]:
    """Turn options into settings to lay over a routine; the more special --set comes last and wins."""
    from audio_builder.script.document import plain_value
    from audio_builder.script.overrides import from_text

    found = []
    for flag in FLAGS:
        if values[flag.setting] is not None:
            value = plain_value(values[flag.setting].strip())
            if flag.name == "--minutes" and isinstance(value, int | float):
                value = f"{value:g}m"
            found.append(asked(flag.setting, value))
    if values["beyond_limits"]:
        found.append(asked("beyond_limits", value=True))
    return found + [from_text(text, source="--set") for text in sets or ()]


def personal_config() -> Path:
    """Give the file of the user's own defaults, which need not be there unless the environment names it."""
    from audio_builder.script.overrides import config_path

    return config_path()
