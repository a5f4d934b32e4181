"""The whole run on Spark, stage by stage; each stage's rows are Parquet files of the work directory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup import __version__
from dedup.background.tables import Background
from dedup.engines.spark.aligned import align_candidates
from dedup.engines.spark.candidates import cut_short, distinct_pairs, find_candidates
from dedup.engines.spark.components import components
from dedup.engines.spark.facts import describe, find_facts
from dedup.engines.spark.inputs import articles_of, checked, fingerprint_of
from dedup.engines.spark.prepared import merge_backgrounds, prepare_articles, spellings
from dedup.engines.spark.terms import SharedTerms
from dedup.engines.spark.work_directory import WorkDirectory
from dedup.engines.spark.written import write_overlaps
from dedup.errors import BackgroundError, SettingsError
from dedup.results import SCHEMA, Summary
from dedup.settings import ALGORITHM, Settings

#: Articles of a block of pairs or of a partition: their tokens and texts take some 100 MB of a worker.
_ARTICLES_A_TASK = 25_000
#: Keys of a part of a band: 13 bytes each as they come, several times that while they are sorted.
_KEYS_A_PART = 20_000_000
_WINDOWS_AN_ARTICLE = 28
#: Up to so many articles that are wanted, their numbers go to all executors, and the other articles stay.
_BROADCAST = 2_000_000


@dataclass(frozen=True)
class SparkReport:
    """What `find_overlaps` gives: DataFrames over the files of the work directory.

    Attributes
    ----------
    overlaps : DataFrame
        With `dedup.schemas.OVERLAP_SCHEMA`, in no order.
    articles : DataFrame
        With `dedup.schemas.ARTICLE_SCHEMA`, one row an article, in no order.
    stories : DataFrame
        With `dedup.schemas.STORY_SCHEMA`, in no order.
    summary : Summary
    """

    overlaps: DataFrame
    articles: DataFrame
    stories: DataFrame
    summary: Summary

    @property
    def passages(self) -> DataFrame:
        """The aligned passages, a row each, with the ids of their articles before the columns of a passage."""
        each = self.overlaps.select("a", "b", F.explode("passages").alias("passage"))
        return each.select("a", "b", "passage.*")


def find_overlaps(
    articles: DataFrame,
    settings: Settings | None = None,
    *,
    background: Background | None = None,
    work: str | None = None,
    partitions: int | None = None,
) -> SparkReport:
    """Find every passage that two articles share, on the executors of a Spark session.

    The result equals that of `dedup.detector.find_overlaps` over the same articles in the order of their ids.

    Parameters
    ----------
    articles : DataFrame
        The columns of `dedup.reading.batches.ARTICLE_SCHEMA`; only `id` and `text` are needed.
    settings : Settings, optional
    background : Background, optional
        Learned from `articles` by default.
    work : str, optional
        A directory that the driver and all executors reach, empty or of an earlier run with the same articles
        and settings, which then goes on where it was. The DataFrames of the result read from it. By default a
        temporary directory of this machine, which goes when the process ends: for a local master only.
    partitions : int, optional
        Tasks of each stage; by default one for each 25,000 articles, and at least one for each core.

    Raises
    ------
    InputError
        A column is missing or of a wrong type, an id or a text is null, two articles carry one id.
    OutputError
        The work directory is of another run, or cannot be written.
    """
    settings = settings or Settings()
    spark = articles.sparkSession
    rows = articles_of(articles)
    if background is not None and background.shingle_words != settings.shingle_words:
        raise BackgroundError(
            f"the background counts {background.shingle_words}-word shingles and the settings ask for "
            f"{settings.shingle_words}; learn it anew with `shingle_words={settings.shingle_words}`"
        )
    directory = _directory(spark, work, articles, rows, settings, background)
    return _Run(spark, directory, settings, rows, articles, background, partitions).report()


def _directory(
    spark: SparkSession,
    work: str | None,
    given: DataFrame,
    rows: DataFrame,
    settings: Settings,
    background: Background | None,
) -> WorkDirectory:
    told: dict[str, Any] = {"settings": settings.fingerprint(), "program": __version__}
    told["background"] = background.fingerprint if background is not None else "learned"
    if work is not None:
        told["input"] = fingerprint_of(rows)
        return WorkDirectory(spark, work, told)
    master = spark.conf.get("spark.master", "") or ""
    if not master.startswith("local"):
        raise SettingsError(
            f"the master is {master}: name a `work` directory that the driver and all executors reach, such as "
            "hdfs:///tmp/dedup"
        )
    kept = tempfile.TemporaryDirectory(prefix="dedup-spark-")
    directory = WorkDirectory(spark, f"file://{kept.name}/work", told)
    _KEPT.append(kept)
    return directory


#: Directories that the frames of reports read from, until the process ends.
_KEPT: list[Any] = []


class _Run:
    """The stages, in the order of the data."""

    def __init__(
        self,
        spark: SparkSession,
        directory: WorkDirectory,
        settings: Settings,
        rows: DataFrame,
        given: DataFrame,
        background: Background | None,
        partitions: int | None,
    ) -> None:
        self.spark = spark
        self.directory = directory
        self.settings = settings
        self.rows = rows
        self.given = given
        self.background = background
        self.partitions = partitions

    def report(self) -> SparkReport:
        cores = self.spark.sparkContext.defaultParallelism
        first = self.partitions or max(cores, self.rows.rdd.getNumPartitions())
        written = self.directory.stage("articles", lambda: prepare_articles(self.rows, self.settings, first))
        checked(written, self.given, self.directory)
        prepared = written.where("n is not null")
        counted = self.directory.told("counted", lambda: self._counted(prepared))
        tasks = self.partitions or max(cores, -(-counted["articles"] // _ARTICLES_A_TASK))
        shared = self._shared(written)
        found = self.directory.stage(
            "candidates", lambda: self._candidates(prepared, shared, counted["articles"], cores)
        )
        pairs = self.directory.stage("pairs", lambda: distinct_pairs(found, tasks))
        aligned = self.directory.stage(
            "aligned",
            lambda: align_candidates(
                pairs, prepared, shared, blocks=tasks, broadcast=counted["articles"] <= _BROADCAST
            ),
        )
        roots = self.directory.stage("components", lambda: components(aligned, self._checkpoint))
        facts = self.directory.stage(
            "facts",
            lambda: find_facts(
                describe(prepared, shared, counted["shown"]),
                aligned,
                roots,
                shared,
                counted["agencies"],
                blocks=tasks,
            ),
        )
        overlaps = self.directory.stage(
            "overlaps",
            lambda: write_overlaps(
                facts,
                prepared,
                shared,
                counted["shown"],
                blocks=tasks,
                broadcast=counted["articles"] <= _BROADCAST,
            ),
        )
        articles = facts.where("article is not null").select("article.*")
        stories = facts.where("story is not null").select("story.*")
        told = self.directory.told("summary", lambda: [overlaps.count(), stories.count(), cut_short(found)])
        summary = self._summary(counted, told, shared.fingerprint)
        return SparkReport(overlaps, articles, stories, summary)

    def _counted(self, prepared: DataFrame) -> dict[str, Any]:
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

    def _shared(self, written: DataFrame) -> SharedTerms:
        if self.background is not None:
            return SharedTerms.of(self.settings, self.background)
        parts = written.where("background is not null").select("background")
        learned = merge_backgrounds(parts, self.settings.shingle_words)
        return SharedTerms.of(self.settings, learned)

    def _candidates(self, prepared: DataFrame, shared: SharedTerms, articles: int, cores: int) -> DataFrame:
        parts = 1
        while parts * _KEYS_A_PART < articles * _WINDOWS_AN_ARTICLE:
            parts *= 2
        buckets = self.settings.bands * parts
        return find_candidates(
            prepared, shared, parts=parts, tasks=min(buckets, max(cores, self.partitions or 0, buckets))
        )

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
            cut_short=told[2],
            settings=self.settings.fingerprint(),
            algorithm=ALGORITHM,
            background=background,
            version=__version__,
        )
