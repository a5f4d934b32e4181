"""The overlaps of new articles, with each other and with stored articles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.alignment.batch import share_seeds
from dedup.background.tables import source_hashes
from dedup.corpus.prepare import ComparedTokens, prepare
from dedup.corpus.protocols import ComparisonContext
from dedup.index.compare.incoming import Incoming
from dedup.index.compare.joining import join_stored
from dedup.index.store.arrays import crowded, relieve
from dedup.index.store.snapshot import Period, Snapshot
from dedup.index.store.token_shelf import TokenShelf
from dedup.lsh.candidates import CandidatePairs, bounded
from dedup.lsh.pairs import PairSet
from dedup.overlaps.align import AlignedColumns, align
from dedup.runtime.progress import Progress, silent
from dedup.runtime.threads import map_in_order
from dedup.runtime.unique import distinct

#: Number of stored articles that are tokenised at a time.
_ARTICLES_AT_ONCE = 1024
#: Number of candidate pairs that are examined at a time.
_PAIRS_AT_ONCE = 1 << 12
_NO_ROWS = np.zeros(0, np.int64)


def find(
    new: Incoming,
    sources: NDArray[np.uint32],
    numbers: NDArray[np.int64],
    snapshot: Snapshot,
    shelf: TokenShelf,
    terms: ComparisonContext,
    period: Period,
    threads: int,
) -> tuple[AlignedColumns, int]:
    """Find what new articles share, and put their tokens on the shelf.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        The numbers of the new articles' sources.
    numbers : ndarray of shape (n_articles,), dtype int64
        The numbers of the new articles, ascending, and greater than any stored article's.

    Returns
    -------
    AlignedColumns
        `a` and `b` are article numbers, the smaller id first.
    int
        Number of pairs that were cut short.
    """

    def let_go(*_: object) -> None:
        relieve(snapshot, shelf)

    old, rows, cut_stored = _stored_pairs(new, sources, snapshot, terms, period, threads)
    keep = bounded(old, numbers[rows])
    old, rows, cut_stored = old[keep], rows[keep], cut_stored + int(np.count_nonzero(~keep))
    if crowded(shelf.nbytes):
        snapshot.release()  # it has been joined; from here on the tokens are needed
    one, two, cut_among = _pairs_among(new, sources, terms, period, threads)
    put_stored(shelf, distinct(old), snapshot, terms, threads)
    shelf.put(numbers, new.batch.column("id").to_pylist(), new.compared)
    old, rows = _sharing_seeds(shelf, old, rows, numbers, terms, threads, let_go)
    stored = distinct(old)
    every = np.concatenate([stored, numbers])
    place = np.searchsorted(stored, old)
    a, b = _by_id(
        _ids(snapshot, stored, new),
        np.concatenate([place, one + len(stored)]),
        np.concatenate([rows + len(stored), two + len(stored)]),
    )
    on_shelf = shelf.rows(every)
    found = _align_on(shelf, on_shelf[a], on_shelf[b], terms, threads, let_go)
    back = np.empty(int(on_shelf.max(initial=-1)) + 1, np.int64)
    back[on_shelf] = every
    return found.renumbered(back), cut_stored + cut_among


def find_for_one(
    new: Incoming,
    source: int,
    number: int,
    snapshot: Snapshot,
    shelf: TokenShelf,
    terms: ComparisonContext,
    period: Period,
) -> AlignedColumns:
    """Find what one article that will not be stored shares with the stored ones; see `find`."""
    sources = np.array([source], np.uint32)
    old, _, _ = _stored_pairs(new, sources, snapshot, terms, period, 1)
    put_stored(shelf, old, snapshot, terms, 1)
    rows = shelf.rows(old)
    together = ComparedTokens.concat([shelf.tokens(rows), new.compared])
    for each in (together.hashes, together.flags):
        each.flags.writeable = False  # read-only like those of the shelf, for which the kernels are compiled
    own = new.batch.column("id")[0].as_py()
    first = np.array([shelf.id(row) < own for row in rows], np.bool_)
    place, last = np.arange(len(old)), np.full(len(old), len(old))
    a, b = np.where(first, place, last), np.where(first, last, place)
    order = np.lexsort((b, a))
    found = align(terms, together, a[order], b[order], threads=1, progress=silent)
    return found.renumbered(np.append(old, number))


def put_stored(
    shelf: TokenShelf, numbers: NDArray[np.int64], snapshot: Snapshot, terms: ComparisonContext, threads: int
) -> None:
    """Put those tokens of stored articles on the shelf that are not there yet; the numbers ascend."""
    missing = numbers[shelf.rows(numbers) < 0]

    def cut(part: NDArray[np.int64]) -> tuple[list[str], ComparedTokens]:
        table = snapshot.take(part, ["id", "source", "text"]).combine_chunks()
        sources = source_hashes(table.column("source").to_pylist())
        return table.column("id").to_pylist(), prepare(table.column("text").chunk(0), sources, terms)

    starts = range(0, len(missing), _ARTICLES_AT_ONCE)
    parts = [missing[start : start + _ARTICLES_AT_ONCE] for start in starts]
    done = map_in_order(cut, parts, threads if len(parts) > 1 else 1)
    for part, (ids, tokens) in zip(parts, done, strict=True):
        shelf.put(part, ids, tokens)


def _stored_pairs(
    new: Incoming,
    sources: NDArray[np.uint32],
    snapshot: Snapshot,
    terms: ComparisonContext,
    period: Period,
    threads: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return candidate pairs with stored articles: their numbers, ascending, and the rows of the new ones."""
    pairs, cut_short = join_stored(
        new.postings,
        sources,
        snapshot.stored(period, new.published),
        scope=terms.settings.scope,
        max_bucket=terms.settings.max_bucket,
        threads=threads,
    )
    old, rows = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32).astype(np.int64)
    if period.within is not None:
        known, place = np.unique(old, return_inverse=True)
        near = period.near(snapshot.column(known, "published")[place], new.published[rows])
        old, rows = old[near], rows[near]
    return old, rows, cut_short


