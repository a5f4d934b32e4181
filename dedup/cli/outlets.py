"""``dedup outlets``: how much each outlet takes from agencies and others, and where its copy also ran."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import (
    BackgroundOption,
    Paths,
    RoomOptions,
    SettingOptions,
    SpeechOptions,
    ThreadsOption,
    writable,
)
from dedup.cli.outlet_options import OutletOptions
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions


def outlets(
    paths: Paths,
    settings: SettingOptions,
    reading: ReadingOptions,
    kinds: OutletOptions,
    background: BackgroundOption,
    threads: ThreadsOption,
    room: RoomOptions,
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "csv", "jsonl", "svg"] | None,
        typer.Option(show_default="by the ending of -o, else table", help="Format of the result."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")
    ] = None,
) -> None:
    """Show for each outlet how much is agency copy, others' copy and its own, and where its copy also ran.

    Examples:

    \b
    $ dedup outlets seeds --scope all
    $ dedup outlets articles.jsonl -o outlets.svg
    """
    chosen, memory = settings.settings(), room.bytes_of_memory()
    target, known = writable(output), kinds.table(settings.config)
    endings = {".csv": "csv", ".jsonl": "jsonl", ".svg": "svg"}
    form = format or endings.get(Path(output or "").suffix.lower(), "table")
    with progress_bar(quiet=speech.quiet) as progress:
        from dedup.detector import find_overlaps
        from dedup.reporting.outlet_formats import write_outlets

        articles = open_inputs(
            paths,
            reading,
            progress,
            outputs=[target],
            others={"--background": background.background},
            outlets=known,
        )
        report = find_overlaps(
            articles,
            chosen,
            background=background.load(),
            threads=threads.threads,
            scratch=room.scratch,
            memory=memory,
            progress=progress,
            outlets=known,
        )
    text = io.StringIO()
    write_outlets(report, form, text)  # type: ignore[arg-type]
    if target is None or str(target) == "-":
        sys.stdout.write(text.getvalue())
    else:
        from dedup.runtime.outputs import written_beside

        with written_beside([Path(target)]) as (beside,):
            beside.write_text(text.getvalue(), encoding="utf-8")
    say_what_was_read(articles, quiet=speech.quiet, notes=True)
