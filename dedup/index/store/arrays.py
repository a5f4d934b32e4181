"""Named arrays in one file: written one after the other, then memory-mapped as a whole.

The arrays come first, each at a multiple of 64 bytes; behind them a JSON table of their types and places,
its length, and a mark. So a writer need not know sizes ahead, and a reader can hand a kernel the whole file.
"""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.errors import IndexStoreError
from dedup.index.store.block_sums import REBUILD, CheckedBlocks
from dedup.index.store.files import Writing
from dedup.runtime.scratch import resident_bytes

_MARK = b"dedup-a3"
_ALIGNMENT = 64
#: What a process holds at the most before it lets go of what it has mapped, in bytes.
_CROWDED = 21 << 27


class ArrayWriter:
    """Writes arrays into a file, in any number of pieces, one array after the other."""

    def __init__(self, stream: Writing) -> None:
        self._stream = stream
        self._places: dict[str, tuple[str, int, int]] = {}

    def add(self, name: str, values: NDArray[Any], dtype: DTypeLike) -> None:
        """Append a whole array."""
        start = self._stream.size
        array = np.ascontiguousarray(values, dtype)
        self._stream.write(array)
        self._pad()
        self._places[name] = (array.dtype.str, start, len(array))

    def close(self) -> None:
        """Write the table; nothing can be added after it."""
        table = json.dumps(self._places).encode()
        self._stream.write(table + len(table).to_bytes(8, "little") + _MARK)

    def _pad(self) -> None:
        self._stream.write(bytes(-self._stream.size % _ALIGNMENT))


class MappedArrays:
    """The arrays of a file, memory-mapped; they stay readable when the file is removed.

    Parameters
    ----------
    path : Path
    sums : ndarray of shape (n_blocks,), dtype uint64, optional
        The checksums of the file's blocks; an array is compared with them when it is taken.

    Raises
    ------
    IndexStoreError
        The file is missing, truncated, damaged, or of another kind.
    """

    def __init__(self, path: Path, sums: NDArray[np.uint64] | None = None) -> None:
        self._map = mapped(path)
        data = memoryview(self._map)
        self.blocks = None if sums is None else CheckedBlocks(path, np.frombuffer(data, np.uint8), sums)
        self._check(len(data) - 16, len(data))
        if len(data) < 16 or bytes(data[-8:]) != _MARK:
            raise IndexStoreError(f"{path} is truncated or not a file of an index; {REBUILD}")
        length = int.from_bytes(data[-16:-8], "little")
        self._check(len(data) - 16 - length, len(data))
        try:
            self._places = json.loads(bytes(data[len(data) - 16 - length : -16]))
        except ValueError as error:
            raise IndexStoreError(f"{path} is damaged: its table is unreadable; {REBUILD}") from error
        self._whole = np.frombuffer(data, np.uint8)[: len(data) // 4 * 4]

    def __getitem__(self, name: str) -> NDArray[Any]:
        kind, start, count = self._places[name]
        self._check(start, start + count * np.dtype(kind).itemsize)
        return np.frombuffer(self._map, np.dtype(kind), count, start)

    def _check(self, start: int, end: int) -> None:
        if self.blocks is not None:
            self.blocks.check(np.array([start], np.int64), np.array([end], np.int64), opening=True)

    def place(self, name: str) -> tuple[int, int]:
        """Where an array begins, in bytes, and how many elements it has."""
        _, start, count = self._places[name]
        return start, count

    def whole(self, dtype: DTypeLike) -> NDArray[Any]:
        """The whole file as one array."""
        return self._whole.view(dtype)

    def release(self, start: int = 0, end: int | None = None) -> None:
        """Let the system take the pages of these bytes back; they are read again when they are needed."""
        start -= start % mmap.PAGESIZE
        self._map.madvise(mmap.MADV_DONTNEED, start, (len(self._map) if end is None else end) - start)


def crowded(coming: int = 0) -> bool:
    """Whether the process holds so much memory, or will with what is coming, that it should let go of some.

    Asked now and then: to let go of what is mapped costs the next look at the pages, to hold on costs memory
    up to this.

    Parameters
    ----------
    coming : int
        Bytes that are about to be looked at.
    """
    return resident_bytes() + coming > _CROWDED


class Mapped(Protocol):
    """What maps files, and can let go of their pages."""

    def release(self) -> None:
        """Let the system take the pages back."""


def relieve(*held: Mapped) -> None:
    """Let go of one after the other, as long as the process is crowded: what is needed most often, last."""
    for each in held:
        if crowded():
            each.release()


def mapped(path: Path) -> mmap.mmap:
    """Map a file for reading."""
    try:
        with path.open("rb") as stream:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise IndexStoreError(f"{path} cannot be read ({error}); {REBUILD}") from error