def _pairs_among(
    new: Incoming, sources: NDArray[np.uint32], terms: ComparisonContext, period: Period, threads: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return candidate pairs among the new articles, as rows."""
    settings = terms.settings

    def work(bands: range) -> CandidatePairs:
        found = PairSet(sources=sources, scope=settings.scope, max_bucket=settings.max_bucket)
        for band in bands:
            postings = new.postings[band]
            found.add_band((postings >> np.uint64(32)).astype(np.uint32), postings.astype(np.uint32))
        return found.sorted()

    if len(new) < 2:
        return _NO_ROWS, _NO_ROWS, 0
    parts = [range(first, len(new.postings), threads) for first in range(threads)]
    pairs = CandidatePairs.union(list(map_in_order(work, parts, threads)))
    keep = bounded(pairs.a, pairs.b)
    a, b = pairs.a[keep].astype(np.int64), pairs.b[keep].astype(np.int64)
    near = period.near(new.published[a], new.published[b])
    return a[near], b[near], pairs.cut_short + int(np.count_nonzero(~keep))


def _sharing_seeds(
    shelf: TokenShelf,
    old: NDArray[np.int64],
    rows: NDArray[np.int64],
    numbers: NDArray[np.int64],
    terms: ComparisonContext,
    threads: int,
    let_go: Callable[[], None],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the candidate pairs that share some seeds: few of the about ten per new article do."""
    order = np.argsort(rows, kind="stable")
    old, rows = old[order], rows[order]
    one, two = shelf.rows(numbers)[rows], shelf.rows(old)

    def work(start: int) -> NDArray[np.bool_]:
        part = slice(start, start + _PAIRS_AT_ONCE)
        return share_seeds(shelf.hashes, shelf.offsets, one[part], two[part], terms.settings)

    found = [np.zeros(0, np.bool_)]
    for part in map_in_order(work, range(0, len(old), _PAIRS_AT_ONCE), threads):
        found.append(part)
        let_go()
    keep = np.concatenate(found)
    return old[keep], rows[keep]


def _align_on(
    shelf: TokenShelf,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    terms: ComparisonContext,
    threads: int,
    let_go: Progress,
) -> AlignedColumns:
    """Align articles of the shelf, releasing its memory now and then, because the pairs reach all over it."""
    pairs = np.sort((a.astype(np.uint64) << np.uint64(32)) | b.astype(np.uint64))
    a, b = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32).astype(np.int64)
    return align(terms, shelf.every(), a, b, threads=threads, progress=let_go)


def _ids(snapshot: Snapshot, stored: NDArray[np.int64], new: Incoming) -> pa.Array:
    """Return the ids of stored articles, followed by those of the new ones."""
    return pa.concat_arrays([*snapshot.take(stored, ["id"]).column("id").chunks, new.batch.column("id")])


def _by_id(
    ids: pa.Array, one: NDArray[np.int64], two: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair with the smaller id first."""
    # Arrow compares bytes, and the byte order of UTF-8 is that of the characters.
    first = np.asarray(pc.less(ids.take(pa.array(one)), ids.take(pa.array(two))))
    return np.where(first, one, two), np.where(first, two, one)
