"""The whole run on Spark, stage by stage; each stage's rows are Parquet files in the work directory."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup import __version__
from dedup.background.tables import Background
from dedup.engines.spark.aligned import align_candidates
from dedup.engines.spark.candidates import cut_short, distinct_pairs, find_candidates
from dedup.engines.spark.components import components
from dedup.engines.spark.inputs import articles_of, checked, fingerprint_of
from dedup.engines.spark.prepared import merge_backgrounds, prepare_articles, spellings
from dedup.engines.spark.terms import Period, SharedTerms
from dedup.engines.spark.told import tell
from dedup.engines.spark.work_directory import WorkDirectory
from dedup.errors import BackgroundError, SettingsError
from dedup.outlets import Outlets
from dedup.results import SCHEMA, Summary
from dedup.settings import ALGORITHM, Settings

#: Number of articles in a block of pairs or a partition: their tokens and texts take about 100 MB of a
#: worker.
_ARTICLES_A_TASK = 25_000
#: Number of keys in a part of a band: 13 bytes each as they arrive, several times that while they are sorted.
_KEYS_A_PART = 20_000_000
_WINDOWS_AN_ARTICLE = 28
#: If at most this many articles are needed, their numbers are sent to all executors, and other articles stay.
_BROADCAST = 2_000_000


@dataclass(frozen=True)
class SparkReport:
    """The result of `find_overlaps`: DataFrames over the files of the work directory.

    Attributes
    ----------
    overlaps : DataFrame
        With `dedup.schemas.OVERLAP_SCHEMA`, unordered.
    articles : DataFrame
        With `dedup.schemas.ARTICLE_SCHEMA`, one row per article, unordered.
    stories : DataFrame
        With `dedup.schemas.STORY_SCHEMA`, unordered.
    summary : Summary
    """

    overlaps: DataFrame
    articles: DataFrame
    stories: DataFrame
    summary: Summary

    @property
    def passages(self) -> DataFrame:
        """The aligned passages, one row each: the ids of their articles, then the columns of a passage."""
        each = self.overlaps.select("a", "b", F.explode("passages").alias("passage"))
        return each.select("a", "b", "passage.*")


def find_overlaps(
    articles: DataFrame,
    settings: Settings | None = None,
    *,
    background: Background | None = None,
    outlets: Outlets | None = None,
    since: datetime | None = None,
    within: timedelta | None = None,
    work: str | None = None,
    partitions: int | None = None,
    parts: int | None = None,
) -> SparkReport:
    """Find every passage that articles share, on the executors of a Spark session.

    The result equals that of `dedup.detector.find_overlaps` over the same articles in the order of their ids.

    Parameters
    ----------
    articles : DataFrame
        The columns of `dedup.reading.batches.ARTICLE_SCHEMA`; only `id` and `text` are required.
    settings : Settings, optional
    background : Background, optional
        By default learned from `articles`.
    outlets : Outlets, optional
        What is known about the sources: which of them supply others, and how they want to be credited.
    since, within : datetime and timedelta, optional
        As for `dedup.detector.find_overlaps`.
    work : str, optional
        A directory that the driver and all executors can reach. It is empty, or belongs to an earlier run
        with the same articles and settings, which then continues where it stopped. The DataFrames of the
        result read from it. By default a temporary directory of this machine, which is removed when the
        process ends: for a local master only.
    partitions : int, optional
        Number of tasks per stage; by default one per 25,000 articles, and at least one per core.
    parts : int, optional
        Number of parts in which each band is joined, a power of two; by default one per 20 million windows.

    Raises
    ------
    InputError
        A column is missing or has the wrong type, an id or a text is null, or two articles have the same id.
    OutputError
        The work directory belongs to another run, or cannot be written.
    """
    settings, known = settings or Settings(), outlets or Outlets()
    rows = articles_of(articles)
    if background is not None and background.shingle_words != settings.shingle_words:
        raise BackgroundError(
            f"the background counts {background.shingle_words}-word shingles and the settings ask for "
            f"{settings.shingle_words}; learn it anew with `shingle_words={settings.shingle_words}`"
        )
    told = {
        "settings": settings.fingerprint(),
        "program": __version__,
        "background": "learned" if background is None else background.fingerprint,
        "period": [str(since), str(within)],
        "outlets": hashlib.blake2b(repr(known).encode(), digest_size=8).hexdigest(),
        "tasks": [partitions, parts],
    }
    directory = _directory(articles.sparkSession, work, rows, told)
    terms = _Terms(settings, known, Period(since, within), background)
    return _Run(directory, terms, rows, articles, [partitions, parts]).report()


def _directory(spark: SparkSession, work: str | None, rows: DataFrame, told: dict[str, Any]) -> WorkDirectory:
    if work is not None:
        return WorkDirectory(spark, work, {**told, "input": fingerprint_of(rows)})
    master = spark.conf.get("spark.master", "") or ""
    if needs_work(master):
        raise SettingsError(
            f"the master is {master}: name a `work` directory that the driver and all executors reach, "
            "such as hdfs:///tmp/dedup"
        )
    kept = tempfile.TemporaryDirectory(prefix="dedup-spark-")
    _KEPT.append(kept)
    return WorkDirectory(spark, f"file://{kept.name}/work", told)


def needs_work(master: str) -> bool:
    """Whether the executors of a master are on other machines, or behave as if they were."""
    return re.match(r"local(\[|$)", master) is None


#: Directories from which the frames of reports are read, until the process ends.
_KEPT: list[tempfile.TemporaryDirectory[str]] = []


class _Terms(NamedTuple):
    """The terms that the caller gives for the run."""

    settings: Settings
    outlets: Outlets
    period: Period
    background: Background | None


class _Run:
    """The stages, in the order of the data."""

    def __init__(
        self,
        directory: WorkDirectory,
        terms: _Terms,
        rows: DataFrame,
        given: DataFrame,
        tasks: list[int | None],
    ) -> None:
        self.directory = directory
        self.settings, self.outlets, self.period, self.background = terms
        self.rows = rows
        self.given = given
        self.partitions, self.parts = tasks

    def report(self) -> SparkReport:
        stage = self.directory.stage
        cores = self.rows.sparkSession.sparkContext.defaultParallelism
        first = self.partitions or max(cores, self.rows.rdd.getNumPartitions())
        written = stage("articles", lambda: prepare_articles(self.rows, self.settings, self.outlets, first))
        checked(written, self.given, self.directory)
        prepared = written.where("n is not null")
        counted = self.directory.told("counted", lambda: _counted(prepared))
        count = counted["articles"]
        blocks = self.partitions or max(cores, -(-count // _ARTICLES_A_TASK))
        few = count <= _BROADCAST
        shared = self._shared(written)
        found = stage("candidates", lambda: self._candidates(prepared, shared, count))
        pairs = stage("pairs", lambda: distinct_pairs(found, blocks))
        aligned = stage(
            "aligned", lambda: align_candidates(pairs, prepared, shared, blocks=blocks, broadcast=few)
        )
        roots = stage("components", lambda: components(aligned, self._checkpoint))
        told = stage(
            "told",
            lambda: tell(
                *(prepared, aligned, roots, shared),
                shown=counted["shown"],
                agencies=counted["agencies"],
                blocks=blocks,
                broadcast=few,
            ),
        )
        overlaps, articles, stories = (
            told.where(f"{kind} is not null").select(f"{kind}.*") for kind in ("overlap", "article", "story")
        )
        numbers = self.directory.told("summary", lambda: _numbers(overlaps, articles, stories, found))
        return SparkReport(overlaps, articles, stories, self._summary(counted, numbers, shared.fingerprint))

    def _shared(self, written: DataFrame) -> SharedTerms:
        learned = self.background
        if learned is None:
            parts = written.where("background is not null").select("background")
            learned = merge_backgrounds(parts, self.settings.shingle_words)
        return SharedTerms.of(self.settings, learned, self.outlets, self.period)

    def _candidates(self, prepared: DataFrame, shared: SharedTerms, articles: int) -> DataFrame:
        parts = self.parts or 1
        while not self.parts and parts * _KEYS_A_PART < articles * _WINDOWS_AN_ARTICLE:
            parts *= 2
        return find_candidates(prepared, shared, parts=parts, tasks=self.settings.bands * parts)

    def _checkpoint(self, frame: DataFrame, number: int) -> DataFrame:
        return self.directory.stage(f"components-{number}", lambda: frame)

    def _summary(self, counted: dict[str, Any], told: Sequence[int], background: str) -> Summary:
        return Summary(
            schema=SCHEMA,
            articles=counted["articles"],
            skipped=0,
            undated=counted["undated"],
            overlaps=told[0],
            stories=told[1],
            related=told[2],
            only_furniture=told[3],
            cut_short=told[4],
            settings=self.settings.fingerprint(),
            algorithm=ALGORITHM,
            background=background,
            version=__version__,
        )


def _numbers(
    overlaps: DataFrame, articles: DataFrame, stories: DataFrame, found: DataFrame
) -> tuple[int, int, int, int, int]:
    """Return the summary's counts: overlaps, stories, related stories, furniture-only articles, pairs cut."""
    row = stories.agg(F.count("*").alias("count"), F.sum(F.size("related")).alias("related")).collect()[0]
    nothing = articles.where("words = 0 and furniture > 0").count()
    # Each of two related stories names the other.
    return overlaps.count(), row["count"], int(row["related"] or 0) // 2, nothing, cut_short(found)


def _counted(prepared: DataFrame) -> dict[str, Any]:
    row = prepared.agg(
        F.count("*").alias("articles"),
        F.count("published").alias("dated"),
        F.collect_set("agency").alias("agencies"),
    ).collect()[0]
    return {
        "articles": row["articles"],
        "undated": row["articles"] - row["dated"],
        "agencies": sorted(row["agencies"]),
        "shown": spellings(prepared),
    }
