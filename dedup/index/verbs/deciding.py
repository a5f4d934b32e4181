"""The editors' decisions, in the catalogue: a log to which is only added."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dedup.decisions.record import Decision, decision_of
from dedup.index.store.catalogue import Catalogue

#: The step of the schema that made the table.
_SINCE_VERSION = 2


def log_decisions(catalogue: Catalogue, decisions: Sequence[Decision]) -> int:
    """Add decisions within a transaction; those whose id is there already are passed over.

    Returns
    -------
    int
        How many were added.
    """
    catalogue.migrate()
    known = {
        each
        for (each,) in catalogue.among(
            "SELECT id FROM decision WHERE id IN (?)", [each.id for each in decisions]
        )
    }
    new = {each.id: each for each in decisions if each.id not in known}
    catalogue.run_many(
        "INSERT INTO decision (id, record) VALUES (?, ?)",
        ([each.id, json.dumps(each.record(), ensure_ascii=False)] for each in new.values()),
    )
    return len(new)


def logged_decisions(catalogue: Catalogue) -> list[Decision]:
    """All decisions, in the order in which they came."""
    if catalogue.version < _SINCE_VERSION:
        return []
    rows = catalogue.run("SELECT record FROM decision ORDER BY number").fetchall()
    return [decision_of(json.loads(record)) for (record,) in rows]
