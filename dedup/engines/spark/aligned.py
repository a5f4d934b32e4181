"""Candidate pairs to aligned passages: a task holds a block of pairs, and each article's tokens once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.alignment.batch import Alignments
from dedup.corpus.prepare import ComparedTokens
from dedup.corpus.protocols import Terms
from dedup.detector import in_period
from dedup.engines.spark.candidates import spread, tokens_of
from dedup.engines.spark.cells import batch_of, cells, spark_schema, uncelled, whole
from dedup.engines.spark.terms import Period, SharedTerms
from dedup.overlaps.align import AlignedColumns, align
from dedup.runtime.progress import silent

#: The tokens of an article that a block needs.
WANTED = pa.schema(
    [
        pa.field("block", pa.int32()),
        pa.field("n", pa.int64()),
        pa.field("published", pa.timestamp("us", "UTC")),
        pa.field("hashes", pa.binary()),
        pa.field("flags", pa.binary()),
    ]
)
#: An aligned pair. `passages` holds the columns of `Alignments` except the pair's number, one after another;
#: `scores` holds the passages' Jaccard similarities, then their cosines.
ALIGNED = pa.schema(
    [
        pa.field("a", pa.int64()),
        pa.field("b", pa.int64()),
        pa.field("jaccard", pa.float64()),
        pa.field("passages", pa.binary()),
        pa.field("scores", pa.binary()),
    ]
)
#: The types of the columns of `Alignments` in a cell of passages, each as a whole number.
_TYPES = [column.dtype for column in Alignments.empty().columns()[1:]]
_COLUMNS = len(_TYPES)


def align_candidates(
    pairs: DataFrame, prepared: DataFrame, shared: SharedTerms, *, blocks: int, broadcast: bool
) -> DataFrame:
    """Return the pairs that share passages, with `ALIGNED`.

    A pair belongs to the block of its second article. A representative, which has many pairs, comes first in
    nearly all of them, so its pairs are spread over the blocks.

    Parameters
    ----------
    pairs : DataFrame
        With `a` and `b`, each pair once.
    prepared : DataFrame
        With `dedup.engines.spark.prepared.PREPARED`, articles only.
    broadcast : bool
        Whether the numbers of the articles that take part are sent to all executors, so that other articles
        do not travel.
    """
    of_block = pairs.withColumn("block", F.pmod("b", F.lit(blocks)).cast("int"))
    wanted = of_block.select("block", F.explode(F.array("a", "b")).alias("n")).distinct()
    by_article = wanted.groupBy("n").agg(F.collect_list("block").alias("blocks"))
    by_article = F.broadcast(by_article) if broadcast else by_article
    columns = prepared.select("n", "source", "published", "tokens", "flags").join(by_article, "n")
    tokens = columns.mapInArrow(_handing(shared), spark_schema(WANTED))
    left, right = spread(of_block, blocks, "block"), spread(tokens, blocks, "block")
    grouped = left.groupBy("block").cogroup(right.groupBy("block"))
    return grouped.applyInArrow(_aligning(shared), spark_schema(ALIGNED))


def _handing(shared: SharedTerms) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    return lambda batches: handed_out(batches, shared.terms)


def _aligning(shared: SharedTerms) -> Callable[[pa.Table, pa.Table], pa.Table]:
    return lambda pairs, tokens: align_block(pairs, tokens, shared.terms, shared.period)


def handed_out(batches: Iterable[pa.RecordBatch], terms: Terms) -> Iterator[pa.RecordBatch]:
    """Yield the compared tokens of each article, with `WANTED`: one row for each block in its `blocks`."""
    for batch in batches:
        tokens = tokens_of(batch, terms)
        blocks = batch.column("blocks")
        row = np.repeat(np.arange(batch.num_rows), np.diff(np.asarray(blocks.offsets)))
        columns = {
            "n": batch.column("n"),
            "published": batch.column("published"),
            "hashes": cells(tokens.hashes, tokens.offsets),
            "flags": cells(tokens.flags, tokens.offsets),
        }
        taken = {name: column.take(pa.array(row)) for name, column in columns.items()}
        yield batch_of(WANTED, {"block": blocks.flatten(), **taken}, len(row))


def align_block(pairs: pa.Table, tokens: pa.Table, terms: Terms, period: Period) -> pa.Table:
    """Align the pairs of a block.

    Parameters
    ----------
    pairs : pyarrow.Table
        With `a` and `b`.
    tokens : pyarrow.Table
        With `WANTED`, each article once.
    """
    tokens = tokens.sort_by("n")
    numbers = np.asarray(whole(tokens, "n"))
    hashes, offsets = uncelled(tokens.column("hashes"), np.uint32)
    flags, _ = uncelled(tokens.column("flags"), np.uint8)
    one, other = (np.asarray(whole(pairs, name)) for name in ("a", "b"))
    order = np.lexsort((other, one))
    a, b = (np.searchsorted(numbers, each[order]) for each in (one, other))
    times = np.asarray(whole(tokens, "published").cast(pa.timestamp("us"))).astype("datetime64[us]")
    near = in_period(times, a, b, period.since, period.within)
    a, b = a[near], b[near]
    found = align(terms, ComparedTokens(hashes, flags, offsets), a, b, threads=1, progress=silent)
    return pa.Table.from_batches([aligned_batch(found.renumbered(numbers))])


def aligned_batch(found: AlignedColumns) -> pa.RecordBatch:
    """Return aligned pairs as rows with `ALIGNED`."""
    passages = found.passages
    pairs = len(found.a)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(passages.pair, minlength=pairs)))).astype(np.int64)
    columns = np.stack([np.asarray(column, np.int32) for column in passages.columns()[1:]], axis=1)
    scores = np.stack([found.passage_jaccard, found.passage_cosine], axis=1)
    made = {
        "a": found.a,
        "b": found.b,
        "jaccard": found.jaccard,
        "passages": cells(columns.ravel(), offsets * _COLUMNS),
        "scores": cells(scores.ravel(), offsets * 2),
    }
    return batch_of(ALIGNED, made, pairs)


def aligned_columns(table: pa.Table, numbers: NDArray[np.int64]) -> AlignedColumns:
    """Return rows with `ALIGNED` as columns, sorted by (a, b).

    Parameters
    ----------
    numbers : ndarray of shape (n_articles,), dtype int64
        The numbers of the articles that may occur, ascending. In the result articles are numbered by their
        places here.

    Examples
    --------
    >>> table = pa.Table.from_batches([aligned_batch(AlignedColumns.empty())])
    >>> len(aligned_columns(table, np.array([3, 9])).a)
    0
    """
    values, offsets = uncelled(table.column("passages"), np.int32)
    scores, _ = uncelled(table.column("scores"), np.float64)
    counts = np.diff(offsets) // _COLUMNS
    columns = values.reshape(-1, _COLUMNS).T
    pair = np.repeat(np.arange(len(counts)), counts)
    jaccard, cosine = (np.ascontiguousarray(column) for column in scores.reshape(-1, 2).T)
    a, b = (np.searchsorted(numbers, np.asarray(whole(table, name))) for name in ("a", "b"))
    typed = (column.astype(kind) for column, kind in zip(columns, _TYPES, strict=True))
    passages = Alignments(pair, *typed)
    found = AlignedColumns(a, b, np.array(whole(table, "jaccard")), passages, jaccard, cosine)
    return found.in_order()
