"""CSV and TSV: blocks of whole records through Arrow, or record by record where a block has a fault."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from dedup.errors import FieldError, InputError
from dedup.reading.csv_records import not_blank, record_ends
from dedup.reading.fields import Selector
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.records import Column, Fault, Records, joined, without_empty
from dedup.reading.streams import check_size, not_decodable, read_chunks
from dedup.reading.tables import (
    delimiter_of,
    find_columns,
    names_of_cells,
    rows_above_header,
    with_zone,
    without_nothing,
)

# The first rows show what the columns hold.
_SAMPLES = 20
_HEAD = 1 << 20


@dataclass(frozen=True, slots=True)
class _Layout:
    """The layout from the header: the delimiter, the columns, and which of them each field is read from.

    `parts` says that the columns of the text are parts of it, and not alternatives.
    """

    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, tuple[int, ...]]
    whole: bool = False
    parts: bool = False

    @property
    def used(self) -> list[str]:
        if self.whole:
            return [str(place) for place in range(len(self.header))]
        return sorted({str(place) for places in self.columns.values() for place in places})


def read_csv(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text table whose cells are separated by commas, semicolons, tabs or bars.

    Values may hold line breaks in quotes. An empty value counts as missing, except the text, which may be
    empty.

    Raises
    ------
    FieldError
        The header has no column for the text, lacks a column that the user mapped, or repeats one.
    InputError
        A quote is never closed.
    """
    encoding = how.source.encoding
    chunks = read_chunks(file, how.source)
    delimiter, announced, chunks = _dialect(file, chunks)
    layout: _Layout | None = None
    pending, line, offset = b"", 1, 0
    for chunk, last in _with_last(chunks):
        data = pending + chunk
        if offset == 0 and line == 1 and data.startswith(codecs.BOM_UTF8):
            data, offset = data.removeprefix(codecs.BOM_UTF8), len(codecs.BOM_UTF8)
        if last and data and not data.endswith(b"\n"):
            data += b"\n"
        ends, breaks = record_ends(np.frombuffer(data, np.uint8), ord(delimiter))
        lines = line + np.concatenate([[0], breaks])
        cuts = np.concatenate([[0], ends])
        first = 0
        if layout is None and len(ends) > announced:
            samples = _texts(data, cuts[announced : announced + _SAMPLES + 1], file, encoding)
            layout, first = _layout(samples, delimiter, how.selector, file, whole=how.whole)
            first += announced
        if layout is not None and len(ends) > first:
            yield _Block(data, cuts[first:], lines[first:], offset, layout).records(file)
        if layout is not None:
            pending, line, offset = data[cuts[-1] :], int(lines[-1]), offset + int(cuts[-1])
        else:
            pending = data
        check_size(len(pending), file, line)
    if pending and layout is not None:
        raise InputError("a quote opened in this record is never closed", file=file.name, line=line)
    if pending.strip() and layout is None and not announced:
        raise InputError("a quote opened in this record is never closed", file=file.name, line=line)


def _dialect(file: InputFile, chunks: Iterator[bytes]) -> tuple[str, int, Iterator[bytes]]:
    """Return the delimiter, the number of lines that announce it (Excel's ``sep=;``), and all chunks."""
    head = next(chunks, b"")
    chunks = itertools.chain([head], chunks)
    text = head[:_HEAD].removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):
        return text[4], 1, chunks
    return delimiter_of(text, tabs=file.format == "tsv"), 0, chunks


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    for chunk in chunks:
        yield chunk, False
    yield b"", True


def _texts(data: bytes, cuts: NDArray[np.int64], file: InputFile, encoding: str) -> list[str]:
    """Return the first records; the header must be decodable."""
    try:
        header = data[cuts[0] : cuts[1]].decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise not_decodable(error, encoding, offset=error.start, file=file.name, line=1) from error
    following = zip(cuts[1:-1].tolist(), cuts[2:].tolist(), strict=True)
    return [header, *(data[start:end].decode(errors="replace").rstrip("\r\n") for start, end in following)]


def _layout(
    records: list[str], delimiter: str, selector: Selector, file: InputFile, *, whole: bool
) -> tuple[_Layout, int]:
    """Return the layout, and how many records precede the first one with an article."""
    rows = [_cells(record, delimiter) for record in records]
    above = rows_above_header(rows, selector)
    rows = rows[above:]
    header = rows[0]
    made_up = names_of_cells(header)
    if made_up is not None:
        rows, header = [made_up, *rows], made_up
    sample = [
        next((row[at] for row in rows[1:] if len(row) > at and row[at]), "") for at in range(len(header))
    ]
    columns = find_columns(header, sample, selector, file=file.name, line=1)
    for name in {header[place] for places in columns.values() for place in places}:
        if header.count(name) > 1:
            raise FieldError(f"the header has two columns {name!r}; keep one", file=file.name, line=1)
    return _Layout(delimiter, tuple(header), columns, whole, selector.joins_parts), above + (made_up is None)


