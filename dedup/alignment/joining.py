"""Joining: pieces become one passage where the text between them says the same.

Rewritten text agrees in runs of words here and there, with sentences between them that say the same in other
words. Two neighbouring pieces of a pair are joined if the gaps between them, in both articles, have enough
words in common. The order does not matter, a rare word counts more than a common one, and an editor may have
reordered the pieces. Text in a gap is not shared word for word: words, coverage and shares count the pieces
alone. A gap that is empty on one side holds an outlet's own paragraph, or nothing, and is never bridged.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.alignment.sentences import (
    PairTexts,
    common_share,
    rewritten,
    with_sentences,
)
from dedup.background.tables import Background
from dedup.thresholds import (
    COPIED_RUN,
    JOIN_CLAUSE,
    JOIN_CLAUSE_OTHERWISE,
    JOIN_COMMON,
    JOIN_COMMON_OTHERWISE,
    LONGEST_GAP,
)


def join_passages(
    hashes: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    found: Alignments,
    background: Background,
) -> Alignments:
    """Find sentences beside rewritten pieces that say the same, and join the pieces of one passage.

    Parameters
    ----------
    hashes, flags, offsets
        The tokens that were aligned.
    a, b : ndarray of shape (n_pairs,)
        The article numbers of the pairs.
    found : Alignments
        Sorted by (pair, a_start), each row a passage of its own.
    background : Background
        Says how rare words are.

    Returns
    -------
    Alignments
        Sorted by (pair, a_start). The pieces of one passage follow one another; those after the first have
        `goes_on` set.
    """
    if not len(found):
        return found
    rows = np.stack([column.astype(np.int32) for column in found.columns()], axis=1)
    pairs = np.stack([a, b])
    joined = _join(hashes, flags, offsets, pairs, rows, background.words, background.articles)
    return Alignments.from_rows(joined)


@nb.njit(nogil=True, cache=True)
def _join(hashes, flags, offsets, pairs, rows, frequencies, articles):  # type: ignore[no-untyped-def]
    out, filled = np.empty((2 * len(rows) + 16, rows.shape[1]), np.int32), 0
    start = 0
    while start < len(rows):
        end, beside = start, False
        while end < len(rows) and rows[end, 0] == rows[start, 0]:
            beside |= rewritten(rows[end])
            end += 1
        pieces, anchors = rows[start:end], np.arange(end - start)
        if beside or end - start > 1:
            one, two = pairs[0, rows[start, 0]], pairs[1, rows[start, 0]]
            texts = PairTexts(
                hashes[offsets[one] : offsets[one + 1]],
                hashes[offsets[two] : offsets[two + 1]],
                flags[offsets[one] : offsets[one + 1]],
                flags[offsets[two] : offsets[two + 1]],
                frequencies,
                articles,
            )
            if beside:
                pieces, anchors = with_sentences(texts, pieces)
            _unite(texts, pieces, anchors)
        if filled + len(pieces) > len(out):
            more = np.empty((2 * (filled + len(pieces)), rows.shape[1]), np.int32)
            more[:filled] = out[:filled]
            out = more
        before = -1
        for k in np.argsort(pieces[:, 1]):
            out[filled] = pieces[k]
            out[filled, 10] = anchors[k] == before
            before = anchors[k]
            filled += 1
        start = end
    return out[:filled]


@nb.njit(nogil=True, cache=True)
def _unite(texts, pieces, owners):  # type: ignore[no-untyped-def]
    """Set `owners` to the passage of each piece, named by the number of one of its pieces.

    It starts with the piece beside which each was found, which for most is the piece itself.
    """
    for k in range(len(owners)):
        owners[k] = owners[owners[k]]  # an anchor comes before the sentences that were found beside it
    while True:
        names = np.unique(owners)
        hulls = np.empty((len(names), 6), np.int64)
        for number in range(len(names)):
            own = pieces[owners == names[number]]
            hulls[number, 0], hulls[number, 1] = own[:, 1].min(), own[:, 2].max()
            hulls[number, 2], hulls[number, 3] = own[:, 3].min(), own[:, 4].max()
            hulls[number, 4] = own[:, 6].max()
            hulls[number, 5] = 5 * own[:, 7].sum() > 3 * own[:, 5].sum()
        order = np.argsort(hulls[:, 0])
        hulls, names = hulls[order], names[order]
        one, two = _overlapping(hulls)
        if one < 0:
            one, two = _neighbours(texts, hulls)
        if one < 0:
            return
        owners[owners == names[two]] = names[one]


@nb.njit(nogil=True, cache=True)
def _overlapping(hulls):  # type: ignore[no-untyped-def]
    """Find two passages that overlap; return -1, -1 if there are none."""
    for one in range(len(hulls)):
        for two in range(one + 1, len(hulls)):
            if hulls[two, 0] < hulls[one, 1] or (
                hulls[one, 2] < hulls[two, 3] and hulls[two, 2] < hulls[one, 3]
            ):
                return one, two
    return -1, -1


@nb.njit(nogil=True, cache=True)
def _neighbours(texts, hulls):  # type: ignore[no-untyped-def]
    """Find two passages, neighbours in both texts, whose gaps say the same; -1, -1 if there are none."""
    for one in range(len(hulls) - 1):
        two = one + 1
        first, last = (one, two) if hulls[one, 3] <= hulls[two, 2] else (two, one)
        start_a, end_a, start_b, end_b = hulls[one, 1], hulls[two, 0], hulls[first, 3], hulls[last, 2]
        longest = max(end_a - start_a, end_b - start_b)
        if min(end_a - start_a, end_b - start_b) <= 0 or longest > LONGEST_GAP:
            continue
        if hulls[one, 5] + hulls[two, 5]:  # a quotation is nobody's rewritten text
            continue
        if np.any((hulls[:, 2] < end_b) & (hulls[:, 3] > start_b)):
            continue
        strict = min(hulls[one, 4], hulls[two, 4]) >= COPIED_RUN or first == two
        if longest <= (JOIN_CLAUSE_OTHERWISE if strict else JOIN_CLAUSE):
            return one, two
        share, _ = common_share(
            *(texts.a[start_a:end_a], texts.b[start_b:end_b], texts.flags_a[start_a:end_a]),
            *(texts.frequencies, texts.articles),
        )
        if share >= (JOIN_COMMON_OTHERWISE if strict else JOIN_COMMON):
            return one, two
    return -1, -1
