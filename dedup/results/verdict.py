"""What a pipeline learns about one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dedup.results.columns import Column, OverlapRelation, PassageRelation, VerdictKind
from dedup.results.supply import Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPassage:
    """A passage of an article that was judged, and its place in an earlier article."""

    start: Annotated[int, Column("Where the passage begins in this article's text.")]
    end: Annotated[int, Column("Where it ends in this article's text.")]
    other: Annotated[str, Column("Id of the earlier article that holds it.")]
    other_start: Annotated[int, Column("Where it begins in the text of that article.")]
    other_end: Annotated[int, Column("Where it ends there.")]
    relation: Annotated[PassageRelation, Column("What kind of passage it is.")]
    similarity: Annotated[float, Column("Share of the words in the two spans that agree.")]
    words: Annotated[int, Column("Words that agree, in order.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict of `dedup filter` on an article: whether it was seen before, where, and what happens to it.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> [(judged.verdict.verdict, judged.verdict.follows) for judged in report.verdicts("drop")]
    [('original', None), ('copy', 'a')]
    """

    verdict: Annotated[
        VerdictKind,
        Column(
            "What the article is, compared with all that came before.",
            "`original` when nothing earlier shares a passage with it; else the relation of the two, except "
            "that a whole that holds an earlier excerpt is `partial`.",
        ),
    ] = "original"
    follows: Annotated[str | None, Column("Id of the earlier article that shares most of it.")] = None
    source: Annotated[str | None, Column("Source of that article.")] = None
    relation: Annotated[OverlapRelation | None, Column("Relation of the two, as in an overlap.")] = None
    coverage: Annotated[float, Column("Share of its words in passages of that article.")] = 0.0
    similarity: Annotated[float, Column("Similarity of these passages, weighted by their words.")] = 0.0
    seen: Annotated[
        float,
        Column(
            "Share of its words that earlier articles together contain.",
            "Those that share more than a quotation with it; `--min-coverage` is compared with this.",
        ),
    ] = 0.0
    earlier: Annotated[
        bool | None,
        Column(
            "Whether the article that it follows was published earlier.",
            "Null where the dates do not tell.",
        ),
    ] = None
    syndicated: Annotated[bool, Column("Whether an agency or a feed supplied the text.")] = False
    agency: Annotated[str | None, Column("The agency that a credit in either article names.")] = None
    suppliers: Annotated[
        tuple[Supplier, ...],
        Column(
            "Whose copy it repeats, most words first.",
            "Agencies, feeds and services for press releases: words that earlier articles hold, in passages "
            "of which one article credits the supplier for the whole of its text.",
        ),
    ] = ()
    passages: Annotated[
        tuple[SharedPassage, ...],
        Column(
            "The passages shared with earlier articles, in their order.",
            "All of the article that it follows; of others those that hold at least 10 more of its words.",
        ),
    ] = ()
    story: Annotated[
        str | None, Column("Id of its story: the smallest id among the articles that were known then.")
    ] = None
    kept: Annotated[
        bool, Column("Whether it passes under the policy.", "With `annotate` what `drop` would say.")
    ] = True
    kept_instead: Annotated[
        str | None, Column("Id of the article that is kept instead.", "Null where it is kept, or none is.")
    ] = None
    cut: Annotated[
        tuple[tuple[int, int], ...],
        Column("Spans that were cut out, in the text as it was given.", "Empty without the policy `cut`."),
    ] = ()
