"""The verdicts that a filter has given, in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dedup.index.store.catalogue import Catalogue
from dedup.index.store.row_sums import compared, row_sum


class VerdictRow(NamedTuple):
    """The verdict on an article.

    Attributes
    ----------
    number : int
        The number of the article.
    verdict : bytes
        As JSON; empty for an article that repeats nothing and passes.
    policy : str
        The policy that was asked for.
    kept : int
        0 or 1.
    """

    number: int
    verdict: bytes
    policy: str
    kept: int


def verdict_rows(catalogue: Catalogue, numbers: Sequence[int]) -> list[VerdictRow]:
    """Return the stored verdicts on these articles.

    Raises
    ------
    IndexStoreError
        A row has changed since it was written.
    """
    rows = catalogue.among(
        "SELECT number, verdict, policy, kept, sum FROM verdict WHERE number IN (?)", numbers
    )
    for *row, total in rows:
        compared(catalogue, "verdict", total, *row)
    return [VerdictRow(*row[:4]) for row in rows]


def keep_verdicts(catalogue: Catalogue, rows: Iterable[VerdictRow]) -> None:
    """Store verdicts, replacing earlier ones."""
    catalogue.run_many(
        "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)", ([*row, row_sum(*row)] for row in rows)
    )
