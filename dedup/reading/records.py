"""What a format's module returns: columns as they were found, each row's place, and the faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.errors import InputError

#: A pyarrow.Array; the stubs of pyarrow know too few overloads of its compute functions for a closer type.
Column: TypeAlias = Any

#: A record as it was given: its fields, or its characters if it could not be parsed.
Original = str | Mapping[str, Any]

#: Approximate number of bytes of an input that are read and parsed at a time.
BLOCK_BYTES = 8 << 20


class Fault(NamedTuple):
    """One article or file that was not read, and the reason."""

    error: InputError
    record: Original | None = None


@dataclass(slots=True)
class Records:
    """A run of records of one file (or of many text files) before they are checked.

    Attributes
    ----------
    files : sequence of str
        The file names, one per row, or a single one for all rows.
    lines : ndarray of shape (n_rows,), dtype int64, or None
        The line (or row) where each record starts, from 1, ascending; None for text files.
    columns : dict of str to pyarrow.Array or None
        One per field of an article. All are strings, but `published` may have any type that represents a
        time.
    faults : list of Fault
        Records that could not even be parsed; they are not rows.
    original : callable, optional
        Returns row i as the file has it; without it, the row is composed from the columns.
    stem : str
        The base of the id for a record without one: ``stem:line``.
    without_sources : bool
        Whether the list of inputs has said already that no source is named.
    """

    files: Sequence[str]
    lines: NDArray[np.int64] | None
    columns: dict[str, Column | None]
    faults: list[Fault] = field(default_factory=list)
    original: Callable[[int], Original] | None = None
    stem: str = ""
    without_sources: bool = False

    def __len__(self) -> int:
        text = self.columns.get("text")
        return 0 if text is None else len(text)

    def place(self, row: int) -> tuple[str, int | None]:
        """Return the file and the line of a row."""
        return self.files[row if len(self.files) > 1 else 0], None if self.lines is None else int(
            self.lines[row]
        )

    def record(self, row: int) -> Original:
        """Return the row as it was given, as far as that is known."""
        if self.original is not None:
            return self.original(row)
        values = {name: column[row].as_py() for name, column in self.columns.items() if column is not None}
        plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
        return {name: value for name, value in plain.items() if value is not None}

    def take(self, rows: NDArray[np.int64]) -> Records:
        """Return some of the rows, without the faults."""
        original = self.original
        return replace(
            self,
            files=[self.files[row] for row in rows] if len(self.files) > 1 else self.files,
            lines=None if self.lines is None else self.lines[rows],
            columns={
                name: None if column is None else column.take(pa.array(rows))
                for name, column in self.columns.items()
            },
            faults=[],
            original=None if original is None else lambda row: original(int(rows[row])),
        )


def joined(columns: Sequence[Column], separator: str = "\n") -> Column:
    """Join columns of strings into one, the values of a row one per line; null if there are none."""
    if len(columns) == 1:
        return columns[0]
    lines = pc.binary_join_element_wise(*columns, pa.scalar(separator), null_handling="skip")
    return without_empty(lines)


def without_empty(column: Column) -> Column:
    """Return a column of strings with null for ""."""
    return pc.if_else(pc.equal(column, pa.scalar("")), pa.scalar(None, pa.string()), column)
