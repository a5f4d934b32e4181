"""The run's scratch directory: columns that grow on disk and are read back memory-mapped."""

from __future__ import annotations

import mmap
import os
import shutil
import sys
import tempfile
import weakref
from io import FileIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.errors import OutputError
from dedup.runtime.scratch_directories import make_directory


class Scratch:
    """A temporary directory that is removed with the object.

    If the process is killed, the next scratch directory made in the same place removes this one.

    Parameters
    ----------
    parent : Path, optional
        Where to make it; the system's temporary directory by default.
    memory : int, optional
        Bytes that the process should stay under; by default half of what the machine has. See `keep_within`.

    Examples
    --------
    >>> column = Scratch().column("numbers", np.uint32)
    >>> column.append(np.array([1, 2])); column.append(np.array([3]))
    >>> column.read().tolist()
    [1, 2, 3]
    """

    def __init__(self, parent: Path | None = None, memory: int | None = None) -> None:
        self.memory = memory or half_of_memory()
        self._maps: list[weakref.ref[mmap.mmap]] = []
        try:
            self.path, mark = make_directory(parent)
        except OSError as error:
            place = parent or tempfile.gettempdir()
            raise OutputError(
                f"no scratch directory can be made in {place} ({error.strerror}); "
                "choose another with `scratch`"
            ) from error
        # May be open or closed: a run that fails leaves some open.
        self.streams: list[FileIO] = [] if mark is None else [mark]
        self._remove = weakref.finalize(self, _discard, self.path, self.streams)

    def column(self, name: str, dtype: DTypeLike) -> Column:
        """Return a new, empty column, which keeps the directory alive."""
        return Column(self, name, dtype)

    def reserve(self, needed: int) -> None:
        """Refuse a run for which the disk does not have enough room.

        Parameters
        ----------
        needed : int
            Bytes.

        Raises
        ------
        OutputError
            The message gives the space needed and the space free.
        """
        free = shutil.disk_usage(self.path).free
        if needed > free:
            raise OutputError(
                f"the scratch directory {self.path.parent} has {free / 1e9:,.1f} GB free and the run needs "
                f"about {needed / 1e9:,.1f} GB; choose another with `scratch`, or make room"
            )

    def keep_within(self, needed: int = 0) -> None:
        """Release pages of the columns if the process holds three quarters of its memory limit.

        `needed` bytes are counted as if they were already allocated. The columns are memory-mapped: pages
        that were read count as the process's memory until they are released. They stay in the page cache and
        are mapped again on access.
        """
        if 4 * (resident_bytes() + needed) < 3 * self.memory:
            return
        for reference in self._maps:
            mapped = reference()
            if mapped is not None:
                mapped.madvise(mmap.MADV_DONTNEED)
        self._maps = [reference for reference in self._maps if reference() is not None]

    def mapped(self, path: Path, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """Map the first `count` numbers of a file of the directory as a read-only array."""
        with path.open("rb") as stream:
            pages = mmap.mmap(stream.fileno(), count * dtype.itemsize, access=mmap.ACCESS_READ)
        self._maps.append(weakref.ref(pages))
        return np.frombuffer(pages, dtype)

    def close(self) -> None:
        """Remove the directory now."""
        self._remove()


def half_of_memory() -> int:
    """Return half of the machine's memory, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def resident_bytes() -> int:
    """Return the resident memory of the process in bytes; `sys.maxsize` where the system does not say."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as statistics:  # noqa: PTH123 - asked at every step
            pages = int(statistics.read().split()[1])
    except OSError:
        return sys.maxsize
    return pages * mmap.PAGESIZE


class Column:
    """Numbers of one type that are appended to a file and later read as one array.

    Examples
    --------
    >>> column = Scratch().column("numbers", np.uint32)
    >>> column.append(np.array([1, 2, 3])); before = column.read()
    >>> column.rewrite(); column.append(before[1:] * 2); column.read().tolist()
    [4, 6]
    """

    def __init__(self, scratch: Scratch, name: str, dtype: DTypeLike) -> None:
        self._scratch = scratch
        self._path = scratch.path / name
        self._dtype = np.dtype(dtype)
        self._size = 0
        self._stream: FileIO | None = self._opened("wb")

    def append(self, values: NDArray[Any]) -> None:
        """Append values."""
        if self._stream is None:
            raise ValueError("the column has been read; nothing can be appended")
        try:
            left = np.ascontiguousarray(values, self._dtype).view(np.uint8).data
            self._size += len(left)
            while left:
                left = left[self._stream.write(left) :]
        except OSError as error:
            raise OutputError(
                f"the scratch directory {self._scratch.path} cannot be written ({error.strerror}); "
                "choose another with `scratch`"
            ) from error

    def close(self) -> None:
        """Close the file; nothing more will be appended."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def read(self) -> NDArray[Any]:
        """Return all values, memory-mapped; nothing more can be appended."""
        self.close()
        if self._size == 0:
            return np.zeros(0, self._dtype)
        return self._scratch.mapped(self._path, self._dtype, self._size // self._dtype.itemsize)

    def rewrite(self) -> None:
        """Append from the start again, over the values that were read.

        An array that `read` returned shows the new values as they are written. This takes no further disk
        space and half the time of a new file.
        """
        self.close()
        self._size = 0
        self._stream = self._opened("r+b")

    def _opened(self, mode: Literal["wb", "r+b"]) -> FileIO:
        # Unbuffered: a buffer that cannot be flushed to a full disk would be lost silently.
        stream = self._path.open(mode, buffering=0)
        self._scratch.streams.append(stream)
        return stream

    def remove(self) -> None:
        """Free the disk space; arrays that were read stay valid."""
        self.close()
        self._path.unlink(missing_ok=True)


def _discard(path: Path, streams: list[FileIO]) -> None:
    for stream in streams:
        stream.close()
    shutil.rmtree(path, ignore_errors=True)
