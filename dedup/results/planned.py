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
    Planned("passage", "moved", "bool", "Whether it crosses another passage of the pair.", "agencies"),
    Planned(
        "passage",
        "pieces",
        "[[a_start, a_end, b_start, b_end]]",
        "The exact runs it was joined from; one, equal to the span, if nothing was joined.",
        "moved",
    ),
    Planned(
        "passage", "a_readable", "str | null", "The span as text, where a is HTML or Markdown.", "b_text"
    ),
    Planned(
        "passage", "b_readable", "str | null", "The span as text, where b is HTML or Markdown.", "a_readable"
    ),
    Planned(
        "story", "origin_agency", "str | null", "The agency, where its own article is not here.", "origin"
    ),
    Planned(
        "story",
        "first_precision",
        "PRECISION | null",
        "How exactly the first date is known.",
        "first_published",
    ),
    Planned("story", "core_words", "int", "Words that all versions share.", "first"),
    Planned("summary", "only_furniture", "int", "Articles that are nothing but furniture.", "skipped"),
    Planned("summary", "related", "int", "Pairs of related stories.", "stories"),
    Planned("verdict", "suppliers", "[supplier]", "Who supplied how much of it.", "agency"),
)
