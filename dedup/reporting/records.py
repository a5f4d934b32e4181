"""Results as plain records: the names, order, rounding and times that all formats have in common.

The keys are the fields of the dataclasses in `dedup.results`, in their order. Scores are rounded to four
digits, which are all significant and read back as the same number. Times are in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.schemas import SCORE_DIGITS, Field, fields_of

Record = dict[str, Any]
_PARTS = 10.0**SCORE_DIGITS

Score = TypeVar("Score", float, NDArray[np.float64])


def rounded(score: Score) -> Score:
    """Round a score, or a column of scores, for writing.

    Examples
    --------
    >>> rounded(1 / 3)
    0.3333
    """
    if isinstance(score, np.ndarray):
        return np.rint(score * _PARTS) / _PARTS
    return round(score * _PARTS) / _PARTS


def utc(moment: datetime | None) -> datetime | None:
    """Move a time to UTC; a time without a zone counts as UTC already."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def record_of(item: object) -> Record:
    """Convert one of the records of `dedup.results` to a dict, and nested records to dicts too.

    Examples
    --------
    >>> from dedup.results import SharedPassage
    >>> record_of(SharedPassage(start=0, end=5, other="a", other_start=3, other_end=8, relation="verbatim",
    ...                         similarity=2 / 3, words=1))["similarity"]
    0.6667
    """
    kind: type = type(item)
    names, changed = _plan(kind)
    record = dict(zip(names, attrgetter(*names)(item), strict=True))
    for name, change in changed:
        record[name] = change(record[name])
    return record


@cache
def _plan(kind: type) -> tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """Return the names of a record's fields, and functions that convert the values of some for writing."""
    fields = fields_of(kind)
    changed = [(field.name, _change(field)) for field in fields]
    return tuple(field.name for field in fields), tuple((name, each) for name, each in changed if each)


def _change(field: Field) -> Callable[[Any], Any] | None:
    one: Callable[[Any], Any] | None = record_of if field.nested else _CHANGES.get(field.kind)
    if one is None:
        return None
    change = partial(_each, one) if field.many else one
    return partial(_unless_none, change) if field.nullable else change


_CHANGES: dict[Any, Callable[[Any], Any]] = {float: rounded, datetime: utc}


def _each(change: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    return [change(item) for item in items]


def _unless_none(change: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else change(value)
