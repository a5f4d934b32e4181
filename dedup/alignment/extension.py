"""Extension: a chain is grown to its true ends, and the words that agree between its blocks are matched.

Three steps turn a chain of blocks into passages. First the ends are grown outward by dynamic programming over
the equal words in a band, which gives up when the score has fallen too far below its best (X-drop; Zhang,
Schwartz, Wagner and Miller, 2000). Then the words that agree between the blocks, and in what was grown, are
matched (longest common subsequence, by weight). Finally the runs of agreeing words are joined into segments
of highest score: where a gap costs more than the words behind it are worth, the passage ends at the last
words that agree.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.alignment.seeding import word_weight
from dedup.text.flags import SENTENCE
from dedup.thresholds import (
    BAND,
    CHANCE_WORDS,
    CLAUSE_WORDS,
    GAP,
    GAP_WORD,
    GAP_WORD_BEYOND_CLAUSE,
    GROWTH_DROP,
    GROWTH_LOOK_BACK,
    LONGEST_FILL,
    LONGEST_GROWTH,
    SKIPPED_WORD,
)

#: Rows of the work space for growth, a power of two, and matches of one word in the band that count.
ROWS, MATCHES_A_ROW = 32, 6
# The type in which scores are held.
_SKIPPED_WORD = np.float32(SKIPPED_WORD)
_GROWTH_DROP = np.float32(GROWTH_DROP)
_GAP_WORD_BEYOND_CLAUSE = np.float32(GAP_WORD_BEYOND_CLAUSE)
_GAP_WORD = np.float32(GAP_WORD)
_GAP = np.float32(GAP)


@nb.njit(nogil=True, cache=True)
def grow(a, b, i, j, step, any_used, used_a, used_b, cells, scores):  # type: ignore[no-untyped-def]
    """Grow from (i, j) forward (step 1) or backward (step -1).

    Parameters
    ----------
    i, j : int
        The first pair of places that is not matched yet.
    any_used : bool
    used_a, used_b : array of bool
        Places that belong to another passage, if there is one. The growth ends before them.
    cells : array of shape (ROWS, MATCHES_A_ROW + 1), dtype int32
        Work space.
    scores : array of shape (ROWS, MATCHES_A_ROW), dtype float32
        Work space.

    Returns
    -------
    tuple of int
        How many places of `a` and of `b` the growth takes in; the last pair of them agrees.

    Notes
    -----
    Only pairs of equal words are scored, each from the pairs before it. Between two of them every word of
    either text is skipped at the same price, so nothing is gained by scoring pairs that differ. Row x of the
    work space (modulo its size) holds the matches of place x of `a`: their number, and their places in `b`.
    """
    limit_a = min(i + 1 if step < 0 else len(a) - i, LONGEST_GROWTH)
    limit_b = min(j + 1 if step < 0 else len(b) - j, LONGEST_GROWTH + BAND)
    if any_used:
        limit_a = _free(used_a, i, step, limit_a)
        limit_b = _free(used_b, j, step, limit_b)
    best, best_x, best_y = np.float32(0), 0, 0
    top = np.float32(0)  # the best score if x were 0: it falls by the price of a word with each row
    for x in range(limit_a):
        row, word = cells[x & (ROWS - 1)], a[i + step * x]
        count = 0
        for y in range(max(0, x - BAND), min(limit_b, x + BAND + 1)):
            if b[j + step * y] == word:
                score = -_SKIPPED_WORD * (x + y)
                for back in range(1, min(x, GROWTH_LOOK_BACK) + 1):
                    before = cells[(x - back) & (ROWS - 1)]
                    for k in range(before[0]):
                        if before[k + 1] < y:
                            skipped = back + y - before[k + 1] - 2
                            score = max(score, scores[(x - back) & (ROWS - 1), k] - _SKIPPED_WORD * skipped)
                score += word_weight(word)
                row[count + 1] = y
                scores[x & (ROWS - 1), count] = score
                count += 1
                top = max(top, score + _SKIPPED_WORD * (x + 1))
                if score > best:
                    best, best_x, best_y = score, x + 1, y + 1
                if count == MATCHES_A_ROW:
                    break
        row[0] = count
        if top - _SKIPPED_WORD * (x + 1) < best - _GROWTH_DROP:
            break
    return best_x, best_y


@nb.njit(nogil=True, cache=True)
def _free(used, start, step, limit):  # type: ignore[no-untyped-def]
    """Count the places from `start` on that are not used, up to `limit`."""
    count = 0
    while count < limit and not used[start + step * count]:
        count += 1
    return count


@nb.njit(nogil=True, cache=True)
def add_run(runs, count, i, j, length):  # type: ignore[no-untyped-def]
    """Append a run of agreeing words, or lengthen the last run if this one continues it."""
    if (
        count > 0
        and runs[0, count - 1] + runs[2, count - 1] == i
        and runs[1, count - 1] + runs[2, count - 1] == j
    ):
        runs[2, count - 1] += length
        return count
    runs[0, count], runs[1, count], runs[2, count] = i, j, length
    return count + 1


@nb.njit(nogil=True, cache=True, inline="always")
def _follow(a, b, i, j):  # type: ignore[no-untyped-def]
    """Return a bonus for a match whose next words agree too, which tells equal words apart by context."""
    if i + 1 < len(a) and j + 1 < len(b) and a[i + 1] == b[j + 1]:
        return np.float32(0.125)
    return np.float32(0)


@nb.njit(nogil=True, cache=True)
def fill(a, b, start_a, end_a, start_b, end_b, runs, count, table):  # type: ignore[no-untyped-def]
    """Match the words that agree in a gap. Append their runs, and return the number of runs.

    `table`, of shape (LONGEST_FILL + 1, LONGEST_FILL + 1) and dtype float32, is work space.
    """
    while start_a < end_a and start_b < end_b and a[start_a] == b[start_b]:
        count = add_run(runs, count, start_a, start_b, 1)
        start_a += 1
        start_b += 1
    tail = 0
    while end_a - tail > start_a and end_b - tail > start_b and a[end_a - tail - 1] == b[end_b - tail - 1]:
        tail += 1
    n, m = end_a - tail - start_a, end_b - tail - start_b
    if 0 < n <= LONGEST_FILL and 0 < m <= LONGEST_FILL and n * m > 1:
        for y in range(m + 1):
            table[n, y] = 0
        for x in range(n - 1, -1, -1):
            table[x, m] = 0
            word = a[start_a + x]
            weight = word_weight(word)
            for y in range(m - 1, -1, -1):
                score = max(table[x + 1, y], table[x, y + 1])
                if word == b[start_b + y]:
                    score = max(score, table[x + 1, y + 1] + weight + _follow(a, b, start_a + x, start_b + y))
                table[x, y] = score
        x, y = 0, 0
        while x < n and y < m and table[x, y] > 0:
            if a[start_a + x] == b[start_b + y] and (
                table[x, y]
                == table[x + 1, y + 1] + word_weight(a[start_a + x]) + _follow(a, b, start_a + x, start_b + y)
            ):
                count = add_run(runs, count, start_a + x, start_b + y, 1)
                x += 1
                y += 1
            elif table[x + 1, y] >= table[x, y + 1]:
                x += 1
            else:
                y += 1
    if tail > 0:
        count = add_run(runs, count, end_a - tail, end_b - tail, tail)
    return count


@nb.njit(nogil=True, cache=True)
def drop_unworthy(a, runs, count, any_used, used_a, used_b):  # type: ignore[no-untyped-def]
    """Drop the parts of runs that other passages hold, and short words that agree far from all others.

    Of a run that touches another passage, its longest free stretch is kept.
    """
    kept = 0
    for r in range(count):
        i, j, length = runs[0, r], runs[1, r], runs[2, r]
        if any_used:
            first, length = _longest_free(used_a[i : i + length], used_b[j : j + length])
            if length == 0:
                continue
            i, j = i + first, j + first
        weight = np.float32(0)
        for place in range(length):
            weight += word_weight(a[i + place])
            if weight >= _GAP:  # reached after two words at the latest
                break
        if weight < _GAP and kept > 0 and r + 1 < count:
            gap_before = max(
                i - runs[0, kept - 1] - runs[2, kept - 1], j - runs[1, kept - 1] - runs[2, kept - 1]
            )
            gap_after = max(runs[0, r + 1] - i - length, runs[1, r + 1] - j - length)
            if gap_before > 2 and gap_after > 2:
                continue
        runs[0, kept], runs[1, kept], runs[2, kept] = i, j, length
        kept += 1
    return kept


@nb.njit(nogil=True, cache=True)
def _longest_free(used_a, used_b):  # type: ignore[no-untyped-def]
    """Return the start and length of the longest stretch of places that neither side has used."""
    best, longest, length = 0, 0, 0
    for place in range(len(used_a)):
        length = 0 if used_a[place] or used_b[place] else length + 1
        if length > longest:
            best, longest = place + 1 - length, length
    return best, longest


@nb.njit(nogil=True, cache=True)
def trim_to_sentences(flags_a, flags_b, runs, first, end):  # type: ignore[no-untyped-def]
    """Trim one or two words that belong to the neighbouring sentence from either end of a segment.

    Two different sentences often begin alike ("The", "It was"). Such words are trimmed if a sentence boundary
    separates them from the rest of the segment in both texts, and their sentence is not shared as a whole.
    The runs change in place.

    Returns
    -------
    tuple of int
        The segment's first run, and the run after its last.
    """
    # Whole short runs first: they go if, beyond the gap, both texts share a sentence from its beginning (or
    # to its end).
    while first < end - 1 and runs[2, first] <= CHANCE_WORDS:
        if not flags_a[runs[0, first + 1]] & flags_b[runs[1, first + 1]] & SENTENCE:
            break
        first += 1
    while first < end - 1 and runs[2, end - 1] <= CHANCE_WORDS:
        behind_a, behind_b = runs[0, end - 2] + runs[2, end - 2], runs[1, end - 2] + runs[2, end - 2]
        if not flags_a[behind_a] & flags_b[behind_b] & SENTENCE:
            break
        end -= 1
    i, j, length = runs[0, end - 1], runs[1, end - 1], runs[2, end - 1]
    for extra in range(1, min(length - 1, CHANCE_WORDS) + 1):
        at_a, at_b = i + length - extra, j + length - extra
        if flags_a[at_a] & flags_b[at_b] & SENTENCE:
            if not (_begins(flags_a, i + length) or _begins(flags_b, j + length)):
                runs[2, end - 1] -= extra
            break
    i, j, length = runs[0, first], runs[1, first], runs[2, first]
    for extra in range(1, min(length - 1, CHANCE_WORDS) + 1):
        if flags_a[i + extra] & flags_b[j + extra] & SENTENCE:
            if not (_begins(flags_a, i) or _begins(flags_b, j)):
                runs[0, first] += extra
                runs[1, first] += extra
                runs[2, first] -= extra
            break
    return first, end


@nb.njit(nogil=True, cache=True, inline="always")
def _begins(flags, place):  # type: ignore[no-untyped-def]
    """Whether a sentence begins at a place, or the text ends before it."""
    return place == len(flags) or place == 0 or flags[place] & SENTENCE != 0


@nb.njit(nogil=True, cache=True)
def next_segment(a, runs, count, start, max_gap, any_used, used_a, used_b):  # type: ignore[no-untyped-def]
    """Find the best segment that begins at or after run `start` and does not cross another passage.

    Returns
    -------
    tuple
        First run, the run after the last, the score, and the run at which to continue. The segment is empty
        if the first two are equal.
    """
    score, best = np.float32(0), np.float32(0)
    first, end = start, start
    for r in range(start, count):
        if r > first:
            behind_a, behind_b = runs[0, r - 1] + runs[2, r - 1], runs[1, r - 1] + runs[2, r - 1]
            gap = max(runs[0, r] - behind_a, runs[1, r] - behind_b)
            if any_used and (np.any(used_a[behind_a : runs[0, r]]) or np.any(used_b[behind_b : runs[1, r]])):
                break
            score -= _GAP + _GAP_WORD * gap + _GAP_WORD_BEYOND_CLAUSE * max(0, gap - CLAUSE_WORDS)
            if gap > max_gap or score < best - 2 * _GROWTH_DROP:
                break
            if score <= 0:  # the runs before do not pay for the gap
                if best >= _GROWTH_DROP:
                    break
                score = np.float32(0)
                best = np.float32(0)
                first, end = r, r
        for word in a[runs[0, r] : runs[0, r] + runs[2, r]]:
            score += word_weight(word)
        if score > best:
            best = score
            end = r + 1
    return first, end, best, max(end, first + 1)
