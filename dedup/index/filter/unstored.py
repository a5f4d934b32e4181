"""An index that a filter may write to without changing the given one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from dedup.index.index import Index
from dedup.index.store.files import Files


def copied_beside(index: Index) -> tuple[Index, Callable[[], None]]:
    """Return a copy of an index in the system's temporary directory, and a function that removes it."""
    folder = tempfile.TemporaryDirectory(prefix="dedup-", ignore_cleanup_errors=True)
    place = Path(folder.name) / "seen"
    index.backup(place, linked=True)
    outlets = index.state.terms.outlets
    copy = Index(place, threads=index.threads, files=Files(durable=False), outlets=outlets)

    def remove() -> None:
        copy.close()
        folder.cleanup()

    return copy, remove
