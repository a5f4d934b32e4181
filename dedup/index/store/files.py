"""How an index writes: whole files, synced, with their checksums, and folders that appear by a rename.

Everything that an index writes to disk beside its catalogue goes through one `Files`. So a test can
substitute one that runs out of space, writes half, or ends the process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.store.block_sums import BlockSums


class FileRecord(NamedTuple):
    """What the catalogue stores about a file.

    Attributes
    ----------
    size : int
        In bytes.
    checksum : str
        SHA-256 of the contents in hex digits; SHA-256 because processors accelerate it.
    stamp : int
        Time of the last change in nanoseconds, as the file system gives it.
    """

    size: int
    checksum: str
    stamp: int


#: Number of bytes after which writing to the disk is started.
_ON_ITS_WAY = 1 << 23


class Writing:
    """A file that is being written, with the checksum of the bytes written.

    Parameters
    ----------
    stream : binary file
    durable : bool
        Whether the file will be synced: then the disk starts to write while more data arrives.
    """

    def __init__(self, stream: BinaryIO, *, durable: bool) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._blocks = BlockSums()
        self._hint = durable and hasattr(os, "posix_fadvise")
        self._hinted = 0
        self.size = 0

    def write(self, data: Any) -> int:
        """Append bytes, or the bytes of an array."""
        view = memoryview(data).cast("B") if not isinstance(data, bytes) else data
        self._stream.write(view)
        self._digest.update(view)
        self._blocks.update(view)
        self.size += len(view)
        if self._hint and self.size - self._hinted >= _ON_ITS_WAY:
            # Linux starts to write pages that it is asked to drop, and keeps them until they are written.
            self._stream.flush()
            new = (self._hinted, self.size - self._hinted)
            with suppress(OSError):  # it is only advice, which a file system may not support
                os.posix_fadvise(self._stream.fileno(), *new, os.POSIX_FADV_DONTNEED)
            self._hinted = self.size
        return len(view)

    @property
    def checksum(self) -> str:
        """The checksum of everything written so far."""
        return self._digest.hexdigest()

    @property
    def blocks(self) -> NDArray[np.uint64]:
        """The checksum of each block written so far."""
        return self._blocks.digests()

    @property
    def closed(self) -> bool:
        """Whether the file is closed; required by pyarrow."""
        return self._stream.closed

    def flush(self) -> None:
        """Pass buffered data to the system; required by pyarrow."""
        self._stream.flush()


class Files:
    """The file system as an index uses it.

    Parameters
    ----------
    durable : bool
        Whether written data must survive a loss of power. Only an index that is removed with its process can
        do without.
    """

    def __init__(self, *, durable: bool = True) -> None:
        self.durable = durable

    @contextmanager
    def writing(self, path: Path) -> Iterator[Writing]:
        """Write a new file; it is on the disk if the block ends without an error."""
        with path.open("xb") as stream:
            yield Writing(stream, durable=self.durable)
            stream.flush()
            if self.durable:
                os.fsync(stream.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Move a folder into its place, durably."""
        self.sync(old)
        old.rename(new)
        self.sync(new.parent)

    def remove(self, folder: Path) -> None:
        """Remove a folder with its contents; a missing folder is not an error."""
        shutil.rmtree(folder, ignore_errors=True)

    def sync(self, path: Path) -> None:
        """Make a file, or the names in a folder, durable."""
        if not self.durable:
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def checksum_of(path: Path) -> str:
    """Return the checksum of a file, as stored in `FileRecord`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
