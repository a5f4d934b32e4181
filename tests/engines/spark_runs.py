"""Runs on Spark and without it, as records that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

import dedup
from dedup.article import Article
from dedup.engines.spark import SparkReport, find_overlaps
from dedup.reading.batches import ARTICLE_SCHEMA, to_batches
from dedup.report.articles import ARTICLES
from dedup.report.overlaps import OVERLAPS
from dedup.report.stories import STORIES
from dedup.results import ArticleSummary, Overlap, Story, Summary
from dedup.settings import Settings


class Found(NamedTuple):
    """What a run found, sorted."""

    overlaps: list[Overlap]
    articles: list[ArticleSummary]
    stories: list[Story]
    summary: Summary


def frame(session: SparkSession, articles: Sequence[Article], *, seed: int | None = None) -> DataFrame:
    """Return the articles as a DataFrame, shuffled by `seed`."""
    table = pa.Table.from_batches(to_batches(articles), schema=ARTICLE_SCHEMA)
    if seed is not None:
        table = table.take(np.random.default_rng(seed).permutation(table.num_rows))
    if table.num_rows == 0:
        from pyspark.sql.pandas.types import from_arrow_schema

        return session.createDataFrame([], from_arrow_schema(ARTICLE_SCHEMA))
    return session.createDataFrame(table)


def on_one_machine(articles: Sequence[Article], settings: Settings | None = None, **more: Any) -> Found:
    """Return what `dedup.find_overlaps` finds."""
    report = dedup.find_overlaps(sorted(articles, key=lambda article: article.id), settings, **more)
    return Found(list(report.overlaps), list(report.articles), list(report.stories), report.summary)


def collected(report: SparkReport) -> Found:
    """Return what a run on Spark found."""
    records = []
    for rows, derived in (
        (report.overlaps, OVERLAPS),
        (report.articles, ARTICLES),
        (report.stories, STORIES),
    ):
        table = rows.toArrow().cast(derived.schema)
        records.append([each for batch in table.to_batches() for each in derived.records(batch)])
    overlaps, articles, stories = records
    return Found(
        sorted(overlaps, key=lambda overlap: (overlap.a, overlap.b)),
        sorted(articles, key=lambda article: article.id),
        sorted(stories, key=lambda story: story.id),
        report.summary,
    )


def on_spark(
    session: SparkSession, articles: Sequence[Article], settings: Settings | None = None, **more: Any
) -> Found:
    """Return what `dedup.engines.spark.find_overlaps` finds in the shuffled articles."""
    seed = more.pop("seed", 1)
    return collected(find_overlaps(frame(session, articles, seed=seed), settings, **more))
