"""Options that describe sources: they change the table of outlets for one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, get_args

import typer

from dedup.cli.configuration import configure
from dedup.cli.options import Bundle
from dedup.errors import SettingsError
from dedup.outlets import OutletKind, Outlets

OUTLETS = "Outlets"


@dataclass(frozen=True)
class OutletOptions(Bundle):
    """The kinds of sources."""

    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=KIND",
            help="Treat this source as an outlet, agency, feed or press (it issues press releases); may be "
            "repeated.",
            rich_help_panel=OUTLETS,
        ),
    ] = None

    def table(self, config: Path | None = None) -> Outlets:
        """Return the table of the settings file, with the changes of the options.

        Raises
        ------
        SettingsError
            An option is not NAME=KIND, or the file's table is invalid.
        """
        known = configure({}, config=config, directory=Path()).outlets
        for text in self.kind or ():
            name, equals, kind = text.rpartition("=")
            if not (equals and name.strip() and kind in get_args(OutletKind)):
                kinds = ", ".join(get_args(OutletKind))
                raise SettingsError(
                    f"--kind is {text!r}; it must be NAME=KIND, such as Stadtwerke=press, with one of {kinds}"
                )
            known = known.told(name.strip(), kind=kind)
        return known


@dataclass(frozen=True)
class MineOption(Bundle):
    """The reader's own outlets."""

    mine: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Name an outlet of your own: the HTML report sorts by what concerns it; may be repeated.",
            rich_help_panel=OUTLETS,
        ),
    ] = None

    def told(self, outlets: Outlets, form: str) -> Outlets:
        """Return the table with these outlets marked as the reader's own.

        Raises
        ------
        SettingsError
            The option is given for a format other than html.
        """
        if self.mine and form != "html":
            raise SettingsError("--mine is for the HTML report; add --format html or leave it out")
        return own_outlets(outlets, self.mine)


def own_outlets(outlets: Outlets, names: Sequence[str] | None) -> Outlets:
    """Return the table with these as the reader's own. Raises `SettingsError` for an empty name."""
    for name in names or ():
        if not name.strip():
            raise SettingsError("--mine is empty; name an outlet")
        outlets = outlets.told(name.strip(), mine=True)
    return outlets
