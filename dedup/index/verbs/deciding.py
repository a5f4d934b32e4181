"""The editors' decisions, in the catalogue: an append-only log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from dedup.decisions.record import Decision, decision_of
from dedup.errors import IndexStoreError
from dedup.index.store.block_sums import REBUILD
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.row_sums import compared, count_in, counted, row_sum


def log_decisions(catalogue: Catalogue, decisions: Sequence[Decision]) -> int:
    """Add decisions within a transaction; those whose id is already logged are skipped.

    Returns
    -------
    int
        Number of decisions that were added.
    """
    return log_records(
        catalogue, {each.id: json.dumps(each.record(), ensure_ascii=False) for each in decisions}
    )


def log_records(catalogue: Catalogue, records: Mapping[str, str]) -> int:
    """Add decisions in their stored form, keyed by their ids; see `log_decisions`."""
    known = {each for (each,) in catalogue.among("SELECT id FROM decision WHERE id IN (?)", list(records))}
    first = int(catalogue.one("SELECT coalesce(max(number), 0) FROM decision")) + 1
    new = [(name, record) for name, record in records.items() if name not in known]
    rows = [(first + row, *each) for row, each in enumerate(new)]
    sums = [row_sum(*row) for row in rows]
    catalogue.run_many(
        "INSERT INTO decision VALUES (?, ?, ?, ?)",
        ([*row, each] for row, each in zip(rows, sums, strict=True)),
    )
    count_in(catalogue, "decision", sums)
    return len(rows)


def logged_decisions(catalogue: Catalogue) -> list[Decision]:
    """Return all decisions, in the order of arrival.

    Raises
    ------
    IndexStoreError
        A decision has changed since it was logged, or one is missing.
    """
    rows = catalogue.run("SELECT number, id, record, sum FROM decision ORDER BY number").fetchall()
    for *row, total in rows:
        compared(catalogue, "decision", total, *row)
    if len(rows) != counted(catalogue, "decision")[0]:
        raise IndexStoreError(f"{catalogue.folder} has lost some of its editors' decisions; {REBUILD}")
    return [decision_of(json.loads(record)) for _, _, record, _ in rows]
