"""What the HTML page shows of articles, stories and overlaps, ready for the template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from dedup.article import Article, Span
from dedup.reporting.marking import Agreement, Run, mark, paragraphs
from dedup.reporting.wording import credit_missing, headline, moment, verdict
from dedup.results import AlignedPassages, ArticleSummary, Overlap, Report, Story

#: Hues of the passages; from the ninth on they come again, and the number tells them apart.
HUES = 8

#: Members of a story that are listed; the rest is counted.
MEMBERS = 40


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article's names, and what the run says of it."""

    article: Article
    summary: ArticleSummary
    headline: str
    link: str | None
    published: str | None
    verdict: str
    missing: bool

    @property
    def shares(self) -> list[tuple[str, float]]:
        """Parts of the bar in percent, in the order in which they stand: they never sum to over 100."""
        said = self.summary
        left, parts = 1.0, []
        for name, part in (("copied", said.copied), ("quoted", said.quoted), ("furniture", said.furniture)):
            part = min(part, left)
            left -= part
            parts.append((name, round(100 * part, 2)))
        return parts


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its members, the earliest first."""

    story: Story
    origin: ArticleView
    members: list[ArticleView]
    left_out: int
    first: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs in a row of one passage (or of none, with the number 0) within one paragraph."""

    number: int
    hue: int
    opens: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its number, and where it stands in both articles, in percent of their length."""

    number: int
    hue: int
    passage: AlignedPassages
    bars: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two columns of an overlap."""

    letter: str
    view: ArticleView
    coverage: float
    paragraphs: list[list[Stretch]]


@dataclass(frozen=True, slots=True)
class OverlapView:
    """A pair of articles with its passages."""

    number: int
    overlap: Overlap
    sides: tuple[SideView, SideView]
    passages: list[PassageView]
    words_known: bool


class Views:
    """Builds the views of one report; texts are fetched when a view is asked for."""

    def __init__(
        self,
        report: Report,
        ids: Iterable[str],
        agreeing: Callable[[Overlap], Sequence[Agreement]] | None,
        furniture: Callable[[Article], Sequence[Span]] | None,
    ) -> None:
        wanted = set(ids)
        self._report = report
        self._summaries = {each.id: each for each in report.articles if each.id in wanted}
        self._agreeing = agreeing
        self._furniture = furniture

    def article(self, id: str) -> ArticleView:  # noqa: A002 - the field's name
        """The view of one article."""
        article, summary = self._report.article(id), self._summaries[id]
        return ArticleView(
            article=article,
            summary=summary,
            headline=headline(article),
            link=article.url if _is_web_address(article.url) else None,
            published=moment(article.published) if article.published else None,
            verdict=verdict(self._report, summary),
            missing=credit_missing(summary),
        )

    def story(self, story: Story) -> StoryView:
        """The view of one story; the origin is always among its members."""
        shown = story_members(story)
        members = sorted(map(self.article, shown), key=lambda each: (each.published or "9", each.article.id))
        return StoryView(
            story=story,
            origin=self.article(story.origin),
            members=members,
            left_out=len(story.articles) - len(shown),
            first=moment(story.first_published) if story.first_published else None,
        )

    def overlaps(self, overlaps: Iterable[Overlap]) -> Iterator[OverlapView]:
        """The views of overlaps, one at a time."""
        for number, overlap in enumerate(overlaps, 1):
            yield self._overlap(number, overlap)

    def _overlap(self, number: int, overlap: Overlap) -> OverlapView:
        agreeing = self._agreeing(overlap) if self._agreeing else None
        sides = []
        for index, (letter, id_, coverage) in enumerate(
            (("A", overlap.a, overlap.coverage_a), ("B", overlap.b, overlap.coverage_b))
        ):
            places = [(each.a, each.b)[index] for each in overlap.passages]
            words = [each[index] for each in agreeing] if agreeing is not None else None
            view = self.article(id_)
            sides.append(SideView(letter, view, coverage, self._columns(view.article, places, words)))
        lengths = [max(1, len(side.view.article.text)) for side in sides]
        return OverlapView(
            number=number,
            overlap=overlap,
            sides=(sides[0], sides[1]),
            passages=[
                PassageView(at, hue(at), each, (_bar(each.a, lengths[0]), _bar(each.b, lengths[1])))
                for at, each in enumerate(overlap.passages, 1)
            ],
            words_known=agreeing is not None,
        )

    def _columns(
        self, article: Article, places: Sequence[Span], words: Sequence[Sequence[Span]] | None
    ) -> list[list[Stretch]]:
        furniture = self._furniture(article) if self._furniture else ()
        runs = mark(article.text, places, words, furniture)
        return [_stretches(paragraph) for paragraph in paragraphs(runs)]


def story_members(story: Story) -> list[str]:
    """The ids of a story's members that are listed: the first ones, the origin always among them."""
    rest = [id_ for id_ in story.articles if id_ != story.origin]
    return [story.origin, *rest[: MEMBERS - 1]]


def hue(number: int) -> int:
    """The hue of a passage, from 1 to `HUES`."""
    return (number - 1) % HUES + 1


def _stretches(paragraph: Iterable[Run]) -> list[Stretch]:
    groups = []
    for number, runs in groupby(paragraph, key=lambda run: run.passage):
        held = tuple(runs)
        groups.append(Stretch(number, hue(number) if number else 0, any(run.opens for run in held), held))
    return groups


def _bar(place: Span, length: int) -> tuple[float, float]:
    return round(100 * place.start / length, 2), round(100 * (place.end - place.start) / length, 2)


def _is_web_address(url: str | None) -> bool:
    # Anything else, `javascript:` above all, is shown as text.
    try:
        return url is not None and urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False
