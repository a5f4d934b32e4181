"""Short keys of articles for addresses: ids may be addresses themselves, with slashes."""

from __future__ import annotations

import hashlib
import threading

import numpy as np
from numpy.typing import NDArray

from dedup.index.index import Index


def key_of(id: str) -> str:  # noqa: A002 - the field's name
    """Return the key of an article or a story.

    Examples
    --------
    >>> key_of("https://a.example/news/1")
    '0255a70a6060ad42'
    """
    return hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Keys:
    """Maps keys to ids: the sorted digests of all known ids, with the articles' numbers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._numbers: NDArray[np.int64] = np.zeros(0, np.int64)
        self._last = 0

    def id_of(self, key: str, index: Index) -> str | None:
        """Return the id of a stored article; None if no article has the key."""
        try:
            wanted = np.uint64(int(key, 16)) if len(key) == 16 else None
        except ValueError:
            return None
        if wanted is None:
            return None
        catalogue = index.state.catalogue
        with self._lock:
            self._see(index)
            low, high = (
                np.searchsorted(self._keys, wanted, "left"),
                np.searchsorted(self._keys, wanted, "right"),
            )
            numbers = self._numbers[low:high].tolist()
        # If an id was removed and stored again, its last number is the valid one.
        for number in reversed(numbers):
            id_ = catalogue.one("SELECT id FROM article WHERE number = ?", [number])
            if id_ is not None and key_of(id_) == key:
                return str(id_)
        return None

    def _see(self, index: Index) -> None:
        """Add the articles stored since the last call."""
        rows = index.state.catalogue.run(
            "SELECT number, id FROM article WHERE number > ? ORDER BY number", [self._last]
        ).fetchall()
        if not rows:
            return
        new = np.array([int(key_of(id_), 16) for _, id_ in rows], np.uint64)
        keys = np.concatenate([self._keys, new])
        numbers = np.concatenate([self._numbers, [number for number, _ in rows]]).astype(np.int64)
        order = np.argsort(keys, kind="stable")
        self._keys, self._numbers, self._last = keys[order], numbers[order], int(rows[-1][0])
