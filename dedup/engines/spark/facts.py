"""What is said of each article and story: the stages behind the overlaps, over whole components of articles.

Whatever these stages ask of an article, they ask of those that it shares text with, and of those that these
share text with. So a group of articles that shares nothing with the rest gives what the whole corpus gives.
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
from dedup.engines.spark.aligned import ALIGNED, aligned_batch, aligned_columns
from dedup.engines.spark.candidates import spread, tokens_of
from dedup.engines.spark.cells import batch_of, spark_schema, whole
from dedup.engines.spark.terms import SharedTerms
from dedup.index.compare.gathering import Gathered
from dedup.overlaps.measure import OverlapColumns
from dedup.report.articles import ARTICLES, ArticleRows
from dedup.report.findings import Findings
from dedup.report.scan_report import findings_of
from dedup.report.stories import STORIES, StoryRows
from dedup.schemas import ARTICLE_SCHEMA as ARTICLE_ROWS
from dedup.schemas import STORY_SCHEMA

#: What the stages ask of an article but its text, with how many tokens it has, and how many were compared.
DESCRIBED = pa.schema(
    [
        pa.field("n", pa.int64()),
        *(
            pa.field(name, kind)
            for name, kind in {
                **dict.fromkeys(["id", "source", "title", "url"], pa.string()),
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
#: The row of an article, or of a story, or of a pair: its passages, and what hangs on more than the two.
FACTS = pa.schema(
    [
        pa.field("article", pa.struct(list(ARTICLE_ROWS))),
        pa.field("story", pa.struct(list(STORY_SCHEMA))),
        *ALIGNED,
        pa.field("a_compared", pa.int64()),
        pa.field("b_compared", pa.int64()),
        pa.field("widely_run", pa.bool_()),
        pa.field("syndicated", pa.bool_()),
        pa.field("same_story", pa.bool_()),
        pa.field("block", pa.int64()),
    ]
)
#: Pairs of one block; those of a larger group of articles are dealt out to several.
_PAIRS_A_BLOCK = 20_000
_ROWS = 4_096


def describe(prepared: DataFrame, shared: SharedTerms, shown: dict[str, str]) -> DataFrame:
    """The articles without their texts, with `DESCRIBED`.

    Parameters
    ----------
    shown : dict
        The name by which other spellings of a source are shown.
    """
    wanted = [name for name in DESCRIBED.names if name != "compared"]
    columns = prepared.select(*wanted, "tokens", "flags")
    return columns.mapInArrow(_describing(shared, shown), spark_schema(DESCRIBED))


def find_facts(
    articles: DataFrame,
    aligned: DataFrame,
    roots: DataFrame,
    shared: SharedTerms,
    agencies: Sequence[str],
    *,
    blocks: int,
) -> DataFrame:
    """The rows of all articles and stories, and of each pair what its text is written from; with `FACTS`.

    Parameters
    ----------
    articles : DataFrame
        With `DESCRIBED`.
    aligned : DataFrame
        With `dedup.engines.spark.aligned.ALIGNED`.
    roots : DataFrame
        From `dedup.engines.spark.components.components`.
    agencies : sequence of str
        All that credits name in the corpus.
    """
    block = F.pmod(F.xxhash64("root"), F.lit(blocks)).alias("block")
    of_articles = articles.join(roots, "n", "left").withColumn("root", F.coalesce("root", "n"))
    pairs = aligned.join(roots.withColumnRenamed("n", "a"), "a").select(block, *ALIGNED.names)
    left = spread(of_articles.select(block, *DESCRIBED.names), blocks, "block")
    right = spread(pairs, blocks, "block")
    grouped = left.groupBy("block").cogroup(right.groupBy("block"))
    return grouped.applyInArrow(_finding(shared, tuple(agencies), blocks), spark_schema(FACTS))


class Described(Gathered):
    """Articles without their texts: of these nothing is asked but the words of their credits."""

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
        self._credit_texts = pc.list_flatten(whole(table, "credit_texts").take(pa.array(self._order)))

    def excerpts(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> pa.StringArray:
        """The words of credits, by their places."""
        offsets, credits_ = self.credits.offsets, self.credits
        found = np.empty(len(rows), np.int64)
        asked = zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)
        for place, (row, start, end) in enumerate(asked):
            own = slice(int(offsets[row]), int(offsets[row + 1]))
            here = (credits_.start[own] == start) & (credits_.end[own] == end)
            found[place] = own.start + int(np.flatnonzero(here)[0])
        return self._credit_texts.take(pa.array(found))


def _describing(
    shared: SharedTerms, shown: dict[str, str]
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    return lambda batches: described(batches, shared.terms, shown)


def described(
    batches: Iterable[pa.RecordBatch], terms: Terms, shown: dict[str, str]
) -> Iterator[pa.RecordBatch]:
    """Rows with `PREPARED` as rows with `DESCRIBED`."""
    for batch in batches:
        columns = {name: batch.column(name) for name in DESCRIBED.names if name != "compared"}
        columns["compared"] = pa.array(tokens_of(batch, terms).lengths)
        columns["source"] = renamed(batch.column("source"), shown)
        yield batch_of(DESCRIBED, columns, batch.num_rows)


def renamed(sources: pa.StringArray, shown: dict[str, str]) -> pa.StringArray:
    """Sources by the names that are shown."""
    if not shown:
        return sources
    return pa.array([shown.get(name, name) for name in sources.to_pylist()], pa.string())


def _finding(
    shared: SharedTerms, agencies: tuple[str, ...], blocks: int
) -> Callable[[tuple[pa.Scalar, ...], pa.Table, pa.Table], pa.Table]:
    def find(key: tuple[pa.Scalar, ...], articles: pa.Table, pairs: pa.Table) -> pa.Table:
        block = int(key[0].as_py())
        return facts_of_block(articles, pairs, shared.terms, agencies, block=block, blocks=blocks)

    return find


def facts_of_block(
    articles: pa.Table,
    pairs: pa.Table,
    terms: ComparisonContext,
    agencies: Sequence[str],
    *,
    block: int,
    blocks: int,
) -> pa.Table:
    """The facts of articles that share nothing with others, and of their pairs.

    Parameters
    ----------
    articles : pyarrow.Table
        With `DESCRIBED`.
    pairs : pyarrow.Table
        With `ALIGNED`.
    """
    corpus = Described(articles, terms, agencies)
    numbers = np.sort(np.asarray(whole(articles, "n")))  # as in `corpus`: both are in the order of the ids
    columns = corpus.related(aligned_columns(pairs, numbers), placed=False)
    found = findings_of(corpus, columns, corpus.compared)
    made = []
    for start, end in _runs(len(corpus)):
        batch = ARTICLES.batch(ArticleRows(found, start, end))
        made.append(batch_of(FACTS, {"article": _structs(batch)}, batch.num_rows))
    for start, end in _runs(len(found.stories)):
        batch = STORIES.batch(StoryRows(found, start, end))
        made.append(batch_of(FACTS, {"story": _structs(batch)}, batch.num_rows))
    made.append(_pair_rows(columns, found, numbers, block, blocks))
    return pa.Table.from_batches(made, schema=FACTS)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, _ROWS):
        yield start, min(start + _ROWS, count)


def _structs(batch: pa.RecordBatch) -> pa.StructArray:
    return pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema))


def _pair_rows(
    columns: OverlapColumns, found: Findings, numbers: NDArray[np.int64], block: int, blocks: int
) -> pa.RecordBatch:
    aligned = columns.aligned
    labels = found.stories.of_article
    rows = aligned_batch(aligned.renumbered(numbers))
    several = -(-len(aligned.a) // _PAIRS_A_BLOCK)
    made = {
        **{name: rows.column(name) for name in ALIGNED.names},
        "a_compared": found.lengths[aligned.a],
        "b_compared": found.lengths[aligned.b],
        "widely_run": columns.widely_run,
        "syndicated": columns.syndicated,
        "same_story": (labels[aligned.a] == labels[aligned.b]) & (labels[aligned.a] >= 0),
        "block": (block + aligned.b % several if several else aligned.b) % blocks,
    }
    return batch_of(FACTS, made, rows.num_rows)
