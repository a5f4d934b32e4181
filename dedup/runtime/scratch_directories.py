"""Directories for one run, locked while it lasts, so that those of killed runs can be removed."""

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
#: Contains the machine's name, because locks of another machine on a shared disk may be invisible here.
_MARK = f"in-use.{platform.node()}"


def make_directory(parent: Path | None) -> tuple[Path, FileIO | None]:
    """Return a new directory, and the open file whose lock marks it as in use.

    Directories beside it whose runs ended without cleaning up are removed. Where files cannot be locked, the
    file is None and nothing is removed.

    Raises
    ------
    OSError
        No directory can be made there.
    """
    place = Path(parent or tempfile.gettempdir())
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    mark = _locked(path / f"{_MARK}.new")
    if mark is not None:
        # Renamed only once it is locked, so that no other run ever finds it unlocked.
        (path / f"{_MARK}.new").rename(path / _MARK)
        _sweep(place)
    return path, mark


def _locked(path: Path) -> FileIO | None:
    """Open and lock the file; return None if another process holds it, or it cannot be opened or locked."""
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
    """Remove the directories that this machine has marked and that no process uses."""
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            mark = Path(entry.path, _MARK)
            if entry.name.startswith(_PREFIX) and mark.exists() and (left := _locked(mark)) is not None:
                with left:
                    shutil.rmtree(entry.path, ignore_errors=True)
