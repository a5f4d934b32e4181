"""Aligned pairs to overlaps, article rows and stories: the stages of one machine over groups of articles.

Everything that these stages need about an article comes from those that it shares text with, and from those
that these share text with. So the articles of a connected component, which share nothing with the rest, give
the same result as in the whole corpus. A task holds some components, with the texts of their articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.cleaning.credits import CREDIT
from dedup.corpus.protocols import ComparisonContext, Terms
from dedup.engines.spark.aligned import ALIGNED, aligned_columns
from dedup.engines.spark.candidates import spread, tokens_of
from dedup.engines.spark.cells import batch_of, spark_schema, whole
from dedup.engines.spark.terms import SharedTerms
from dedup.index.compare.gathering import Gathered
from dedup.report.articles import ARTICLES, ArticleRows
from dedup.report.overlaps import blocks as runs_of
from dedup.report.overlaps import overlap_batch
from dedup.report.scan_report import findings_of
from dedup.report.stories import STORIES, StoryRows
from dedup.schemas import ARTICLE_SCHEMA as ARTICLE_ROWS
from dedup.schemas import OVERLAP_SCHEMA, STORY_SCHEMA

#: What the stages need about an article, with its number of tokens, and how many were compared. `text` is
#: null for an article that shares nothing: of it only the words of its credits are needed.
DESCRIBED = pa.schema(
    [
        pa.field("block", pa.int32()),
        pa.field("n", pa.int64()),
        *(
            pa.field(name, kind)
            for name, kind in {
                **dict.fromkeys(["id", "source", "title", "url", "text"], pa.string()),
                "published": pa.timestamp("us", "UTC"),
                **dict.fromkeys(["published_precision", "published_zone", "agency"], pa.string()),
                "credited": pa.bool_(),
                "credits": pa.list_(CREDIT),
                "credit_texts": pa.list_(pa.string()),
                "words": pa.int64(),
                "compared": pa.int64(),
            }.items()
        ),
    ]
)
#: The row of an overlap, of an article, or of a story.
TOLD = pa.schema(
    [
        pa.field("overlap", pa.struct(list(OVERLAP_SCHEMA))),
        pa.field("article", pa.struct(list(ARTICLE_ROWS))),
        pa.field("story", pa.struct(list(STORY_SCHEMA))),
    ]
)
_ROWS = 4_096


def tell(
    prepared: DataFrame,
    aligned: DataFrame,
    roots: DataFrame,
    shared: SharedTerms,
    *,
    shown: dict[str, str],
    agencies: Sequence[str],
    blocks: int,
    broadcast: bool,
) -> DataFrame:
    """Return the rows of all overlaps, articles and stories, with `TOLD`.

    Parameters
    ----------
    prepared : DataFrame
        With `dedup.engines.spark.prepared.PREPARED`, articles only.
    aligned : DataFrame
        With `dedup.engines.spark.aligned.ALIGNED`.
    roots : DataFrame
        From `dedup.engines.spark.components.components`.
    shown : dict
        The displayed name of each other spelling of a source.
    agencies : sequence of str
        All names that credits use in the corpus.
    broadcast : bool
        Whether the components are sent to all executors, so that texts of articles that share nothing stay.
    """
    block = F.pmod(F.xxhash64("root"), F.lit(blocks)).cast("int").alias("block")
    kept = [name for name in DESCRIBED.names if name not in ("block", "compared", "text")]
    joined = prepared.select(*kept, "tokens", "flags", "text").join(
        F.broadcast(roots) if broadcast else roots, "n", "left"
    )
    text = F.when(F.col("root").isNotNull(), F.col("text")).alias("text")
    rooted = joined.select(*kept, "tokens", "flags", text, F.coalesce("root", "n").alias("root"))
    described_ = (
        rooted.select("*", block)
        .drop("root")
        .mapInArrow(lambda batches: described(batches, shared.terms, shown), spark_schema(DESCRIBED))
    )
    of_pairs = aligned.join(F.broadcast(roots) if broadcast else roots, F.col("a") == F.col("n"))
    pairs = of_pairs.select(block, *ALIGNED.names)
    left, right = spread(described_, blocks, "block"), spread(pairs, blocks, "block")
    grouped = left.groupBy("block").cogroup(right.groupBy("block"))
    return grouped.applyInArrow(_telling(shared, tuple(agencies)), spark_schema(TOLD))


class Described(Gathered):
    """The articles of a task; those that share nothing come without their texts.

    Parameters
    ----------
    table : pyarrow.Table
        With `DESCRIBED`.
    agencies : sequence of str
        All names that credits use in the corpus, which determine whether a source is an agency.
    """

    def __init__(self, table: pa.Table, terms: ComparisonContext, agencies: Sequence[str]) -> None:
        super().__init__(
            table,
            np.asarray(whole(table, "words")),
            np.asarray(whole(table, "compared")),
            terms,
            lambda rows, names: table.select(list(names)).take(pa.array(rows)),
        )
        named = set(self.agency_names)
        self.agency_names = [*self.agency_names, *(name for name in agencies if name not in named)]
        in_order = pa.array(self._order)
        self._credit_texts = pc.list_flatten(whole(table, "credit_texts").take(in_order))
        self._has_text = np.asarray(whole(table, "text").is_valid().take(in_order))

    def excerpts(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> pa.StringArray:
        """Return the characters ``starts[i]:ends[i]`` of article ``rows[i]``; without a text, of a credit."""
        there = self._has_text[rows]
        if there.all():
            return super().excerpts(rows, starts, ends)
        cut = super().excerpts(rows[there], starts[there], ends[there])
        credits_ = [
            self._credit(row, start, end)
            for row, start, end in zip(*(each[~there].tolist() for each in (rows, starts, ends)), strict=True)
        ]
        words = pa.concat_arrays([cut, self._credit_texts.take(pa.array(credits_, pa.int64()))])
        place = np.empty(len(rows), np.int64)
        place[np.flatnonzero(there)] = np.arange(len(cut))
        place[np.flatnonzero(~there)] = np.arange(len(cut), len(rows))
        return words.take(pa.array(place))

    def _credit(self, row: int, start: int, end: int) -> int:
        """Return the number of the credit at a place."""
        own = slice(int(self.credits.offsets[row]), int(self.credits.offsets[row + 1]))
        here = (self.credits.start[own] == start) & (self.credits.end[own] == end)
        return own.start + int(np.flatnonzero(here)[0])


def described(
    batches: Iterable[pa.RecordBatch], terms: Terms, shown: dict[str, str]
) -> Iterator[pa.RecordBatch]:
    """Yield rows of articles, with a `block`, as rows with `DESCRIBED`."""
    for batch in batches:
        columns = {name: batch.column(name) for name in DESCRIBED.names if name != "compared"}
        columns["compared"] = pa.array(tokens_of(batch, terms).lengths)
        if shown:
            names = [shown.get(name, name) for name in batch.column("source").to_pylist()]
            columns["source"] = pa.array(names, pa.string())
        yield batch_of(DESCRIBED, columns, batch.num_rows)


def _telling(shared: SharedTerms, agencies: tuple[str, ...]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    return lambda articles, pairs: tell_block(articles, pairs, shared.terms, agencies)


def tell_block(
    articles: pa.Table, pairs: pa.Table, terms: ComparisonContext, agencies: Sequence[str]
) -> pa.Table:
    """Return the rows of some components, with `TOLD`.

    Parameters
    ----------
    articles : pyarrow.Table
        With `DESCRIBED`.
    pairs : pyarrow.Table
        With `ALIGNED`.
    """
    corpus = Described(articles, terms, agencies)
    numbers = np.sort(np.asarray(whole(articles, "n")))  # as in `corpus`: both are in the order of the ids
    columns = corpus.related(aligned_columns(pairs, numbers))
    found = findings_of(corpus, columns, corpus.compared)
    labels = found.stories.of_article
    made = [
        _rows("overlap", overlap_batch(corpus, columns, start, end, labels))
        for start, end in runs_of(columns)
    ]
    for start, end in _runs(len(corpus)):
        made.append(_rows("article", ARTICLES.batch(ArticleRows(found, start, end))))
    for start, end in _runs(len(found.stories)):
        made.append(_rows("story", STORIES.batch(StoryRows(found, start, end))))
    return pa.Table.from_batches(made, schema=TOLD)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, _ROWS):
        yield start, min(start + _ROWS, count)


def _rows(kind: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    structs = pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema))
    return batch_of(TOLD, {kind: structs}, batch.num_rows)
