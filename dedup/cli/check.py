"""``dedup check``: whether a draft has run anywhere, according to an index or files; nothing is stored."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import SettingOptions, SpeechOptions, ThreadsOption, writable
from dedup.cli.outlet_options import OutletOptions
from dedup.cli.output_options import (
    ResultFile,
    ResultFormat,
    ShownZone,
    chosen_format,
    outputs_of,
    shown_times,
)
from dedup.cli.period import PeriodOptions
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import InputError, SettingsError
from dedup.reporting.formats import Format, file_width, write

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.index import Index
    from dedup.index.verbs.querying import Checked
    from dedup.outlets import Outlets
    from dedup.reporting.times import Times

#: Maximum number of articles in a draft that holds several, such as a table of them.
MOST_DRAFTS = 1_000


def check(
    draft: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The draft: text, HTML, docx or any other format; - reads standard input."
        ),
    ],
    reading: ReadingOptions,
    settings: SettingOptions,
    period: PeriodOptions,
    kinds: OutletOptions,
    threads: ThreadsOption,
    speech: SpeechOptions,
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files of articles to compare the draft with, if no index is given."),
    ] = None,
    index: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Compare with the articles of this index.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="OUTLET", help="The outlet of the draft; its own articles are then not compared."
        ),
    ] = None,
    format: ResultFormat = None,  # noqa: A002 - the option's name
    output: ResultFile = None,
    show_times_in: ShownZone = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, show_default="all", help="Maximum number of articles that the table shows."
        ),
    ] = None,
) -> None:
    """Show what a draft shares with the articles of an index or of files; the draft is not stored.

    Examples:

    \b
    $ dedup check a.txt --index archive
    $ dedup check a.txt seeds --format table
    """
    if (index is None) == (not paths):
        raise SettingsError("a draft is checked against either --index DIR or files; name one of the two")
    form, target = format or chosen_format(output), writable(output)
    times = shown_times(show_times_in, form)
    articles = list(_drafts(draft, reading, source))
    if form in ("html", "csv", "parquet") and len(articles) > 1:
        raise SettingsError(
            f"{draft} holds {len(articles):,} articles; html, csv and parquet show one: give jsonl or table"
        )
    since, within = period.moment(), period.span()
    outlets = kinds.table(settings.config)
    with _compared_with(index, paths or (), reading, settings, threads, outlets, speech.quiet) as opened:
        if form in ("html", "csv", "parquet"):
            report = opened.check(articles[0], since=since, within=within).report
            outputs_of(form, target)
            write(report, form, target, furniture=report.furniture, times=times)
            return
        text = "".join(
            _told(opened.check(each, since=since, within=within), form, opened, limit, times)
            for each in articles
        )
    if target is None or str(target) == "-":
        sys.stdout.write(text)
        return
    from dedup.runtime.outputs import written_beside

    with written_beside([target]) as (beside,):
        beside.write_text(text, encoding="utf-8")


def _drafts(draft: str, reading: ReadingOptions, source: str | None) -> Iterator[Article]:
    """Yield the articles of the draft; one without a date counts as published now."""
    from dedup.reading.drafts import read_draft

    if draft == "-":
        data, name = sys.stdin.buffer.read(), None
    else:
        path = Path(draft)
        if path.is_dir():
            raise InputError("is a directory; a draft is one file", file=draft)
        try:
            data, name = path.read_bytes(), draft
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", file=draft) from error
    found = read_draft(data, name, reading.reader_options())
    if len(found) > MOST_DRAFTS:
        raise InputError(f"holds {len(found):,} articles; at most {MOST_DRAFTS:,} are checked", file=draft)
    for each in found:
        at = each.published or datetime.now(UTC)
        own = source or (each.source if each.source != each.id else f"{each.id} (draft)")
        yield replace(each, published=at, source=own)


@contextmanager
def _compared_with(
    folder: Path | None,
    paths: Sequence[str],
    reading: ReadingOptions,
    settings: SettingOptions,
    threads: ThreadsOption,
    outlets: Outlets,
    quiet: bool,
) -> Iterator[Index]:
    """Provide the index, or a temporary one of the files."""
    from dedup.index import Index

    if folder is not None:
        with Index.open(folder, threads=threads.threads, outlets=outlets) as index:
            yield index
        return
    chosen = settings.settings()
    with (
        tempfile.TemporaryDirectory(prefix="dedup-check-") as scratch,
        Index.create(Path(scratch) / "index", chosen, threads=threads.threads, outlets=outlets) as index,
    ):
        articles = open_inputs(paths, reading)
        index.add(articles, on_error=reading.on_error)
        say_what_was_read(articles, quiet=quiet)
        yield index


def _told(checked: Checked, form: Format, index: Index, limit: int | None, times: Times | None) -> str:
    from dedup.reporting.answer import answer

    found = (checked.report, checked.article, checked.overlaps)
    if form == "jsonl":
        import msgspec

        said = answer(*found, level="full", settings=index.settings)
        return msgspec.json.encode({"kind": "check", "id": checked.article.id, **said}).decode() + "\n"
    from dedup.reporting.check_table import answer_lines

    width = file_width()
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size((width, 24)).columns
    shown = {} if times is None else {"times": times}
    return "\n".join(answer_lines(answer(*found), width=width, limit=limit, **shown)) + "\n"
