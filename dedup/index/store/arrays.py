"""Named arrays in one file: written one after another, then memory-mapped as a whole.

The arrays come first, each at a multiple of 64 bytes. They are followed by a JSON table of their types and
places, its length, and a mark. So a writer need not know sizes in advance, and a reader can pass the whole
file to a kernel.
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
#: Maximum memory in bytes that a process holds before it releases mapped pages.
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
        """Write the table; nothing can be added afterwards."""
        table = json.dumps(self._places).encode()
        self._stream.write(table + len(table).to_bytes(8, "little") + _MARK)

    def _pad(self) -> None:
        self._stream.write(bytes(-self._stream.size % _ALIGNMENT))


class MappedArrays:
    """The arrays of a file, memory-mapped. They stay readable when the file is removed.

    Parameters
    ----------
    path : Path
    sums : ndarray of shape (n_blocks,), dtype uint64, optional
        The checksums of the file's blocks; an array is verified when it is taken.

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
        """Return where an array begins, in bytes, and its number of elements."""
        _, start, count = self._places[name]
        return start, count

    def whole(self, dtype: DTypeLike) -> NDArray[Any]:
        """Return the whole file as one array."""
        return self._whole.view(dtype)

    def release(self, start: int = 0, end: int | None = None) -> None:
        """Let the system reclaim the pages of these bytes; they are read again when they are needed."""
        start -= start % mmap.PAGESIZE
        self._map.madvise(mmap.MADV_DONTNEED, start, (len(self._map) if end is None else end) - start)


def crowded(coming: int = 0) -> bool:
    """Whether the process holds, or will hold with `coming`, so much memory that it should release some.

    Asked now and then: releasing pages makes the next access slower, keeping them costs memory up to the
    limit.

    Parameters
    ----------
    coming : int
        Number of bytes that are about to be accessed.
    """
    return resident_bytes() + coming > _CROWDED


class Mapped(Protocol):
    """An object that maps files, and can release their pages."""

    def release(self) -> None:
        """Let the system reclaim the pages."""


def relieve(*held: Mapped) -> None:
    """Release one after another as long as the process is crowded; the most often needed comes last."""
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
