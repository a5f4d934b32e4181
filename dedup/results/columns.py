"""The documentation that a field of a record carries."""

from __future__ import annotations

from typing import Literal, NamedTuple

#: The version of the records, in every summary. Within a version fields are added, but none changes its
#: meaning.
SCHEMA = 2

PassageRelation = Literal["furniture", "template", "quotation", "verbatim", "edited"]
OverlapRelation = Literal["furniture", "template", "quotation", "copy", "excerpt", "partial"]
VerdictKind = Literal["original", "copy", "excerpt", "partial", "quotation", "template"]


class Column(NamedTuple):
    """What a field of a record means, and how it is derived where that is not obvious.

    A field is written ``name: Annotated[type, Column("Meaning.", "How it is derived.")]``. The types are
    those of `dedup.schemas`: str, int, float (a score), bool, datetime, Literal, each with ``| None``, and
    tuples of str, of records, or of tuples of int.
    """

    meaning: str
    derived: str = ""
