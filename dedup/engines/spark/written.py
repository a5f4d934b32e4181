"""Pairs to overlaps with their texts: a task holds a block of pairs, and the texts of their articles once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.corpus.protocols import ComparisonContext
from dedup.engines.spark.aligned import aligned_columns
from dedup.engines.spark.candidates import spread
from dedup.engines.spark.cells import spark_schema, whole
from dedup.engines.spark.facts import renamed
from dedup.engines.spark.terms import SharedTerms
from dedup.index.compare.gathering import Gathered
from dedup.report.overlaps import blocks as runs_of
from dedup.report.overlaps import overlap_batch
from dedup.schemas import OVERLAP_SCHEMA

_COLUMNS = ["n", "id", "source", "published", "published_precision", "agency", "credited", "credits", "words"]


def write_overlaps(
    facts: DataFrame,
    prepared: DataFrame,
    shared: SharedTerms,
    shown: dict[str, str],
    *,
    blocks: int,
    broadcast: bool,
) -> DataFrame:
    """The overlaps, with `dedup.schemas.OVERLAP_SCHEMA`.

    Parameters
    ----------
    facts : DataFrame
        With `dedup.engines.spark.facts.FACTS`.
    prepared : DataFrame
        With `dedup.engines.spark.prepared.PREPARED`, articles only.
    shown : dict
        The name by which other spellings of a source are shown.
    broadcast : bool
        Whether the numbers of the articles that take part go to all executors, so that others do not travel.
    """
    pairs = facts.where("a is not null").drop("article", "story")
    wanted = pairs.select(
        F.col("block").alias("wanted_by"), F.explode(F.array("a", "b")).alias("n")
    ).distinct()
    wanted = F.broadcast(wanted) if broadcast else wanted
    articles = prepared.select(*_COLUMNS, "text").join(wanted, "n")
    left, right = spread(pairs, blocks, "block"), spread(articles, blocks, "wanted_by")
    grouped = left.groupBy("block").cogroup(right.groupBy("wanted_by"))
    return grouped.applyInArrow(_writing(shared, shown), spark_schema(OVERLAP_SCHEMA))


def _writing(shared: SharedTerms, shown: dict[str, str]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    return lambda pairs, articles: overlaps_of_block(pairs, articles, shared.terms, shown)


def overlaps_of_block(
    pairs: pa.Table, articles: pa.Table, terms: ComparisonContext, shown: dict[str, str]
) -> pa.Table:
    """The overlaps of a block.

    Parameters
    ----------
    pairs : pyarrow.Table
        The pairs of `FACTS`.
    articles : pyarrow.Table
        Those of the pairs, each once.
    """
    articles = articles.sort_by("n")
    numbers = np.asarray(whole(articles, "n"))
    place = articles.schema.get_field_index("source")
    articles = articles.set_column(place, "source", renamed(whole(articles, "source"), shown))
    pairs = pairs.sort_by([("a", "ascending"), ("b", "ascending")])
    aligned = aligned_columns(pairs, numbers)
    compared = np.zeros(len(numbers), np.int64)
    compared[aligned.a], compared[aligned.b] = whole(pairs, "a_compared"), whole(pairs, "b_compared")
    corpus = Gathered(
        articles,
        np.asarray(whole(articles, "words")),
        compared,
        terms,
        lambda rows, names: articles.select(list(names)).take(pa.array(rows)),
    )
    columns = replace(
        corpus.related(aligned),
        widely_run=np.asarray(whole(pairs, "widely_run")),
        syndicated=np.asarray(whole(pairs, "syndicated")),
    )
    same_story = whole(pairs, "same_story")
    at = OVERLAP_SCHEMA.get_field_index("same_story")
    made = [
        overlap_batch(corpus, columns, start, end).set_column(
            at, OVERLAP_SCHEMA.field(at), same_story.slice(start, end - start)
        )
        for start, end in runs_of(columns)
    ]
    return pa.Table.from_batches(made, schema=OVERLAP_SCHEMA)
