"""The PAN measures of text alignment: precision, recall, granularity and plagdet over characters.

After Potthast, Stein, Barrón-Cedeño and Rosso, "An Evaluation Framework for Plagiarism Detection", COLING
2010, with the edge cases of the script with which PAN's organisers compute scores (version 1.3). A case or a
detection is a row ``(pair, a_start, a_end, b_start, b_end)``: the number of a pair of documents, and a
half-open span in each document. Two rows overlap if they are of one pair and share a character on *both*
sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PlagdetScores:
    """The PAN measures of one result.

    Attributes
    ----------
    precision, recall : float
        Macro averages over detections and over cases, in [0, 1].
    granularity : float
        Detections per detected case, at least 1.
    plagdet : float
        F1 of `precision` and `recall`, divided by ``log2(1 + granularity)``.
    micro_precision, micro_recall, micro_plagdet : float
        The same measures with characters counted over all documents, each character once.
    cases, detections : int
        Number of cases and detections that the averages run over, without those set aside.
    """

    precision: float
    recall: float
    granularity: float
    plagdet: float
    micro_precision: float
    micro_recall: float
    micro_plagdet: float
    cases: int
    detections: int


def plagdet_scores(
    cases: ArrayLike,
    detections: ArrayLike,
    *,
    documents: ArrayLike | None = None,
    optional: ArrayLike | None = None,
) -> PlagdetScores:
    """Compare detections with the true cases.

    Parameters
    ----------
    cases, detections : array_like of shape (n, 5), int
        Rows ``(pair, a_start, a_end, b_start, b_end)``; equal rows count once, as in PAN's script.
    documents : array_like of shape (n_pairs, 2), int, optional
        The two documents of each pair, for the micro averages: a character of a document that occurs in
        several pairs counts once. Without it each pair has its own documents.
    optional : array_like of shape (n, 5), int, optional
        Cases that may be found or not. A detection is set aside if it overlaps no case and at least half of
        its characters are in optional cases; in other detections the characters in optional cases do not
        count. This is not part of PAN's script; without it the measures are exactly PAN's.

    Raises
    ------
    ValueError
        An array has another shape, or a row has an empty or negative span.

    Examples
    --------
    >>> case = [[0, 0, 100, 0, 100]]
    >>> halves = [[0, 0, 50, 0, 50], [0, 50, 100, 50, 100]]
    >>> scores = plagdet_scores(case, halves)
    >>> scores.recall, scores.precision, scores.granularity, round(scores.plagdet, 3)
    (1.0, 1.0, 2.0, 0.631)
    """
    true, found = _rows(cases, "cases"), _rows(detections, "detections")
    spare = _rows([] if optional is None else optional, "optional")
    found = _without_spare(true, found, spare)
    recall, granularity = _macro_recall(true, found), _granularity(true, found)
    precision = _macro_precision(true, found, spare)
    micro_precision, micro_recall = _micro(true, found, spare, documents)
    return PlagdetScores(
        precision=precision,
        recall=recall,
        granularity=granularity,
        plagdet=plagdet(precision, recall, granularity),
        micro_precision=micro_precision,
        micro_recall=micro_recall,
        micro_plagdet=plagdet(micro_precision, micro_recall, granularity),
        cases=len(true),
        detections=len(found),
    )


def plagdet(precision: float, recall: float, granularity: float) -> float:
    """Return F1 divided by ``log2(1 + granularity)``, or 0 if precision and recall are both 0.

    Examples
    --------
    >>> round(plagdet(0.75, 0.25, 2), 6)
    0.236599
    """
    if precision + recall == 0:
        return 0.0
    return 2 * precision * recall / (precision + recall) / math.log2(1 + granularity)


def covered(rows: Rows, others: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the characters of each row, both sides together, that overlapping rows of `others` cover.

    Returns
    -------
    characters, overlapping : ndarray of shape (n_rows,), int64
        The number of characters, and how many of `others` overlap the row.
    """
    i, j = overlapping(rows, others)
    characters = np.zeros(len(rows), dtype=np.int64)
    for side in (1, 3):
        start = np.maximum(rows[i, side], others[j, side])
        end = np.minimum(rows[i, side + 1], others[j, side + 1])
        characters += _union_lengths(i, start, end, len(rows))
    return characters, np.bincount(i, minlength=len(rows)).astype(np.int64)


