"""Directories for one run: marked as in use while it lasts, so that those of runs that were killed can go."""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import shutil
import tempfile
from io import FileIO
from pathlib import Path

_PREFIX = "dedup-scratch-"
#: With the machine's name: the locks of another, on a disk that both use, may not be seen from here.
_MARK = f"in-use.{platform.node()}"


def make_directory(parent: Path | None) -> tuple[Path, FileIO | None]:
    """A new directory, and the file whose lock says that it is in use: it must stay open as long.

    Those beside it go whose runs have ended without clearing away: killed, or with the machine. Where files
    cannot be locked there is no such file, and nothing goes.

    Raises
    ------
    OSError
        No directory can be made there.
    """
    place = Path(parent or tempfile.gettempdir())
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    mark = _locked(path / f"{_MARK}.new")
    if mark is not None:
        # Under its name only once it is locked: no other run ever finds it free.
        (path / f"{_MARK}.new").rename(path / _MARK)
        _sweep(place)
    return path, mark


def _locked(path: Path) -> FileIO | None:
    """The file opened and locked; None if another holds it, or it cannot be opened or locked."""
    try:
        file = path.open("ab", buffering=0)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _sweep(place: Path) -> None:
    """Remove the directories that this machine has marked and that nobody uses."""
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            mark = Path(entry.path, _MARK)
            if entry.name.startswith(_PREFIX) and mark.exists() and (left := _locked(mark)) is not None:
                with left:
                    shutil.rmtree(entry.path, ignore_errors=True)
