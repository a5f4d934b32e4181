"""Checksums of the catalogue's rows: what a row says is compared with its checksum before it is believed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.errors import IndexStoreError
from dedup.index.store.block_sums import REBUILD

if TYPE_CHECKING:
    from dedup.index.store.catalogue import Catalogue

#: The setting that keeps how many rows of articles there are, and what their checksums come to together.
ARTICLES = "articles"


def row_sum(*values: int | str | bytes | None) -> int:
    """The CRC-32 of a row's values; a change of up to 32 bits beside each other is always found.

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
    """Raise `IndexStoreError` where a row of a table is not as it was written."""
    if said != row_sum(*values):
        raise IndexStoreError(
            f"{catalogue.folder}: a row of the catalogue's table {table!r} ({values[0]!r}) is not as it was "
            f"written; {REBUILD}"
        )


def count_in(catalogue: Catalogue, sums: Sequence[int], *, sign: int = 1) -> None:
    """Enter that rows of articles came, or with the sign -1 that they went."""
    count, total = counted(catalogue)
    for each in sums:
        total ^= each
    catalogue.set(ARTICLES, f"{count + sign * len(sums)} {total}")


def counted(catalogue: Catalogue) -> tuple[int, int]:
    """How many rows of articles there must be, and the exclusive or of their checksums."""
    said = catalogue.one("SELECT value FROM setting WHERE name = ?", [ARTICLES]) or "0 0"
    try:
        count, total = map(int, said.split())
    except ValueError as error:
        raise IndexStoreError(
            f"{catalogue.folder}: the catalogue does not say how many articles it holds; {REBUILD}"
        ) from error
    return count, total


def check_rows(catalogue: Catalogue) -> None:
    """Look through the whole catalogue, before much is read of it or it is written anew.

    Raises
    ------
    IndexStoreError
        A page of SQLite is damaged, or a row of an article is not as it was written.
    """
    said = [one for (one,) in catalogue.run("PRAGMA quick_check").fetchall() if one != "ok"]
    problem = next(iter([*said, *damaged_rows(catalogue)]), None)
    if problem is not None:
        raise IndexStoreError(f"{catalogue.folder}: {problem}; {REBUILD}")


def damaged_rows(catalogue: Catalogue) -> list[str]:
    """What is wrong with the rows of articles, all of which are read."""
    count, total = 0, 0
    said: list[str] = []
    for number, name, source, published, digest, own in catalogue.run(
        "SELECT number, id, source, published, digest, sum FROM article"
    ):
        count += 1
        total ^= own or 0
        if own != row_sum(number, name, source, published, digest) and len(said) < 10:
            said.append(f"the row of the article {name!r} (number {number}) is not as it was written")
    if not said and (count, total) != counted(catalogue):
        said.append(f"the catalogue has {count:,} rows of articles, and not those that were entered")
    return said
