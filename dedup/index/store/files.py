"""How an index writes: whole files, synced, with their checksums, and folders that appear by a rename.

Everything that an index puts on disk beside its catalogue goes through one `Files`, so that a test can put
one in its place that runs out of space, writes half, or ends the process.
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
    """What the catalogue keeps of a file.

    Attributes
    ----------
    size : int
        In bytes.
    checksum : str
        SHA-256 of the contents in hex digits: of the digests the one that processors have instructions for.
    stamp : int
        When it was last changed, in nanoseconds, as the file system says.
    """

    size: int
    checksum: str
    stamp: int


#: Bytes after which the disk is set to work.
_ON_ITS_WAY = 1 << 23


class Writing:
    """A file that is being written, with the checksum of what went into it.

    Parameters
    ----------
    stream : binary file
    durable : bool
        Whether it will be synced: then the disk begins to write while more comes in.
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
            # Linux begins to write what it is to let go of, and keeps it while it is not written.
            self._stream.flush()
            new = (self._hinted, self.size - self._hinted)
            with suppress(OSError):  # it is advice: a file system may know nothing of it
                os.posix_fadvise(self._stream.fileno(), *new, os.POSIX_FADV_DONTNEED)
            self._hinted = self.size
        return len(view)

    @property
    def checksum(self) -> str:
        """Of what has been written so far."""
        return self._digest.hexdigest()

    @property
    def blocks(self) -> NDArray[np.uint64]:
        """The checksum of each block of what has been written so far."""
        return self._blocks.digests()

    @property
    def closed(self) -> bool:
        """Whether the file is closed; pyarrow asks."""
        return self._stream.closed

    def flush(self) -> None:
        """Hand what is buffered to the system; pyarrow asks."""
        self._stream.flush()


class Files:
    """The file system as an index uses it.

    Parameters
    ----------
    durable : bool
        Whether what is written is to outlive a loss of power. Only an index that goes with its process can do
        without.
    """

    def __init__(self, *, durable: bool = True) -> None:
        self.durable = durable

    @contextmanager
    def writing(self, path: Path) -> Iterator[Writing]:
        """Write a new file; it is on the disk when the block ends well."""
        with path.open("xb") as stream:
            yield Writing(stream, durable=self.durable)
            stream.flush()
            if self.durable:
                os.fsync(stream.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Move a folder into its place, for good."""
        self.sync(old)
        old.rename(new)
        self.sync(new.parent)

    def remove(self, folder: Path) -> None:
        """Remove a folder with all that is in it; what is not there is no error."""
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
    """The checksum of a file, as `FileRecord` keeps it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
