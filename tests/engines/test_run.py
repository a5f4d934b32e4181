"""The run on Spark finds what the run on one machine finds, span for span."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import press_articles
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it
from spark_runs import collected, frame, on_one_machine, on_spark

from dedup.article import Article
from dedup.detector import learn_background
from dedup.engines.spark import find_overlaps
from dedup.engines.spark.rehearsal import rehearse
from dedup.engines.spark.run import needs_work
from dedup.errors import BackgroundError, DuplicateIdError, FieldError, OutputError
from dedup.outlets import Outlet, Outlets
from dedup.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's warnings about pandas 3, and about itself


def one_story(copies: int) -> list[Article]:
    """Return copies of one text in as many outlets: buckets far over the cap."""
    text = press_articles.corpus(3, 1, stories=1)[0].text
    return [Article(id=f"{number:04}", source=f"s{number % 50}", text=text) for number in range(copies)]


def test_all_stages_without_spark_find_the_same() -> None:
    articles = press_articles.corpus(11, 60)
    assert rehearse(articles).num_rows == len(on_one_machine(articles).overlaps) > 10


def test_the_seeds_are_equal(session: SparkSession, seed_articles: list[Article]) -> None:
    settings = Settings(scope="all")
    assert on_spark(session, seed_articles, settings) == on_one_machine(seed_articles, settings)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "partitions", "parts"),
    [
        (Settings(), None, None),
        (Settings(scope="all", furniture=True), 1, 4),
        (Settings(max_bucket=4), 7, 64),
        (Settings(min_words=3, min_overlap_words=5, bands=3), 3, 1),
    ],
    ids=["as it comes", "one task, furniture", "more tasks, parts and representatives", "few bands"],
)
def test_any_partitions_give_the_same(
    session: SparkSession, settings: Settings, partitions: int | None, parts: int | None
) -> None:
    articles = press_articles.corpus(5, 120)
    found = on_spark(session, articles, settings, partitions=partitions, parts=parts)
    expected = on_one_machine(articles, settings)
    assert len(expected.overlaps) > 50
    assert found == expected


@pytest.mark.slow
def test_one_story_in_many_outlets(session: SparkSession) -> None:
    articles = one_story(600)
    expected = on_one_machine(articles)
    assert expected.summary.cut_short > 0
    assert on_spark(session, articles) == expected


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_articles(session: SparkSession, count: int) -> None:
    articles = [Article(id="a", text=""), Article(id="b", source="x", text="Rain fell.")][:count]
    assert on_spark(session, articles, seed=None) == on_one_machine(articles)


@pytest.mark.slow
def test_spellings_of_a_source_outlets_and_a_background_that_is_given(session: SparkSession) -> None:
    made = press_articles.corpus(6, 40)
    spelt = {"outlet 0": ("Herald", " herald", "www.Herald"), "outlet 1": ("Gate", "GATE", "gate")}
    articles = [
        replace(article, source=spelt.get(article.source, (article.source,) * 3)[number % 3])
        for number, article in enumerate(made)
    ]
    known = Outlets((Outlet(name="Herald", kind="agency", credit_as="The Herald"),))
    background = learn_background(press_articles.corpus(8, 30))
    found = on_spark(session, articles, background=background, outlets=known)
    expected = on_one_machine(articles, background=background, outlets=known)
    assert found == expected
    assert {article.source for article in found.articles} <= {
        "Herald",
        " herald",
        "www.Herald",
        "Gate",
        "GATE",
        "gate",
        "outlet 2",
    }
    assert len({article.source for article in found.articles}) == 3


@pytest.mark.slow
def test_only_articles_that_are_near_each_other_in_time(session: SparkSession) -> None:
    articles = press_articles.corpus(5, 60)
    period = {"since": datetime(2026, 1, 2), "within": timedelta(hours=40)}
    expected = on_one_machine(articles, **period)
    assert 0 < len(expected.overlaps) < len(on_one_machine(articles).overlaps)
    assert on_spark(session, articles, **period) == expected


def test_passages_are_a_row_each(session: SparkSession, tmp_path: Path) -> None:
    articles = press_articles.corpus(9, 12)
    report = find_overlaps(frame(session, articles), work=str(tmp_path / "work"))
    overlaps = collected(report).overlaps
    texts = {article.id: article.text for article in articles}
    rows = report.passages.collect()
    assert len(rows) == sum(len(overlap.passages) for overlap in overlaps) > 0
    assert all(texts[row["a"]][row["a_start"] : row["a_end"]] == row["a_text"] for row in rows)


@pytest.mark.slow
def test_a_run_goes_on_where_it_was_stopped(session: SparkSession, tmp_path: Path) -> None:
    """Finished stages are read instead of computed; an interrupted stage is computed again."""
    articles, work = press_articles.corpus(5, 40), tmp_path / "work"
    given = frame(session, articles)
    first = collected(find_overlaps(given, work=str(work)))
    made = {path.name: path.stat().st_mtime_ns for path in work.iterdir() if (path / "_SUCCESS").exists()}
    assert {"articles", "candidates", "pairs", "aligned", "components", "told"} <= set(made)
    (work / "told" / "_SUCCESS").unlink()
    (work / "summary.json").unlink()
    again = collected(find_overlaps(frame(session, articles, seed=9), work=str(work)))
    assert again == first == on_one_machine(articles)
    kept = {path.name: path.stat().st_mtime_ns for path in work.iterdir() if path.name in made}
    assert {name for name in made if kept[name] == made[name]} == set(made) - {"told"}


def test_the_work_directory_of_another_run_is_refused(session: SparkSession, tmp_path: Path) -> None:
    given, work = frame(session, press_articles.corpus(5, 6)), tmp_path / "work"
    find_overlaps(given, work=str(work))
    with pytest.raises(OutputError, match="of another run: its settings differs; name another"):
        find_overlaps(given, Settings(min_words=12), work=str(work))
    with pytest.raises(OutputError, match="of another run: its input differs"):
        find_overlaps(frame(session, press_articles.corpus(5, 7)), work=str(work))
    with pytest.raises(OutputError, match="not empty and not a work directory"):
        find_overlaps(given, work=str(work / "told"))


@pytest.mark.parametrize(
    ("rows", "schema", "error", "message"),
    [
        ([(1.5, "x")], "id double, text string", FieldError, "'id' is of type double; ids are strings"),
        ([("a",)], "id string", FieldError, "no column 'text'; the DataFrame has the columns id"),
        ([("a",)], "text string", FieldError, "no column 'id'"),
        (
            [("a", "x"), (None, "y")],
            "id string, text string",
            FieldError,
            r"None, row \d of partition \d: column 'id' is null",
        ),
        (
            [("a", "x"), ("b", None)],
            "id string, text string",
            FieldError,
            r"'b', row \d of partition \d: column 'text' is null",
        ),
        ([("a", 1)], "id string, text int", FieldError, "'a', row 1 of partition .*'text'"),
        (
            [("a", "x"), ("b", "y"), ("c", "z"), ("a", "w")],
            "id string, text string",
            DuplicateIdError,
            r"carry the id 'a', row 1 of partition 0 and row 2 of partition 1; give each its own",
        ),
        (
            [("a", "x", "3/4/2022?")],
            "id string, text string, published string",
            FieldError,
            "'a'.*'3/4/2022\\?'",
        ),
    ],
    ids=["number", "no text", "no id", "null id", "null text", "whole number", "twice", "no date"],
)
def test_what_is_wrong_with_an_article_is_said_with_its_place(
    session: SparkSession, rows: list[object], schema: str, error: type[Exception], message: str
) -> None:
    given = session.createDataFrame(session.sparkContext.parallelize(rows, 2), schema)
    with pytest.raises(error, match=message):
        find_overlaps(given)


def test_other_shingles_than_those_of_the_background_are_refused(session: SparkSession) -> None:
    articles = press_articles.corpus(5, 4)
    with pytest.raises(BackgroundError, match="learn it anew with `shingle_words=4`"):
        find_overlaps(
            frame(session, articles), Settings(shingle_words=4), background=learn_background(articles)
        )


@pytest.mark.slow
def test_times_of_a_session_with_a_zone_of_its_own(session: SparkSession, tmp_path: Path) -> None:
    """Instants are compared, as in Spark's own files; one that nanoseconds cannot represent is not a date."""
    articles = press_articles.corpus(5, 20)
    given = frame(session, articles)
    late = F.when(F.col("id") == articles[1].id, F.lit("9999-12-31 00:00:00").cast("timestamp"))
    given = given.withColumn("published", F.coalesce(late, "published"))
    session.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
    try:
        given.write.parquet(str(tmp_path / "int96"))
    finally:
        session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    # The last day of the year 9999 means no date, on one machine too.
    expected = on_one_machine(
        [replace(article, published=None) if article is articles[1] else article for article in articles]
    )
    session.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        found = collected(find_overlaps(session.read.parquet(str(tmp_path / "int96"))))
    finally:
        session.conf.set("spark.sql.session.timeZone", "UTC")
    assert found == expected


def test_a_master_that_is_not_this_machine_needs_a_work_directory() -> None:
    assert needs_work("spark://host:7077")
    assert needs_work("local-cluster[2,1,1024]")
    assert not needs_work("local[4]")
    assert not needs_work("local")
