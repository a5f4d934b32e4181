"""The results as Arrow columns: the records of `dedup.results`, field by field.

Scores are float64 as they were computed; whoever writes them rounds (`SCORE_DIGITS`). Texts are strings,
times microseconds in UTC, and what may be absent is null.
"""

from __future__ import annotations

from dataclasses import fields

import pyarrow as pa

from dedup.results import AlignedPassages, ArticleSummary, Overlap, Story, Summary

#: Digits behind the point of every score that is written: as much as they mean.
SCORE_DIGITS = 4

_STRING, _WHOLE, _SCORE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_TYPES: dict[str, pa.DataType] = {
    "str": _STRING,
    "str | None": _STRING,
    "PassageRelation": _STRING,
    "OverlapRelation": _STRING,
    "int": _WHOLE,
    "float": _SCORE,
    "bool": _FLAG,
    "tuple[str, ...]": pa.list_(_STRING),
    "datetime | None": pa.timestamp("us", tz="UTC"),
}


def _schema(kind: type, **nested: pa.DataType) -> pa.Schema:
    return pa.schema(
        [pa.field(each.name, nested.get(each.name) or _TYPES[str(each.type)]) for each in fields(kind)]
    )


PASSAGE_SCHEMA = _schema(AlignedPassages)
OVERLAP_SCHEMA = _schema(Overlap, passages=pa.list_(pa.struct(list(PASSAGE_SCHEMA))))
ARTICLE_SCHEMA = _schema(ArticleSummary)
STORY_SCHEMA = _schema(Story)
SUMMARY_SCHEMA = _schema(Summary)
