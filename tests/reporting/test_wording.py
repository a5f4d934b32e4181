"""The sentence that leads a report, and the words around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dedup.article import Article
from dedup.reporting.wording import headline, numbers, percent, verdict
from dedup.results import ArticleSummary


def said(report, id_: str, **changes) -> str:
    summary = next(each for each in report.articles if each.id == id_)
    return verdict(report, replace(summary, **changes))


def test_the_row_that_leads(report):
    summary = ArticleSummary(
        id="000",
        source="Eastern Eye",
        title=None,
        url=None,
        published=None,
        published_precision=None,
        published_zone=None,
        words=100,
        copied=0.62,
        quoted=0,
        furniture=0,
        agency="PTI",
        credited=False,
        passages=5,
        others=7,
        earliest="002",
        story="000",
    )
    assert verdict(report, summary) == (
        "62 % of this article is PTI copy, 5 passages, also at 7 outlets, "
        "earliest 10:02 at Kashmir Today; no credit was found."
    )


@pytest.mark.parametrize(
    ("id_", "changes", "part"),
    [
        ("000", {"credited": True}, "; it is credited."),
        ("000", {"agency": None}, "35 % of this article runs elsewhere too, 7 passages"),
        ("000", {"agency": None, "credited": False}, "earliest 10:02 at Kashmir Today."),
        ("000", {"others": 0}, "all at its own outlet"),
        ("000", {"others": 1, "passages": 1}, "1 passage, also at 1 outlet,"),
        ("002", {}, "earliest 10:02 here;"),
        ("002", {"earliest": "001"}, "earliest 2022-02-22 at Eastern Eye;"),
        ("002", {"earliest": "003"}, "earliest at ThePrint;"),
        ("003", {}, "No copy: 3 % of this article is quotations that others give too, 2 passages"),
        ("003", {"quoted": 0}, "No copy: this article shares site furniture only"),
        ("003", {}, "earliest unknown."),
        ("004", {}, "Nothing of this article was found elsewhere."),
    ],
)
def test_the_verdict_says(report, id_, changes, part):
    assert part in said(report, id_, **changes)


def test_a_verdict_never_blames_where_no_agency_is_known(report):
    assert "credit" not in said(report, "000", agency=None, credited=False)
    assert "credit" not in said(report, "003", agency="PTI")


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0 %"), (0.0001, "under 1 %"), (0.9999, "99 %"), (1, "100 %")]
)
def test_percentages_claim_neither_nothing_nor_all_falsely(share, words):
    assert percent(share) == words


def test_headlines_come_from_the_title_the_text_or_the_id():
    assert headline(Article("a", "Body", title="  A\n title ")) == "A title"
    assert headline(Article("a", "Menu\nSearch\nThe first line with enough words\nMore")) == (
        "The first line with enough words"
    )
    assert headline(Article("a", "Short text")) == "Short text"
    assert headline(Article("a", " \n ")) == "a"
    long = headline(Article("a", "word " * 100))
    assert len(long) <= 112
    assert long.endswith("word …")


def test_the_numbers_say_what_was_left_out(report):
    assert numbers(report.summary) == (
        "5 articles, 3 overlaps, 1 story, 12 pairs of popular buckets not aligned."
    )
    assert "2 skipped" in numbers(replace(report.summary, skipped=2))


def test_a_time_in_another_zone_is_told_in_utc(report):
    first = replace(report.texts[2], published=datetime.fromisoformat("2022-02-24T15:32:00+05:30"))
    own = replace(report.texts[0], published=datetime(2022, 2, 24, 23, tzinfo=UTC))
    moved = replace(report, texts=(own, *report.texts[1:2], first, *report.texts[3:]))
    assert "earliest 10:02 at Kashmir Today" in said(moved, "000")
