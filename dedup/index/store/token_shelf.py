"""The tokens of stored articles, kept while a process has an index open.

An index does not store tokens: they would take as much space as the texts. But an article takes part in many
comparisons, and tokenising it each time costs more than comparing it. So tokens are kept in two temporary
files without names, memory-mapped: the system holds as much of them in memory as there is room for.
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from bisect import bisect_right
from io import FileIO
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

from dedup.corpus.prepare import ComparedTokens
from dedup.errors import IndexStoreError

#: Number of bytes of a file that are mapped at first.
_LEAST_ROOM = 1 << 20


class TokenShelf:
    """The tokens of articles as they are compared, by article number.

    Attributes
    ----------
    hashes, flags, offsets
        The tokens of all articles, as in `ComparedTokens`, in the order of arrival.

    Examples
    --------
    >>> values = np.array([5, 6, 7], np.uint32)
    >>> shelf = TokenShelf()
    >>> tokens = ComparedTokens(values, np.zeros(3, np.uint8), np.array([0, 2, 3]))
    >>> shelf.put(np.array([7, 9]), ["a", "b"], tokens)
    >>> shelf.rows(np.array([9, 8, 7])).tolist(), shelf.offsets.tolist(), shelf.id(1)
    ([1, -1, 0], [0, 2, 3], 'b')
    """

    def __init__(self) -> None:
        self._hashes = _Growing(np.uint32)
        self._flags = _Growing(np.uint8)
        self._ends = np.zeros(1 << 10, np.int64)
        self._row = np.full(1 << 10, -1, np.int32)
        self._count = 0
        # Python strings would take several times the memory.
        self._ids: list[pa.StringArray] = []
        self._firsts: list[int] = []

    @property
    def hashes(self) -> NDArray[np.uint32]:
        """The hashes of all tokens."""
        return self._hashes.values

    @property
    def flags(self) -> NDArray[np.uint8]:
        """The flags of all tokens."""
        return self._flags.values

    @property
    def offsets(self) -> NDArray[np.int64]:
        """The tokens of row i are ``offsets[i]:offsets[i + 1]``."""
        return self._ends[: self._count + 1]

    def id(self, row: int) -> str:
        """Return the id of an article."""
        part = bisect_right(self._firsts, row) - 1
        return str(self._ids[part][row - self._firsts[part]])

    def put(self, numbers: NDArray[np.int64], ids: list[str], tokens: ComparedTokens) -> None:
        """Store the tokens of articles.

        Raises
        ------
        IndexStoreError
            There is no room for temporary files.
        """
        count = len(numbers)
        if count == 0:
            return
        first = int(self._ends[self._count])
        self._hashes.put(tokens.hashes, first)
        self._flags.put(tokens.flags, first)
        self._ends = _with_room(self._ends, self._count + count + 1, 0)
        self._row = _with_room(self._row, int(numbers.max()) + 1, -1)
        self._ends[self._count + 1 : self._count + count + 1] = first + tokens.offsets[1:]
        self._row[numbers] = np.arange(self._count, self._count + count)
        self._ids.append(pa.array(ids, pa.string()))
        self._firsts.append(self._count)
        self._count += count

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each article, or -1 for one that is not here."""
        found = np.full(len(numbers), -1, np.int64)
        within = numbers < len(self._row)
        found[within] = self._row[numbers[within]]
        return found

    def tokens(self, rows: NDArray[np.int64]) -> ComparedTokens:
        """Return the tokens of some articles, copied one after another."""
        firsts, lengths = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        places = np.repeat(firsts - offsets[:-1], lengths) + np.arange(offsets[-1])
        return ComparedTokens(self.hashes[places], self.flags[places], offsets)

    def every(self) -> ComparedTokens:
        """Return the tokens of all rows without copying them."""
        return ComparedTokens(self.hashes, self.flags, self.offsets)

    @property
    def nbytes(self) -> int:
        """Memory in bytes that the tokens take once all were accessed: pages are mapped many at a time."""
        return int(self.hashes.nbytes + self.flags.nbytes)

    def release(self) -> None:
        """Let the system reclaim the memory; the tokens stay on disk."""
        self._hashes.release()
        self._flags.release()


class _Growing:
    """Numbers that are appended to a file without a name and read as one array.

    The file is mapped with room to spare, and mapped again when it has doubled; earlier arrays stay valid.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype)
        self._stream: FileIO | None = None
        self._map: mmap.mmap | None = None
        self._room = _LEAST_ROOM
        self.values: NDArray[Any] = np.zeros(0, self._dtype)
        self.values.flags.writeable = False

    def put(self, values: NDArray[Any], first: int) -> None:
        """Write values after the `first` ones, and map all of them; leftovers of a failed put go."""
        if len(values) == 0:
            return
        data = np.ascontiguousarray(values, self._dtype).data.cast("B")
        count = first + len(values)
        size = count * self._dtype.itemsize
        try:
            if self._stream is None:
                self._stream = tempfile.TemporaryFile(prefix="dedup-", buffering=0)  # noqa: SIM115 - kept open
                weakref.finalize(self, self._stream.close)
            self._stream.seek(first * self._dtype.itemsize)
            while data:
                data = data[self._stream.write(data) :]
            if self._map is None or size > len(self._map):
                while self._room < size:
                    self._room *= 2
                self._stream.truncate(self._room)  # takes no disk space before it is written
                self._map = mmap.mmap(self._stream.fileno(), self._room, access=mmap.ACCESS_READ)
                # Articles are read in random order, so the system should not read ahead.
                self._map.madvise(mmap.MADV_RANDOM)
        except OSError as error:
            raise IndexStoreError(
                f"{tempfile.gettempdir()} cannot hold the tokens of the articles "
                f"({error.strerror or error}); make room there, or name another directory in TMPDIR"
            ) from error
        self.values = np.frombuffer(self._map, self._dtype, count)

    def release(self) -> None:
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)


def _with_room(values: NDArray[Any], size: int, rest: int) -> NDArray[Any]:
    """Return the same array, or a longer one with the same values followed by `rest`."""
    if size <= len(values):
        return values
    out = np.full(max(size, 2 * len(values)), rest, values.dtype)
    out[: len(values)] = values
    return out
