"""The overlaps of new articles: among themselves, and with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.background import source_hashes
from dedup.candidates import PairSet
from dedup.compared import Terms
from dedup.corpus import compared_tokens
from dedup.index.gathering import numbered
from dedup.index.incoming import Incoming, tokens_together
from dedup.index.joining import NewKeys, join_stored
from dedup.index.snapshot import Snapshot, Window
from dedup.overlaps import AlignedColumns, align, concatenated
from dedup.sketches import Sketches
from dedup.tokens import Tokens, tokenise
from dedup.workers import map_in_order

#: Stored articles that are cut anew at a time: some 30 MB.
_ARTICLES_AT_ONCE = 4096


def find(
    new: Incoming,
    sources: NDArray[np.uint32],
    numbers: NDArray[np.int64],
    snapshot: Snapshot,
    terms: Terms,
    window: Window,
    threads: int,
) -> tuple[AlignedColumns, int]:
    """Find what new articles share.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        The numbers of the new articles' sources.
    numbers : ndarray of shape (n_articles,), dtype int64
        The numbers of the new articles, ascending; greater than that of any stored one.

    Returns
    -------
    AlignedColumns
        `a` and `b` are articles' numbers.
    int
        How many pairs were cut short.
    """
    keys = NewKeys.of(new.postings, sources)
    stored = snapshot.stored(window, new.published)
    pairs, cut_stored = join_stored(
        keys,
        stored,
        scope=terms.settings.scope,
        max_bucket=terms.settings.max_bucket,
        threads=threads,
    )
    old, rows = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32).astype(np.int64)
    if window.within is not None:
        known, place = np.unique(old, return_inverse=True)
        near = window.near(snapshot.column(known, "published")[place], new.published[rows])
        old, rows = old[near], rows[near]
    ids = np.array(new.batch.column("id").to_pylist(), object)

    def work(part: slice) -> AlignedColumns:
        return _with_stored(new, ids, numbers, snapshot, old[part], rows[part], terms)

    among, cut_among = _among(new, ids, sources, numbers, terms, window, threads)
    if len(old):
        chunks = _chunks(old)
        parts = [among, *(map_in_order(work, chunks, threads) if threads > 1 else map(work, chunks))]
    else:
        parts = [among]
    return concatenated(parts), cut_stored + cut_among


def _among(
    new: Incoming,
    ids: NDArray[np.object_],
    sources: NDArray[np.uint32],
    numbers: NDArray[np.int64],
    terms: Terms,
    window: Window,
    threads: int,
) -> tuple[AlignedColumns, int]:
    """The new articles among themselves."""
    settings = terms.settings
    found = PairSet(sources=sources, scope=settings.scope, max_bucket=settings.max_bucket)
    if len(new) > 1:
        for postings in new.postings:
            found.add_band((postings >> np.uint64(32)).astype(np.uint32), postings.astype(np.uint32))
    pairs = found.sorted()
    a, b = pairs.a.astype(np.int64), pairs.b.astype(np.int64)
    near = window.near(new.published[a], new.published[b])
    a, b = _by_id(ids, a[near], b[near])
    return numbered(_align(new.compared, a, b, terms, threads), numbers), pairs.cut_short


def _with_stored(
    new: Incoming,
    ids: NDArray[np.object_],
    numbers: NDArray[np.int64],
    snapshot: Snapshot,
    old: NDArray[np.int64],
    rows: NDArray[np.int64],
    terms: Terms,
) -> AlignedColumns:
    """New articles with some stored ones: `old` holds their numbers, ascending, a pair each."""
    stored, place = np.unique(old, return_inverse=True)
    taking_part, row = np.unique(rows, return_inverse=True)
    table = snapshot.take(stored, ["id", "source", "text"]).combine_chunks()
    texts: pa.StringArray = table.column("text").chunk(0)
    tokens = compared_tokens(
        tokenise(texts),
        source_hashes(table.column("source").to_pylist()),
        terms.background,
        terms.settings,
    )
    together = tokens_together([tokens, _chosen(new.compared, taking_part)])
    every_id = np.concatenate([np.array(table.column("id").to_pylist(), object), ids[taking_part]])
    a, b = _by_id(every_id, place, row + len(stored))
    every_number = np.concatenate([stored, numbers[taking_part]])
    return numbered(_align(together, a, b, terms, 1), every_number)


def _align(
    tokens: Tokens, a: NDArray[np.int64], b: NDArray[np.int64], terms: Terms, threads: int
) -> AlignedColumns:
    none = np.zeros(0, np.uint32)
    order = np.lexsort((b, a))
    return align(
        terms,
        Sketches(tokens.hashes, tokens.flags, tokens.offsets, [], none),
        a[order],
        b[order],
        threads=threads,
        progress=_silent,
    )


def _by_id(
    ids: NDArray[np.object_], one: NDArray[np.int64], two: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair with the smaller id first."""
    first = (ids[one] < ids[two]).astype(np.bool_)
    return np.where(first, one, two), np.where(first, two, one)


def _chosen(tokens: Tokens, rows: NDArray[np.int64]) -> Tokens:
    """The tokens of some articles."""
    if len(rows) == len(tokens):
        return tokens
    keep = np.zeros(len(tokens), np.bool_)
    keep[rows] = True
    lengths = np.diff(tokens.offsets)
    kept = np.repeat(keep, lengths)
    offsets = np.concatenate(([0], np.cumsum(lengths[rows])))
    return Tokens(tokens.hashes[kept], tokens.flags[kept], offsets, tokens.starts, tokens.ends)


def _chunks(old: NDArray[np.int64]) -> Iterator[slice]:
    """Cut the pairs so that each part has so many stored articles at the most."""
    firsts = np.flatnonzero(np.concatenate(([True], old[1:] != old[:-1])))
    cuts = [*firsts[::_ARTICLES_AT_ONCE].tolist(), len(old)]
    for start, end in pairwise(cuts):
        yield slice(start, end)


def _silent(stage: str, done: int, total: int | None) -> None:
    """The whole add has a progress of its own."""
