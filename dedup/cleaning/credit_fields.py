"""Credits in fields beside the text: the credit lines, copyright notices and terms that feeds supply."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from dedup.cleaning.agencies import Kind
from dedup.cleaning.credit_names import sign_names

#: Longer values are texts, not credits.
_LONGEST = 1000


class FieldCredit(NamedTuple):
    """A supplier that a field names, and its place in the field's value."""

    row: int
    name: str
    kind: Kind
    start: int
    end: int


def field_credits(lines: pa.StringArray) -> Iterator[FieldCredit]:
    """Yield the suppliers that the fields of articles name, each once per article.

    Parameters
    ----------
    lines : pyarrow.StringArray
        For each article the values of its fields, one per line; null if it has none.

    Examples
    --------
    >>> [(one.row, one.name) for one in field_credits(pa.array([None, "AP\\nCopyright 2026 The Post"]))]
    [(1, 'AP')]
    """
    if lines.null_count == len(lines):
        return
    for row in np.flatnonzero(lines.is_valid().to_numpy(zero_copy_only=False)).tolist():
        for name, kind, start, end in _named(lines[row].as_py()[:_LONGEST]):
            yield FieldCredit(row, name, kind, start, end)


@lru_cache(maxsize=1 << 12)
def _named(value: str) -> tuple[tuple[str, Kind, int, int], ...]:
    signed = sign_names(value)
    found: dict[str, tuple[str, Kind, int, int]] = {}
    for name, (_, start, end) in zip(signed.names, signed.places, strict=True):
        if name.supplier is not None:
            found.setdefault(name.supplier, (name.supplier, name.kind, start, end))
    return tuple(found.values())
