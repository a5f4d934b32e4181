"""What each article shares with those before it, pair by pair. Takes arrays and returns arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OverlapCode, PassageCode
from dedup.overlaps.repeats import again, runs_by_article
from dedup.stories.standing import own_agency
from dedup.verdicts.policy import Against, Keep

#: An excerpt is stopped if this much of it is in one other article, or if it covers this much of that one.
WHOLE_EXCERPT, HALF_OF_OTHER = 0.95, 0.5


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of articles, each seen from the article that repeats the other.

    Attributes
    ----------
    own, other : ndarray of shape (n,), dtype int64
        Rows of articles.
    pair : ndarray of shape (n,), dtype int64
        The index of the overlap.
    is_a : ndarray of shape (n,), dtype bool
        Whether `own` is the overlap's `a`.
    coverage, other_coverage : ndarray of shape (n,), dtype float64
        The shares of `own` and of `other` that the passages cover, in [0, 1].
    """

    own: NDArray[np.int64]
    other: NDArray[np.int64]
    pair: NDArray[np.int64]
    is_a: NDArray[np.bool_]
    coverage: NDArray[np.float64]
    other_coverage: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.own)

    @classmethod
    def _of(cls, columns: OverlapColumns, pair: NDArray[np.int64], is_a: NDArray[np.bool_]) -> Edges:
        a, b = columns.aligned.a[pair], columns.aligned.b[pair]
        of_a, of_b = columns.coverage_a[pair], columns.coverage_b[pair]
        return cls(
            np.where(is_a, a, b),
            np.where(is_a, b, a),
            pair,
            is_a,
            np.where(is_a, of_a, of_b),
            np.where(is_a, of_b, of_a),
        )

    @classmethod
    def before(cls, columns: OverlapColumns, order: NDArray[np.int64]) -> Edges:
        """Return each pair seen from the article that comes later in `order`, of shape (n_articles,)."""
        later_is_a = order[columns.aligned.a] > order[columns.aligned.b]
        return cls._of(columns, np.arange(len(columns)), later_is_a)

    @classmethod
    def both(cls, columns: OverlapColumns) -> Edges:
        """Return each pair twice, seen from either of its articles."""
        pair = np.repeat(np.arange(len(columns)), 2)
        return cls._of(columns, pair, np.tile([True, False], len(columns)))

    def where(self, chosen: NDArray[np.bool_]) -> Edges:
        """Return some of the edges."""
        rows = np.flatnonzero(chosen)
        return Edges(
            self.own[rows],
            self.other[rows],
            self.pair[rows],
            self.is_a[rows],
            self.coverage[rows],
            self.other_coverage[rows],
        )

    def against(self, which: Against, stored: NDArray[np.bool_]) -> Edges:
        """Return the edges whose `other` counts; `stored`: an index held the article before the run."""
        if which == "all":
            return self
        return self.where(stored[self.other] == (which == "index"))


class Spans(NamedTuple):
    """Runs of tokens of articles, sorted by (article, start) and disjoint within an article.

    Attributes
    ----------
    article, start, end : ndarray of shape (n,), dtype int64
        `start` and `end` count the article's compared tokens.
    """

    article: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def words(self, articles: int) -> NDArray[np.int64]:
        """Count the tokens of each article that the runs cover, shape (articles,)."""
        return np.bincount(self.article, self.end - self.start, minlength=articles).astype(np.int64)


def passages_of(columns: OverlapColumns, edges: Edges) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the passages of all edges, and the edge that each belongs to."""
    first, last = columns.offsets[edges.pair], columns.offsets[edges.pair + 1]
    counts = last - first
    edge = np.repeat(np.arange(len(edges)), counts)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[edge] + within, edge


def union(columns: OverlapColumns, edges: Edges) -> Spans:
    """Return what the passages of some edges cover of their own articles together, without site furniture.

    If covered text occurs twice in an article, both places count.
    """
    passage, edge = passages_of(columns, edges)
    keep = columns.passage_relation[passage] != PassageCode.FURNITURE
    passage, edge = passage[keep], edge[keep]
    found, is_a, own = columns.aligned.passages, edges.is_a[edge], edges.own[edge]
    start = np.where(is_a, found.a_start[passage], found.b_start[passage]).astype(np.int64)
    end = np.where(is_a, found.a_end[passage], found.b_end[passage]).astype(np.int64)
    if not len(own):
        return Spans(own, start, end)
    twice = np.flatnonzero(np.isin(own, columns.repeats.article))
    runs = runs_by_article(columns.repeats, own[twice])
    more = [
        (int(own[row]), low, high)
        for row in twice.tolist()
        for low, high, _ in again(int(start[row]), int(end[row]), runs[int(own[row])])
    ]
    if more:
        added = np.array(more, np.int64).T
        own, start, end = (np.concatenate(pair) for pair in zip((own, start, end), added, strict=True))
    # Places are far below 2**32, so one running maximum serves all articles.
    shift = own << 32
    order = np.argsort(shift + start, kind="stable")
    own, start, shift = own[order], start[order], shift[order]
    reach = np.maximum.accumulate(shift + end[order])
    new = np.concatenate(([True], (shift + start)[1:] > reach[:-1]))
    last = np.append(np.flatnonzero(new)[1:] - 1, len(own) - 1)
    return Spans(own[new], start[new], reach[last] - shift[last])


def best_edges(columns: OverlapColumns, edges: Edges, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each article the edge that shares most of it, sorted by article.

    An overlap that is more than a quotation precedes one that is not. Remaining ties are resolved by `order`.
    """
    copied = columns.copied[edges.pair]
    ranked = np.lexsort((order[edges.other], -edges.coverage, ~copied))
    _, places = np.unique(edges.own[ranked], return_index=True)
    return ranked[places]


def stopping(columns: OverlapColumns, edges: Edges, most_share: float) -> NDArray[np.bool_]:
    """Return which edges stop their own article: a copy, or an excerpt that adds little."""
    relation = columns.relation[edges.pair]
    excerpt = (relation == OverlapCode.EXCERPT) & (edges.coverage >= most_share)
    nearly = (edges.coverage >= WHOLE_EXCERPT) | (edges.other_coverage >= HALF_OF_OTHER)
    return np.asarray((relation == OverlapCode.COPY) | (excerpt & nearly))


def order_of(
    corpus: ComparedArticles, keep: Keep, arrival: NDArray[np.int64], stored: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Rank the articles: one that repeats an article of lower rank is stopped, or cut.

    Articles that an index held before the run come first.

    Parameters
    ----------
    arrival : ndarray of shape (n_articles,), dtype int64
        When each article arrived.
    stored : ndarray of shape (n_articles,), dtype bool
    """
    keys: tuple[NDArray[np.int64], ...] = (arrival,)
    words = np.diff(corpus.offsets)
    if keep == "longest":
        keys = (arrival, -words)
    elif keep == "origin":
        times = corpus.published.astype("datetime64[us]").astype(np.int64)
        late = np.where(np.isnat(corpus.published), np.iinfo(np.int64).max, times)
        own = own_agency(corpus.sources, corpus.source_names, corpus.agency_names)
        keys = (arrival, -words, (~corpus.credited).astype(np.int64), late, (~own).astype(np.int64))
    ranked = np.lexsort((*keys, ~stored))
    place = np.empty(len(ranked), np.int64)
    place[ranked] = np.arange(len(ranked))
    return place