def _cells(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:  # a cell of more than 128 KiB
        return []


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole records: record i is ``data[cuts[i]:cuts[i + 1]]`` and starts on line ``lines[i]``."""

    data: bytes
    cuts: NDArray[np.int64]
    lines: NDArray[np.int64]
    offset: int
    layout: _Layout

    def records(self, file: InputFile) -> Records:
        starts = self.lines[:-1]
        filled = np.flatnonzero(not_blank(np.frombuffer(self.data, np.uint8), self.cuts))
        columns = _parsed(self.data[self.cuts[0] : self.cuts[-1]], self.layout)
        faults: list[Fault] = []
        if columns is None or len(columns[0]) != len(filled):
            columns, filled, faults = self._one_by_one(filled, file)
        original = partial(self._record, columns) if self.layout.whole else None
        return Records(
            [file.name], starts[filled], self._fields(columns), faults, original=original, stem=file.stem
        )

    def _record(self, columns: list[Column], row: int) -> dict[str, str]:
        """Return a row with all its cells, by the header's names."""
        return {
            self.layout.header[int(place)]: column[row].as_py()
            for place, column in zip(self.layout.used, columns, strict=True)
        }

    def _one_by_one(
        self, filled: NDArray[np.int64], file: InputFile
    ) -> tuple[list[Column], NDArray[np.int64], list[Fault]]:
        sound: list[int] = []
        parts: list[list[Column]] = [[_EMPTY] * len(self.layout.used)]
        faults: list[Fault] = []
        for number in filled.tolist():
            record = self.data[self.cuts[number] : self.cuts[number + 1]]
            columns = _parsed(record, self.layout)
            if columns is None or len(columns[0]) != 1:
                error = self._fault(record, int(self.cuts[number]), file.name, int(self.lines[number]))
                faults.append(Fault(error, record.decode(errors="backslashreplace")))
            else:
                sound.append(number)
                parts.append(columns)
        joined = [pa.concat_arrays(column) for column in zip(*parts, strict=True)]
        return joined, np.array(sound, np.int64), faults

    def _fault(self, record: bytes, cut: int, name: str, line: int) -> InputError:
        try:
            text = record.decode()
        except UnicodeDecodeError as error:
            at = self.offset + cut + error.start
            below = line + record.count(b"\n", 0, error.start)
            return not_decodable(error, "utf-8", offset=at, file=name, line=below)
        bad: list[int] = []
        _parsed(record, self.layout, bad)
        found = f"{bad[0]} columns" if bad else f"broken quotes near {text[:60]!r}"
        return InputError(
            f"the row has {found}, the header {len(self.layout.header)}; put a value that holds the "
            "delimiter or a line break in double quotes",
            file=name,
            line=line,
        )

    def _fields(self, columns: list[Column]) -> dict[str, Column | None]:
        by_place = dict(zip(self.layout.used, columns, strict=True))
        fields: dict[str, Column | None] = {}
        for field, places in self.layout.columns.items():
            found = [by_place[str(place)] for place in places]
            if field != "text":
                empty = without_empty if field == "title" else without_nothing
                found = [empty(column) for column in found]
            if field == "published":
                found = [
                    with_zone(self.layout.header[place], column)
                    for place, column in zip(places, found, strict=True)
                ]
            # The text of the best-ranked column counts even if it is empty.
            if field == "text":
                found = [_of_parts(found)] if self.layout.parts else found[:1]
            if field == "credit_lines" and found:
                found = [joined(found)]
            fields[field] = pc.coalesce(*found) if len(found) > 1 else found[0] if found else None
        return fields


def _of_parts(columns: list[Column]) -> Column:
    return pc.fill_null(joined([without_empty(column) for column in columns], "\n\n"), "")


_EMPTY = pa.array([], pa.string())


def _parsed(data: bytes, layout: _Layout, bad: list[int] | None = None) -> list[Column] | None:
    """Return the used columns of some records, or None if a record is broken; `bad` gets its column count."""

    def refuse(row: Any) -> Literal["skip", "error"]:
        if bad is not None:
            bad.append(row.actual_columns)
        return "error"

    used = layout.used
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            arrow_csv.ReadOptions(
                column_names=[str(place) for place in range(len(layout.header))],
                use_threads=False,
                block_size=len(data) + 1,
            ),
            arrow_csv.ParseOptions(
                delimiter=layout.delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            arrow_csv.ConvertOptions(
                include_columns=used, column_types=dict.fromkeys(used, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [_one_chunk(table.column(name)) for name in used]


def _one_chunk(column: pa.ChunkedArray[Any]) -> Column:
    chunks = column.chunks
    return chunks[0] if len(chunks) == 1 else pa.concat_arrays([_EMPTY, *chunks])
