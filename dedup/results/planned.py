"""Fields of schema 2 that have no data source yet: agreed and documented, but not printed.

To add one, move its line into the record, at the place that `after` names, and enter its derivation in
`dedup.report`. A record without a class (credit, supplier, part, related) then becomes one in
`dedup.results`.
"""

from __future__ import annotations

from typing import NamedTuple


class Planned(NamedTuple):
    """A future field: its record, its name, its type as documents write it, its meaning, and its place."""

    record: str
    name: str
    type: str
    meaning: str
    after: str | None


PLANNED = (
    Planned("passage", "agencies", "[str]", "Agencies that a credit names for this passage.", "quoted_words"),
)
