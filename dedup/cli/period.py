"""Periods: which articles are compared, by publication time; and the wait for other writers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from dedup.cli.options import RUNNING, Bundle
from dedup.errors import SettingsError

PERIOD = "Period"

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class PeriodOptions(Bundle):
    """Which articles are compared, by their publication time."""

    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Compare only with articles that were published at this time or later.",
            rich_help_panel=PERIOD,
        ),
    ] = None
    within: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Compare only articles published within this time of each other: 90m, 72h, 3d or 2w.",
            rich_help_panel=PERIOD,
        ),
    ] = None

    def moment(self) -> datetime | None:
        """Return the time of ``--since``."""
        return None if self.since is None else moment_of("--since", self.since)

    def span(self) -> timedelta | None:
        """Return the time span of ``--within``."""
        if self.within is None:
            return None
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdw])", self.within.strip())
        if found is None:
            raise SettingsError(
                f"--within is {self.within!r}; it must be a number with a unit: 90m, 72h, 3d or 2w"
            )
        return timedelta(**{_UNITS[found[2]]: float(found[1])})


@dataclass(frozen=True)
class WaitOption(Bundle):
    """How long to wait for another process that writes to the index."""

    wait: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            help="Seconds to wait for another process that is writing to the index.",
            rich_help_panel=RUNNING,
        ),
    ] = 60.0


def moment_of(option: str, text: str) -> datetime:
    """Parse the time of an option; without a zone it counts as UTC.

    Raises
    ------
    SettingsError
        The text is not a time.

    Examples
    --------
    >>> moment_of("--since", "2026-01-31").isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"{option} is {text!r}; write a date as 2026-01-31 or a time as 2026-01-31T12:00:00Z"
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
