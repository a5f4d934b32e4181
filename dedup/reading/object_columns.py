"""Python values to a column of strings: what a field of an article may hold, row by row."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

from dedup.errors import FieldError
from dedup.reading.values import field_value

_WANTED = {
    "id": "a string, a whole number or a UUID",
    "text": "a string, or a list of strings",
    "published": "a time, a date or a string of one",
}


def strings_of(name: str, values: Sequence[Any], first: int) -> pa.StringArray:
    """Convert values of one field to strings; None, NaN and pandas' NA become null.

    Parameters
    ----------
    name : str
        The field's name.
    values : sequence
    first : int
        The number of the first row, for messages.

    Raises
    ------
    FieldError
        A value is invalid for the field, or has a character that UTF-8 cannot encode.

    Examples
    --------
    >>> strings_of("id", ["a", 7, None], 0).to_pylist()
    ['a', '7', None]
    """
    read = [
        value if type(value) is str else _string(name, value, first + row) for row, value in enumerate(values)
    ]
    try:
        return pa.array(read, pa.string())
    except UnicodeEncodeError as error:
        for row, text in enumerate(read):
            try:
                (text or "").encode()
            except UnicodeEncodeError as found:
                raise FieldError(
                    f"column {name!r} in row {first + row} has the lone surrogate "
                    f"{text[found.start] if text else ''!r} at place {found.start}; take it out"
                ) from error
        raise


def _string(name: str, value: Any, row: int) -> str | None:
    if is_missing(value):
        return None
    if isinstance(value, str):
        return str(value)
    if name != "text" and not isinstance(value, bool):
        if name != "published" and isinstance(value, UUID):
            return str(value)
        whole = isinstance(value, Decimal) and value == value.to_integral_value()
        if whole or isinstance(value, numbers.Integral):
            value = int(value)
    if name in ("id", "source") and isinstance(value, float) and not value.is_integer():
        raise _wrong(name, value, row)
    found = None
    if isinstance(value, tuple) or type(value).__name__ == "ndarray":
        value = list(value)
    if not (isinstance(value, list) and name == "id") and not isinstance(value, bytes | bytearray):
        found = field_value(name, value)
    if found is None:
        raise _wrong(name, value, row)
    return found


def is_missing(value: Any) -> bool:
    """Whether a value means that there is none: None, NaN, pandas' NA and NaT, NumPy's NaT."""
    if value is None:
        return True
    if isinstance(value, str | list | dict | tuple):
        return False
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False


def _wrong(name: str, value: Any, row: int) -> FieldError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    wanted = _WANTED.get(name, "a string")
    return FieldError(
        f"column {name!r} in row {row} is {shown} ({type(value).__name__}); it must be {wanted}"
    )
