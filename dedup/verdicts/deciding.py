"""Which articles are stopped, which are kept in their place, and what was seen of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OverlapCode
from dedup.stories.groups import group
from dedup.verdicts.evidence import Edges, Spans, best_edges, stopping, union
from dedup.verdicts.policy import Policy


@dataclass(frozen=True, slots=True)
class Decision:
    """The effect of a policy on some articles.

    Attributes
    ----------
    stopped : ndarray of shape (n_articles,), dtype bool
        The articles that "drop" stops.
    instead : ndarray of shape (n_articles,), dtype int64
        The row of the article that is kept in place of a stopped one; -1 where there is none.
    seen : Spans
        The parts of each article that other articles hold, if these count.
    """

    stopped: NDArray[np.bool_]
    instead: NDArray[np.int64]
    seen: Spans


def decide(
    columns: OverlapColumns,
    lengths: NDArray[np.int64],
    order: NDArray[np.int64],
    policy: Policy,
    stored: NDArray[np.bool_],
    held: NDArray[np.bool_],
    *,
    most_share: float,
) -> Decision:
    """Apply a policy to all articles that overlap.

    Parameters
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of compared words.
    order : ndarray of shape (n_articles,), dtype int64
        From `dedup.verdicts.evidence.order_of`.
    stored : ndarray of shape (n_articles,), dtype bool
        Articles that were judged before, whose verdicts do not change.
    held : ndarray of shape (n_articles,), dtype bool
        Those of the stored articles that an index held before the run.
    most_share : float
        The setting.
    """
    edges = Edges.both(columns) if policy.keep == "none" else Edges.before(columns, order)
    edges = edges.where(columns.copied[edges.pair] & ~stored[edges.own]).against(policy.against, held)
    seen = union(columns, edges)
    if policy.min_coverage is None:
        stops = stopping(columns, edges, most_share)
    else:
        words = seen.words(len(lengths))
        enough = (words > 0) & (words >= policy.min_coverage * lengths)
        stops = enough[edges.own]
    stopped = np.zeros(len(lengths), np.bool_)
    stopped[edges.own[stops]] = True
    instead = np.full(len(lengths), -1, np.int64)
    holding = edges.where(stops & ~(stopped[edges.other] & (policy.keep == "none")))
    best = best_edges(columns, holding, order)
    instead[holding.own[best]] = holding.other[best]
    if policy.keep in ("longest", "origin") and policy.min_coverage is None:
        _one_of_each_group(columns, edges, order, stored, stopped, instead)
    return Decision(stopped, _kept(stopped, instead), seen)


def _one_of_each_group(
    columns: OverlapColumns,
    edges: Edges,
    order: NDArray[np.int64],
    stored: NDArray[np.bool_],
    stopped: NDArray[np.bool_],
    instead: NDArray[np.int64],
) -> None:
    """Stop all but one article of each group of copies; not every pair of a large group was compared."""
    copies = columns.relation[edges.pair] == OverlapCode.COPY
    groups = group(len(order), edges.own[copies], edges.other[copies])
    if not len(groups):
        return
    members, of_member = groups.members, groups.of_article[groups.members]
    ranked = members[np.lexsort((order[members], of_member))]
    kept = ranked[groups.offsets[:-1]][of_member]
    others = (members != kept) & ~stored[members]
    stopped[members[others]] = True
    instead[members[others]] = kept[others]


def _kept(stopped: NDArray[np.bool_], instead: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a kept article for each stopped one: the article that it repeats may repeat another in turn."""
    found = np.where(stopped, instead, -1)
    for _ in range(len(found).bit_length() + 1):  # each round doubles the steps taken
        known = found >= 0
        onward = known & stopped[np.where(known, found, 0)]
        following = found[np.where(onward, found, 0)]
        if not (onward & (following >= 0)).any():
            break
        found = np.where(onward & (following >= 0), following, found)
    known = found >= 0
    return np.where(known & ~stopped[np.where(known, found, 0)], found, -1)
