"""Writing beside and renaming into place, so that no output is ever half-written."""

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
    """Whether a file can be put in place by renaming: not so for devices, pipes and the like."""
    return path.is_file() or not path.exists()


@contextmanager
def written_beside(finals: Sequence[Path]) -> Iterator[list[Path]]:
    """Hand out a path beside each final one, and rename them all into place when the body is done.

    When the body raises (Ctrl-C too), nothing appears and what stood there before stays. The first path is
    renamed last: where it stands, the others stand too. An existing file's permissions are kept, and a
    symbolic link keeps pointing where it did.

    Raises
    ------
    OutputError
        With the path and the mend, when a path cannot be written.

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
    """Open a file for writing, of which the system need not keep in memory what is on the disk already.

    What is written goes to the disk at once, and its pages serve what comes next: on Linux from 6.14 on, if
    the file system supports it; elsewhere it is an ordinary file. Else a result takes as many new pages as
    it is long, and in a virtual machine a new one can cost many times what it costs to fill it.

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


#: Bytes that are written together.
_TOGETHER = 1 << 20
#: RWF_DONTCACHE of Linux's uapi/linux/fs.h; Python's `os` has no name for it before 3.15.
_DONT_CACHE = 0x80
_NOT_HERE = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)


class _Uncached(io.FileIO):
    """A file that is written past the cache, as long as the system takes it so."""

    _refused = not hasattr(os, "pwritev")

    def write(self, data: Any) -> int:
        """Write some of the bytes; how many."""
        if not self._refused:
            try:
                return os.pwritev(self.fileno(), [data], -1, _DONT_CACHE)  # -1: where the file stands
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
