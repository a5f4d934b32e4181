"""Results as CSV cells, which a spreadsheet takes as the text that they are.

One value takes one cell. A missing value is empty, a flag is ``true`` or ``false``, a time is ISO 8601 in UTC
with a ``Z``, a span is ``start-end``, and the items of a list are joined by ``; ``. Records and lists within
lists have no column; JSON lines and Parquet contain them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_origin

from dedup.reporting.records import record_of
from dedup.schemas import Field, fields_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SEPARATOR = "; "


def guarded(text: str) -> str:
    """Return the text, after an apostrophe if a spreadsheet would take it for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Harbour Post")
    ("'=1+1", 'Harbour Post')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def cell_names(record: type) -> tuple[str, ...]:
    """Name the fields of a record that have a column.

    Examples
    --------
    >>> from dedup.results import Overlap
    >>> cell_names(Overlap)[:4]
    ('a', 'b', 'a_source', 'b_source')
    """
    return _plan(record)[0]


def cells_of(item: object) -> list[Any]:
    """Return the cells of one of the records of `dedup.results`, in the order of `cell_names`.

    Examples
    --------
    >>> from dedup.results import Story
    >>> cells_of(Story(id="-7", articles=("-7", "8"), sources=2, origin="8", origin_reason="its date",
    ...                first_published=None))[:6]
    ["'-7", "'-7; 8", 2, '8', None, 'its date']
    """
    kind: type = type(item)
    names, changed = _plan(kind)
    record = record_of(item)
    cells = [record[name] for name in names]
    for place, change in changed:
        if cells[place] is not None:
            cells[place] = change(cells[place])
    return cells


@cache
def _plan(record: type) -> tuple[tuple[str, ...], tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """Return the fields that have a column, and the functions that convert the values of some to cells."""
    shown = [field for field in fields_of(record) if _has_column(field)]
    changes = [(place, _change(field)) for place, field in enumerate(shown)]
    return tuple(field.name for field in shown), tuple((place, each) for place, each in changes if each)


def _has_column(field: Field) -> bool:
    return not field.nested and (get_origin(field.kind) is not tuple or _is_span(field))


def _is_span(field: Field) -> bool:
    return get_args(field.kind) == (int, int)


def _change(field: Field) -> Callable[[Any], Any] | None:
    one = _span if _is_span(field) else _ONE.get(field.kind)
    if not field.many:
        return one
    item = str if one in (None, guarded) else one
    return lambda items: guarded(_SEPARATOR.join(map(item, items)))


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]}-{span[1]}"


def _flag(flag: bool) -> str:
    return "true" if flag else "false"


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_ONE: dict[Any, Callable[[Any], Any]] = {str: guarded, bool: _flag, datetime: _time}
