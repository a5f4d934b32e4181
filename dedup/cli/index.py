"""``dedup index``: articles kept on disk, so that each new one is compared with all earlier ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import BackgroundOption, Paths, SettingOptions, SpeechOptions, ThreadsOption, writable
from dedup.cli.outlet_options import MineOption, OutletOptions
from dedup.cli.output_options import chosen_format, outputs_of
from dedup.cli.period import PeriodOptions, WaitOption
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions
from dedup.reporting.formats import Format, write

if TYPE_CHECKING:
    from dedup.reading.records import Fault

from dedup.cli.opened_index import Folder, opened, say

Form = Annotated[
    Format | None,
    typer.Option(
        "--format",
        show_default="by the ending of -o, else table on a terminal, jsonl elsewhere",
        help="Format of the result.",
    ),
]


Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")
]


def create(
    folder: Folder, settings: SettingOptions, background: BackgroundOption, speech: SpeechOptions
) -> None:
    """Create an empty index; its settings cannot be changed later.

    Example:

    \b
    $ dedup index create archive
    """
    chosen = settings.settings()
    from dedup.index import Index

    known = background.load()
    Index.create(folder, chosen, known).close()
    learned = "" if known else "; it learns its background from its first articles"
    say(f"{folder} made with the settings {chosen.fingerprint()}{learned}", speech)


def add(
    folder: Folder,
    paths: Paths,
    reading: ReadingOptions,
    kinds: OutletOptions,
    period: PeriodOptions,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
    format: Form = None,  # noqa: A002 - the option's name
    output: Output = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Replace a stored article when an article with the same id has another text."
        ),
    ] = False,
) -> None:
    """Store articles, and show what they share with each other and with the stored articles.

    Example:

    \b
    $ dedup index add archive articles.jsonl --format jsonl
    """
    form = format or chosen_format(output)
    target, known = writable(output), kinds.table()
    with progress_bar(quiet=speech.quiet) as progress, opened(folder, wait, threads, known) as index:
        articles = open_inputs(paths, reading, progress, outputs=outputs_of(form, target), outlets=known)
        with _refused(reading) as reject:
            report = index.add(
                articles,
                since=period.moment(),
                within=period.span(),
                on_error="update" if update else reading.on_error,
                reject=reject,
            )
    write(report, form, target, furniture=report.furniture)
    if form != "table" and not speech.quiet:  # a table ends with its notes
        for note in report.notes:
            print(f"dedup: {note}", file=sys.stderr)
    say_what_was_read(articles, quiet=speech.quiet, notes=False)


@contextmanager
def _refused(reading: ReadingOptions) -> Iterator[Callable[[Fault], None]]:
    """Provide a function that writes articles refused by the index after those left out in reading."""
    from dedup.reading.rejects import Rejects
    from dedup.runtime.outputs import written_beside

    path = reading.rejects
    if path is None or reading.on_error == "stop":
        yield lambda fault: None
        return
    own = path.with_name(f".{path.name}.refused")
    try:
        with Rejects(skip=True, path=own) as rejects:
            yield rejects.take
        with written_beside([path]) as (beside,):
            beside.write_bytes(path.read_bytes() + own.read_bytes())
    finally:
        own.unlink(missing_ok=True)


def query(
    folder: Folder,
    paths: Paths,
    reading: ReadingOptions,
    kinds: OutletOptions,
    period: PeriodOptions,
    speech: SpeechOptions,
) -> None:
    """Show what articles share with those of the index, as JSON lines, without storing them.

    Example:

    \b
    $ dedup index query archive new.jsonl --within 72h
    """
    import msgspec

    from dedup.reading import to_articles
    from dedup.reporting.records import record_of

    known = kinds.table()
    with opened(folder, WaitOption(), ThreadsOption(), known) as index:
        articles = open_inputs(paths, reading, outlets=known)
        for batch in articles:
            for article in to_articles(batch):
                for overlap in index.query(article, since=period.moment(), within=period.span()):
                    print(msgspec.json.encode({"kind": "overlap", **record_of(overlap)}).decode())
    say_what_was_read(articles, quiet=speech.quiet)


def export(
    folder: Folder,
    kinds: OutletOptions,
    own: MineOption,
    speech: SpeechOptions,
    output: Output = None,
    format: Form = None,  # noqa: A002 - the option's name
    articles: Annotated[
        bool,
        typer.Option(
            "--articles",
            help="Export the articles as JSON lines, not the overlaps; works on a damaged index, too.",
        ),
    ] = False,
) -> None:
    """Show all overlaps and stories of an index as `dedup scan` would, or its articles.

    Examples:

    \b
    $ dedup index export archive -o overlaps.parquet
    $ dedup index export archive --articles -o articles-again.jsonl
    """
    if articles:
        from dedup.index.verbs.exporting import write_articles

        count = write_articles(folder, writable(output))
        say(f"{count:,} articles written", speech)
        return
    form = format or chosen_format(output)
    target, known = writable(output), own.told(kinds.table(), form)
    with opened(folder, WaitOption(), ThreadsOption(), known) as index:
        report = index.report()
        write(report, form, target, furniture=report.furniture, mine=known.mine)
