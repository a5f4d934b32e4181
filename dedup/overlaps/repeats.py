"""Text that occurs twice in one article: a page whose body was extracted twice, or a refrain.

Alignment is one to one: text that occurs twice in one article and once in the other is found once, although
both occurrences are in the other article. So the coverage of a passage also includes the places where its
words occur again in the same article.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.jit.hash_table import table_size
from dedup.overlaps.align import Sides
from dedup.thresholds import REPEATED_WORDS

#: Maximum number of further places counted per passage.
_MOST_PLACES = 32


class Repeats(NamedTuple):
    """Runs of words that occur earlier in the same article.

    Attributes
    ----------
    article : ndarray of shape (n,), dtype int64
        Ascending.
    start, end, source : ndarray of shape (n,), dtype int64
        The words ``start:end`` equal those that begin at `source`, in the article's tokens.
    """

    article: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    source: NDArray[np.int64]

    @classmethod
    def none(cls) -> Repeats:
        """Return an object without repeats."""
        return cls(*(np.zeros(0, np.int64) for _ in range(4)))

    @classmethod
    def concat(cls, parts: list[Repeats]) -> Repeats:
        """Return the repeats of all parts, one part after another."""
        return cls(*(np.concatenate(column) for column in zip(cls.none(), *parts, strict=True)))


def repeated_runs(
    hashes: NDArray[np.uint32], offsets: NDArray[np.int64], articles: NDArray[np.int64]
) -> Repeats:
    """Find the runs of at least `REPEATED_WORDS` words that occur earlier in the same article.

    Parameters
    ----------
    hashes, offsets
        Tokens, as in `dedup.text.tokens.Tokens`.
    articles : ndarray of shape (n_articles,), dtype int64
        The article numbers used in the result.

    Examples
    --------
    >>> words = np.arange(12, dtype=np.uint32)
    >>> runs = repeated_runs(np.concatenate([words, words]), np.array([0, 24]), np.array([7]))
    >>> [column.tolist() for column in runs]
    [[7], [12], [24], [0]]
    """
    found = _find(hashes, offsets.astype(np.int64))
    return Repeats(articles[found[:, 0]], found[:, 1], found[:, 2], found[:, 3])


@nb.njit(nogil=True, cache=True)
def _find(hashes, offsets):  # type: ignore[no-untyped-def]
    out, count = np.empty((64, 4), np.int64), 0
    for article in range(len(offsets) - 1):
        words = hashes[offsets[article] : offsets[article + 1]]
        if len(words) < 2 * REPEATED_WORDS:
            continue
        table = np.full(table_size(len(words)), -1, np.int32)
        last = np.uint32(len(table) - 1)
        place = 0
        while place + REPEATED_WORDS <= len(words):
            slot, source = _slot(words, place, last), -1
            while table[slot] >= 0:
                if _same(words, table[slot], place, REPEATED_WORDS):
                    source = table[slot]
                    break
                slot = (slot + np.uint32(1)) & last
            if source < 0:
                table[slot] = place
                place += 1
                continue
            end = place + REPEATED_WORDS
            while (
                end < len(words)
                and source + end - place < place
                and words[source + end - place] == words[end]
            ):
                end += 1
            if count == len(out):
                longer = np.empty((2 * count, 4), np.int64)
                longer[:count] = out
                out = longer
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = article, place, end, source
            count += 1
            # What begins within the run may occur again behind it.
            for inside in range(place, min(end, len(words) - REPEATED_WORDS + 1)):
                slot = _slot(words, inside, last)
                while table[slot] >= 0:
                    slot = (slot + np.uint32(1)) & last
                table[slot] = inside
            place = end
    return out[:count].copy()


@nb.njit(nogil=True, cache=True, inline="always")
def _slot(words, place, last):  # type: ignore[no-untyped-def]
    key = np.uint32(0)
    for step in range(REPEATED_WORDS):
        key = (key ^ words[place + step]) * np.uint32(0x9E3779B1)
        key ^= key >> np.uint32(15)
    return key & last


@nb.njit(nogil=True, cache=True)
def _same(words, one, other, length):  # type: ignore[no-untyped-def]
    # A run may not overlap its own beginning.
    return one + length <= other and (words[one : one + length] == words[other : other + length]).all()


def with_repeats(sides: Sides, repeats: Repeats) -> Sides:
    """Return the passages, followed by all places where their words occur again in the same article.

    Parameters
    ----------
    sides : Sides
        Both rows of each passage.

    Returns
    -------
    Sides
        Sorted by (article, start). An added passage has two rows, like any other, and a number above all
        others.
    """
    if not len(repeats.article):
        return sides
    rows = np.flatnonzero(np.isin(sides.article, repeats.article))
    if not len(rows):
        return sides
    order = np.argsort(sides.passage, kind="stable")
    partner = np.empty(len(order), np.int64)
    partner[order[::2]], partner[order[1::2]] = order[1::2], order[::2]
    added: list[tuple[int, int, int, int, int]] = []
    runs = runs_by_article(repeats, sides.article[rows])
    number = int(sides.passage.max()) + 1
    for row in rows.tolist():
        own, start, end = int(sides.article[row]), int(sides.starts[row]), int(sides.ends[row])
        met, mirror = int(sides.other[row]), int(partner[row])
        base, size = int(sides.starts[mirror]), int(sides.ends[mirror] - sides.starts[mirror])
        for low, high, at in again(start, end, runs[own]):
            there = base + (at - start) * size // (end - start)
            until = max(there + 1, base + (at - start + high - low) * size // (end - start))
            added += [(own, met, low, high, number), (met, own, there, until, number)]
            number += 1
    if not added:
        return sides
    more = np.array(added, np.int64).T
    article = np.concatenate([sides.article, more[0]])
    other = np.concatenate([sides.other, more[1]])
    starts = np.concatenate([sides.starts, more[2].astype(sides.starts.dtype)])
    ends = np.concatenate([sides.ends, more[3].astype(sides.ends.dtype)])
    passage = np.concatenate([sides.passage, more[4]])
    order = np.argsort((article << 32) | starts, kind="stable")
    return Sides(article[order], other[order], starts[order], ends[order], passage[order])


class RunsOf:
    """The repeats of one article, indexed by place.

    Parameters
    ----------
    repeats : Repeats
    article : int
    """

    def __init__(self, repeats: Repeats, article: int) -> None:
        first, last = np.searchsorted(repeats.article, [article, article + 1])
        self._starts, self._ends = repeats.start[first:last], repeats.end[first:last]
        sources = repeats.source[first:last]
        self._runs = list(
            zip(self._starts.tolist(), sources.tolist(), (self._ends - self._starts).tolist(), strict=True)
        )
        # Runs do not overlap, but their sources may: these are the maximum ends of the sources, sorted by
        # start.
        self._by_source = np.argsort(sources, kind="stable")
        self._sources = sources[self._by_source]
        ends = self._sources + (self._ends - self._starts)[self._by_source]
        self._source_ends = np.maximum.accumulate(ends)

    def touching(self, low: int, high: int) -> list[tuple[int, int, int]]:
        """Return the runs that are near the words ``low:high`` or repeat them: start, source, length."""
        numbers = set(range(np.searchsorted(self._ends, low, "right"), np.searchsorted(self._starts, high)))
        first, last = np.searchsorted(self._source_ends, low, "right"), np.searchsorted(self._sources, high)
        numbers.update(self._by_source[first:last].tolist())
        return [self._runs[number] for number in sorted(numbers)]


def runs_by_article(repeats: Repeats, articles: NDArray[np.int64]) -> dict[int, RunsOf]:
    """Return the repeats of each of some articles."""
    return {int(article): RunsOf(repeats, int(article)) for article in np.unique(articles)}


def again(start: int, end: int, runs: RunsOf) -> list[tuple[int, int, int]]:
    """Find where the words ``start:end`` occur again: each place, and where in the words it begins."""
    found: list[tuple[int, int, int]] = []
    todo, seen = [(start, end, start)], {(start, end)}
    while todo and len(found) < _MOST_PLACES:
        low, high, at = todo.pop()
        for one, two, size in runs.touching(low, high):
            for here, there in ((one, two), (two, one)):
                left, right = max(low, here), min(high, here + size)
                if right - left < REPEATED_WORDS // 2:
                    continue
                span = there + left - here, there + right - here
                if span in seen or (span[0] >= start and span[1] <= end):
                    continue
                seen.add(span)
                found.append((*span, at + left - low))
                todo.append((*span, at + left - low))
    return found
