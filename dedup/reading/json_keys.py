"""The keys of JSON records: a table of those that hold fields, and how a kernel finds a key in it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.reading.flat import FlatNames
from dedup.reading.guesses import FIELDS
from dedup.reading.paths import canonical

#: Maximum number of bytes of a key that holds a field.
LONGEST_KEY = 40
#: The result of `key_as_before` for a key that is spelled differently.
OTHER_KEY = -2
# Keys are compared without case, underscores, hyphens and spaces; see `dedup.reading.paths.canonical`.
_IGNORED = (95, 45, 32)


class KeyTable(NamedTuple):
    """The keys to search for, in the form that the kernel takes; see `key_table`."""

    letters: NDArray[np.uint8]
    ends: NDArray[np.int64]
    of_length: NDArray[np.int64]
    uses: NDArray[np.int64]
    field: NDArray[np.int64]
    rank: NDArray[np.int64]


def key_table(names: FlatNames) -> KeyTable | None:
    """Arrange the names of all fields for the kernel; None if a name can only be written with escapes.

    Examples
    --------
    >>> from dedup.reading.flat import flat_names
    >>> key_table(flat_names({"text": ("Full_Body",)})).letters[:2].tobytes()
    b'an'
    """
    canonical_names = {field: [canonical(name) for name in names[field]] for field in FIELDS}
    keys = sorted({name.encode() for choices in canonical_names.values() for name in choices}, key=_by_length)
    if any(min(key, default=0) < 32 or b'"' in key or b"\\" in key or len(key) > LONGEST_KEY for key in keys):
        return None
    uses = [
        [
            (place, canonical_names[field].index(key.decode()))
            for place, field in enumerate(FIELDS)
            if key.decode() in canonical_names[field]
        ]
        for key in keys
    ]
    flat = np.array([use for of_key in uses for use in of_key], np.int64)
    return KeyTable(
        letters=np.frombuffer(b"".join(keys), np.uint8),
        ends=np.cumsum([0] + [len(key) for key in keys], dtype=np.int64),
        of_length=np.searchsorted([len(key) for key in keys], np.arange(LONGEST_KEY + 2)).astype(np.int64),
        uses=np.cumsum([0] + [len(of_key) for of_key in uses], dtype=np.int64),
        field=np.ascontiguousarray(flat[:, 0]),
        rank=np.ascontiguousarray(flat[:, 1]),
    )


def _by_length(key: bytes) -> tuple[int, bytes]:
    return len(key), key


@njit(nogil=True, cache=True)
def key_as_before(data: Any, start: int, end: int, before: Any) -> int:
    """Return the number of the last record's key at this place if it is spelled alike, else `OTHER_KEY`."""
    at = before[0]
    if before[1] - at != end - start or end == start:
        return OTHER_KEY
    for k in range(end - start):
        if data[at + k] != data[start + k]:
            return OTHER_KEY
    return int(before[2])


@njit(nogil=True, cache=True)
def key_number(data: Any, start: int, end: int, table: KeyTable, name: Any) -> int:
    """Return the number of the key in the table, or -1; `name` is room for its canonical letters."""
    length = 0
    for at in range(start, end):
        c = data[at]
        if c in _IGNORED:
            continue
        if length == LONGEST_KEY:
            return -1
        name[length] = c + 32 if 65 <= c <= 90 else c
        length += 1
    for key in range(table.of_length[length], table.of_length[length + 1]):
        begin = table.ends[key]
        if length and table.letters[begin] != name[0]:
            continue
        same = True
        for k in range(length):
            same &= table.letters[begin + k] == name[k]
        if same:
            return key
    return -1
