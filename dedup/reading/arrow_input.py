"""The one door for Arrow data that a caller hands over: checked and cast once, before any kernel reads it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dedup.article import Article
from dedup.errors import FieldError
from dedup.reading.batches import ARTICLE_SCHEMA, to_batches

#: A batch with more bytes is cut in two before it is cast: a column of strings holds at most 2 GiB.
_MOST_BYTES = 1 << 30
_NEEDED = ("id", "text")


def as_batches(
    articles: Iterable[Article] | Iterable[pa.RecordBatch] | pa.Table | pa.RecordBatchReader,
) -> Iterator[pa.RecordBatch]:
    """Articles, or Arrow data that holds them, as batches with `ARTICLE_SCHEMA`; nothing for none.

    Parameters
    ----------
    articles : iterable of Article or of pyarrow.RecordBatch, pyarrow.Table, pyarrow.RecordBatchReader
        See `article_batch` for the columns.

    Raises
    ------
    FieldError
        An item is neither, or `article_batch` refuses a batch; when it is reached.

    Examples
    --------
    >>> batches = list(to_batches([Article(id="a", text="One.")]))
    >>> list(as_batches(batches)) == batches == list(as_batches([Article(id="a", text="One.")]))
    True
    """
    if isinstance(articles, pa.Table):
        articles = articles.to_batches()
    stream: Iterator[Any] = iter(articles)
    first = next(stream, None)
    if first is None:
        return
    whole = itertools.chain([first], stream)
    if isinstance(first, Article):
        yield from to_batches(whole)
        return
    for batch in whole:
        yield from article_batches(batch)


def article_batches(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch as `article_batch` gives it; one of more than a gigabyte comes in parts."""
    if isinstance(batch, pa.RecordBatch) and batch.nbytes > _MOST_BYTES and batch.num_rows > 1:
        half = batch.num_rows // 2
        yield from article_batches(batch.slice(0, half))
        yield from article_batches(batch.slice(half))
    else:
        yield article_batch(batch)


def article_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch cast to `ARTICLE_SCHEMA`; one that has it already comes back as it is.

    Columns may have any type that casts without loss: large and dictionary-encoded strings, string views,
    times of other units. A time without a zone counts as UTC. `id` and `text` must be there, without nulls.
    An article whose source is null is a source of its own, named by its id. Other columns may be missing;
    further ones are left out.

    Raises
    ------
    FieldError
        A needed column is missing, holds a null, or has a type that cannot be cast.

    Examples
    --------
    >>> texts = pa.array(["One."]).cast(pa.string_view())
    >>> batch = article_batch(pa.record_batch({"id": ["a"], "text": texts}))
    >>> batch.column("text").type, batch.column("source").to_pylist()
    (DataType(string), ['a'])
    """
    if not isinstance(batch, pa.RecordBatch):
        raise FieldError(
            f"articles must be Article objects or pyarrow record batches; found {type(batch).__name__}"
        )
    if batch.schema.equals(ARTICLE_SCHEMA) and not any(_nulls(batch, name) for name in (*_NEEDED, "source")):
        return batch
    for name in _NEEDED:
        if name not in batch.schema.names:
            found = ", ".join(batch.schema.names) or "(none)"
            raise FieldError(f"no column {name!r}; the columns are {found}")
    columns = {field.name: _column(batch, field) for field in ARTICLE_SCHEMA}
    columns["source"] = pc.coalesce(columns["source"], columns["id"])
    # Without a word on how exact a time is, it is taken to the second, with its zone given.
    for name, usual in (("published_precision", "second"), ("published_zone", "given")):
        if name not in batch.schema.names:
            known = columns["published"].is_valid()
            columns[name] = pc.if_else(known, pa.scalar(usual), pa.scalar(None, pa.string()))
    return pa.RecordBatch.from_arrays([columns[name] for name in ARTICLE_SCHEMA.names], schema=ARTICLE_SCHEMA)


def _nulls(batch: pa.RecordBatch, name: str) -> int:
    return int(batch.column(name).null_count)


def _column(batch: pa.RecordBatch, field: pa.Field[Any]) -> pa.Array:
    if field.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, field.type)
    column = batch.column(field.name)
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    try:
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)  # nanoseconds are cut off
        column = column.cast(field.type)
        column.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise FieldError(
            f"column {field.name!r} of type {column.type} cannot be read as {field.type} ({error})"
        ) from error
    if field.name in _NEEDED and column.null_count:
        row = pc.index(column.is_null(), True).as_py()
        raise FieldError(f"column {field.name!r} is null in row {row}; every article needs its {field.name}")
    return column
