"""Output files: written beside their target and renamed into place, so that none is ever half-written."""

from __future__ import annotations

import errno
import io
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from dedup.errors import OutputError


def is_plain(path: Path) -> bool:
    """Whether a file can be put in place by renaming, which devices and pipes cannot."""
    return path.is_file() or not path.exists()


@contextmanager
def written_beside(finals: Sequence[Path]) -> Iterator[list[Path]]:
    """Provide a temporary path beside each final path, and rename them all into place when the body is done.

    If the body raises (also KeyboardInterrupt), nothing appears and earlier files stay. The first path is
    renamed last: if it exists, the others exist too. The permissions of an existing file are kept, and a
    symbolic link keeps its target.

    Raises
    ------
    OutputError
        A path cannot be written; the message says what to do.

    Examples
    --------
    >>> import tempfile
    >>> final = Path(tempfile.mkdtemp()) / "out.txt"
    >>> with written_beside([final]) as (beside,):
    ...     _ = beside.write_text("whole")
    >>> final.read_text()
    'whole'
    """
    targets = [_checked(path) for path in finals]
    beside = [target.with_name(f".dedup-{secrets.token_hex(6)}.partial") for target in targets]
    try:
        yield beside
        for partial, target in reversed(list(zip(beside, targets, strict=True))):
            if target.exists():
                shutil.copymode(target, partial)
            partial.replace(target)
    except OSError as error:
        raise unwritable(finals[0], error) from error
    finally:
        for partial in beside:
            with suppress(OSError):
                partial.unlink()


def open_large(path: Path) -> BinaryIO:
    """Open a file for writing that leaves the page cache as soon as it is on disk.

    Written pages go to the disk at once and are reused for the next ones: on Linux from 6.14 on, if the file
    system supports it; elsewhere this is an ordinary file. Otherwise a result takes as many new pages as it
    is long, and in a virtual machine a new page can cost many times what it costs to fill it.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "large"
    >>> with open_large(path) as stream:
    ...     _ = stream.write(b"whole")
    >>> path.read_bytes()
    b'whole'
    """
    return io.BufferedWriter(_Uncached(path, "wb"), _TOGETHER)


#: Size of the write buffer in bytes.
_TOGETHER = 1 << 20
#: RWF_DONTCACHE of Linux's uapi/linux/fs.h; Python's `os` has no name for it before 3.15.
_DONT_CACHE = 0x80
_NOT_HERE = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)


class _Uncached(io.FileIO):
    """A file that is written uncached, as long as the system supports it."""

    _refused = not hasattr(os, "pwritev")

    def write(self, data: Any) -> int:
        """Write some of the bytes and return how many."""
        if not self._refused:
            try:
                return os.pwritev(self.fileno(), [data], -1, _DONT_CACHE)  # -1: at the current position
            except (OSError, NotImplementedError) as error:
                if isinstance(error, OSError) and error.errno not in _NOT_HERE:
                    raise
                self._refused = True
        return super().write(data)


def unwritable(path: Path | str, error: OSError) -> OutputError:
    """Say which output could not be written, why, and what to do."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    return OutputError(f"{path}: cannot be written ({reason}); choose another place or free this one")


def _checked(path: Path) -> Path:
    if path.is_dir():
        raise OutputError(f"{path}: is a directory; give the name of a file in it")
    target = path.resolve()
    if not target.parent.is_dir():
        raise OutputError(f"{path}: the directory {target.parent} does not exist; create it first")
    return target
