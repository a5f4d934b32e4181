"""Sentences that say the same in other words, beside passages that were rewritten.

Rewritten text agrees in a few words in a row here and there. Whole sentences between them hold no run that is
long enough for a seed. Beside a piece that itself agrees in short runs only, sentences are compared as sets
of words: their order does not matter, and a rare word counts more than a common one. Where an editor copied
word for word, the neighbouring text is the outlet's own, and is not compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.extension import fill
from dedup.alignment.pairs import write_row
from dedup.alignment.seeding import word_weight
from dedup.background.counters import word_slot
from dedup.text.flags import CAPITAL, NUMBER, SENTENCE
from dedup.text.word_hashes import KIND
from dedup.thresholds import (
    COPIED_RUN,
    LONGEST_FILL,
    LONGEST_GAP,
    PRIOR_ARTICLES,
    SENTENCE_AGREEING,
    SENTENCE_COMMON,
    SENTENCE_ROUNDS,
    SENTENCE_TOKENS,
    SENTENCE_WORDS,
)


class PairTexts(NamedTuple):
    """The tokens of a pair of articles, the number of articles with each word, and that of all articles."""

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
    flags_a: NDArray[np.uint8]
    flags_b: NDArray[np.uint8]
    frequencies: NDArray[np.uint32]
    articles: int


@nb.njit(nogil=True, cache=True)
def _rarity(word, frequencies, articles):  # type: ignore[no-untyped-def]
    seen = min(np.int64(frequencies[word_slot(word, np.uint32(len(frequencies) - 1))]), articles)
    return word_weight(word) * np.log((PRIOR_ARTICLES + articles) / (1.0 + seen))


@nb.njit(nogil=True, cache=True)
def common_share(one, two, flags, frequencies, articles):  # type: ignore[no-untyped-def]
    """Return the weighted share of two texts' words, in any order, that is common to both.

    Also return how many of the common words are plain in `one`: long, and neither names nor numbers by its
    `flags`.
    """
    taken = np.zeros(len(two), np.bool_)
    both, all_words, plain = 0.0, 0.0, 0
    for word in two:
        all_words += _rarity(word, frequencies, articles)
    for number in range(len(one)):
        word = one[number]
        weight = _rarity(word, frequencies, articles)
        all_words += weight
        for place in range(len(two)):
            if two[place] == word and not taken[place]:
                taken[place] = True
                both += 2 * weight
                plain += word & KIND == 0 and flags[number] & (CAPITAL | NUMBER) == 0
                break
    return (both / all_words if all_words > 0 else 0.0), plain


@nb.njit(nogil=True, cache=True)
def _parts(tokens, flags, used):  # type: ignore[no-untyped-def]
    """Return the sentences, or parts of them, that no piece holds, and the long words of each as bits."""
    bounds, sets = np.empty((len(tokens) + 1, 2), np.int32), np.empty(len(tokens) + 1, np.uint64)
    count, start = 0, -1
    for place in range(len(tokens) + 1):
        ends = place == len(tokens) or used[place] or flags[place] & SENTENCE != 0
        if start >= 0 and (ends or place - start == LONGEST_FILL):
            if place - start >= SENTENCE_TOKENS:
                bits = np.uint64(0)
                for word in tokens[start:place]:
                    if word & KIND == 0:
                        bits |= np.uint64(1) << np.uint64((word >> np.uint32(2)) & np.uint32(63))
                bounds[count, 0], bounds[count, 1], sets[count] = start, place, bits
                count += 1
            start = -1
        if start < 0 and place < len(tokens) and not used[place]:
            start = place
    return bounds[:count], sets[:count]


@nb.njit(nogil=True, cache=True, inline="always")
def rewritten(piece):  # type: ignore[no-untyped-def]
    """Whether a piece may be part of a text in other words: no long run agrees, and it is not a quotation,
    which two outlets print alike in texts of their own."""
    return piece[6] < COPIED_RUN and 5 * piece[7] <= 3 * piece[5]


@nb.njit(nogil=True, cache=True, inline="always")
def _near(start, end, of_start, of_end):  # type: ignore[no-untyped-def]
    return start - of_end <= LONGEST_GAP and of_start - end <= LONGEST_GAP


@nb.njit(nogil=True, cache=True)
def with_sentences(texts, pieces):  # type: ignore[no-untyped-def]
    """Return the pieces of a pair, followed by the sentences beside them that say the same.

    Parameters
    ----------
    texts : PairTexts
    pieces : array of shape (n, 11), dtype int32
        Rows as written by `dedup.alignment.pairs.write_row`.

    Returns
    -------
    rows : array of shape (m, 11), dtype int32
    anchors : array of shape (m,), dtype int64
        The number of the piece beside which each was found; the given pieces have their own number.
    """
    used_a, used_b = np.zeros(len(texts.a), np.bool_), np.zeros(len(texts.b), np.bool_)
    for piece in pieces:
        used_a[piece[1] : piece[2]] = True
        used_b[piece[3] : piece[4]] = True
    parts_a, sets_a = _parts(texts.a, texts.flags_a, used_a)
    parts_b, sets_b = _parts(texts.b, texts.flags_b, used_b)
    rows = np.empty((len(pieces) + len(parts_a), pieces.shape[1]), np.int32)
    rows[: len(pieces)] = pieces
    anchors, count = np.arange(len(rows)), len(pieces)
    scores = np.full((len(parts_a), len(parts_b)), np.float32(-1))
    runs = np.empty((3, 2 * LONGEST_FILL), np.int32)
    table = np.empty((LONGEST_FILL + 1, LONGEST_FILL + 1), np.float32)
    for _ in range(SENTENCE_ROUNDS):
        before = count
        partner, beside = _best(texts, parts_a, parts_b, sets_a, sets_b, scores, rows[:count])
        for s in range(len(parts_a)):
            t = partner[s]
            if t < 0:
                continue
            scores[s, :], scores[:, t] = 0, 0
            found = fill(
                *(texts.a, texts.b, parts_a[s, 0], parts_a[s, 1], parts_b[t, 0], parts_b[t, 1]),
                *(runs, 0, table),
            )
            if np.sum(runs[2, :found]) >= SENTENCE_AGREEING:
                write_row(pieces[0, 0], runs, 0, found, texts.flags_a, texts.flags_b, rows[count])
                anchors[count] = beside[s]
                count += 1
        if count == before:
            break
    return rows[:count], anchors[:count]


@nb.njit(nogil=True, cache=True)
def _best(texts, parts_a, parts_b, sets_a, sets_b, scores, pieces):  # type: ignore[no-untyped-def]
    """Match each part of `a` with a part of `b`, or -1.

    Each must be the other's best match, and one piece must be beside both. `scores` keeps the computed
    scores; -1 marks those not computed.
    """
    partner, beside = np.full(len(parts_a), -1, np.int64), np.full(len(parts_a), -1, np.int64)
    best_b = np.full(len(parts_b), -1, np.int64)
    for s in range(len(parts_a)):
        start, end = parts_a[s, 0], parts_a[s, 1]
        for t in range(len(parts_b)):
            shared = sets_a[s] & sets_b[t]
            if scores[s, t] == 0 or shared & (shared - np.uint64(1)) == 0:
                continue
            who = _beside(start, end, parts_b[t, 0], parts_b[t, 1], pieces)
            if who < 0:
                continue
            if scores[s, t] < 0:
                share, words = common_share(
                    *(texts.a[start:end], texts.b[parts_b[t, 0] : parts_b[t, 1]]),
                    *(texts.flags_a[start:end], texts.frequencies, texts.articles),
                )
                scores[s, t] = share if share >= SENTENCE_COMMON and words >= SENTENCE_WORDS else 0.0
            if scores[s, t] > 0 and (partner[s] < 0 or scores[s, t] > scores[s, partner[s]]):
                partner[s], beside[s] = t, who
            if scores[s, t] > 0 and (best_b[t] < 0 or scores[s, t] > scores[best_b[t], t]):
                best_b[t] = s
    for s in range(len(parts_a)):
        if partner[s] >= 0 and best_b[partner[s]] != s:
            partner[s] = -1
    return partner, beside


@nb.njit(nogil=True, cache=True)
def _beside(a_start, a_end, b_start, b_end, pieces):  # type: ignore[no-untyped-def]
    """Return the rewritten piece that is near in both texts, on the same side in both; -1 for none.

    No other piece may be between.
    """
    before, after = -1, -1
    for k in range(len(pieces)):
        if pieces[k, 1] < a_start and (before < 0 or pieces[k, 1] > pieces[before, 1]):
            before = k
        if pieces[k, 1] > a_start and (after < 0 or pieces[k, 1] < pieces[after, 1]):
            after = k
    for k, sign in ((before, -1), (after, 1)):
        if (
            k >= 0
            and rewritten(pieces[k])
            and _near(a_start, a_end, pieces[k, 1], pieces[k, 2])
            and _near(b_start, b_end, pieces[k, 3], pieces[k, 4])
            and (pieces[k, 3] - b_start) * sign > 0
            and _neighbours_in_b(b_start, k, pieces)
        ):
            return k
    return -1


@nb.njit(nogil=True, cache=True)
def _neighbours_in_b(b_start, k, pieces):  # type: ignore[no-untyped-def]
    """Whether no piece begins in b between a place and piece k."""
    low, high = min(b_start, pieces[k, 3]), max(b_start, pieces[k, 3])
    return not np.any((pieces[:, 3] > low) & (pieces[:, 3] < high))
