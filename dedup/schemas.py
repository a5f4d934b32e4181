"""The results as Arrow columns: the records of `dedup.results`, field by field.

Scores are float64 as they were computed; writers round them (`SCORE_DIGITS`). Texts are strings, times are
microseconds in UTC, and missing values are null.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from dedup.results import AlignedPassages, ArticleSummary, Column, Overlap, Story, Summary

#: Number of decimals with which every score is written; more would not be significant.
SCORE_DIGITS = 4

_PLAIN: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}


class Field(NamedTuple):
    """A field of a record, as all formats see it.

    Attributes
    ----------
    kind : type
        Type of the values that are not null; for a list, of its items; for a record, its class.
    many : bool
        Whether the field is a list.
    nullable : bool
    choices : tuple of str
        All allowed values, if they are limited.
    arrow : pyarrow.DataType
    """

    name: str
    meaning: str
    derived: str
    kind: Any
    many: bool
    nullable: bool
    choices: tuple[str, ...]
    arrow: pa.DataType

    @property
    def nested(self) -> bool:
        """Whether the field contains records."""
        return is_dataclass(self.kind)


def fields_of(record: type) -> tuple[Field, ...]:
    """Return the fields of a record in the order of the formats.

    Raises
    ------
    TypeError
        A field has no `Column`, or a type that the formats do not support.

    Examples
    --------
    >>> [field.name for field in fields_of(Story)][:3]
    ['id', 'articles', 'sources']
    """
    return _fields_of(record)


@cache
def _fields_of(record: type) -> tuple[Field, ...]:
    hints = get_type_hints(record, include_extras=True)
    return tuple(_field(record, each.name, hints[each.name]) for each in fields(record))


def schema_of(record: type) -> pa.Schema:
    """Return the Arrow schema of a record."""
    return pa.schema([pa.field(field.name, field.arrow) for field in fields_of(record)])


def _field(record: type, name: str, hint: Any) -> Field:
    arguments = get_args(hint)
    if get_origin(hint) is not Annotated or not isinstance(arguments[1], Column):
        raise TypeError(f"{record.__name__}.{name} has no Column; annotate it with one")
    kind, nullable, many, choices = arguments[0], False, False, ()
    if get_origin(kind) in (UnionType, Union):  # the latter for a Literal
        (kind,), nullable = [each for each in get_args(kind) if each is not NoneType], True
    if get_origin(kind) is Literal:
        kind, choices = str, get_args(kind)
    if get_origin(kind) is tuple and get_args(kind)[1:] == (...,):
        kind, many = get_args(kind)[0], True
    try:
        arrow = _arrow(kind)
    except KeyError as error:
        raise TypeError(f"{record.__name__}.{name} has a type that no format writes: {kind}") from error
    column = arguments[1]
    return Field(
        name=name,
        meaning=column.meaning,
        derived=column.derived,
        kind=kind,
        many=many,
        nullable=nullable,
        choices=choices,
        arrow=pa.list_(arrow) if many else arrow,
    )


def _arrow(kind: Any) -> pa.DataType:
    if is_dataclass(kind):
        return pa.struct(list(schema_of(kind)))  # type: ignore[arg-type]
    if get_origin(kind) is tuple:  # of whole numbers, such as a span
        return pa.list_(_arrow(get_args(kind)[0]))
    return _PLAIN[kind]


PASSAGE_SCHEMA = schema_of(AlignedPassages)
OVERLAP_SCHEMA = schema_of(Overlap)
ARTICLE_SCHEMA = schema_of(ArticleSummary)
STORY_SCHEMA = schema_of(Story)
SUMMARY_SCHEMA = schema_of(Summary)
