"""What the overlaps say of each article: shares, agency, other outlets, earliest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.coverage import coverage
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import QUOTATION
from dedup.runtime.unique import distinct


class Standing:
    """What the overlaps say of each article, in columns of shape (n_articles,)."""

    def __init__(
        self,
        corpus: ComparedArticles,
        columns: OverlapColumns,
        lengths: NDArray[np.int64],
        ranks: NDArray[np.int64],
    ) -> None:
        aligned = columns.aligned
        quoted = columns.passage_relation == QUOTATION
        copied = (columns.passage_relation > QUOTATION) & columns.copied[aligned.passages.pair]
        self.copied = coverage(aligned, copied, lengths)
        self.quoted = coverage(aligned, quoted, lengths)
        self.passages = _distinct_passages(aligned, copied, len(corpus))
        a, b = aligned.a[columns.copied], aligned.b[columns.copied]
        words = columns.words[columns.copied]
        article, other, words = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([words, words])
        self.others = _other_sources(corpus.sources, article, other)
        self.agency = _agencies(corpus.agencies, article, other, words, ranks)
        self.earliest = _earliest(corpus, article, other, ranks)


def _distinct_passages(
    aligned: AlignedColumns, chosen: NDArray[np.bool_], articles: int
) -> NDArray[np.int64]:
    """Passages of each article, those that overlap (found at several others) counted as one."""
    article, _, starts, ends, _ = aligned.sides.of(chosen)
    if len(article) == 0:
        return np.zeros(articles, np.int64)
    # Within an article the furthest end so far; places are far below 2**40, so adding the article's number
    # times that lets one running maximum serve all articles.
    shift = article.astype(np.int64) << 40
    reach = np.maximum.accumulate(shift + ends)
    new = np.concatenate(([True], (shift + starts)[1:] >= reach[:-1]))
    return np.bincount(article[new], minlength=articles)


def _other_sources(
    sources: NDArray[np.uint32], article: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.int64]:
    away = sources[article] != sources[other]
    met = distinct((article[away].astype(np.uint64) << np.uint64(32)) | sources[other[away]])
    return np.bincount((met >> np.uint64(32)).astype(np.int64), minlength=len(sources))


def _agencies(
    own: NDArray[np.int32],
    article: NDArray[np.int64],
    other: NDArray[np.int64],
    words: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> NDArray[np.int32]:
    """The agency of the article's own credit, or else of the article that shares most with it."""
    named = own[other] >= 0
    order = np.lexsort((ranks[other[named]], words[named]))
    lent = np.full(len(own), -1, np.int32)
    lent[article[named][order]] = own[other[named][order]]  # the last assignment, of most words, stays
    return np.where(own >= 0, own, lent)


def _earliest(
    corpus: ComparedArticles, article: NDArray[np.int64], other: NDArray[np.int64], ranks: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The article that ran the shared text first, among it and its partners; -1 if no time is known."""
    taking_part = distinct(article)
    known = taking_part[~np.isnat(corpus.published[taking_part])]
    order = known[np.lexsort((ranks[known], corpus.published[known]))]
    late = len(order)
    place = np.full(len(corpus), late)
    place[order] = np.arange(late)
    first = place.copy()
    np.minimum.at(first, article, place[other])
    return np.asarray(np.append(order, -1)[first])


def own_agency(corpus: ComparedArticles) -> NDArray[np.bool_]:
    """Whether an article's source is itself an agency: then it is no customer of one."""
    names = {name.casefold() for name in corpus.agency_names if name is not None}
    of_source = np.array([name.casefold() in names for name in corpus.source_names], np.bool_)
    return of_source[corpus.sources] if len(corpus) else np.zeros(0, np.bool_)
