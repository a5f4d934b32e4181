"""Checksums of the catalogue's rows, verified before a row is trusted."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.errors import IndexStoreError
from dedup.index.store.block_sums import REBUILD

if TYPE_CHECKING:
    from dedup.index.store.catalogue import Catalogue

#: The columns of each table that a row's checksum covers.
SUMMED = {
    "article": ("number", "id", "source", "published", "digest"),
    "source": ("number", "name"),
    "removed": ("number",),
    "verdict": ("number", "verdict", "policy", "kept"),
    "decision": ("number", "id", "record"),
}
#: The tables whose rows are also counted, so that none can be lost. The setting of this name stores the
#: number of rows and the combination of their checksums.
COUNTED = {"article": "articles", "decision": "decisions"}
#: Maximum number of damaged rows of a table that are named.
_MOST_SAID = 10


def row_sum(*values: int | str | bytes | None) -> int:
    """Return the CRC-32 of a row's values; a change of up to 32 adjacent bits is always detected.

    Examples
    --------
    >>> row_sum(1, "a", None) == row_sum(1, "a", None), row_sum(12, "3") == row_sum(1, "23")
    (True, False)
    """
    total = 0
    for value in values:
        data = value if isinstance(value, bytes) else repr(value).encode()
        total = zlib.crc32(data, zlib.crc32(f"{type(value).__name__}{len(data)};".encode(), total))
    return total


def compared(catalogue: Catalogue, table: str, said: int | None, *values: int | str | bytes | None) -> None:
    """Raise `IndexStoreError` if a row of a table has changed since it was written."""
    if said != row_sum(*values):
        raise IndexStoreError(
            f"{catalogue.folder}: a row of the catalogue's table {table!r} ({values[0]!r}) is not as it was "
            f"written; {REBUILD}"
        )


def count_in(catalogue: Catalogue, table: str, sums: Sequence[int], *, sign: int = 1) -> None:
    """Record that rows of a table were added or, with the sign -1, removed."""
    count, total = counted(catalogue, table)
    for each in sums:
        total ^= each
    catalogue.set(COUNTED[table], f"{count + sign * len(sums)} {total}")


def counted(catalogue: Catalogue, table: str) -> tuple[int, int]:
    """Return how many rows the table must have, and the exclusive or of their checksums."""
    said = catalogue.one("SELECT value FROM setting WHERE name = ?", [COUNTED[table]]) or "0 0"
    try:
        count, total = map(int, said.split())
    except ValueError as error:
        raise IndexStoreError(
            f"{catalogue.folder}: the catalogue does not say how many {COUNTED[table]} it holds; {REBUILD}"
        ) from error
    return count, total


def check_rows(catalogue: Catalogue) -> None:
    """Check the whole catalogue, before much of it is read or it is rewritten.

    Raises
    ------
    IndexStoreError
        A page of SQLite is damaged, or a row has changed since it was written.
    """
    said = [one for (one,) in catalogue.run("PRAGMA quick_check").fetchall() if one != "ok"]
    problem = next(iter([*said, *damaged_rows(catalogue)]), None)
    if problem is not None:
        raise IndexStoreError(f"{catalogue.folder}: {problem}; {REBUILD}")


def damaged_rows(catalogue: Catalogue) -> list[str]:
    """Return what is wrong with the rows that carry a checksum, all of which are read."""
    return [said for table, columns in SUMMED.items() for said in _damaged(catalogue, table, columns)]


def _damaged(catalogue: Catalogue, table: str, columns: Sequence[str]) -> list[str]:
    count, total = 0, 0
    said: list[str] = []
    for *row, own in catalogue.run(f"SELECT {', '.join(columns)}, sum FROM {table}"):
        count += 1
        total ^= own or 0
        if own != row_sum(*row) and len(said) < _MOST_SAID:
            name = f"{row[1]!r} (number {row[0]})" if "id" in columns else f"number {row[0]}"
            said.append(f"the row {name} of the table {table!r} is not as it was written")
    if table in COUNTED and not said and (count, total) != counted(catalogue, table):
        said.append(f"the table {table!r} has {count:,} rows, and not those that were entered")
    return said
