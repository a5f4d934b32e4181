"""Overlaps as the catalogue stores them: those found in one step of an addition are one row, a block.

They are found together, and nearly always read together. With a row for each pair, and an index for each of
its articles, an addition would write all over the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.errors import IndexStoreError
from dedup.index.store.block_sums import REBUILD
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.row_sums import compared, row_sum
from dedup.index.store.snapshot import Snapshot
from dedup.overlaps.align import AlignedColumns

#: A pair of article numbers; `copied` says whether it may make a story, `passages` how many follow.
_PAIR = np.dtype(
    [
        ("a", np.uint32),
        ("b", np.uint32),
        ("copied", np.bool_),
        ("passages", np.uint32),
        ("jaccard", np.float64),
    ]
)
#: The columns of an aligned passage on disk. Written out by hand, because those in memory (`Alignments`) may
#: change while an index must stay readable.
_PLACES = (
    "a_start",
    "a_end",
    "b_start",
    "b_end",
    "words",
    "longest_run",
    "quoted_words",
    "furniture_words",
    "plain_words",
)
_PASSAGE = np.dtype(
    [(name, np.int32) for name in _PLACES]
    + [("goes_on", np.bool_), ("jaccard", np.float64), ("cosine", np.float64)]
)
#: The name of the layout. An index with another layout cannot be read.
LAYOUT = (
    "credits,credit_lines,"  # with the articles
    "sums,"  # of the rows of all tables
    "long shingles,"  # of texts with a very small vocabulary
    "a,b,copied,passages,jaccard,"
    "a_start,a_end,b_start,b_end,words,longest_run,quoted_words,furniture_words,plain_words,goes_on,"
    "jaccard,cosine"
)


class _Block(NamedTuple):
    """Overlaps whose later articles have numbers from `first` to `last`, which are not in any other block."""

    first: int
    last: int
    pairs: NDArray[Any]
    passages: NDArray[Any]

    @property
    def later(self) -> NDArray[np.uint32]:
        return np.asarray(np.maximum(self.pairs["a"], self.pairs["b"]))

    def select(self, keep: NDArray[np.bool_]) -> _Block:
        """Return some of the pairs, with their passages."""
        passages = self.passages[np.repeat(keep, self.pairs["passages"])]
        return self._replace(pairs=self.pairs[keep], passages=passages)


def add_overlaps(catalogue: Catalogue, found: AlignedColumns, copied: NDArray[np.bool_]) -> None:
    """Store the overlaps of new articles; `copied` says which of them may make stories."""
    if len(found.a) == 0:
        return
    pairs, passages = np.empty(len(found.a), _PAIR), np.empty(len(found.passages), _PASSAGE)
    pairs["a"], pairs["b"], pairs["copied"], pairs["jaccard"] = found.a, found.b, copied, found.jaccard
    pairs["passages"] = np.bincount(found.passages.pair, minlength=len(pairs))
    passages["a_start"], passages["a_end"] = found.passages.a_start, found.passages.a_end
    passages["b_start"], passages["b_end"] = found.passages.b_start, found.passages.b_end
    passages["words"], passages["longest_run"] = found.passages.words, found.passages.longest_run
    passages["quoted_words"] = found.passages.quoted_words
    passages["furniture_words"] = found.passages.furniture_words
    passages["plain_words"] = found.passages.plain_words
    passages["goes_on"] = found.passages.goes_on
    passages["jaccard"], passages["cosine"] = found.passage_jaccard, found.passage_cosine
    later = np.maximum(found.a, found.b)
    row = (int(later.min()), int(later.max()), pairs.tobytes(), passages.tobytes())
    catalogue.run("INSERT INTO overlap VALUES (?, ?, ?, ?, ?)", (*row, row_sum(*row)))


def drop_overlaps(catalogue: Catalogue, numbers: Sequence[int]) -> None:
    """Remove all overlaps of some articles."""
    gone = np.array(sorted(numbers), np.uint32)
    if len(gone) == 0:
        return
    # Few blocks are affected, and most of a block is its passages.
    rows = catalogue.run("SELECT first, pairs FROM overlap WHERE last >= ?", [int(gone[0])]).fetchall()
    for first, data in rows:
        pairs = _as_pairs(data, catalogue)
        keep = ~(np.isin(pairs["a"], gone) | np.isin(pairs["b"], gone))
        if keep.all():
            continue
        if not keep.any():
            catalogue.run("DELETE FROM overlap WHERE first = ?", [first])
            continue
        (block,) = _read(catalogue, "WHERE first = ?", [first])
        left = block.select(keep)
        row = (left.first, left.last, left.pairs.tobytes(), left.passages.tobytes())
        values = [*row[2:], row_sum(*row), first]
        catalogue.run("UPDATE overlap SET pairs = ?, passages = ?, sum = ? WHERE first = ?", values)


def count_overlaps(catalogue: Catalogue) -> int:
    """Return the number of overlaps."""
    return int(catalogue.one("SELECT coalesce(sum(length(pairs)), 0) FROM overlap")) // _PAIR.itemsize


def all_overlaps(catalogue: Catalogue) -> AlignedColumns:
    """Return the overlaps of all articles, by their numbers."""
    return _columns(list(_read(catalogue, "", [])))


def overlaps_with_earlier(catalogue: Catalogue, numbers: Sequence[int]) -> AlignedColumns:
    """Return the overlaps of some articles with those of smaller numbers."""
    return _columns([block.select(np.isin(block.later, numbers)) for block in _of(catalogue, numbers)])


def overlaps_of(catalogue: Catalogue, numbers: Sequence[int]) -> AlignedColumns:
    """Return the overlaps of some articles with any others."""
    own = np.sort(np.array(numbers, np.uint32))
    if len(own) == 0:
        return _columns([])
    # The later article of each has at least the number of the first of these.
    blocks = _read(catalogue, "WHERE last >= ?", [int(own[0])])
    return _columns(
        [block.select(np.isin(block.pairs["a"], own) | np.isin(block.pairs["b"], own)) for block in blocks]
    )


def every_pair(catalogue: Catalogue) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the articles of all overlaps, and whether these make stories."""
    pairs = _joined([block.pairs for block in _read(catalogue, "", [])])
    return pairs["a"].astype(np.int64), pairs["b"].astype(np.int64), pairs["copied"]


