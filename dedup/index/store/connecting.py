"""Connections to an SQLite file, even if nothing can be written beside it."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path

#: SQLite's error when it cannot create the files of the write-ahead log.
_NO_ROOM = ("unable to open", "disk I/O", "readonly", "full", "attempt to write")


def connected(path: Path | str, wait: float, *, uri: bool = False) -> sqlite3.Connection:
    """Return a connection that waits `wait` seconds for another writer, and may be used by any thread."""
    return sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False, uri=uri)


def identity(path: Path) -> tuple[int, int] | None:
    """Return values that distinguish a file from one that replaces it; None if there is no file."""
    try:
        said = path.stat()
    except OSError:
        return None
    return said.st_dev, said.st_ino


def read_only(
    path: Path, wait: float, error: sqlite3.OperationalError
) -> tuple[sqlite3.Connection, tempfile.TemporaryDirectory[str] | None] | None:
    """Connect without the permission or room to write beside the file; None if `error` has another cause.

    The write-ahead log needs files of its own. If they cannot be created, as on a full disk or one that is
    mounted read-only, the file is read alone if the log is empty, or else a copy of both.

    Returns
    -------
    connection
    directory or None
        The directory of the copy, to be removed with the connection.
    """
    if not path.is_file() or not any(sign in str(error) for sign in _NO_ROOM):
        return None
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return connected(f"{path.resolve().as_uri()}?mode=ro&immutable=1", wait, uri=True), None
    copy = tempfile.TemporaryDirectory(prefix="dedup-", ignore_cleanup_errors=True)
    for each in (path, log):
        shutil.copyfile(each, Path(copy.name, each.name))
    return connected(Path(copy.name, path.name), wait), copy