def overlapping(rows: Rows, others: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return index pairs ``(i, j)`` of the rows and `others` that overlap, in the order of i, then j.

    The time is proportional to the number of rows, once sorted, and of pairs that overlap in the first
    document.
    """
    # Of two spans that overlap, one starts within the other: look up the starts from both sides.
    i, j = _starting_within(rows, others)
    back_j, back_i = _starting_within(others, rows)
    i, j = np.concatenate([i, back_i]), np.concatenate([j, back_j])
    a, b = rows[i], others[j]
    keep = (a[:, 1] < b[:, 2]) & (b[:, 1] < a[:, 2]) & (a[:, 3] < b[:, 4]) & (b[:, 3] < a[:, 4])
    if not keep.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pairs = np.unique(np.stack([i[keep], j[keep]], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _rows(values: ArrayLike, name: str) -> Rows:
    rows = np.asarray(values, dtype=np.int64)
    if rows.size == 0:
        return np.zeros((0, 5), dtype=np.int64)
    if rows.ndim != 2 or rows.shape[1] != 5:
        raise ValueError(f"{name} has the shape {rows.shape}; it must be (n, 5)")
    if (rows[:, 1] >= rows[:, 2]).any() or (rows[:, 3] >= rows[:, 4]).any() or (rows < 0).any():
        raise ValueError(f"{name} has an empty or a negative span; each end must lie after its start")
    return np.unique(rows, axis=0)


def _starting_within(rows: Rows, others: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all (i, j) where the first span of ``others[j]`` starts within that of ``rows[i]``."""
    stride = 1 + max((int(part[:, 2].max()) for part in (rows, others) if len(part)), default=0)
    keys = others[:, 0] * stride + others[:, 1]
    order = np.argsort(keys, kind="stable")
    low = np.searchsorted(keys[order], rows[:, 0] * stride + rows[:, 1], side="left")
    high = np.searchsorted(keys[order], rows[:, 0] * stride + rows[:, 2], side="left")
    count = high - low
    i = np.repeat(np.arange(len(rows)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[np.repeat(low, count) + within]


def _union_lengths(
    group: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    """Return the length of the union of the intervals ``[start, end)`` of each group."""
    if len(group) == 0:
        return np.zeros(groups, dtype=np.int64)
    stride = 1 + int(end.max())
    order = np.lexsort((start, group))
    left, right = (group * stride + start)[order], (group * stride + end)[order]
    reached = np.concatenate([[left[0]], np.maximum.accumulate(right)[:-1]])
    fresh = np.maximum(right - np.maximum(left, reached), 0)
    totals: NDArray[np.int64] = np.bincount(group[order], weights=fresh, minlength=groups).astype(np.int64)
    return totals


def _lengths(rows: Rows) -> NDArray[np.int64]:
    lengths: NDArray[np.int64] = rows[:, 2] - rows[:, 1] + rows[:, 4] - rows[:, 3]
    return lengths


def _empty(true: Rows, found: Rows) -> float | None:
    """Return PAN's value if there are no cases or no detections: 1 if there are neither, else 0."""
    return 1.0 if len(true) == len(found) == 0 else 0.0 if len(true) == 0 or len(found) == 0 else None


def _macro_recall(true: Rows, found: Rows) -> float:
    empty = _empty(true, found)
    return float(np.mean(covered(true, found)[0] / _lengths(true))) if empty is None else empty


def _macro_precision(true: Rows, found: Rows, spare: Rows) -> float:
    empty = _empty(true, found)
    if empty is not None:
        return empty
    hits = covered(found, true)[0]
    excused = covered(found, np.concatenate([true, spare]))[0] - hits
    return float(np.mean(hits / (_lengths(found) - excused)))


def _granularity(true: Rows, found: Rows) -> float:
    count = covered(true, found)[1]
    return float(count[count > 0].mean()) if (count > 0).any() else 1.0


def _without_spare(true: Rows, found: Rows, spare: Rows) -> Rows:
    if len(spare) == 0:
        return found
    excused = covered(found, spare)[0]
    aside = (covered(found, true)[1] == 0) & (2 * excused >= _lengths(found))
    kept: Rows = found[~aside]
    return kept


def _micro(true: Rows, found: Rows, spare: Rows, documents: ArrayLike | None) -> tuple[float, float]:
    empty = _empty(true, found)
    if empty is not None:
        return empty, empty
    top = 1 + max(int(part[:, 0].max()) for part in (true, found, spare) if len(part))
    ids = np.repeat(np.arange(top)[:, None], 2, axis=1) if documents is None else np.asarray(documents)
    hits = _characters(_intersections(true, found), ids)
    excused = _characters(_intersections(np.concatenate([true, spare]), found), ids) - hits
    return hits / (_characters(found, ids) - excused), hits / _characters(true, ids)


def _intersections(rows: Rows, others: Rows) -> Rows:
    i, j = overlapping(rows, others)
    low, high = np.maximum(rows[i], others[j]), np.minimum(rows[i], others[j])
    return np.stack([low[:, 0], low[:, 1], high[:, 2], low[:, 3], high[:, 4]], axis=1)


def _characters(rows: Rows, documents: NDArray[Any]) -> int:
    """Count the characters that the rows cover, each character of a document once, the two sides apart."""
    total = 0
    for side, column in ((1, 0), (3, 1)):
        group = documents[rows[:, 0], column]
        total += int(_union_lengths(group, rows[:, side], rows[:, side + 1], int(documents.max()) + 1).sum())
    return total
