"""What comes out: frozen records that a person or a program reads.

Scores lie in [0, 1]; spans are half-open and count characters of the article's text as it was given. The
order of the fields is the order of the keys in the JSON lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from dedup.article import Article, Span

if TYPE_CHECKING:
    import pyarrow as pa

PassageRelation = Literal["furniture", "quotation", "verbatim", "edited"]
OverlapRelation = Literal["copy", "excerpt", "partial", "quotation", "furniture"]


@dataclass(frozen=True, slots=True)
class AlignedPassages:
    """Two spans, one in each article, that hold the same text.

    Attributes
    ----------
    a_start, a_end, b_start, b_end : int
        The places; ``a.text[a_start:a_end] == a_text``.
    relation : {"furniture", "quotation", "verbatim", "edited"}
    similarity : float
        Share of the words in the two spans that agree: ``2 * words / (words of a's span + words of b's)``.
    jaccard : float
        Exact Jaccard similarity of the two spans' sets of shingles.
    cosine : float
        Cosine of the two spans' TF-IDF word vectors, with the background's document frequencies.
    words : int
        Words that agree, in order.
    quoted_words : int
        Those of `words` that stand within quotation marks in at least one of the two articles.
    a_text, b_text : str
    """

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    relation: PassageRelation
    similarity: float
    jaccard: float
    cosine: float
    words: int
    quoted_words: int
    a_text: str
    b_text: str

    @property
    def a(self) -> Span:
        """The place in the first article."""
        return Span(self.a_start, self.a_end)

    @property
    def b(self) -> Span:
        """The place in the second article."""
        return Span(self.b_start, self.b_end)


@dataclass(frozen=True, slots=True)
class Overlap:
    """All aligned passages of one pair of articles.

    Attributes
    ----------
    a, b : str
        The ids; `a` sorts before `b`.
    a_source, b_source : str
    relation : {"copy", "excerpt", "partial", "quotation", "furniture"}
    syndicated : bool
        A credit, or several sources running the same passage, says that an agency or a feed supplied it.
    agency : str or None
        The agency that a credit in either article names; None for a quotation or furniture, which it did not
        supply.
    similarity : float
        The passages' similarity, weighted by their words.
    jaccard : float
        Exact Jaccard similarity of the two whole articles' sets of shingles.
    coverage_a, coverage_b : float
        Share of the article's words (site furniture aside) that lies in the aligned passages.
    words, quoted_words : int
        Sums over the passages.
    longest_run : int
        The longest run of words that agree without a break.
    reasons : tuple of str
        What led to the relation, in words for a person.
    passages : tuple of AlignedPassages
        In the order of `a_start`.
    """

    a: str
    b: str
    a_source: str
    b_source: str
    relation: OverlapRelation
    syndicated: bool
    agency: str | None
    similarity: float
    jaccard: float
    coverage_a: float
    coverage_b: float
    words: int
    quoted_words: int
    longest_run: int
    reasons: tuple[str, ...]
    passages: tuple[AlignedPassages, ...]


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a run says of one article.

    Attributes
    ----------
    id, source : str
    copied : float
        Share of its words that other articles have too, quotations and furniture aside.
    quoted : float
        Share of its words that lies in passages whose relation is "quotation".
    furniture : float
        Share of its words that is site furniture.
    agency : str or None
        The agency that its credit names, or else the one that a copy of the same text names.
    credited : bool
        Whether its own text carries the credit.
    passages : int
        How many passages of it were found elsewhere.
    others : int
        At how many other sources.
    earliest : str or None
        The id of the article that ran the shared text first, as far as `published` is known.
    story : str or None
        The id of its story.
    """

    id: str
    source: str
    copied: float
    quoted: float
    furniture: float
    agency: str | None
    credited: bool
    passages: int
    others: int
    earliest: str | None
    story: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """A connected group of overlapping articles, with its likely origin.

    Attributes
    ----------
    id : str
        The smallest id among its articles.
    articles : tuple of str
        Ids, sorted.
    sources : int
        How many different sources.
    origin : str
        The id of the article that is likely nearest to the source of the text.
    origin_reason : str
    first_published : datetime or None
        The earliest `published` among its articles.
    """

    id: str
    articles: tuple[str, ...]
    sources: int
    origin: str
    origin_reason: str
    first_published: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, in numbers.

    Attributes
    ----------
    articles, skipped, overlaps, stories : int
    cut_short : int
        Pairs of a popular bucket that were left out (see ``max_bucket`` in the settings).
    settings : str
        The fingerprint of the settings.
    version : str
        The program's version.
    """

    articles: int
    skipped: int
    overlaps: int
    stories: int
    cut_short: int
    settings: str
    version: str


class Report(Protocol):
    """The result of a run; the sequences build their records when they are read.

    Iterating `overlaps` costs one record at a time, however many there are: the columns behind it stay as
    they are, and the texts are fetched from the run's scratch file.
    """

    @property
    def overlaps(self) -> Sequence[Overlap]:
        """Sorted by (a, b)."""

    @property
    def articles(self) -> Sequence[ArticleSummary]:
        """One an article, in the order in which they were read."""

    @property
    def stories(self) -> Sequence[Story]:
        """Sorted by id."""

    @property
    def summary(self) -> Summary:
        """The numbers."""

    @property
    def notes(self) -> Sequence[str]:
        """What the user should know: how sources were guessed, what was left out."""

    def overlap_blocks(self) -> Sequence[tuple[int, int]]:
        """Runs ``start, end`` that make up all overlaps, each for one `overlap_batch`."""

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """The overlaps ``start:end`` as columns, with `dedup.schemas.OVERLAP_SCHEMA`."""

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """The articles ``start:end`` as columns, with `dedup.schemas.ARTICLE_SCHEMA`."""

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """The article as it was read. Raises `KeyError` for an unknown id."""
