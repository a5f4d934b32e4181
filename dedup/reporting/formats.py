"""One report, several formats: picks the writer, and writes to a file or to standard output."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TextIO, get_args

from dedup.article import Article, Span
from dedup.errors import OutputError, SettingsError
from dedup.results import Report
from dedup.runtime.outputs import is_plain, open_large, unwritable, written_beside

if TYPE_CHECKING:
    from dedup.reporting.times import Times

Furniture = Callable[[Sequence[Article]], Sequence[Sequence[Span]]]
Format = Literal["table", "jsonl", "csv", "parquet", "html", "graphml", "edges"]

#: Width in columns of a table that goes to a file or a pipe.
FILE_WIDTH = 120

_ENDINGS: dict[str, Format] = {
    ".txt": "table",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".graphml": "graphml",
}


def format_of(output: str | os.PathLike[str]) -> Format | None:
    """Guess the format from the suffix of a file's name; None if the suffix is unknown.

    Examples
    --------
    >>> format_of("out/report.html"), format_of("out"), format_of("-")
    ('html', None, None)
    """
    return _ENDINGS.get(Path(output).suffix.lower())


def write(
    report: Report,
    format: Format,  # noqa: A002 - the option's name
    output: str | os.PathLike[str] | None = None,
    *,
    limit: int | None = None,
    threads: int | None = None,
    full_ids: bool = False,
    furniture: Furniture | None = None,
    excerpts_only: bool = False,
    mine: Sequence[str] = (),
    known: frozenset[tuple[str, str]] | None = None,
    times: Times | None = None,
) -> None:
    """Write a report in one of the formats.

    Parameters
    ----------
    report : Report
    format : {"table", "jsonl", "csv", "parquet", "html", "graphml", "edges"}
    output : path, optional
        The file is written beside its target and renamed into place. CSV and Parquet put three more files
        beside it (see `dedup.reporting.tables`). None and ``"-"`` mean standard output, which takes only the
        overlaps of CSV and Parquet, as do devices and named pipes.
    limit : int, optional
        Maximum number of articles, of stories and of overlaps that ``table`` and ``html`` show; the rest is
        counted. The other formats always contain everything.
    threads : int, optional
        Number of threads for ``jsonl`` and ``parquet``; by default, all processors that the process may use.
    full_ids : bool
        Whether ``table`` prints ids in full.
    furniture, excerpts_only, mine, known
        For ``html``: see `dedup.reporting.html_page.write`.
    times : Times, optional
        The time zone in which ``table`` and ``html`` show times; UTC by default, as in all other formats.

    Raises
    ------
    OutputError
        The output cannot be written, or Parquet would go to a terminal.
    SettingsError
        The format is unknown.
    """
    if format not in get_args(Format):
        raise SettingsError(f"format is {format!r}; it must be one of {', '.join(get_args(Format))}")
    table: dict[str, Any] = {"limit": limit, "full_ids": full_ids}
    page: dict[str, Any] = {
        "furniture": furniture,
        "excerpts_only": excerpts_only,
        "mine": mine,
        "known": known,
    }
    if times is not None:
        table["times"] = page["times"] = times
    pour = partial(_pour, report, format, limit=limit, threads=threads, table=table, page=page)
    if output is None or os.fspath(output) == "-":
        _to_standard_output(report, format, table, pour)
        return
    path = Path(output)
    if path.is_dir() or is_plain(path):
        _to_file(report, format, path, pour, threads)
    else:
        with _named_when_unwritable(path), path.open("wb") as stream:
            pour(stream)


def _pour(
    report: Report,
    format: Format,  # noqa: A002
    stream: BinaryIO,
    *,
    limit: int | None,
    threads: int | None,
    table: dict[str, Any],
    page: dict[str, Any],
) -> None:
    # Imported here, because a run that writes JSON lines does not need to load rich, Jinja2 and pyarrow's
    # Parquet.
    match format:
        case "jsonl":
            from dedup.reporting import json_lines

            json_lines.write(report, stream, threads=threads)
        case "csv":
            from dedup.reporting import tables

            tables.write_overlaps_csv(report, stream)
        case "parquet":
            from dedup.reporting import tables

            tables.write_overlaps_parquet(report, stream, threads=threads)
        case "graphml":
            from dedup.reporting import graphs

            graphs.write_graphml(report, stream)
        case "edges":
            from dedup.reporting import graphs

            graphs.write_edges(report, stream)
        case "html":
            from dedup.reporting import html_page

            bound = html_page.LIMIT if limit is None else limit
            html_page.write(report, stream, limit=bound, **page)
        case "table":
            text = io.TextIOWrapper(stream, encoding="utf-8")
            _render(report, text, table)
            text.detach()


def _to_file(
    report: Report,
    format: Format,  # noqa: A002
    path: Path,
    pour: Callable[[BinaryIO], None],
    threads: int | None,
) -> None:
    if format in ("csv", "parquet"):
        from dedup.reporting import tables

        if format == "csv":
            tables.write_csv(report, path)
        else:
            tables.write_parquet(report, path, threads=threads)
        return
    with written_beside([path]) as (beside,), open_large(beside) as stream:
        pour(stream)


def _to_standard_output(
    report: Report,
    format: Format,  # noqa: A002
    table: dict[str, Any],
    pour: Callable[[BinaryIO], None],
) -> None:
    if format == "parquet" and sys.stdout.isatty():
        raise OutputError("Parquet is binary and a terminal cannot show it; give -o FILE or a pipe")
    with _named_when_unwritable("standard output"):
        if format == "table":
            _render(report, sys.stdout, table)
        else:
            sys.stdout.flush()
            # Under PYTHONUNBUFFERED the "buffer" is the raw file, which may write only a part without
            # raising.
            bare = sys.stdout.buffer
            if isinstance(bare, io.RawIOBase):
                stream = io.BufferedWriter(bare)
                try:
                    pour(stream)
                    stream.flush()
                finally:
                    stream.detach()
            else:
                pour(bare)
        sys.stdout.flush()


def _render(report: Report, file: TextIO, table: dict[str, Any]) -> None:
    from rich.console import Console

    from dedup.reporting import terminal

    console = Console(file=file, width=None if file.isatty() else file_width())
    bound = terminal.LIMIT if table["limit"] is None else table["limit"]
    terminal.render(report, console, **table | {"limit": bound})
    file.flush()


def file_width() -> int:
    """Return the width of a table that goes to a file or a pipe: COLUMNS, or else `FILE_WIDTH`."""
    given = os.environ.get("COLUMNS", "")
    return int(given) if given.isdecimal() and int(given) > 0 else FILE_WIDTH


@contextmanager
def _named_when_unwritable(name: Path | str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # The reader has gone (`| head`); the command line decides what that means.
        raise
    except OSError as error:
        raise unwritable(name, error) from error
