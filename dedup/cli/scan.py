"""``dedup scan``: find every passage that the articles share."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.engine import EngineOptions, SparkScan
from dedup.cli.inputs import open_inputs, say_what_is_needed, say_what_was_read
from dedup.cli.logs import measured
from dedup.cli.options import (
    BackgroundOption,
    MetricsOption,
    Paths,
    RoomOptions,
    SettingOptions,
    SpeechOptions,
    ThreadsOption,
    writable,
)
from dedup.cli.outlet_options import MineOption, OutletOptions
from dedup.cli.output_options import ResultFormat, ShownZone, chosen_format, outputs_of, shown_times
from dedup.cli.page_options import PageOptions
from dedup.cli.period import PeriodOptions
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions
from dedup.reporting.formats import write

if TYPE_CHECKING:
    from dedup.decisions.ledger import Ledger
    from dedup.results import Report

OVERLAPS_FOUND = 3


def scan(
    paths: Paths,
    settings: SettingOptions,
    reading: ReadingOptions,
    kinds: OutletOptions,
    own: MineOption,
    period: PeriodOptions,
    background: BackgroundOption,
    threads: ThreadsOption,
    room: RoomOptions,
    measures: MetricsOption,
    engine: EngineOptions,
    page: PageOptions,
    speech: SpeechOptions,
    format: ResultFormat = None,  # noqa: A002 - the option's name
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the result to this file; with --engine spark, into this directory.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default="a few",
            help="Maximum number of articles, of stories and of overlaps that table and html show.",
        ),
    ] = None,
    ids: Annotated[
        Literal["short", "full"],
        typer.Option(help="Print ids in the table as their shortest unique beginning, or in full."),
    ] = "short",
    show_times_in: ShownZone = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Leave out the overlaps that decisions have closed, as the desk exports them.",
        ),
    ] = None,
    fail_on_overlap: Annotated[
        bool, typer.Option("--fail-on-overlap", help="Exit with code 3 if an overlap was found.")
    ] = False,
) -> int:
    """Find every passage that articles share, with its place in each, scores and the kind of sharing.

    Examples:

    \b
    $ dedup scan seeds --scope all --format table
    $ dedup scan seeds --scope all -o report.html
    $ dedup scan articles.jsonl -o overlaps.parquet --quiet
    $ dedup scan articles.jsonl --engine spark --master local[4] -o result
    """
    unfit = {
        "--threads": threads.threads,
        "--memory": room.memory,
        "--scratch": room.scratch,
        "--metrics": measures.metrics,
        "--limit": limit,
        "--ids": ids == "full",
        "--show-times-in": show_times_in,
        "--decisions": decisions,
    }
    if engine.on_spark(unfit):
        page.for_format("jsonl")
        outlets = own.told(kinds.table(settings.config), "jsonl")
        said = settings.settings(), background.load(), outlets, period, output, format or "jsonl"
        run = SparkScan(engine, *said)
        return OVERLAPS_FOUND if run.scan(paths, reading, speech).overlaps and fail_on_overlap else 0
    chosen, memory = settings.settings(), room.bytes_of_memory()
    file = None if output is None else Path(output)
    form = format or chosen_format(file)
    target = writable(file)
    outlets = own.told(kinds.table(settings.config), form)
    shown = page.for_format(form, outlets.mine) | {"times": shown_times(show_times_in, form)}
    ledger = None if decisions is None else ledger_of(decisions)
    with progress_bar(quiet=speech.quiet) as progress, measured(writable(measures.metrics)) as metrics:
        from dedup.detector import find_overlaps

        articles = open_inputs(
            paths,
            reading,
            progress,
            outputs=outputs_of(form, target),
            others={"--background": background.background, "--config": settings.config},
            outlets=outlets,
        )
        if not speech.quiet:
            say_what_is_needed(articles, room.scratch)
        report = find_overlaps(
            articles,
            chosen,
            background=background.load(),
            threads=threads.threads,
            scratch=room.scratch,
            memory=memory,
            progress=progress,
            outlets=outlets,
            since=period.moment(),
            within=period.span(),
        )
        metrics.update(asdict(report.summary))
    found = report if ledger is None else without_closed(report, ledger)
    write(
        found,
        form,
        target,
        limit=limit,
        threads=threads.threads,
        furniture=report.furniture,
        full_ids=ids == "full",
        **shown,
    )
    say_what_was_read(articles, quiet=speech.quiet, notes=form != "table")  # a table ends with its notes
    for note in () if speech.quiet or form == "table" else found.notes[len(report.notes) :]:
        print(f"dedup: {note}", file=sys.stderr)
    return OVERLAPS_FOUND if fail_on_overlap and len(found.overlaps) else 0


def without_closed(report: Report, ledger: Ledger) -> Report:
    """Return the report without the overlaps that decisions have closed."""
    from dedup.decisions.answered import OpenReport

    return OpenReport(report, ledger)


def ledger_of(path: Path) -> Ledger:
    """Read the decisions of a file. Raises `InputError` if it cannot be read."""
    from dedup.decisions.files import read_file
    from dedup.decisions.ledger import Ledger

    return Ledger(read_file(path))
