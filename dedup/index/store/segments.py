"""Segments: each is a folder that is written once, then only read.

A segment holds articles in the order of their numbers. ``articles.arrow`` is an Arrow file of the articles as
they were given, with their credits. ``keys`` holds their sources, times and lengths with the sorted band
keys. ``sums`` holds a checksum for each block of both, which is verified before the block is used. Tokens are
not stored: tokenising an article again takes microseconds and saves half the disk space.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.cleaning.credits import CREDIT
from dedup.errors import IndexStoreError
from dedup.index.store.arrays import ArrayWriter, MappedArrays, mapped
from dedup.index.store.block_sums import REBUILD, CheckedBlocks, gaps
from dedup.index.store.files import FileRecord, Files, checksum_of
from dedup.index.store.postings import PackedBand, Postings, write_postings
from dedup.reading.batches import ARTICLE_SCHEMA

ARTICLES, KEYS, SUMS = "articles.arrow", "keys", "sums"
#: The contents of an article's row: the article and its credits.
STORED_SCHEMA = pa.schema(
    [
        *ARTICLE_SCHEMA,
        pa.field("agency", pa.string()),
        pa.field("credited", pa.bool_(), nullable=False),
        pa.field("credits", pa.list_(CREDIT), nullable=False),
    ]
)
#: Rows per Arrow batch: small batches cost time for each, large ones are limited to 2 GiB of text.
BATCH_ROWS = 4096
#: Number of bytes at either end of a file of articles that are verified before anything in it is trusted.
_FRAME = 64
#: If more than one in this many rows is taken, the whole column is verified.
_FEW_ROWS = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """What the kernels need of each article, in the order of the numbers.

    Attributes
    ----------
    numbers, sources : ndarray of shape (n_articles,), dtype uint32
    published : ndarray of shape (n_articles,), dtype int64
        Microseconds since 1970 in UTC; the smallest number where the time is not known.
    tokens, compared : ndarray of shape (n_articles,), dtype uint32
        Number of tokens of each article, with and without site furniture.
    """

    numbers: NDArray[np.uint32]
    sources: NDArray[np.uint32]
    published: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    compared: NDArray[np.uint32]


COLUMN_TYPES = {
    "numbers": np.uint32,
    "sources": np.uint32,
    "published": np.int64,
    "tokens": np.uint32,
    "compared": np.uint32,
}


def write_segment(
    folder: Path,
    batches: Iterable[pa.RecordBatch],
    columns: Columns,
    bands: Iterable[PackedBand],
    files: Files,
) -> dict[str, FileRecord]:
    """Write a segment beside its place, and rename it into place.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        With `STORED_SCHEMA`, in the order of `columns`.

    Returns
    -------
    dict of str to FileRecord
        For the catalogue.
    """
    beside = folder.with_name(folder.name + ".new")
    beside.mkdir()
    with ThreadPoolExecutor(1) as other:
        # Each file is checksummed as it is written, which alone would take all the time of one thread.
        articles = other.submit(_write_articles, beside / ARTICLES, batches, files)
        keys = _write_keys(beside / KEYS, columns, bands, files)
        written = {ARTICLES: articles.result(), KEYS: keys}
    records = {name: record for name, (record, _) in written.items()}
    with files.writing(beside / SUMS) as stream:
        writer = ArrayWriter(stream)
        for name, (_, blocks) in written.items():
            writer.add(name, blocks, np.uint64)
        writer.close()
    records[SUMS] = _record(beside / SUMS, stream.size, stream.checksum)
    files.rename(beside, folder)
    return records


def _write_articles(path: Path, batches: Iterable[pa.RecordBatch], files: Files) -> _Written:
    with (
        files.writing(path) as stream,
        pa.ipc.new_file(pa.PythonFile(stream, "w"), STORED_SCHEMA) as out,
    ):
        for batch in batches:
            out.write_batch(batch)
    return _record(path, stream.size, stream.checksum), stream.blocks


def _write_keys(
    path: Path,
    columns: Columns,
    bands: Iterable[PackedBand],
    files: Files,
) -> _Written:
    with files.writing(path) as stream:
        writer = ArrayWriter(stream)
        for name, kind in COLUMN_TYPES.items():
            writer.add(name, getattr(columns, name), kind)
        for band, postings in enumerate(bands):
            write_postings(writer, band, postings)
        writer.close()
    return _record(path, stream.size, stream.checksum), stream.blocks


#: The record of a file, and the checksums of its blocks.
_Written = tuple[FileRecord, NDArray[np.uint64]]


def _record(path: Path, size: int, checksum: str) -> FileRecord:
    return FileRecord(size, checksum, path.stat().st_mtime_ns)


class Segment:
    """A segment, memory-mapped. It stays readable when its folder is removed.

    Parameters
    ----------
    folder : Path
    bands : int
    files : mapping of str to FileRecord
        As in the catalogue. A file that was touched since is read and verified as a whole.

    Raises
    ------
    IndexStoreError
        A file is missing, truncated or changed.
    """

    def __init__(self, folder: Path, bands: int, files: Mapping[str, FileRecord]) -> None:
        self.name = folder.name
        for name, record in files.items():
            _check(folder / name, record, read=name == SUMS)
        sums = MappedArrays(folder / SUMS)
        self._arrays = MappedArrays(folder / KEYS, sums[KEYS])
        self.columns = Columns(**{name: self._arrays[name] for name in COLUMN_TYPES})
        self.postings = Postings(self._arrays, bands, len(self))
        self._map = mapped(folder / ARTICLES)
        self._articles = CheckedBlocks(
            folder / ARTICLES, np.frombuffer(memoryview(self._map), np.uint8), sums[ARTICLES]
        )
        frame = np.array([0, len(self._map) - _FRAME], np.int64)
        self._articles.check(frame, frame + _FRAME, opening=True)
        try:
            reader = pa.ipc.open_file(pa.py_buffer(self._map))
            self.batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        except (pa.ArrowException, OSError) as error:
            raise IndexStoreError(f"{folder / ARTICLES} is damaged ({error}); {REBUILD}") from error
        # The data that says where the columns are has been trusted so far; it is verified now.
        held = [span for batch in self.batches for column in batch.columns for span in self._spans(column)]
        starts, ends = [start for start, _ in held], [end for _, end in held]
        self._articles.check(*gaps(len(self._map), starts, ends), opening=True)
        if reader.schema.names != STORED_SCHEMA.names:
            raise IndexStoreError(f"{folder} keeps articles in the form of another version; {REBUILD}")
        rows = [batch.num_rows for batch in self.batches]
        self._starts = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)
        if self._starts[-1] != len(self):
            raise IndexStoreError(
                f"{folder} holds {self._starts[-1]} articles and the keys of {len(self)}; {REBUILD}"
            )

    def __len__(self) -> int:
        return len(self.columns.numbers)

    def rows_of(self, numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the rows of articles, which must be in the segment."""
        return np.searchsorted(self.columns.numbers, numbers)

    def take(self, rows: NDArray[np.int64], columns: Sequence[str]) -> list[pa.RecordBatch]:
        """Return some columns of some articles; `rows` ascend."""
        parts = []
        cuts = np.searchsorted(rows, self._starts)
        for number in np.flatnonzero(np.diff(cuts)):
            within = rows[cuts[number] : cuts[number + 1]] - self._starts[number]
            if not self._articles.whole:
                for name in columns:
                    self._check_values(self.batches[number].column(name), within)
            parts.append(self.batches[number].select(list(columns)).take(pa.array(within)))
        return parts

    def check_all(self) -> None:
        """Verify everything that the segment holds.

        Raises
        ------
        IndexStoreError
            A block is damaged.
        """
        self._articles.check_all()
        if self._arrays.blocks is not None:
            self._arrays.blocks.check_all()

    def _spans(self, column: pa.Array) -> list[tuple[int, int]]:
        """Return where the buffers of a column are in the file."""
        base = self._articles.data.ctypes.data
        buffers = [buffer for buffer in column.buffers() if buffer is not None and buffer.size]
        return [(buffer.address - base, buffer.address - base + buffer.size) for buffer in buffers]

    def _check_values(self, column: pa.Array, rows: NDArray[np.int64]) -> None:
        """Verify the blocks that hold these rows of a column; for nested columns all of them."""
        kind = column.type
        if pa.types.is_nested(kind) or len(rows) * _FEW_ROWS > len(column):
            spans = self._spans(column)
            self._articles.check(*np.array(spans, np.int64).reshape(-1, 2).T)
            return
        base = self._articles.data.ctypes.data
        validity, *others = column.buffers()
        if validity is not None and validity.size:
            first = validity.address - base + rows // 8
            self._articles.check(first, first + 1)
        if pa.types.is_string(kind):
            offsets, letters = others
            first = offsets.address - base + 4 * rows
            self._articles.check(first, first + 8)
            ends = np.frombuffer(offsets, np.int32)
            if letters is not None:
                begin = letters.address - base
                self._articles.check(begin + ends[rows], begin + ends[rows + 1].astype(np.int64))
            return
        bits = kind.bit_width
        first = others[0].address - base + rows * bits // 8
        self._articles.check(first, first + max(1, bits // 8))

    def stored(self, dead: NDArray[np.bool_]) -> SegmentView:
        """Return the segment in the form that the join takes."""
        return SegmentView(self.postings, self.columns.numbers, self.columns.sources, dead)

    def release(self) -> None:
        """Let the system reclaim the pages."""
        self._arrays.release()
        self._map.madvise(mmap.MADV_DONTNEED)


def _check(path: Path, record: FileRecord, *, read: bool) -> None:
    """That a file is as it was written. Contents are read where asked for, and when it was touched since."""
    found = path.stat()
    if found.st_size != record.size:
        raise IndexStoreError(f"{path} has {found.st_size} bytes and had {record.size}; {REBUILD}")
    if (read or found.st_mtime_ns != record.stamp) and checksum_of(path) != record.checksum:
        raise IndexStoreError(f"{path} has changed since it was written; {REBUILD}")


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment in the form that the join takes.

    Attributes
    ----------
    postings : Postings
    numbers, sources : ndarray of shape (n_articles,), dtype uint32
    dead : ndarray of shape (n_articles,) or (0,), dtype bool
        Articles that were removed or are outside the period; empty if there are none.
    """

    postings: Postings
    numbers: NDArray[np.uint32]
    sources: NDArray[np.uint32]
    dead: NDArray[np.bool_]


def whole_batch(table: pa.Table) -> pa.RecordBatch:
    """Return a table as one batch."""
    batches = table.combine_chunks().to_batches()
    if not batches:
        return pa.RecordBatch.from_pylist([], table.schema)
    (batch,) = batches
    return batch
