"""What a newsroom pays for: how much of an article others have, whose copy it is, where else, who was first.

A stage of its own: the columns of the overlaps and of the articles in, a column for each answer out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.coverage import coverage
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import PassageCode, more_than_quoted
from dedup.runtime.unique import distinct


@dataclass(frozen=True, slots=True)
class Standing:
    """What the overlaps say of each article.

    Attributes
    ----------
    copied, quoted : ndarray of shape (n_articles,), dtype float64
        Share of its compared words in copied passages, and in quotations.
    passages, others : ndarray of shape (n_articles,), dtype int64
        Distinct copied passages, and other sources that run any of them.
    agency : ndarray of shape (n_articles,), dtype int32
        The number of the agency that supplied it; -1 for none.
    earliest : ndarray of shape (n_articles,), dtype int64
        The number of the article that ran the shared text first; -1 if no time is known.
    """

    copied: NDArray[np.float64]
    quoted: NDArray[np.float64]
    passages: NDArray[np.int64]
    others: NDArray[np.int64]
    agency: NDArray[np.int32]
    earliest: NDArray[np.int64]


class _Met(NamedTuple):
    """Overlaps that are more than a quotation, from either side: an article, the other one, words shared."""

    article: NDArray[np.int64]
    other: NDArray[np.int64]
    words: NDArray[np.int64]


def standing_of(
    overlaps: OverlapColumns,
    *,
    lengths: NDArray[np.int64],
    sources: NDArray[np.uint32],
    agencies: NDArray[np.int32],
    published: NDArray[np.datetime64],
    ranks: NDArray[np.int64],
) -> Standing:
    """What the overlaps say of each article.

    Parameters
    ----------
    overlaps : OverlapColumns
    lengths : ndarray of shape (n_articles,), dtype int64
        How many tokens of each article were compared.
    sources : ndarray of shape (n_articles,), dtype uint32
        The number of each article's source.
    agencies : ndarray of shape (n_articles,), dtype int32
        The agency that its own credit names; -1 for none.
    published : ndarray of shape (n_articles,), dtype datetime64[us]
        NaT where it is not known.
    ranks : ndarray of shape (n_articles,), dtype int64
        The place of each article among the sorted ids: among equals the smaller decides.
    """
    aligned = overlaps.aligned
    relation = overlaps.passage_relation
    copied = more_than_quoted(relation) & overlaps.copied[aligned.passages.pair]
    met = _met(overlaps)
    return Standing(
        copied=coverage(aligned, copied, lengths),
        quoted=coverage(aligned, relation == PassageCode.QUOTATION, lengths),
        passages=_distinct_passages(aligned, copied, len(lengths)),
        others=_other_sources(sources, met),
        agency=_agencies(agencies, met, ranks),
        earliest=_earliest(published, met, ranks),
    )


def _met(overlaps: OverlapColumns) -> _Met:
    a, b = overlaps.aligned.a[overlaps.copied], overlaps.aligned.b[overlaps.copied]
    words = overlaps.words[overlaps.copied]
    return _Met(np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([words, words]))


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


def _other_sources(sources: NDArray[np.uint32], met: _Met) -> NDArray[np.int64]:
    away = sources[met.article] != sources[met.other]
    pairs = distinct((met.article[away].astype(np.uint64) << np.uint64(32)) | sources[met.other[away]])
    return np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(sources))


def _agencies(own: NDArray[np.int32], met: _Met, ranks: NDArray[np.int64]) -> NDArray[np.int32]:
    """The agency of the article's own credit, or else of the article that shares most with it."""
    named = own[met.other] >= 0
    article, other, words = (column[named] for column in met)
    order = np.lexsort((ranks[other], words))
    lent = np.full(len(own), -1, np.int32)
    lent[article[order]] = own[other[order]]  # the last assignment, of most words, stays
    return np.where(own >= 0, own, lent)


def _earliest(published: NDArray[np.datetime64], met: _Met, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The article that ran the shared text first, among it and its partners; -1 if no time is known."""
    taking_part = distinct(met.article)
    known = taking_part[~np.isnat(published[taking_part])]
    order = known[np.lexsort((ranks[known], published[known]))]
    late = len(order)
    place = np.full(len(published), late)
    place[order] = np.arange(late)
    first = place.copy()
    np.minimum.at(first, met.article, place[met.other])
    return np.asarray(np.append(order, -1)[first])


def own_agency(
    sources: NDArray[np.uint32], source_names: Sequence[str], agency_names: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Whether an article's source is itself an agency: then it is no customer of one.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        Numbers into `source_names`.

    Examples
    --------
    >>> own_agency(np.array([0, 1, 0], np.uint32), ["pti", "Herald"], ["PTI"]).tolist()
    [True, False, True]
    """
    agencies = {name.casefold() for name in agency_names if name is not None}
    of_source = np.array([name.casefold() in agencies for name in source_names], np.bool_)
    return of_source[sources] if len(sources) else np.zeros(0, np.bool_)
