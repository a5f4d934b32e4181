"""``dedup settings``: the settings in force, and where each came from."""

from __future__ import annotations

import json
import sys
from dataclasses import Field, fields
from datetime import date
from typing import Annotated, Any, Literal

import typer

from dedup.cli.configuration import Configuration
from dedup.cli.options import SettingOptions, SpeechOptions
from dedup.outlets import Outlet, Outlets
from dedup.settings import Settings


def settings(
    settings: SettingOptions,
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "json", "toml"],
        typer.Option(help="Format of the list; toml can be read back as dedup.toml."),
    ] = "table",
) -> None:
    """Show every setting: its value, where the value came from, its range and what it does.

    Examples:

    \b
    $ dedup settings
    $ dedup settings --min-words 12 --format toml > dedup.toml
    """
    found = settings.configuration()
    if format == "json":
        print(json.dumps(_records(found) + _outlet_records(found.outlets), indent=2))
    elif format == "toml":
        print(_toml(found), end="")
    else:
        _print_table(found)


def _records(found: Configuration) -> list[dict[str, Any]]:
    return [
        {
            "name": knob.name,
            "value": getattr(found.settings, knob.name),
            "origin": found.origins[knob.name],
            "default": knob.default,
            **dict(knob.metadata),
        }
        for knob in fields(Settings)
    ]


def _toml(found: Configuration) -> str:
    lines = [f"# Settings {found.settings.fingerprint()}"]
    for knob in fields(Settings):
        lines += [
            "",
            f"# {knob.metadata['help']} ({_range(knob)}; {found.origins[knob.name]})",
            # A setting is a number, a truth value or a plain word, which JSON and TOML write alike.
            f"{knob.name} = {json.dumps(getattr(found.settings, knob.name))}",
        ]
    for outlet in found.outlets:
        lines += ["", f"[outlets.{json.dumps(outlet.name, ensure_ascii=False)}]"]
        lines += [f"{name} = {_as_toml(value)}" for name, value in _told(outlet).items()]
    return "\n".join(lines) + "\n"


def _told(outlet: Outlet) -> dict[str, Any]:
    """Return what the table says about an outlet, without its name."""
    values = {each.name: (getattr(outlet, each.name), each.default) for each in fields(outlet)}
    return {name: value for name, (value, default) in values.items() if name != "name" and value != default}


def _as_toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _outlet_records(outlets: Outlets) -> list[dict[str, Any]]:
    return [
        {
            "name": f"outlets.{outlet.name}",
            "value": {
                name: str(value) if isinstance(value, date) else value
                for name, value in _told(outlet).items()
            },
            "origin": "file",
            "default": None,
            "help": "What is known of this outlet.",
        }
        for outlet in outlets
    ]


def _print_table(found: Configuration) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("setting", "value", "from", "range", "what it does", box=None, pad_edge=False)
    for knob in fields(Settings):
        value, origin = str(getattr(found.settings, knob.name)), found.origins[knob.name]
        given = "" if origin == "default" else "bold"
        cells = (knob.name, value, origin, _range(knob), knob.metadata["help"])
        table.add_row(*(Text(cell) for cell in cells), style=given)
    # Piped output is for another program: lines must not be folded at the width of a terminal that does not
    # exist.
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    for outlet in found.outlets:
        said = ", ".join(f"{name} {_as_toml(value)}" for name, value in _told(outlet).items())
        console.print(Text(f'outlets."{outlet.name}": {said or "nothing is said of it"}'))


def _range(knob: Field[Any]) -> str:
    meta = knob.metadata
    if "choices" in meta:
        return ", ".join(json.dumps(choice).strip('"') for choice in meta["choices"])
    return f"{meta['low']:,} to {meta['high']:,} {meta['unit']}".strip()
