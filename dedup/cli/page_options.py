"""Options of the HTML report, for the verbs that write one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from dedup.cli.options import Bundle
from dedup.errors import SettingsError

PAGE = "HTML report"


@dataclass(frozen=True)
class PageOptions(Bundle):
    """What an HTML report contains and marks."""

    excerpts_only: Annotated[
        bool,
        typer.Option(
            "--excerpts-only",
            help="Put only the shared passages into the HTML report, not the whole texts, to send it on.",
            rich_help_panel=PAGE,
        ),
    ] = False
    former: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Mark what is new against a former result (JSON lines of a scan) in the HTML report.",
            rich_help_panel=PAGE,
        ),
    ] = None

    def for_format(self, form: str, mine: Sequence[str] = ()) -> dict[str, Any]:
        """Return arguments for `dedup.reporting.formats.write`; `mine` are the reader's outlets.

        Raises
        ------
        SettingsError
            An option is given for another format.
        InputError
            The earlier result cannot be read.
        """
        if form != "html":
            given = "--excerpts-only" if self.excerpts_only else "--former" if self.former else None
            if given:
                raise SettingsError(f"{given} is for the HTML report; add --format html or leave it out")
            return {}
        from dedup.reporting.former import known_pairs

        known = None if self.former is None else known_pairs(self.former)
        return {"excerpts_only": self.excerpts_only, "known": known, "mine": mine}
