"""Articles from Python objects of all kinds, as batches with `ARTICLE_SCHEMA`.

The libraries are recognised by their interfaces, and are not imported.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from os import PathLike
from typing import Any, TypeAlias

import pyarrow as pa

from dedup.article import Article
from dedup.errors import FieldError
from dedup.reading.arrow_input import ROWS_AT_ONCE, Door
from dedup.reading.batches import ARTICLE_SCHEMA, ArticleBatches, to_batches
from dedup.reading.object_columns import strings_of

#: Any object that holds articles: see `as_batches`.
Data: TypeAlias = Any

_OBJECTS_AT_ONCE = 4096
_NAMES = ARTICLE_SCHEMA.names
_WANTED = (
    "give an Arrow table or reader, a pandas or polars frame, a DuckDB relation, a Hugging Face data set, or "
    "an iterable of articles, dicts, strings or record batches"
)


def as_batches(data: Data, *, first: int = 0) -> Iterator[pa.RecordBatch]:
    """Yield articles as batches with `ARTICLE_SCHEMA`; nothing if there are none.

    Parameters
    ----------
    data
        A `dedup.reading.Reading`; a pyarrow Table, RecordBatch, RecordBatchReader or Dataset; a pandas or
        polars frame; a DuckDB relation; a Hugging Face data set; anything with ``__arrow_c_stream__``; a
        column of texts (Arrow array, Series); or an iterable of `Article`, of dicts, of strings (texts), or
        of tables or record batches. Columns and keys have the names of `ARTICLE_SCHEMA`; only ``text`` is
        required. `dedup.reading.arrow_input.Door` lists the types that they may have. The data is read once,
        in parts: a large table is not copied as a whole.
    first : int
        The number of the first row: without ids, an article's id is the number of its row.

    Raises
    ------
    FieldError
        Something else is given, or a column or a value cannot be read. The message names column and row,
        counted from 0.

    Examples
    --------
    >>> for data in (["One."], [{"text": "One."}], pa.table({"text": ["One."]}), pa.array(["One."])):
    ...     (batch,) = as_batches(data)
    ...     print(batch.column("id").to_pylist(), batch.column("text").to_pylist())
    ['0'] ['One.']
    ['0'] ['One.']
    ['0'] ['One.']
    ['0'] ['One.']
    """
    if isinstance(data, ArticleBatches):
        yield from data
        return
    door = Door(first)
    try:
        for part in _parts(data):
            if isinstance(part, list):
                yield from door.take(_of_objects(part, door.row))
            else:
                yield from door.take(part)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, pa.ArrowKeyError) as error:
        raise FieldError(f"the data from row {door.row} on cannot be read ({error})") from error


def one_batch(data: Data, *, first: int = 0) -> pa.RecordBatch:
    """Return all articles as one batch with `ARTICLE_SCHEMA`; see `as_batches`."""
    batches = list(as_batches(data, first=first))
    if len(batches) == 1:
        return batches[0]
    columns = [
        pa.concat_arrays(
            [batch.column(name) for batch in batches] or [pa.array([], ARTICLE_SCHEMA.field(name).type)]
        )
        for name in _NAMES
    ]
    return pa.RecordBatch.from_arrays(columns, schema=ARTICLE_SCHEMA)


def _parts(data: Any) -> Iterator[pa.RecordBatch | list[Any]]:
    """Yield record batches, or lists of articles, dicts or strings."""
    if data is None or isinstance(data, str | bytes | bytearray | PathLike | Mapping | Article):
        raise _refused(data)
    library = type(data).__module__.partition(".")[0]
    if isinstance(data, pa.RecordBatch):
        yield data
    elif isinstance(data, pa.Table):
        yield from _table(data)
    elif library == "pandas":
        yield from _pandas(data)
    elif library == "polars" and hasattr(data, "collect"):
        yield from _parts(data.collect())
    elif hasattr(data, "with_format") and hasattr(data, "iter"):  # a Hugging Face data set
        for table in data.with_format("arrow").iter(batch_size=_OBJECTS_AT_ONCE):
            yield from _table(table)
    elif isinstance(data, pa.Array | pa.ChunkedArray):
        yield from _column(data)
    elif hasattr(data, "__arrow_c_stream__"):
        yield from _stream(data)
    elif hasattr(data, "__arrow_c_array__"):
        yield from _parts(pa.array(data))
    elif hasattr(data, "fetch_record_batch"):  # a DuckDB relation of a version without streams
        yield from data.fetch_record_batch(ROWS_AT_ONCE)
    elif hasattr(data, "to_batches"):  # a pyarrow Dataset or Scanner
        yield from data.to_batches()
    elif isinstance(data, Iterable):
        yield from _items(data)
    else:
        raise _refused(data)


def _refused(data: Any) -> FieldError:
    kind = type(data).__name__
    if isinstance(data, str | bytes | bytearray | PathLike):
        return FieldError(
            f"articles are given as a {kind}; a text goes into a list, and files are read by "
            "`dedup.read_batches`"
        )
    if isinstance(data, Mapping):
        names = ", ".join(map(str, itertools.islice(data, 5))) or "(none)"
        return FieldError(
            f"articles are given as a {kind} with the keys {names}; put one article into a list, make a "
            "table of columns with `pyarrow.table`, or choose one of several splits"
        )
    if isinstance(data, Article):
        return FieldError("a single article is given; put it into a list")
    return FieldError(f"articles are given as {kind}; {_WANTED}")


def _table(table: pa.Table) -> Iterator[pa.RecordBatch]:
    names = [name for name in table.schema.names if name in _NAMES]
    if len(set(names)) == len(names) and "text" in names:
        table = table.select(names)  # unused columns are not read
    yield from table.to_batches(max_chunksize=ROWS_AT_ONCE)


def _stream(data: Any) -> Iterator[pa.RecordBatch | list[Any]]:
    if hasattr(data, "columns") and hasattr(data, "select") and hasattr(data, "lazy"):  # polars
        names = [name for name in data.columns if name in _NAMES]
        data = data.select(names) if "text" in names else data
    try:
        reader = pa.RecordBatchReader.from_stream(data)
    except (pa.ArrowInvalid, TypeError):  # a stream of one column
        yield from _column(pa.chunked_array(data))
        return
    for batch in reader:
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield batch.slice(start, ROWS_AT_ONCE)


def _column(data: pa.Array | pa.ChunkedArray) -> Iterator[pa.RecordBatch]:
    """Yield a column of texts, or of structs that are articles."""
    for chunk in data.chunks if isinstance(data, pa.ChunkedArray) else [data]:
        if pa.types.is_struct(chunk.type):
            yield pa.RecordBatch.from_struct_array(chunk)
        else:
            yield pa.RecordBatch.from_arrays([chunk], names=["text"])


def _pandas(data: Any) -> Iterator[pa.RecordBatch | list[Any]]:
    if len(data.shape) == 1:
        for start in range(0, len(data), ROWS_AT_ONCE):
            yield list(data.iloc[start : start + ROWS_AT_ONCE])
        return
    names = [name for name in data.columns if name in _NAMES]
    if "text" not in names:
        yield pa.record_batch({str(name): pa.nulls(0) for name in data.columns})
        return
    chosen = data[names]
    if len(set(names)) < len(names):
        yield pa.RecordBatch.from_arrays([pa.nulls(0)] * len(names), names=names)
        return
    for start in range(0, max(len(chosen), 1), ROWS_AT_ONCE):
        part = chosen.iloc[start : start + ROWS_AT_ONCE]
        try:
            yield pa.RecordBatch.from_pandas(part, preserve_index=False)
        except (
            pa.ArrowInvalid,
            pa.ArrowTypeError,
            UnicodeEncodeError,
        ):  # values of several types in a column
            yield part.to_dict("records")


def _items(data: Iterable[Any]) -> Iterator[pa.RecordBatch | list[Any]]:
    """Yield items: articles, dicts and texts in lists; tables and batches as they are."""
    waiting: list[Any] = []
    kind: type | None = None
    for number, item in enumerate(data):
        if kind is None:
            kind = next((each for each in _KINDS if isinstance(item, each)), type(item))
        if kind not in _KINDS or not isinstance(item, kind):
            before = "" if number == 0 else f" after {kind.__name__}"
            raise FieldError(f"item {number} is {type(item).__name__}{before}; {_WANTED}")
        if kind is pa.RecordBatch:
            yield item
        elif kind is pa.Table:
            yield from _table(item)
        else:
            waiting.append(item)
            if len(waiting) == _OBJECTS_AT_ONCE:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


_KINDS: tuple[type, ...] = (Article, str, Mapping, pa.RecordBatch, pa.Table)


def _of_objects(items: Sequence[Any], first: int) -> pa.RecordBatch:
    """Convert articles, dicts or texts to a batch; `first` is the number of the first row."""
    if isinstance(items[0], Article):
        try:
            (batch,) = to_batches(items, rows=len(items))
        except (
            pa.ArrowException,
            TypeError,
            AttributeError,
            UnicodeEncodeError,
        ):  # some value has the wrong type
            records = [{each.name: getattr(item, each.name) for each in fields(Article)} for item in items]
            return _of_records(records, first)
        return batch
    if isinstance(items[0], Mapping):
        return _of_records(items, first)
    return pa.RecordBatch.from_arrays([strings_of("text", items, first)], names=["text"])


def _of_records(records: Sequence[Mapping[str, Any]], first: int) -> pa.RecordBatch:
    met = set().union(*records)
    names = [name for name in _NAMES if name in met]
    if "text" not in names:
        return pa.record_batch({str(name): pa.nulls(0) for name in met})
    columns = [strings_of(name, [record.get(name) for record in records], first) for name in names]
    return pa.RecordBatch.from_arrays(columns, names=names)
