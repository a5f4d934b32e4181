"""Articles to rows with their tokens and credits, sorted by id; the background is learned on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import reduce

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.background.tables import Background, source_hashes
from dedup.cleaning.credits import CREDIT, Credits, find_credits
from dedup.cleaning.outlet_credits import with_outlets
from dedup.corpus.prepare import whole_tokens
from dedup.engines.spark.cells import batch_of, cells, numbers_of, spark_schema
from dedup.engines.spark.terms import packed, unpacked
from dedup.errors import FieldError
from dedup.lsh.minhash import shingle_hashes
from dedup.outlets import Outlets, same_source
from dedup.reading.arrow_input import Door
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.settings import Settings
from dedup.text.slicing import cut_out
from dedup.text.tokens import utf8_of

#: An article of the run: `n` is its number (`dedup.engines.spark.cells`), `source_key` a hash of its source,
#: `words` the number of its tokens. Each partition has one more row for its background, and one per fault;
#: their `n` is null.
PREPARED = pa.schema(
    [
        pa.field("n", pa.int64()),
        *(pa.field(each.name, each.type) for each in ARTICLE_SCHEMA),
        pa.field("source_key", pa.int64()),
        pa.field("words", pa.int64()),
        pa.field("tokens", pa.binary()),
        pa.field("flags", pa.binary()),
        pa.field("agency", pa.string()),
        pa.field("credited", pa.bool_()),
        pa.field("credits", pa.list_(CREDIT)),
        pa.field("credit_texts", pa.list_(pa.string())),
        pa.field("background", pa.binary()),
        pa.field("fault", pa.string()),
    ]
)
#: The fault of an id that two articles have.
TWICE = "twice"
#: Number of backgrounds that one task merges.
_MERGED_AT_ONCE = 32

Batches = Iterable[pa.RecordBatch]


def prepare_articles(articles: DataFrame, settings: Settings, outlets: Outlets, partitions: int) -> DataFrame:
    """Return the articles sorted by id, cut into tokens, with their credits.

    Parameters
    ----------
    articles : DataFrame
        Those columns of `ARTICLE_SCHEMA` that exist; `id` is a string.
    outlets : Outlets
        What is known about the sources.
    partitions : int
    """
    by_id = articles.repartitionByRange(partitions, "id").sortWithinPartitions("id")
    return by_id.mapInArrow(_preparing(settings, outlets), spark_schema(PREPARED))


def merge_backgrounds(parts: DataFrame, shingle_words: int) -> Background:
    """Merge the backgrounds of all partitions into one, in tasks and finally in the driver."""
    count = parts.count()
    while count > _MERGED_AT_ONCE:
        count = -(-count // _MERGED_AT_ONCE)
        parts = parts.repartition(count).mapInArrow(_merging(), "background binary")
    each = (unpacked(bytes(row.background)) for row in parts.toLocalIterator())
    return reduce(Background.merge, each, Background.empty(shingle_words))


def source_keys(sources: pa.StringArray) -> NDArray[np.int64]:
    """Return a 64-bit hash of each source, equal for all spellings of one source.

    Examples
    --------
    >>> keys = source_keys(pa.array(["Herald", "www.herald", "Gate"]))
    >>> (keys == keys[0]).tolist()
    [True, True, False]
    """
    coded = sources.dictionary_encode()
    names = (same_source(name).encode() for name in coded.dictionary.to_pylist())
    digests = b"".join(hashlib.blake2b(name, digest_size=8).digest() for name in names)
    keys: NDArray[np.int64] = np.frombuffer(digests, np.int64)[np.asarray(coded.indices)]
    return keys


def spellings(prepared: DataFrame) -> dict[str, str]:
    """Return the name that replaces each other spelling of a source: that of the first article by id."""
    each = prepared.groupBy("source_key", "source").agg(F.min("n").alias("n"))
    several = each.groupBy("source_key").agg(
        F.min_by("source", "n").alias("shown"),
        F.collect_list("source").alias("all"),
        F.count("*").alias("count"),
    )
    rows = several.where("count > 1").select("shown", "all").collect()
    return {name: row["shown"] for row in rows for name in row["all"] if name != row["shown"]}


def _merging() -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    def merge(batches: Batches) -> Iterator[pa.RecordBatch]:
        cells_ = (cell for batch in batches for cell in batch.column("background"))
        parts = (unpacked(cell.as_py()) for cell in cells_)
        first = next(parts, None)
        if first is not None:
            data = packed(reduce(Background.merge, parts, first))
            yield pa.record_batch({"background": pa.array([data], pa.binary())})

    return merge


def _preparing(settings: Settings, outlets: Outlets) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    def prepare(batches: Batches) -> Iterator[pa.RecordBatch]:
        context = TaskContext.get()
        yield from prepare_partition(batches, settings, outlets, context.partitionId() if context else 0)

    return prepare


def prepare_partition(
    batches: Batches, settings: Settings, outlets: Outlets, partition: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one partition, whose articles arrive sorted by id, as batches with `PREPARED`."""
    background, place, last = Background.empty(settings.shingle_words), 0, None
    for given in batches:
        parts, faults = _articles(given)
        if faults:
            yield batch_of(PREPARED, {"id": [faults[0][0]], "fault": [faults[0][1]]}, 1)
        for batch in parts:
            ids = batch.column("id").to_pylist()
            repeated = [one for one, other in zip([last, *ids], ids, strict=False) if one == other]
            if repeated:
                yield batch_of(PREPARED, {"id": repeated[:1], "fault": [TWICE]}, 1)
            last = ids[-1] if ids else last
            numbers = numbers_of(partition, place, len(ids))
            row, background = _prepared(batch, settings, outlets, background, numbers)
            place += len(ids)
            yield row
    if place:
        yield batch_of(PREPARED, {"background": [packed(background)]}, 1)


