"""What is done to an index under its write lock: adding, removing, learning anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.background import Background
from dedup.errors import DuplicateIdError, IndexStoreError
from dedup.index.files import FileRecord
from dedup.index.finding import find
from dedup.index.gathering import Gathered, numbered, rows_of
from dedup.index.incoming import NO_TIME, Incoming, learn, prepare
from dedup.index.overlap_rows import add_overlaps
from dedup.index.postings import packed
from dedup.index.segments import BATCH_ROWS, STORED_SCHEMA, Columns, Segment, write_segment
from dedup.index.snapshot import Snapshot, Window
from dedup.index.state import State
from dedup.index.story_labels import join_stories, part_stories
from dedup.overlaps import AlignedColumns, concatenated
from dedup.tokens import utf8_of
from dedup.workers import map_in_order

#: Articles that are compared and stored as one segment, at the most.
STEP = 20_000
#: An index that was given no background learns one from its first add, and anew whenever it has grown so many
#: times, until it has learned from so many articles: what few articles say calls too little common.
LEARN_AGAIN = 4
ENOUGH_TO_LEARN_FROM = 100_000
_MOST_NUMBERS = 2**32 - 1

OnError = Literal["stop", "skip"]


@dataclass(slots=True)
class Added:
    """What an add did.

    Attributes
    ----------
    numbers : list of ndarray
        The numbers of the new articles, in the order of reading.
    found : list of AlignedColumns
        Overlaps, by articles' numbers.
    cut_short : int
    known : int
        Articles that were there already, with the same text.
    refused : list of str
        Of the articles that were left out, as their ids were there already with other texts, the ids.
    relearned : int
        From how many articles the background was learned anew; 0 if it was not.
    """

    numbers: list[NDArray[np.int64]] = field(default_factory=list)
    found: list[AlignedColumns] = field(default_factory=list)
    cut_short: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)
    relearned: int = 0

    @property
    def every_number(self) -> NDArray[np.int64]:
        """The numbers of all new articles, ascending."""
        return np.concatenate([np.zeros(0, np.int64), *self.numbers])

    @property
    def notes(self) -> list[str]:
        """What was passed over, left out, or learned, in words."""
        said = []
        if self.known:
            said.append(f"{self.known:,} articles were in the index already and were passed over")
        if self.refused:
            said.append(f"{len(self.refused):,} articles were left out: their ids are taken by other texts")
        if self.relearned:
            said.append(f"the index was given no background and learned one from {self.relearned:,} articles")
        return said

    @property
    def overlaps(self) -> AlignedColumns | None:
        """All overlaps; None when nothing was compared."""
        return concatenated(self.found) if self.found else None


def add(
    state: State, batches: Iterable[pa.RecordBatch], *, window: Window, on_error: OnError, threads: int
) -> Added:
    """Add articles within a transaction; those that are known are passed over.

    Raises
    ------
    DuplicateIdError
        An id is there already with another text, and `on_error` is "stop".
    """
    added = Added()
    for batch in _steps(batches):
        new, digests = _unknown(state, batch, added, on_error)
        if new.num_rows == 0:
            continue
        _learn_if_young(state, new, window, threads, added)
        incoming = prepare(new, state.terms, threads)
        first = int(state.catalogue.setting("next"))
        numbers = np.arange(first, first + len(incoming))
        if first + len(incoming) > _MOST_NUMBERS:
            raise IndexStoreError(f"{state.folder} has used up all article numbers; create it anew")
        state.catalogue.set("next", first + len(incoming))
        sources = _sources(state, new)
        _enter_articles(state, incoming, numbers, sources, digests)
        found, cut_short = _compare_and_store(state, incoming, numbers, sources, window, threads)
        added.numbers.append(numbers)
        added.found.append(found)
        added.cut_short += cut_short
        state.release()
    return added


def relearn(state: State, background: Background, *, window: Window, threads: int) -> int:
    """Sketch and compare all articles anew with another background; how many there are."""
    old, catalogue = state.snapshot, state.catalogue
    state.keep_background(background)
    for table in ("overlap", "segment", "removed"):
        catalogue.run(f"DELETE FROM {table}")
    catalogue.run("UPDATE article SET story = NULL WHERE story IS NOT NULL")
    state.snapshot = Snapshot([], np.zeros(0, np.int64))
    every = old.numbers()
    for start in range(0, len(every), STEP):
        numbers = every[start : start + STEP]
        batch = whole_batch(old.take(numbers, STORED_SCHEMA.names))
        incoming = prepare(batch, state.terms, threads)
        sources = old.column(numbers, "sources").astype(np.uint32)
        _compare_and_store(state, incoming, numbers, sources, window, threads)
        old.release()
    return len(every)


def learn_from_stored(state: State, threads: int) -> Background:
    """A background of all articles that are there."""
    every = state.snapshot.numbers()

    def work(part: NDArray[np.int64]) -> Background:
        # Counts add up in any order: each thread has tables of its own.
        background = Background.empty(state.terms.settings.shingle_words)
        for start in range(0, len(part), BATCH_ROWS):
            numbers = part[start : start + BATCH_ROWS]
            background = learn(background, whole_batch(state.snapshot.take(numbers, ["source", "text"])))
        return background

    first, *others = map_in_order(work, np.array_split(every, threads), threads)
    for other in others:
        first = first.merge(other)
    return first


def remove(state: State, numbers: Sequence[int]) -> None:
    """Take articles out; their texts go with the next merge or compaction of their segments."""
    catalogue = state.catalogue
    stories = catalogue.among(
        "SELECT DISTINCT story FROM article WHERE story IS NOT NULL AND number IN (?)", list(numbers)
    )
    rows = [[number] for number in numbers]
    for statement in (
        "DELETE FROM overlap WHERE a = ?",
        "DELETE FROM overlap WHERE b = ?",
        "DELETE FROM verdict WHERE number = ?",
        "DELETE FROM article WHERE number = ?",
        "INSERT OR IGNORE INTO removed VALUES (?)",
    ):
        catalogue.run_many(statement, rows)
    part_stories(catalogue, sorted({story for (story,) in stories}))


def whole_batch(table: pa.Table) -> pa.RecordBatch:
    """A table as one batch."""
    batches = table.combine_chunks().to_batches()
    if not batches:
        return pa.RecordBatch.from_pylist([], table.schema)
    (batch,) = batches
    return batch


def digests_of(batch: pa.RecordBatch) -> list[bytes]:
    """What tells whether an article that comes again has the same source and text."""
    data, offsets = utf8_of(batch.column("text"))
    whole, ends = data.data, offsets.tolist()
    digests = []
    for source, start, end in zip(batch.column("source").to_pylist(), ends[:-1], ends[1:], strict=True):
        digest = hashlib.blake2b(f"{source}\0".encode(), digest_size=8)
        digest.update(whole[start:end])
        digests.append(digest.digest())
    return digests


def _steps(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same articles in batches of `STEP`, but for the last."""
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
    state: State, batch: pa.RecordBatch, added: Added, on_error: OnError
) -> tuple[pa.RecordBatch, list[bytes]]:
    """The articles that are new, with their digests."""
    ids = batch.column("id").to_pylist()
    digests = digests_of(batch)
    seen = {name: digest for name, (_, digest) in state.catalogue.known(ids).items()}
    keep = []
    for row, (name, digest) in enumerate(zip(ids, digests, strict=True)):
        if name not in seen:
            seen[name] = digest
            keep.append(row)
        elif seen[name] == digest:
            added.known += 1
        elif on_error == "skip":
            added.refused.append(name)
        else:
            raise DuplicateIdError(
                f"the id {name!r} is in {state.folder} already with another text or source; give the article "
                "its own id, remove the other one first, or leave it out with --on-error skip"
            )
    if len(keep) < len(ids):
        batch = batch.take(pa.array(keep, pa.int64()))
    return batch, [digests[row] for row in keep]


