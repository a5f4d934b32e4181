"""Settings in layers: flags override the environment, which overrides a file, which overrides the defaults.

Every value knows where it came from, and an invalid one is reported with that place. The file is the one that
``--config`` names, else ``dedup.toml``, else ``[tool.dedup]`` of ``pyproject.toml``, in the working directory
only: a directory above may belong to another project, and a run should not change with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from dedup.errors import InputError, SettingsError
from dedup.outlets import Outlets
from dedup.settings import Settings

#: Prefix of the environment variables: ``DEDUP_MIN_WORDS=12``.
ENVIRONMENT_PREFIX = "DEDUP_"

#: The table of the file that describes the sources and is not a setting.
_OUTLETS = "outlets"

_KNOBS: dict[str, Field[Any]] = {knob.name: knob for knob in fields(Settings)}
_SWITCH = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force, and where each value came from.

    Attributes
    ----------
    settings : Settings
    origins : mapping of str to str
        For each setting, a place that a person can look up, or ``"default"``.
    outlets : Outlets
        What the file says about the sources.
    """

    settings: Settings
    origins: Mapping[str, str]
    outlets: Outlets = field(default_factory=Outlets)


@dataclass(frozen=True, slots=True)
class _Given:
    name: str
    value: object
    place: str


def configure(
    flags: Mapping[str, object],
    *,
    config: Path | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Configuration:
    """Merge the layers.

    Parameters
    ----------
    flags : mapping of str to object
        Settings given on the command line, by their field's name; ``None`` means "not given".
    config : Path, optional
        A TOML file to read in place of those in `directory`.
    environment : mapping of str to str, optional
    directory : Path, optional
        Directory that is searched for ``dedup.toml`` and ``pyproject.toml``; without it no file is read.

    Raises
    ------
    SettingsError
        A setting is unknown or out of its range; the message begins with the place.
    InputError
        The file cannot be read or is not valid TOML.

    Examples
    --------
    >>> found = configure({"min_words": "12"}, environment={"DEDUP_BANDS": "8"})
    >>> found.settings.min_words, found.origins["bands"], found.origins["rows"]
    (12, 'environment DEDUP_BANDS', 'default')
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(_KNOBS, "default")
    file, table = _from_file(config, directory)
    outlets = Outlets.of(table.pop(_OUTLETS, {}), str(file))
    for given in _layers(flags, file, table, environment or {}):
        values[given.name] = _checked(given)
        origins[given.name] = given.place
    return Configuration(Settings(**values), origins, outlets)


def _layers(
    flags: Mapping[str, object],
    file: Path | None,
    table: Mapping[str, object],
    environment: Mapping[str, str],
) -> Iterator[_Given]:
    """Yield the values given, the weakest layer first, so that later ones override earlier ones."""
    for key, value in table.items():
        place = f"{file}: {key}"
        yield _Given(_known(key, place), value, place)
    for variable, text in environment.items():
        if variable.startswith(ENVIRONMENT_PREFIX):
            place = f"environment {variable}"
            yield _Given(_known(variable.removeprefix(ENVIRONMENT_PREFIX), place), text, place)
    for name, value in flags.items():
        if value is not None:
            yield _Given(name, value, "flag --" + name.replace("_", "-"))


def _from_file(config: Path | None, directory: Path | None) -> tuple[Path | None, dict[str, Any]]:
    """Return the first file with settings for this program, and these settings."""
    for file in [config] if config is not None else _usual_files(directory):
        table = _table(file)
        if table is not None:
            return file, dict(table)
    return None, {}


def _usual_files(directory: Path | None) -> list[Path]:
    if directory is None:
        return []
    return [file for name in ("dedup.toml", "pyproject.toml") if (file := directory / name).is_file()]


def _table(file: Path) -> dict[str, Any] | None:
    """Return the settings in a file; None if a ``pyproject.toml`` has none for this program."""
    import tomllib

    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read as settings: {error.strerror}", file=str(file)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not valid TOML: {error}", file=str(file)) from error
    if file.name != "pyproject.toml":
        return content
    tool = content.get("tool", {})
    if not isinstance(tool, dict):
        raise SettingsError(f"{file}: tool is {tool!r}; it must be a table")
    table = tool.get("dedup")
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{file}: tool.dedup is {table!r}; it must be a table of settings")
    return table


def _known(key: str, place: str) -> str:
    name = key.lower().replace("-", "_")
    if name in _KNOBS:
        return name
    near = difflib.get_close_matches(name, _KNOBS, n=1)
    mend = f"did you mean {near[0]}?" if near else "`dedup settings` lists those that there are"
    raise SettingsError(f"{place}: there is no setting {name}; {mend}")


def _checked(given: _Given) -> Any:
    """Return the value in its setting's own type, checked by `Settings` itself."""
    knob = _KNOBS[given.name]
    value = _parsed(given.value, knob.default) if isinstance(given.value, str) else given.value
    if isinstance(knob.default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)  # 0 and 0.0 are one setting and must have one fingerprint
    one: dict[str, Any] = {given.name: value}
    try:
        Settings(**one)
    except SettingsError as error:
        raise SettingsError(f"{given.place}: {error}") from None
    return value


def _parsed(text: str, default: object) -> object:
    """Parse the text as the default's type; if that fails, return it unchanged for `Settings` to refuse."""
    if isinstance(default, bool):
        return _SWITCH.get(text.strip().lower(), text)
    for kind in (int, float):
        if isinstance(default, int | float):
            try:
                return kind(text)
            except ValueError:
                continue
    return text
