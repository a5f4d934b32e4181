"""A whole run: its summary, and what every report offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Protocol

from dedup.article import Article
from dedup.results.article import ArticleSummary
from dedup.results.columns import SCHEMA, Column
from dedup.results.overlap import Overlap
from dedup.results.story import Story

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of a run."""

    schema: Annotated[int, Column("Version of these records.", f"{SCHEMA} in this version of the program.")]
    articles: Annotated[int, Column("Articles that were compared.")]
    skipped: Annotated[int, Column("Articles and files that were left out as faulty.")]
    only_furniture: Annotated[
        int, Column("Articles that consist of site furniture alone.", "Of those that were compared.")
    ] = 0
    undated: Annotated[int, Column("Articles without a date.", "Of those that were compared.")]
    overlaps: Annotated[int, Column("Pairs of articles that share something.")]
    stories: Annotated[int, Column("Groups of overlapping articles.")]
    related: Annotated[int, Column("Pairs of stories that share text and are not one.")] = 0
    cut_short: Annotated[
        int,
        Column(
            "Pairs that were not aligned: of popular buckets, and of articles with too many candidates.",
            "See the setting `max_bucket`. Of candidates that have more than 1,024 themselves, an article "
            "that has as many is aligned with the first 1,024.",
        ),
    ]
    settings: Annotated[
        str, Column("Fingerprint of the settings.", "16 hex digits; those of another `algorithm` differ.")
    ]
    algorithm: Annotated[
        int,
        Column(
            "Version of the rules behind the settings.",
            "It is raised when equal settings give another result for the same articles.",
        ),
    ]
    background: Annotated[str, Column("Fingerprint of the background that was used.", "16 hex digits.")]
    version: Annotated[str, Column("Version of the program.")]


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """What a run, or an index, says about one article, as returned by `ScanReport.for_article`.

    Attributes
    ----------
    article : ArticleSummary
    overlaps : tuple of Overlap
        What the article shares with each other article, sorted by (a, b).

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> one = report.for_article("b")
    >>> one.article.source, [overlap.a for overlap in one.overlaps]
    ('Courier', ['a'])
    """

    article: ArticleSummary
    overlaps: tuple[Overlap, ...]


class Report(Protocol):
    """The result of a run. The sequences build their records when they are read.

    Iterating `overlaps` builds one record at a time, however many there are: the columns behind it do not
    change, and the texts are read from the run's scratch file.

    Examples
    --------
    >>> import dedup
    >>> report: Report = dedup.find_overlaps(["Snow fell in the hills.", "Rain fell on the coast."])
    >>> report.summary.articles, list(report.overlaps)
    (2, [])
    """

    @property
    def overlaps(self) -> Sequence[Overlap]:
        """The overlaps, sorted by (a, b)."""

    @property
    def articles(self) -> Sequence[ArticleSummary]:
        """One summary per article, in the order in which the articles were read."""

    @property
    def stories(self) -> Sequence[Story]:
        """The stories, sorted by id."""

    @property
    def summary(self) -> Summary:
        """The counts of the run."""

    @property
    def notes(self) -> Sequence[str]:
        """Notes for the user: how sources were guessed, what was left out."""

    def overlap_blocks(self) -> Sequence[tuple[int, int]]:
        """Return runs ``start, end`` that make up all overlaps, each for one `overlap_batch`."""

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the overlaps ``start:end`` as columns, with `dedup.schemas.OVERLAP_SCHEMA`."""

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the articles ``start:end`` as columns, with `dedup.schemas.ARTICLE_SCHEMA`."""

    def story_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the stories ``start:end`` as columns, with `dedup.schemas.STORY_SCHEMA`."""

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """Return the article as it was read. Raises `KeyError` for an unknown id."""
