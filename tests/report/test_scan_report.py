"""What a report says about articles and stories: shares, agencies, who was first, who else has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from strategies import words

from dedup.article import Article
from dedup.background.tables import Background
from dedup.detector import find_overlaps
from dedup.report.scan_report import Records, ScanReport
from dedup.results import ArticleSummary
from dedup.settings import ALGORITHM, Settings

WIRE = " ".join(words("c", 60)) + "."
EMPTY = Background.empty(Settings().shingle_words)


def own(letter: str, count: int = 40) -> str:
    return " ".join(words(letter, count)) + "."


def at(hour: int) -> datetime:
    return datetime(2022, 2, 24, hour, tzinfo=UTC)


def report_of(*articles: Article, **knobs: object) -> ScanReport:
    return find_overlaps(articles, Settings(**knobs), background=EMPTY, threads=1)  # type: ignore[arg-type]


def summary_of(report: ScanReport, name: str) -> ArticleSummary:
    (found,) = [each for each in report.articles if each.id == name]
    return found


def test_the_copied_share_is_the_union_of_what_others_have() -> None:
    """Of its 120 words, `a` shares the first 60 with one article and the last 40 with another."""
    a = Article(id="a", text=f"{WIRE} {own('d', 20)} {own('f')}")
    report = report_of(
        a, Article(id="b", text=f"{own('g')} {WIRE}"), Article(id="c", text=f"{own('f')} {own('h')}")
    )
    found = summary_of(report, "a")
    assert found.copied == pytest.approx(100 / 120)
    assert (found.passages, found.others, found.quoted, found.furniture) == (2, 2, 0, 0)
    assert summary_of(report, "b").copied == pytest.approx(0.6)
    assert summary_of(report, "b").others == 1


def test_a_passage_found_at_several_others_is_one_passage() -> None:
    report = report_of(*(Article(id=name, text=f"{own(name)} {WIRE}") for name in "dfgh"))
    for found in report.articles:
        assert (found.passages, found.others) == (1, 3)
        assert found.copied == pytest.approx(0.6)


def test_others_are_counted_as_sources() -> None:
    articles = [Article(id=f"{n}", source="Herald", text=f"{own('dfgh'[n])} {WIRE}") for n in range(3)]
    report = report_of(*articles, Article(id="z", source="Courier", text=WIRE), scope="all")
    assert summary_of(report, "z").others == 1
    assert summary_of(report, "0").others == 1
    (story,) = report.stories
    assert (len(story.articles), story.sources) == (4, 2)


def test_who_was_earliest_among_those_that_overlap() -> None:
    report = report_of(
        Article(id="a", text=f"{own('d')} {WIRE}", published=at(11)),
        Article(id="b", text=f"{own('f')} {WIRE}", published=at(10)),
        Article(id="c", text=f"{own('g')} {WIRE}"),
        Article(id="d", text=own("h"), published=at(1)),
    )
    assert [each.earliest for each in report.articles] == ["b", "b", "b", None]
    (story,) = report.stories
    assert (story.origin, story.origin_reason) == ("b", "it was published first")
    assert story.first_published == at(10)


def test_times_of_other_zones_and_without_a_zone_are_compared_in_utc() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    report = report_of(
        Article(id="a", text=WIRE, published=datetime(2022, 2, 24, 10)),
        Article(id="b", text=WIRE, published=datetime(2022, 2, 24, 12, tzinfo=kolkata)),
    )
    (story,) = report.stories
    assert story.origin == "b"
    assert story.first_published == datetime(2022, 2, 24, 6, 30, tzinfo=UTC)


def test_where_no_time_is_known_nobody_was_earliest() -> None:
    report = report_of(
        Article(id="a", text=f"{WIRE} {own('d', 20)}"), Article(id="b", text=f"{own('f')} {WIRE}")
    )
    assert [each.earliest for each in report.articles] == [None, None]
    assert report.stories[0].first_published is None


def test_the_agency_is_lent_to_a_copy_without_the_credit() -> None:
    report = report_of(
        Article(id="a", text=f"{WIRE} (PTI)"),
        Article(id="b", text=f"{own('d', 20)} {WIRE}"),
        Article(id="c", text=own("f")),
    )
    assert [(each.agency, each.credited) for each in report.articles] == [
        ("PTI", True),
        ("PTI", False),
        (None, False),
    ]
    (overlap,) = report.overlaps
    assert (overlap.syndicated, overlap.agency) == (True, "PTI")
    assert "a credit names PTI" in overlap.reasons
    assert report.stories[0].origin == "a"
    assert report.stories[0].origin_reason == "it carries the credit"


def test_shared_quotes_are_quoted_and_not_copied() -> None:
    quote = " ".join(words("c", 30))
    report = report_of(
        Article(id="a", text=f"{own('d', 30)} “{quote}”"), Article(id="b", text=f"“{quote}” {own('f', 70)}")
    )
    assert [(each.copied, each.quoted) for each in report.articles] == [
        (0.0, pytest.approx(0.5)),
        (0.0, pytest.approx(0.3)),
    ]
    assert len(report.stories) == 0
    assert {each.others for each in report.articles} == {0}


def test_stories_beyond_the_first_chunk_of_records_are_those_they_would_be_alone() -> None:
    count = 1030
    articles = []
    for number in range(count):
        text = " ".join(f"w{number}x{word}" for word in range(24))
        for name, source in (("a", "Herald"), ("b", "Courier")):
            articles.append(
                Article(id=f"{number:04}{name}", source=source, text=text, published=at(number % 24))
            )
    stories = list(report_of(*articles).stories)
    assert [story.articles for story in stories] == [(f"{n:04}a", f"{n:04}b") for n in range(count)]
    assert [story.first_published for story in stories] == [at(n % 24) for n in range(count)]
    assert {(story.sources, story.origin == story.id) for story in stories} == {(2, True)}


def test_stories_carry_the_smallest_id_and_come_in_its_order() -> None:
    pairs = {"m": "c", "b": "d", "x": "c", "k": "d"}
    report = report_of(*(Article(id=name, text=own(letter)) for name, letter in pairs.items()))
    assert [(story.id, story.articles) for story in report.stories] == [("b", ("b", "k")), ("m", ("m", "x"))]
    assert {each.id: each.story for each in report.articles} == {"m": "m", "b": "b", "x": "m", "k": "b"}


def test_the_numbers_of_the_run() -> None:
    rule = Settings(scope="all")
    report = report_of(Article(id="a", text=WIRE), Article(id="b", text=WIRE), scope="all")
    assert report.summary.settings == rule.fingerprint()
    assert (report.summary.articles, report.summary.overlaps, report.summary.stories) == (2, 1, 1)
    assert (report.summary.skipped, report.summary.cut_short) == (0, 0)
    assert report.summary.algorithm == ALGORITHM
    assert report.summary.background == EMPTY.fingerprint


def test_articles_without_a_date_are_counted() -> None:
    dated = Article(id="a", text=WIRE, published=at(3))
    report = report_of(dated, Article(id="b", text=WIRE), Article(id="c", text=own("d")))
    assert (report.summary.articles, report.summary.undated) == (3, 2)


def test_records_are_built_a_chunk_at_a_time_in_any_order() -> None:
    asked: list[tuple[int, int]] = []

    def build(start: int, end: int) -> list[int]:
        asked.append((start, end))
        return list(range(start, end))

    records = Records(1200, build)
    assert list(records) == list(range(1200))
    assert len(asked) == 3
    assert (records[1199], records[0], records[-1]) == (1199, 0, 1199)
    assert all(end <= 1200 for _, end in asked)
    for outside in (1200, -1201):
        with pytest.raises(IndexError):
            records[outside]
