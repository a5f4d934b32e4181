"""What is done to an index under its write lock: adding, removing, learning again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Article
from dedup.errors import DuplicateIdError, IndexStoreError
from dedup.index.compare.incoming import Incoming, Prepared, prepare
from dedup.index.compare.storing import STEP, compare_and_store
from dedup.index.store.overlap_blocks import drop_overlaps
from dedup.index.store.row_sums import count_in, row_sum
from dedup.index.store.segments import whole_batch
from dedup.index.store.snapshot import NO_TIME, Period
from dedup.index.store.state import State
from dedup.index.store.story_labels import part_stories
from dedup.index.verbs.relearning import learn_if_young
from dedup.overlaps.align import AlignedColumns
from dedup.reading.batches import to_batches
from dedup.reading.records import Fault
from dedup.text.tokens import utf8_of

_MOST_NUMBERS = 2**32 - 1

#: What happens to an article whose id is stored with another text.
OnError = Literal["stop", "skip", "update"]
#: What happened to an article that was put.
Put = Literal["created", "replaced", "unchanged"]


@dataclass(slots=True)
class Added:
    """The result of an addition.

    Attributes
    ----------
    numbers : list of ndarray
        The numbers of the new articles, in the order of reading.
    found : list of AlignedColumns
        Overlaps, by article number.
    cut_short : int
    known : int
        Articles that were already stored, with the same text.
    refused : int
        Articles that were left out, because their ids were stored with other texts.
    updated : int
        Articles that replaced others with their ids.
    relearned : int
        The number of articles from which the background was learned again; 0 if it was not.
    """

    numbers: list[NDArray[np.int64]] = field(default_factory=list)
    found: list[AlignedColumns] = field(default_factory=list)
    cut_short: int = 0
    known: int = 0
    refused: int = 0
    updated: int = 0
    relearned: int = 0

    @property
    def every_number(self) -> NDArray[np.int64]:
        """The numbers of all new articles, ascending."""
        return np.concatenate([np.zeros(0, np.int64), *self.numbers])

    @property
    def notes(self) -> list[str]:
        """What was skipped, left out, or learned, in words."""
        said = []
        if self.known:
            said.append(f"{self.known:,} articles were in the index already and were skipped")
        if self.refused:
            said.append(f"{self.refused:,} articles were left out: their ids are taken by other texts")
        if self.updated:
            said.append(f"{self.updated:,} articles took the place of earlier texts with their ids")
        if self.relearned:
            said.append(f"the index was given no background and learned one from {self.relearned:,} articles")
        return said

    @property
    def overlaps(self) -> AlignedColumns:
        """All overlaps."""
        return AlignedColumns.concat(self.found)


def add(
    state: State,
    batches: Iterable[pa.RecordBatch],
    *,
    period: Period,
    on_error: OnError,
    threads: int,
    reject: Callable[[Fault], None] = lambda fault: None,
    ahead: Prepared | None = None,
    compared: Callable[[], object] = lambda: None,
) -> Added:
    """Add articles within a transaction; known articles are skipped.

    `reject` is called with those that are left out. `ahead` holds all articles of a single batch, prepared
    beforehand; `compared` is as for `compare_and_store`.

    Raises
    ------
    DuplicateIdError
        An id is already stored with another text, and `on_error` is "stop".
    """
    added = Added()
    for batch in _steps(batches):
        new, digests = _unknown(state, batch, added, on_error, reject)
        if new.num_rows == 0:
            continue
        added.relearned = learn_if_young(state, new, period, threads) or added.relearned
        if ahead is not None and ahead.holds(new, state.terms):
            incoming = ahead.incoming
        else:
            incoming = prepare(new, state.terms, threads)
        first = int(state.catalogue.setting("next"))
        numbers = np.arange(first, first + len(incoming))
        if first + len(incoming) > _MOST_NUMBERS:
            raise IndexStoreError(f"{state.folder} has used up all article numbers; create it anew")
        state.catalogue.set("next", first + len(incoming))
        sources = _sources(state, new)
        _enter_articles(state, incoming, numbers, sources, digests)
        found, cut_short = compare_and_store(state, incoming, numbers, sources, period, threads, compared)
        added.numbers.append(numbers)
        added.found.append(found)
        added.cut_short += cut_short
        state.relieve()
    return added


def put(state: State, articles: Sequence[Article], threads: int) -> list[Put]:
    """Add articles, replacing stored ones whose text differs, and return what happened to each."""
    latest = {each.id: each for each in articles}
    batches = list(to_batches(latest.values()))
    digests = {
        name: digest
        for batch in batches
        for name, digest in zip(batch.column("id").to_pylist(), digests_of(batch), strict=True)
    }
    known = state.catalogue.known(list(latest))
    replaced = {name for name, (_, digest) in known.items() if digest != digests[name]}
    add(state, batches, period=Period(), on_error="update", threads=threads)
    return [
        "replaced" if each.id in replaced else "unchanged" if each.id in known else "created"
        for each in articles
    ]


def remove(state: State, numbers: Sequence[int]) -> None:
    """Remove articles; their texts go with the next merge or compaction of their segments."""
    catalogue = state.catalogue
    stories = catalogue.among(
        "SELECT DISTINCT story FROM article WHERE story IS NOT NULL AND number IN (?)", list(numbers)
    )
    sums = catalogue.among("SELECT sum FROM article WHERE number IN (?)", list(numbers))
    count_in(catalogue, "article", [each for (each,) in sums], sign=-1)
    drop_overlaps(catalogue, numbers)
    rows = [[number] for number in numbers]
    catalogue.run_many("DELETE FROM verdict WHERE number = ?", rows)
    catalogue.run_many("DELETE FROM article WHERE number = ?", rows)
    catalogue.run_many(
        "INSERT OR IGNORE INTO removed VALUES (?, ?)", ([number, row_sum(number)] for number in numbers)
    )
    part_stories(catalogue, sorted({story for (story,) in stories}))


def digests_of(batch: pa.RecordBatch) -> list[bytes]:
    """Return digests that show whether an article that arrives again has the same source and text."""
    data, offsets = utf8_of(batch.column("text"))
    whole, ends = data.data, offsets.tolist()
    digests = []
    for source, start, end in zip(batch.column("source").to_pylist(), ends[:-1], ends[1:], strict=True):
        digest = hashlib.sha256(f"{source}\0".encode())
        digest.update(whole[start:end])
        digests.append(digest.digest()[:8])
    return digests


def _steps(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same articles in batches of `STEP`, except the last."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        while rows + batch.num_rows > STEP:
            part = STEP - rows
            yield whole_batch(pa.Table.from_batches([*waiting, batch.slice(0, part)]))
            batch, waiting, rows = batch.slice(part), [], 0
        waiting.append(batch)
        rows += batch.num_rows
    if rows:
        yield whole_batch(pa.Table.from_batches(waiting))


def _unknown(
    state: State, batch: pa.RecordBatch, added: Added, on_error: OnError, reject: Callable[[Fault], None]
) -> tuple[pa.RecordBatch, list[bytes]]:
    """Return the new articles, with their digests."""
    ids = batch.column("id").to_pylist()
    digests = digests_of(batch)
    known = state.catalogue.known(ids)
    seen = {name: digest for name, (_, digest) in known.items()}
    stored = {name: number for name, (number, _) in known.items()}
    keep, old = [], []
    for row, (name, digest) in enumerate(zip(ids, digests, strict=True)):
        if name not in seen:
            seen[name] = digest
            keep.append(row)
        elif seen[name] == digest:
            added.known += 1
        elif on_error == "update" and name in stored:
            old.append(stored.pop(name))
            seen[name] = digest
            keep.append(row)
        elif on_error == "skip":
            added.refused += 1
            reject(Fault(_taken(state, name), _record(batch, row)))
        else:
            raise _taken(state, name)
    if old:
        added.updated += len(old)
        remove(state, sorted(old))
        state.look()  # removed articles must not be compared with
    if len(keep) < len(ids):
        batch = batch.take(pa.array(keep, pa.int64()))
    return batch, [digests[row] for row in keep]


def _taken(state: State, name: str) -> DuplicateIdError:
    return DuplicateIdError(
        f"the id {name!r} is in {state.folder} already with another text or source; give the article "
        'its own id, put it in the place of the other one with `on_error="update"`, or leave it out with '
        '`on_error="skip"`'
    )


def _record(batch: pa.RecordBatch, row: int) -> dict[str, Any]:
    """Return an article as a record that JSON can hold."""
    (record,) = batch.slice(row, 1).to_pylist()
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in record.items()
        if value is not None
    }


def _sources(state: State, batch: pa.RecordBatch) -> NDArray[np.uint32]:
    names = batch.column("source").to_pylist()
    known = state.catalogue.sources(names)
    return np.array([known[name] for name in names], np.uint32)


def _enter_articles(
    state: State,
    new: Incoming,
    numbers: NDArray[np.int64],
    sources: NDArray[np.uint32],
    digests: list[bytes],
) -> None:
    times = [None if time == NO_TIME else time for time in new.published.tolist()]
    ids = new.batch.column("id").to_pylist()
    rows = list(zip(numbers.tolist(), ids, sources.tolist(), times, digests, strict=True))
    sums = [row_sum(*row) for row in rows]
    state.catalogue.run_many(
        "INSERT INTO article VALUES (?, ?, ?, ?, ?, NULL, ?)",
        ((*row, each) for row, each in zip(rows, sums, strict=True)),
    )
    count_in(state.catalogue, "article", sums)
