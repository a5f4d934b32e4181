"""The results: frozen records for people and programs, and the one table of all their columns.

Every field carries its meaning and, where that is not obvious, how it is derived. `dedup.schemas` makes the
Arrow schemas from the fields in their order, and the formats make their keys and columns from these.
`dedup.report` says how each field is computed; if it omits a field, the import fails.

Scores are in [0, 1]. Spans are half-open and count characters of the article's text as it was given.
"""

from dedup.results.article import ArticleSummary
from dedup.results.columns import SCHEMA, Column, OverlapRelation, PassageRelation, VerdictKind
from dedup.results.overlap import AlignedPassages, Overlap
from dedup.results.run import ArticleReport, Report, Summary
from dedup.results.story import RelatedStory, Story
from dedup.results.supply import Credit, Part, Supplier
from dedup.results.verdict import SharedPassage, Verdict

__all__ = [
    "RECORDS",
    "SCHEMA",
    "AlignedPassages",
    "ArticleReport",
    "ArticleSummary",
    "Column",
    "Credit",
    "Overlap",
    "OverlapRelation",
    "Part",
    "PassageRelation",
    "RelatedStory",
    "Report",
    "SharedPassage",
    "Story",
    "Summary",
    "Supplier",
    "Verdict",
    "VerdictKind",
]

#: The records, by the `kind` of their JSON lines. A verdict is the field "dedup" in a line of `dedup filter`.
RECORDS: dict[str, type] = {
    "overlap": Overlap,
    "article": ArticleSummary,
    "story": Story,
    "summary": Summary,
    "verdict": Verdict,
}
