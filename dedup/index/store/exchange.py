"""Puts one directory in the place of another, in one step if the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from dedup.errors import IndexStoreError

#: For Linux' renameat2(2): paths are relative to the working directory, and both names are exchanged.
_HERE, _EXCHANGE = -100, 2


def exchange(new: Path, old: Path, kept: Path) -> None:
    """Give a directory the name of another, which gets a third name.

    If the system can exchange two names, the name of the old directory always leads to one of the two.
    Otherwise it leads nowhere for a moment; `complete_exchange` finishes an interrupted exchange.

    Parameters
    ----------
    new, old, kept : Path
        In one directory; the name `kept` is unused.

    Raises
    ------
    IndexStoreError
        They cannot be renamed; then `old` is unchanged.
    """
    try:
        if _exchanged(new, old):
            new.rename(kept)
        else:
            old.rename(kept)
            new.rename(old)
        _sync(old.parent)
    except OSError as error:
        raise IndexStoreError(
            f"{new} cannot take the place of {old} ({error.strerror or error}); rename it by hand"
        ) from error


def complete_exchange(new: Path, old: Path) -> None:
    """Finish an exchange that stopped when the old directory had its third name: the new one is complete."""
    moved = any(path.name.startswith(f"{old.name}.old") for path in old.parent.iterdir())
    if moved and not old.exists() and new.is_dir():
        new.rename(old)
        _sync(old.parent)


def _exchanged(one: Path, two: Path) -> bool:
    """Exchange two names in one step; return False if the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(two), _EXCHANGE) == 0)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
