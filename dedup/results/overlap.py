"""Overlaps: what one pair of articles shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from dedup.article import Span
from dedup.results.columns import Column, OverlapRelation, PassageRelation


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedPassages:
    """Two spans, one in each article, that hold the same text; ``a.text[a_start:a_end] == a_text``.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> passage = report.overlaps[0].passages[0]
    >>> passage.relation, passage.words, passage.a_start, passage.b_start
    ('verbatim', 27, 0, 6)
    """

    a_start: Annotated[int, Column("Where the span begins in a's text.")]
    a_end: Annotated[int, Column("Where it ends in a's text.")]
    b_start: Annotated[int, Column("Where the span begins in b's text.")]
    b_end: Annotated[int, Column("Where it ends in b's text.")]
    relation: Annotated[
        PassageRelation,
        Column(
            "What kind of passage it is.",
            "The first that holds: furniture (more than half of the words that agree are site furniture); "
            "template (the pair is); quotation (more than three in five are within quotation marks in one "
            "article and, in the other, within marks or in a sentence that attributes them); verbatim (all "
            "words agree); edited.",
        ),
    ]
    similarity: Annotated[
        float,
        Column(
            "Share of the words in the two spans that agree.",
            "2 * words / (words of a's span + words of b's span). Of a passage of several pieces, the gaps "
            "between them count as words that do not agree.",
        ),
    ]
    jaccard: Annotated[float, Column("Jaccard similarity of the two spans' sets of shingles.", "Exact.")]
    cosine: Annotated[
        float,
        Column(
            "Cosine of the two spans' TF-IDF word vectors.",
            "As scikit-learn's TfidfVectorizer, with the background's document frequencies.",
        ),
    ]
    words: Annotated[int, Column("Words that agree, in order.", "Sum over the pieces.")]
    quoted_words: Annotated[
        int, Column("How many of `words` are within quotation marks in at least one of the two articles.")
    ]
    moved: Annotated[
        bool, Column("Whether it crosses another passage of the pair: the two are in another order in b.")
    ] = False
    pieces: Annotated[
        tuple[tuple[int, int, int, int], ...],
        Column(
            "The spans that agree, each as a_start, a_end, b_start, b_end.",
            "One, equal to the passage, unless it was joined from several because the gaps between them "
            "have enough words in common.",
        ),
    ] = ()
    a_text: Annotated[str, Column("The span of a's text.")]
    b_text: Annotated[str, Column("The span of b's text.")]
    a_readable: Annotated[
        str | None, Column("The span as text, where a is HTML or Markdown.", "Null where it has no markup.")
    ] = None
    b_readable: Annotated[
        str | None, Column("The span as text, where b is HTML or Markdown.", "Null where it has no markup.")
    ] = None

    @property
    def a(self) -> Span:
        """The place in the first article."""
        return Span(self.a_start, self.a_end)

    @property
    def b(self) -> Span:
        """The place in the second article."""
        return Span(self.b_start, self.b_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """All aligned passages of one pair of articles.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> overlap = report.overlaps[0]
    >>> overlap.a, overlap.b, overlap.relation, overlap.words
    ('a', 'b', 'copy', 27)
    """

    a: Annotated[str, Column("Id of the first article; it sorts before `b`.")]
    b: Annotated[str, Column("Id of the second article.")]
    a_source: Annotated[str, Column("Source of the first article.")]
    b_source: Annotated[str, Column("Source of the second article.")]
    relation: Annotated[
        OverlapRelation,
        Column(
            "What kind of sharing it is.",
            "The first that holds: furniture (all passages are); template (one form with other facts: what "
            "differs are names, numbers and dates); quotation (too few words agree outside quotations, see "
            "`min_unquoted_words`); copy (the passages cover `most_share` of both "
            "articles); excerpt (of one of them); partial.",
        ),
    ]
    syndicated: Annotated[
        bool,
        Column(
            "Whether an agency or a feed supplied the text.",
            "The pair shares more than a quotation, and a credit is in either article or a third source "
            "runs half of one of the passages.",
        ),
    ]
    agency: Annotated[
        str | None,
        Column(
            "The agency that a credit in either article names.",
            "Null for a quotation, a template or furniture, which it did not supply.",
        ),
    ]
    agencies: Annotated[
        tuple[str, ...], Column("All agencies and feeds that a credit in either article names.")
    ] = ()
    similarity: Annotated[float, Column("Similarity of the passages.", "Weighted by their words.")]
    jaccard: Annotated[
        float, Column("Jaccard similarity of the two whole articles' sets of shingles.", "Exact.")
    ]
    coverage_a: Annotated[
        float,
        Column(
            "Share of a's words that occur in b.", "Those in the pieces of the passages, repeats included."
        ),
    ]
    coverage_b: Annotated[
        float,
        Column(
            "Share of b's words that occur in a.", "Those in the pieces of the passages, repeats included."
        ),
    ]
    words: Annotated[int, Column("Words that agree.", "Sum over the passages.")]
    quoted_words: Annotated[
        int, Column("How many of `words` are within quotation marks.", "Sum over the passages.")
    ]
    longest_run: Annotated[int, Column("The longest run of words that agree without a break.")]
    earlier: Annotated[
        Literal["a", "b"] | None,
        Column(
            "Which of the two was published first.",
            "Null where one has no date, or the dates are not exact enough to tell.",
        ),
    ] = None
    gap_seconds: Annotated[
        int | None, Column("How long before the other, in seconds at least.", "Null with `earlier`.")
    ] = None
    same_story: Annotated[bool, Column("Whether both are in one story; otherwise they are only related.")] = (
        True
    )
    reasons: Annotated[
        tuple[str, ...], Column("What led to the relation and to `syndicated`, in words for a person.")
    ]
    passages: Annotated[
        tuple[AlignedPassages, ...], Column("The aligned passages.", "In the order of `a_start`.")
    ]
