"""The one entrance for data from a caller: it is checked and cast once, before any kernel reads it.

`dedup.reading.data` says which data are accepted; here each batch of them becomes one with `ARTICLE_SCHEMA`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.errors import FieldError
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.reading.dates.deciding import settle
from dedup.reading.dates.moments import DateReader
from dedup.reading.object_columns import strings_of
from dedup.reading.records import Column

#: Number of rows that are cast at a time, halved while a column has more than 2 GiB of text.
ROWS_AT_ONCE = 16_384
_STRINGS = ("id", "source", "title", "url", "language", "text", "credit_lines")
_MOMENT = ("published", "published_precision", "published_zone")


class Door:
    """Converts batches with any columns to batches of articles.

    Columns are found by the names in `ARTICLE_SCHEMA`. Only `text` is required; other columns are ignored. A
    column may have any equivalent type: large, binary, dictionary-encoded and run-end-encoded strings, string
    views, lists of strings (paragraphs), whole numbers, decimals and UUIDs as ids, times of any unit, dates,
    strings of dates. A time without a zone counts as UTC. An article whose source is null or missing is a
    source of its own. If no batch has ids, an article gets the number of its row.

    Parameters
    ----------
    first : int
        The number of the first row.

    Attributes
    ----------
    row : int
        The number of the next row, from 0, which messages name.
    """

    def __init__(self, first: int = 0) -> None:
        self.row = 0
        self._first = first
        self._has_ids: bool | None = None

    def take(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Yield the articles of a batch.

        Raises
        ------
        FieldError
            A column is missing, holds a null where an article needs a value, or holds an invalid value. The
            message names column and row.
        """
        names = batch.schema.names
        if "text" not in names:
            found = ", ".join(map(str, names)) or "(none)"
            raise FieldError(
                f"no column 'text'; the columns are {found}; rename the one that holds the texts"
            )
        for name in ARTICLE_SCHEMA.names:
            if names.count(name) > 1:
                raise FieldError(f"{names.count(name)} columns are named {name!r}; leave one of them")
        self._check_ids("id" in names)
        chosen = batch.select([name for name in ARTICLE_SCHEMA.names if name in names])
        try:
            chosen.validate(full=True)
        except pa.ArrowInvalid as error:
            raise _damaged(chosen, self.row, error) from error
        for start in range(0, chosen.num_rows, ROWS_AT_ONCE):
            yield from self._part(chosen.slice(start, ROWS_AT_ONCE))

    def _check_ids(self, has_ids: bool) -> None:
        if self._has_ids is None:
            self._has_ids = has_ids
        elif self._has_ids != has_ids:
            here, before = ("has", "had none") if has_ids else ("has no", "had one")
            raise FieldError(
                f"the batch from row {self.row} on {here} column 'id', and those before {before}; give all "
                "articles an id, or none"
            )

    def _part(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Convert a few rows, in two parts if their text exceeds what a column of strings can hold."""
        try:
            made = self._articles(batch)
        except _TooLargeError:
            if batch.num_rows < 2:
                raise FieldError(f"column 'text' in row {self.row} has more than 2 GiB; cut it") from None
            half = batch.num_rows // 2
            yield from self._part(batch.slice(0, half))
            yield from self._part(batch.slice(half))
            return
        self.row += batch.num_rows
        yield made

    def _articles(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        names = batch.schema.names
        columns: dict[str, Column] = {}
        for name in _STRINGS:
            columns[name] = (
                as_strings(name, batch.column(name), self.row)
                if name in names
                else pa.nulls(batch.num_rows, pa.string())
            )
        if not self._has_ids:
            rows = np.arange(self._first + self.row, self._first + self.row + batch.num_rows)
            columns["id"] = pa.array(rows).cast(pa.string())
        for name in ("id", "text"):
            if columns[name].null_count:
                row = self.row + int(pc.index(columns[name].is_null(), True).as_py())
                raise FieldError(
                    f"column {name!r} is null in row {row}; every article needs its {name}"
                    + (", or leave the column out and the rows are numbered" if name == "id" else "")
                )
        empty = pc.equal(columns["source"], "")
        columns["source"] = pc.coalesce(pc.if_else(empty, None, columns["source"]), columns["id"])
        columns |= self._moments(batch, columns["source"])
        return pa.RecordBatch.from_arrays(
            [columns[name] for name in ARTICLE_SCHEMA.names], schema=ARTICLE_SCHEMA
        )

    def _moments(self, batch: pa.RecordBatch, sources: Column) -> dict[str, Column]:
        names = batch.schema.names
        if "published" not in names:
            return {name: pa.nulls(batch.num_rows, ARTICLE_SCHEMA.field(name).type) for name in _MOMENT}
        if all(
            name in names and batch.schema.field(name).type == ARTICLE_SCHEMA.field(name).type
            for name in _MOMENT
        ):
            return {name: batch.column(name) for name in _MOMENT}
        column = _plain(batch.column("published"))
        is_time = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
        if not is_time:
            column = as_strings("published", column, self.row)
        found = DateReader().read(column, sources)
        read = pa.RecordBatch.from_pydict(found)
        settled, _ = settle(read, None)
        unread = np.flatnonzero(np.asarray(pc.and_(column.is_valid(), settled.column("published").is_null())))
        if len(unread) and not is_time:
            row = int(unread[0])
            raise FieldError(
                f"column 'published' in row {self.row + row} is {column[row].as_py()!r}, which is not a date "
                "that can be read in one way only; give it as 2026-01-31T10:00:00Z, or null"
            )
        columns = {name: settled.column(name) for name in _MOMENT}
        for name in _MOMENT[1:]:  # a given value overrides what the time looks like
            if name in names:
                given = as_strings(name, batch.column(name), self.row)
                columns[name] = pc.if_else(
                    columns["published"].is_valid(),
                    pc.coalesce(given, columns[name]),
                    pa.scalar(None, pa.string()),
                )
        return columns


class _TooLargeError(Exception):
    """A column of strings holds at most 2 GiB."""


def as_strings(name: str, column: Column, first: int) -> pa.StringArray:
    """Convert a column to strings, with null where there is no value.

    Parameters
    ----------
    name : str
        The article's field that the column holds.
    first : int
        The number of the column's first row, for messages.
    """
    column = _plain(column)
    kind = column.type
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if any(is_kind(kind) for is_kind in _TEXTS):
        return _cast(name, column, first)
    if name != "text" and (pa.types.is_integer(kind) and name != "published"):
        return column.cast(pa.string())
    return strings_of(name, column.to_pylist(), first)


_TEXTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
    pa.types.is_fixed_size_binary,
)


def _cast(name: str, column: Column, first: int) -> pa.StringArray:
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_fixed_size_binary(column.type):
        column = column.cast(pa.binary())
    try:
        strings = column.cast(pa.string())
    except pa.ArrowInvalid as error:
        row = _not_utf8(column)
        if row is not None:
            raise FieldError(f"column {name!r} in row {first + row} is not UTF-8; decode it first") from error
        # A slice far inside a large column is copied, because its own text may be small.
        try:
            return column.take(pa.array(np.arange(len(column)))).cast(pa.string())
        except pa.ArrowInvalid:
            raise _TooLargeError from None
    return strings


def _plain(column: Column) -> Column:
    """Return a column without dictionaries, run ends and extension types around its values."""
    while True:
        kind = column.type
        try:
            if pa.types.is_dictionary(kind):
                column = column.dictionary_decode()
            elif pa.types.is_run_end_encoded(kind):
                column = pc.run_end_decode(column)
            elif isinstance(kind, pa.BaseExtensionType):
                if kind.extension_name == "arrow.uuid":
                    return pa.array(
                        [None if one is None else str(one) for one in column.to_pylist()], pa.string()
                    )
                column = column.storage
            else:
                return column
        except pa.ArrowInvalid as error:
            if "overflow" in str(error) or "capacity" in str(error):
                raise _TooLargeError from None
            raise FieldError(f"a column of type {kind} cannot be read ({error})") from error


def _not_utf8(column: Column) -> int | None:
    """Return the first row of a column of bytes that is not UTF-8."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.large_binary())
    elif pa.types.is_string_view(column.type):
        return None  # the bytes were validated
    for row, value in enumerate(column):
        try:
            (value.as_py() or b"").decode()
        except UnicodeDecodeError:
            return row
    return None


def _damaged(batch: pa.RecordBatch, first: int, error: pa.ArrowInvalid) -> FieldError:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as reason:
            return FieldError(f"column {name!r} of the batch from row {first} on is not valid ({reason})")
    return FieldError(f"the batch from row {first} on is not valid ({error})")
