"""The run's scratch directory: columns that grow on disk and are read back memory-mapped."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dedup.errors import OutputError


class Scratch:
    """A directory that goes when the object goes.

    Parameters
    ----------
    parent : Path, optional
        Where to make it; the system's temporary directory by default.

    Examples
    --------
    >>> column = Scratch().column("numbers", np.uint32)
    >>> column.append(np.array([1, 2])); column.append(np.array([3]))
    >>> column.read().tolist()
    [1, 2, 3]
    """

    def __init__(self, parent: Path | None = None) -> None:
        try:
            self.path = Path(tempfile.mkdtemp(prefix="dedup-", dir=parent))
        except OSError as error:
            place = parent or tempfile.gettempdir()
            raise OutputError(
                f"no scratch directory can be made in {place} ({error.strerror}); "
                "choose another with --scratch"
            ) from error
        self.streams: list[BinaryIO] = []  # open or closed; a run that fails leaves some open
        self._remove = weakref.finalize(self, _discard, self.path, self.streams)

    def column(self, name: str, dtype: DTypeLike) -> Column:
        """A new, empty column; it keeps the directory alive."""
        return Column(self, name, dtype)

    def close(self) -> None:
        """Remove the directory now."""
        self._remove()


class Column:
    """Numbers of one type that are appended to a file, then read as one array."""

    def __init__(self, scratch: Scratch, name: str, dtype: DTypeLike) -> None:
        self._scratch = scratch
        self._path = scratch.path / name
        self._dtype = np.dtype(dtype)
        self._stream: BinaryIO | None = self._path.open("wb")
        scratch.streams.append(self._stream)

    def append(self, values: NDArray[Any]) -> None:
        """Write values behind those that are there."""
        if self._stream is None:
            raise ValueError("the column has been read; it takes no more")
        try:
            np.ascontiguousarray(values, self._dtype).tofile(self._stream)
        except OSError as error:
            raise OutputError(
                f"the scratch directory {self._scratch.path} cannot be written ({error.strerror}); "
                "choose another with --scratch"
            ) from error

    def close(self) -> None:
        """Nothing more will be appended."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def read(self) -> NDArray[Any]:
        """All values, memory-mapped; nothing more can be appended."""
        self.close()
        if self._path.stat().st_size == 0:
            return np.zeros(0, self._dtype)
        # A plain array over the map: indexing np.memmap itself costs a Python object a slice.
        return np.asarray(np.memmap(self._path, self._dtype, mode="r"))

    def remove(self) -> None:
        """Give the disk space back; arrays that were read stay valid."""
        self.close()
        self._path.unlink(missing_ok=True)


def _discard(path: Path, streams: list[BinaryIO]) -> None:
    for stream in streams:
        stream.close()
    shutil.rmtree(path, ignore_errors=True)
