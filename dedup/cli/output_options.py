"""Options of the verbs that write a report: its format, its file, and the time zone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from dedup.errors import SettingsError
from dedup.reporting.formats import Format, format_of

if TYPE_CHECKING:
    from dedup.reporting.times import Times

ResultFormat = Annotated[
    Format | None,
    typer.Option(
        "--format",
        show_default="by the ending of -o, else table on a terminal, jsonl elsewhere",
        help="Format of the result.",
    ),
]
ResultFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")
]
ShownZone = Annotated[
    str | None,
    typer.Option(
        "--show-times-in",
        metavar="ZONE",
        show_default="UTC",
        help="Show times in this zone, such as Asia/Karachi, in the table and the HTML report.",
    ),
]


def shown_times(zone: str | None, form: str, shown_in: Sequence[str] = ("table", "html")) -> Times | None:
    """Return the time zone for display; None if none was asked for.

    Raises
    ------
    SettingsError
        There is no such zone, or the format gives times in UTC only.
    """
    if zone is None:
        return None
    if form not in shown_in:
        raise SettingsError(
            f"--show-times-in is for {' and '.join(shown_in)}; {form} has times in UTC: leave it out"
        )
    from dedup.reporting.times import Times

    try:
        return Times.of(zone)
    except SettingsError as error:
        raise SettingsError(str(error).replace("show_times_in", "--show-times-in", 1)) from error


def outputs_of(form: Format, output: Path | None) -> list[Path]:
    """Return the files that a result in this format is written to."""
    if output is None or str(output) == "-":
        return []
    if form in ("csv", "parquet"):
        from dedup.reporting.tables import companions

        return companions(output)
    return [output]


def chosen_format(output: Path | None) -> Format:
    """Return the format for the suffix of `output`; without an output, one that suits the reader of stdout.

    Raises
    ------
    SettingsError
        The suffix does not name a format.
    """
    if output is None or str(output) == "-":
        return "table" if sys.stdout.isatty() else "jsonl"
    form = format_of(output)
    if form is None:
        raise SettingsError(
            f"--output is {output}, whose ending names no format; give --format {'|'.join(get_args(Format))}"
        )
    return form
