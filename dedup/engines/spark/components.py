"""Connected components in DataFrames: forests within tasks, then rounds of large-star and small-star.

A task folds its edges into a forest, which has fewer edges than articles. If the forests of all tasks fit
into one task, a last task folds them. Otherwise the rounds of Kiveris and others ("Connected Components in
MapReduce and Beyond", 2014) hang each article below the smallest of its neighbours until nothing changes: a
chain of n takes about log n rounds. Each round is written to disk, so that Spark's plans stay short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.engines.spark.cells import spark_schema
from dedup.stories.groups import group

#: Number of edges that one task folds: 16 bytes each, and about 50 while it works.
FOLDED_AT_ONCE = 20_000_000
#: A node, and the smallest node of its component.
EDGES = pa.schema([pa.field("n", pa.int64()), pa.field("root", pa.int64())])
_ROWS = 1 << 16
#: A round at least halves the remaining depth; a chain of 2 ** 64 would take fewer rounds.
_MOST_ROUNDS = 64

Checkpoint = Callable[[DataFrame, int], DataFrame]


def components(
    edges: DataFrame, checkpoint: Checkpoint, *, folded_at_once: int = FOLDED_AT_ONCE
) -> DataFrame:
    """Return the component of each node.

    Parameters
    ----------
    edges : DataFrame
        With `a` and `b`.
    checkpoint : callable
        Called as ``checkpoint(frame, number)``; writes a frame and returns what was written.
    folded_at_once : int
        Number of edges that one task may hold.

    Returns
    -------
    DataFrame
        With `n` and `root`, the smallest node of its component. Each node of an edge has one row.
    """
    schema = spark_schema(EDGES)
    forests = checkpoint(edges.select("a", "b").mapInArrow(folded, schema), 0)
    if forests.count() <= folded_at_once:
        return forests.selectExpr("n AS a", "root AS b").coalesce(1).mapInArrow(folded, schema)
    return _rounds(forests.where("n <> root"), checkpoint)


def _rounds(edges: DataFrame, checkpoint: Checkpoint) -> DataFrame:
    """Repeat large-star and small-star until the stars do not change."""
    before: tuple[int, int] | None = None
    for number in range(1, _MOST_ROUNDS):
        edges = checkpoint(_small_star(_large_star(edges)), number)
        told = edges.agg(
            F.count("*").alias("count"),
            F.bit_xor(F.xxhash64("n", "root")).alias("sum"),
        ).collect()[0]
        now = told["count"], told["sum"] or 0
        if now == before:
            roots = edges.select(F.col("root").alias("n"), "root").distinct()
            return edges.union(roots)
        before = now
    raise RuntimeError(f"the components did not settle in {_MOST_ROUNDS} rounds")


def _large_star(edges: DataFrame) -> DataFrame:
    """Hang the larger neighbours of each node below the smallest of its neighbours and itself."""
    both = edges.select(F.col("n").alias("u"), F.col("root").alias("v")).union(
        edges.select(F.col("root").alias("u"), F.col("n").alias("v"))
    )
    least = both.groupBy("u").agg(F.least(F.min("v"), F.col("u")).alias("m"))
    hung = both.where("v > u").join(least, "u").select(F.col("v").alias("n"), F.col("m").alias("root"))
    return hung.distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Hang the smaller neighbours of each node, and the node, below the smallest of them."""
    least = edges.groupBy("n").agg(F.min("root").alias("m"))
    met = edges.join(least, "n")
    below = met.where("root <> m").select(F.col("root").alias("n"), F.col("m").alias("root"))
    own = least.select("n", F.col("m").alias("root"))
    return below.union(own).distinct()


def folded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Return the forest of a task's edges, with `EDGES`: each node once."""
    a, b = np.zeros(0, np.int64), np.zeros(0, np.int64)
    pending: list[pa.RecordBatch] = []
    for batch in batches:
        pending.append(batch)
        if sum(each.num_rows for each in pending) > max(1_000_000, len(a)):
            a, b = _forest(a, b, pending)
            pending = []
    a, b = _forest(a, b, pending)
    for start in range(0, len(a), _ROWS):
        columns = [pa.array(each[start : start + _ROWS]) for each in (a, b)]
        yield pa.RecordBatch.from_arrays(columns, schema=EDGES)


def _forest(
    n: NDArray[np.int64], root: NDArray[np.int64], batches: list[pa.RecordBatch]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each node that occurred, and the smallest node connected with it so far."""
    a = np.concatenate([n, *(np.asarray(batch.column(0)) for batch in batches)])
    b = np.concatenate([root, *(np.asarray(batch.column(1)) for batch in batches)])
    nodes, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    stories = group(len(nodes), place[: len(a)], place[len(a) :])
    return nodes, nodes[stories.firsts[stories.of_article]] if len(nodes) else nodes