def copied_pairs(catalogue: Catalogue, numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs that make stories and whose later article is one of these."""
    blocks = _of(catalogue, numbers)
    pairs = _joined([block.pairs[block.pairs["copied"] & np.isin(block.later, numbers)] for block in blocks])
    return pairs["a"].astype(np.int64), pairs["b"].astype(np.int64)


def _of(catalogue: Catalogue, numbers: Sequence[int]) -> Iterator[_Block]:
    """Yield the blocks that contain overlaps of these articles with earlier ones."""
    if len(numbers) == 0:
        return
    own = np.sort(np.array(numbers, np.int64))
    limits = [int(own[0]), int(own[-1])]
    rows = catalogue.run("SELECT first, last FROM overlap WHERE last >= ? AND first <= ?", limits).fetchall()
    for first, last in rows:
        low, high = np.searchsorted(own, [first, last + 1])
        if high > low:
            yield from _read(catalogue, "WHERE first = ?", [first])


def _read(catalogue: Catalogue, condition: str, values: Sequence[int]) -> Iterator[_Block]:
    rows = catalogue.run(f"SELECT first, last, pairs, passages, sum FROM overlap {condition}", values)
    for first, last, pairs, passages, total in rows.fetchall():
        compared(catalogue, "overlap", total, first, last, pairs, passages)
        if len(passages) != _PASSAGE.itemsize * int(np.frombuffer(pairs, _PAIR)["passages"].sum()):
            raise IndexStoreError(f"{catalogue.folder}: the passages of overlaps do not add up; {REBUILD}")
        yield _Block(first, last, np.frombuffer(pairs, _PAIR), np.frombuffer(passages, _PASSAGE))


def _as_pairs(data: bytes, catalogue: Catalogue) -> NDArray[Any]:
    try:
        return np.frombuffer(data, _PAIR)
    except (ValueError, TypeError) as error:
        raise IndexStoreError(f"{catalogue.folder}: a row of overlaps is damaged; {REBUILD}") from error


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, _PAIR), *parts])


def places_out_of_range(found: AlignedColumns, snapshot: Snapshot) -> NDArray[np.bool_]:
    """Return which passages are not within their articles; shape (n_passages,)."""
    passages = found.passages
    wrong = np.zeros(len(passages), np.bool_)
    for articles, starts, ends in (
        (found.a, passages.a_start, passages.a_end),
        (found.b, passages.b_start, passages.b_end),
    ):
        known, place = np.unique(articles, return_inverse=True)
        tokens = snapshot.column(known, "tokens")[place][passages.pair]
        wrong |= (starts < 0) | (ends <= starts) | (ends > tokens)
    return wrong


def check_places(found: AlignedColumns, snapshot: Snapshot, folder: Path) -> None:
    """Raise `IndexStoreError` if a passage is not within its articles."""
    wrong = np.flatnonzero(places_out_of_range(found, snapshot))
    if len(wrong):
        pair = found.passages.pair[wrong[0]]
        raise IndexStoreError(
            f"{folder}: a passage of the articles {found.a[pair]} and {found.b[pair]} is not within them; "
            f"{REBUILD}"
        )


def _columns(blocks: Sequence[_Block]) -> AlignedColumns:
    pairs = _joined([block.pairs for block in blocks])
    passages = np.concatenate([np.zeros(0, _PASSAGE), *(block.passages for block in blocks)])
    places = {name: np.ascontiguousarray(passages[name]) for name in _PLACES}
    return AlignedColumns(
        pairs["a"].astype(np.int64),
        pairs["b"].astype(np.int64),
        np.ascontiguousarray(pairs["jaccard"]),
        Alignments(
            pair=np.repeat(np.arange(len(pairs)), pairs["passages"]),
            goes_on=np.ascontiguousarray(passages["goes_on"]),
            **places,
        ),
        np.ascontiguousarray(passages["jaccard"]),
        np.ascontiguousarray(passages["cosine"]),
    )
