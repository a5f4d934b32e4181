"""The options that say how inputs are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.options import READING, Bundle
from dedup.errors import SettingsError

if TYPE_CHECKING:
    from dedup.outlets import Outlets
    from dedup.reading.dates.options import DateOptions
    from dedup.reading.options import ReaderOptions


@dataclass(frozen=True)
class ReadingOptions(Bundle):
    """Options that say how inputs are read."""

    field: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=PATH",
            help="Read a field of the article from this path, such as text=body or source=media.name; "
            "may be repeated.",
            rich_help_panel=READING,
        ),
    ] = None
    records: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Read the articles of a JSON document from the list at this path, such as response.results.",
            rich_help_panel=READING,
        ),
    ] = None
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Read the fields of all records as this preset says, such as newsapi, "
            "instead of choosing by content.",
            rich_help_panel=READING,
        ),
    ] = None
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Read all inputs as this format, such as jsonl, instead of choosing by content.",
            rich_help_panel=READING,
        ),
    ] = None
    html: Annotated[
        Literal["full", "fast"],
        typer.Option(
            help="Find the text of web pages with trafilatura, or many times faster with resiliparse.",
            rich_help_panel=READING,
        ),
    ] = "full"
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Read this table of a database, or the rows of this SELECT.",
            rich_help_panel=READING,
        ),
    ] = None
    encoding: Annotated[
        str,
        typer.Option(metavar="NAME", help="Encoding of text, CSV and TSV files.", rich_help_panel=READING),
    ] = "utf-8"
    on_error: Annotated[
        Literal["stop", "skip"],
        typer.Option(help="Stop at a record that cannot be read, or skip it.", rich_help_panel=READING),
    ] = "stop"
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the skipped records to this file, as JSON lines.",
            rich_help_panel=READING,
        ),
    ] = None

    date_order: Annotated[
        Literal["auto", "dmy", "mdy", "ymd"],
        typer.Option(
            help="Order of day and month in dates such as 03/04/2022; auto decides it for each file by the "
            "file's other dates.",
            rich_help_panel=READING,
        ),
    ] = "auto"
    timezone: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SOURCE=]ZONE",
            show_default="UTC",
            help="Time zone of times without one, such as Asia/Kolkata, for all sources or for one; may be "
            "repeated.",
            rich_help_panel=READING,
        ),
    ] = None

    def reader_options(self, outlets: Outlets | None = None) -> ReaderOptions:
        """Return how inputs are read. Raises `SettingsError` for an unknown preset or format."""
        from dedup.outlets import Outlets
        from dedup.reading.options import ReaderOptions

        known = Outlets() if outlets is None else outlets

        return ReaderOptions(
            records=self.records,
            preset=self.preset,
            input_format=self.input_format,
            html=self.html,
            table=self.table,
            dates=self.dates(known),
            outlets=known,
        )

    def dates(self, outlets: Outlets | None = None) -> DateOptions:
        """Return how dates are read. Raises `SettingsError` if a time zone does not exist."""
        from dedup.reading.dates.options import DateOptions

        return DateOptions.of(self.date_order, self.timezone or (), outlets.timezones if outlets else None)

    def fields(self) -> dict[str, str] | None:
        """Return the mapping that ``--field`` gives. Raises `SettingsError` if it is not one."""
        mapping: dict[str, str] = {}
        for text in self.field or ():
            name, equals, column = text.partition("=")
            if not (name and equals and column):
                raise SettingsError(f"--field is {text!r}; it must be NAME=PATH, such as text=body")
            mapping[name] = column
        return mapping or None
