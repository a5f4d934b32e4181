"""Fields of schema 2 that have no source yet: agreed, documented, and not printed.

Whoever can compute one moves its line into the record, at the place that `after` names, and enters its
derivation in `dedup.report`. A record that has no class yet (credit, supplier, part, related) becomes one in
`dedup.results` then.
"""

from __future__ import annotations

from typing import NamedTuple


class Planned(NamedTuple):
    """A field to come: its record, its name, its type as documents write it, its meaning, and its place."""

    record: str
    name: str
    type: str
    meaning: str
    after: str | None


PLANNED = (
    Planned("passage", "agencies", "[str]", "Agencies that a credit names for this passage.", "quoted_words"),
)