def _learn_if_young(state: State, new: pa.RecordBatch, window: Window, threads: int, added: Added) -> None:
    """Learn the background anew where the index was given none, is small, and has grown."""
    learned = int(state.catalogue.setting("learned"))
    there = int(state.catalogue.one("SELECT count(*) FROM article"))
    if not 0 <= learned < ENOUGH_TO_LEARN_FROM or there + new.num_rows < LEARN_AGAIN * learned:
        return
    background = learn(learn_from_stored(state, threads), new)
    relearn(state, background, window=window, threads=threads)
    added.relearned = background.articles
    state.catalogue.set("learned", background.articles)


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
    state.catalogue.run_many(
        "INSERT INTO article VALUES (?, ?, ?, ?, ?, NULL)",
        zip(
            numbers.tolist(),
            new.batch.column("id").to_pylist(),
            sources.tolist(),
            times,
            digests,
            strict=True,
        ),
    )


def _compare_and_store(
    state: State,
    new: Incoming,
    numbers: NDArray[np.int64],
    sources: NDArray[np.uint32],
    window: Window,
    threads: int,
) -> tuple[AlignedColumns, int]:
    """Find the overlaps of new articles, and put both into the index."""
    with ThreadPoolExecutor(1) as beside:
        # The disk is waited for while the processors compare.
        written = beside.submit(_write, state, new, numbers, sources)
        found, cut_short = find(
            new, sources, numbers, state.snapshot, state.shelf, state.terms, window, threads
        )
        folder, records = written.result()
    _enter_segment(state, folder, records, numbers)
    taking_part = np.unique(np.concatenate([found.a, found.b]))
    if len(taking_part):
        gathered = Gathered.stored(state.snapshot, taking_part, state.terms)
        found = rows_of(found, taking_part, gathered)
        copied = gathered.related(found, placed=False).copied
        found = numbered(found, taking_part[np.argsort(gathered.rows)])
        add_overlaps(state.catalogue, found, copied)
        pairs = zip(found.a[copied].tolist(), found.b[copied].tolist(), strict=True)
        join_stories(state.catalogue, list(pairs))
    return found, cut_short


def _write(
    state: State, new: Incoming, numbers: NDArray[np.int64], sources: NDArray[np.uint32]
) -> tuple[Path, dict[str, FileRecord]]:
    """Write a segment of new articles, which the catalogue does not know yet."""
    columns = Columns(
        numbers.astype(np.uint32),
        sources,
        new.published,
        new.lengths.astype(np.uint32),
        np.diff(new.compared.offsets).astype(np.uint32),
    )
    folder = state.new_segment(int(numbers[0]))
    batches = (new.batch.slice(start, BATCH_ROWS) for start in range(0, len(new), BATCH_ROWS))
    bands = (packed(new.postings.band(band), len(new)) for band in range(len(new.postings)))
    return folder, write_segment(folder, batches, columns, bands, state.files)


def _enter_segment(
    state: State, folder: Path, records: dict[str, FileRecord], numbers: NDArray[np.int64]
) -> None:
    state.catalogue.add_segment(folder.name, int(numbers[0]), len(numbers), records)
    segment = Segment(folder, state.terms.settings.bands, records)
    state.snapshot = Snapshot([*state.snapshot.segments, segment], state.snapshot.removed)
