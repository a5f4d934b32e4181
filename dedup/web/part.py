"""A part of a report, for a page that shows one article or one pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dedup.article import Article, Span
from dedup.report.scan_report import ScanReport
from dedup.reporting.page_data import PageData
from dedup.reporting.page_options import PageOptions
from dedup.results import ArticleSummary, Overlap, Story, Summary

_MOST = 10_000


class PartReport:
    """Some pairs of a report, with their articles.

    Parameters
    ----------
    report : ScanReport
    overlaps : sequence of Overlap
    said : callable
        Returns a sentence about an article, whose times are in UTC, in the reader's time zone; called with
        the sentence and the earliest article.
    wanted : sequence of str
        Ids of articles that are included in any case.
    """

    def __init__(
        self,
        report: ScanReport,
        overlaps: Sequence[Overlap],
        said: Callable[[str, Article | None], str],
        wanted: Sequence[str] = (),
    ) -> None:
        ids = {*wanted, *(id_ for each in overlaps for id_ in (each.a, each.b))}
        self._report = report
        self.overlaps: Sequence[Overlap] = overlaps
        self.articles: Sequence[ArticleSummary] = [
            self._told(each, said) for each in report.articles if each.id in ids
        ]
        self.stories: Sequence[Story] = ()
        self.summary: Summary = report.summary
        self.notes: Sequence[str] = ()

    def _told(self, summary: ArticleSummary, said: Callable[[str, Article | None], str]) -> ArticleSummary:
        if summary.sentence is None or summary.earliest is None:
            return summary
        return replace(summary, sentence=said(summary.sentence, self._report.article(summary.earliest)))

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """See `ScanReport.article`."""
        return self._report.article(id)

    def furniture(self, articles: Sequence[Article]) -> list[list[Span]]:
        """See `ScanReport.furniture`."""
        return self._report.furniture(articles)

    def page_data(self, mine: Sequence[str]) -> str:
        """Return the data block of a page that shows it, as JSON without any ``<``."""
        options = PageOptions(limit=_MOST, mine=tuple(mine))
        return PageData(self, self.furniture, options).encoded()  # type: ignore[arg-type]


def pair_of(overlaps: Sequence[Overlap], a: str, b: str) -> Overlap | None:
    """Return the overlap of two articles, if they share anything."""
    first, second = sorted((a, b))
    return next((each for each in overlaps if (each.a, each.b) == (first, second)), None)