def _articles(given: pa.RecordBatch) -> tuple[list[pa.RecordBatch], list[tuple[str | None, str]]]:
    """Return the articles of a batch, or else the id of the first faulty article, and its fault."""
    try:
        return list(Door().take(given)), []
    except FieldError:
        for row in range(given.num_rows):
            one = given.slice(row, 1)
            try:
                list(Door().take(one))
            except FieldError as error:
                # The reader counts the rows of what it takes, and these are sorted.
                return [], [(one.column("id")[0].as_py(), error.reason.replace(" in row 0", ""))]
        raise


def _credit_texts(texts: pa.StringArray, found: Credits) -> pa.ListArray:
    """Return the words of each credit, so that the article's row can be written without the text."""
    rows = np.repeat(np.arange(len(texts)), np.diff(found.offsets))
    words = cut_out(*utf8_of(texts), rows, found.start, found.end)
    return pa.ListArray.from_arrays(pa.array(found.offsets, pa.int32()), words.cast(pa.string()))


def _prepared(
    batch: pa.RecordBatch,
    settings: Settings,
    outlets: Outlets,
    background: Background,
    numbers: NDArray[np.int64],
) -> tuple[pa.RecordBatch, Background]:
    texts = batch.column("text")
    tokens = whole_tokens(texts, settings)
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
    background = background.learn(tokens, shingles, source_hashes(batch.column("source")))
    found = with_outlets(find_credits(texts, tokens), texts, outlets)
    columns = {
        **{name: batch.column(name) for name in ARTICLE_SCHEMA.names},
        "n": numbers,
        "source_key": source_keys(batch.column("source")),
        "words": np.diff(tokens.offsets),
        "tokens": cells(tokens.hashes, tokens.offsets),
        "flags": cells(tokens.flags, tokens.offsets),
        "agency": found.agency,
        "credited": found.credited,
        "credits": found.stored(),
        "credit_texts": _credit_texts(texts, found),
    }
    return batch_of(PREPARED, columns, batch.num_rows), background
