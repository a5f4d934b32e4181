"""Files that hold one article each: many of them are read into a run of records."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.fields import FIELDS, Row
from dedup.reading.formats import HowToRead, formats, single_reader_of
from dedup.reading.input_file import InputFile
from dedup.reading.records import BLOCK_BYTES, Column, Fault, Records

_MOST_FILES = 10_000


def read_singles(
    files: Iterable[InputFile], how: Callable[[InputFile], HowToRead], report: Callable[[Fault], None]
) -> Iterator[Records]:
    """Read files of the same format.

    Parameters
    ----------
    files : iterable of InputFile
    how : callable
        Returns how a file is read.
    report : callable
        Called with the fault of a file that cannot be read; it may raise its error.
    """
    rows: list[Row] = []
    names: list[str] = []
    size = 0
    anonymous = False
    for file, row in _read(files, how):
        anonymous = formats()[file.format].anonymous
        if isinstance(row, InputError):
            report(Fault(type(row)(row.reason, file=row.file or file.name, line=row.line)))
            continue
        rows.append({**row, "id": row.get("id") or file.stem})
        names.append(file.name)
        size += len(row["text"] or "")
        if size >= BLOCK_BYTES or len(rows) == _MOST_FILES:
            yield _records(rows, names, anonymous)
            rows, names, size = [], [], 0
    if rows:
        yield _records(rows, names, anonymous)


def _read(
    files: Iterable[InputFile], how: Callable[[InputFile], HowToRead]
) -> Iterator[tuple[InputFile, Row | InputError]]:
    stream = iter(files)
    first = next(stream, None)
    if first is None:
        return
    files = itertools.chain([first], stream)
    if first.format == "html":
        from dedup.reading.html_pages import read_many_html

        yield from read_many_html(files, how(first))
        return
    read = single_reader_of(first.format)
    for file in files:
        try:
            yield file, read(file, how(file))
        except InputError as error:
            yield file, error


def _records(rows: list[Row], names: list[str], anonymous: bool) -> Records:
    columns: dict[str, Column | None] = {
        field: pa.array([row.get(field) for row in rows], pa.string()) for field in FIELDS
    }
    return Records(names, None, columns, without_sources=anonymous)
