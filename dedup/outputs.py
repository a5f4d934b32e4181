"""Writing beside and renaming into place, so that no output is ever half-written."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

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
