"""The options that verbs share, each declared once.

A verb takes a bundle of options as one typed parameter (`ReadingOptions`, `SettingOptions` …). `expanded`
makes an option of each field of the bundle, and builds the bundle again for the call.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import signal
from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_type_hints

import typer

from dedup.cli.configuration import ENVIRONMENT_PREFIX, Configuration, configure
from dedup.errors import OutputError, SettingsError
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.background.tables import Background

READING = "Reading"
SETTINGS = f"Settings (also as {ENVIRONMENT_PREFIX}NAME, in dedup.toml or under [tool.dedup])"
RUNNING = "Running"
#: Minimum memory for a run: the interpreter and the kernels take most of it.
LEAST_MEMORY = 1024**3
#: More threads than any machine has cores would cost memory and gain nothing.
MOST_THREADS = 1024
#: The exit code after SIGTERM.
ENDED = 128 + signal.SIGTERM

Paths = Annotated[
    list[str],
    typer.Argument(
        help="Files, directories, archives or glob patterns of articles in any usual format; "
        "- reads JSON lines from standard input.",
    ),
]

FirstOfPair = Annotated[
    str, typer.Argument(metavar="A", help="A file with one article, or the id of an article in INPUTS.")
]
SecondOfPair = Annotated[str, typer.Argument(metavar="B", help="The other file or id.")]
PairInputs = Annotated[
    list[str] | None,
    typer.Argument(help="Files in which to look for the ids A and B; without INPUTS, A and B are files."),
]


class Bundle:
    """Options that belong together; a subclass is a dataclass whose fields are annotated for typer."""

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return the options as parameters of a command."""
        hints = get_type_hints(cls, include_extras=True)
        return [_parameter(field.name, hints[field.name], field.default) for field in _fields(cls)]

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Self:
        """Build the bundle from the values that the command line gave."""
        return cls(**values)


def expanded(verb: Callable[..., int | None]) -> Callable[..., int | None]:
    """Replace the bundles among a verb's parameters by their options on the command line."""
    hints = get_type_hints(verb, include_extras=True)
    hints.pop("return", None)
    bundles = {
        name: kind for name, kind in hints.items() if inspect.isclass(kind) and issubclass(kind, Bundle)
    }
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(verb).parameters.items():
        if name in bundles:
            parameters += bundles[name].parameters()
        else:
            parameters.append(_parameter(name, hints[name], parameter.default))

    @functools.wraps(verb)
    def command(**given: Any) -> int | None:
        for name, bundle in bundles.items():
            values = {option.name: given.pop(option.name) for option in bundle.parameters()}
            given[name] = bundle.from_values(values)
        return verb(**given)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del command.__wrapped__
    return command


class SettingOptions(Bundle):
    """One option for each field of `Settings`, and the file that settings are read from."""

    def __init__(self, config: Path | None, flags: dict[str, object]) -> None:
        self.config = config
        self.flags = flags

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return one parameter per setting, with its range, unit and help."""
        file = typer.Option(
            metavar="FILE",
            help="Read settings from this TOML file, not from dedup.toml or pyproject.toml.",
            rich_help_panel=SETTINGS,
        )
        options = [_setting(knob) for knob in fields(Settings)]
        return [*options, _parameter("config", Annotated[Path | None, file], None)]

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Self:
        """Separate the settings from the name of the file."""
        return cls(values.pop("config"), values)

    def configuration(self) -> Configuration:
        """Return the settings in force in this environment and directory."""
        return configure(self.flags, config=self.config, environment=os.environ, directory=Path())

    def settings(self) -> Settings:
        """Return the settings in force, without their origins."""
        return self.configuration().settings


@dataclass(frozen=True)
class BackgroundOption(Bundle):
    """The background to use."""

    background: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Use a background that `dedup background` wrote, instead of learning one from the inputs.",
            rich_help_panel=READING,
        ),
    ] = None

    def load(self) -> Background | None:
        """Load the background from the file, if one is named."""
        if self.background is None:
            return None
        from dedup.background.tables import Background

        return Background.load(self.background)


@dataclass(frozen=True)
class ThreadsOption(Bundle):
    """The number of threads of a run; the result is the same with any number."""

    threads: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=MOST_THREADS,
            help="Number of threads; the result does not depend on it.",
            show_default="all cores the process may use",
            rich_help_panel=RUNNING,
        ),
    ] = None


@dataclass(frozen=True)
class RoomOptions(Bundle):
    """How much memory a run may take, and where it stores the rest; the result does not depend on them."""

    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Maximum memory of the process, such as 4G; at least 1G.",
            show_default="half of the machine's",
            rich_help_panel=RUNNING,
        ),
    ] = None
    scratch: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Directory for temporary files, which take about three times the size of the texts.",
            show_default="the system's for temporary files",
            rich_help_panel=RUNNING,
        ),
    ] = None

    def bytes_of_memory(self) -> int | None:
        """Return the limit in bytes. Raises `SettingsError` if the option is not a size."""
        if self.memory is None:
            return None
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?", self.memory.strip(), re.IGNORECASE)
        size = int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " ")) if match else 0
        if size < LEAST_MEMORY:
            raise SettingsError(f"--memory is {self.memory!r}; it must be a size of at least 1G, such as 4G")
        return size


@dataclass(frozen=True)
class MetricsOption(Bundle):
    """The file for the metrics of a run."""

    metrics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the numbers of the run, its seconds by stage and its memory to this file as JSON.",
            rich_help_panel=RUNNING,
        ),
    ] = None


@dataclass(frozen=True)
class SpeechOptions(Bundle):
    """What is written to standard error."""

    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print neither progress nor notes.", rich_help_panel=RUNNING)
    ] = False
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=RUNNING)
    ] = False
    log_format: Annotated[
        Literal["text", "json"],
        typer.Option(
            help="Write what goes to standard error as text, or as JSON lines with a record of each stage.",
            rich_help_panel=RUNNING,
        ),
    ] = "text"


def writable(output: Path | None) -> Path | None:
    """Return `output` if a file can be created there; refusing before a long run is better than after it."""
    if output is None:
        return None
    if output.is_dir():
        raise OutputError(f"{output} is a directory; name a file in it")
    folder = output.parent
    if not folder.is_dir():
        raise OutputError(f"{output} cannot be written: the directory {folder} does not exist; make it first")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{output} cannot be written: no permission to write in the directory {folder}")
    return output


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _fields(cls: type[Any]) -> tuple[Field[Any], ...]:
    return fields(cls)


def _setting(knob: Field[Any]) -> inspect.Parameter:
    """Return a setting as an option. Its value stays text, as in the other layers that `configure` reads."""
    meta, flag = knob.metadata, "--" + knob.name.replace("_", "-")
    if isinstance(knob.default, bool):
        switch = typer.Option(f"{flag}/--no-{flag[2:]}", help=meta["help"], rich_help_panel=SETTINGS)
        return _parameter(knob.name, Annotated[bool | None, switch], None)
    choices = meta.get("choices")
    span = "" if choices else f"{meta['low']:,} to {meta['high']:,}; "
    option = typer.Option(
        flag,
        metavar="|".join(choices) if choices else "N" if isinstance(knob.default, int) else "X",
        help=f"{meta['help']} [{span}default: {knob.default}]",
        rich_help_panel=SETTINGS,
        autocompletion=(lambda: list(choices)) if choices else None,
    )
    return _parameter(knob.name, Annotated[str | None, option], None)
