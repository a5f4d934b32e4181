"""Arrow tables from any kind of file: which columns to read, and the articles in a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.errors import FieldError, InputError
from dedup.reading.envelopes import Articles
from dedup.reading.fields import FIELDS, Selector
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import Gathering, Numbered, take_value
from dedup.reading.records import Column, Records, joined, without_empty
from dedup.reading.tables import find_columns, with_zone
from dedup.reading.values import field_value

#: Number of rows that are read to find out what the columns hold.
SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column, or a field within its structs: the names on the way, and the type at its end."""

    names: tuple[str, ...]
    type: pa.DataType

    @property
    def name(self) -> str:
        """The names, joined by dots."""
        return ".".join(self.names)

    def of(self, batch: pa.RecordBatch) -> Column:
        """Return the values in a batch."""
        column: Column = batch.column(self.names[0])
        return pc.struct_field(column, list(self.names[1:])) if len(self.names) > 1 else column


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Which columns of a table are read.

    Attributes
    ----------
    leaves : dict of str to list of Leaf
        For each field; empty if records have to be read row by row.
    whole : bool
        Whether rows are needed with all their columns.
    """

    file: InputFile
    selector: Selector
    leaves: dict[str, list[Leaf]] = field(default_factory=dict)
    whole: bool = False

    @property
    def names(self) -> list[str] | None:
        """The columns to read; None for all columns."""
        if self.whole:
            return None
        return (
            sorted({leaf.name for found in self.leaves.values() for leaf in found}) if self.leaves else None
        )

    def records(self, batch: pa.RecordBatch, first: int) -> Records:
        """Return the articles of a batch whose first row has the number `first`."""
        if not self.leaves:
            return self._row_by_row(batch, first)
        fields: dict[str, Column | None] = {}
        for name, found in self.leaves.items():
            arrays = [_readable(name, leaf, batch, self.file, first) for leaf in found]
            if len({array.type for array in arrays}) > 1:
                arrays = [array for array in arrays if array.type == arrays[0].type]
            if name == "credit_lines" and arrays:
                arrays = [joined(arrays)]
            fields[name] = pc.coalesce(*arrays) if len(arrays) > 1 else arrays[0] if arrays else None
        lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
        original = _Rows(batch).__getitem__ if self.whole else None
        return Records([self.file.name], lines, fields, original=original, stem=self.file.stem)

    def _row_by_row(self, batch: pa.RecordBatch, first: int) -> Records:
        run, articles = Gathering(self.file), Articles(self.selector)
        for row, record in enumerate(batch.to_pylist()):
            take_value(Numbered(first + row, record), run, articles)
        return run.records()


class _Rows:
    """The rows of a batch as dicts, created when the first of them is read."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._rows: list[dict[str, Any]] | None = None

    def __getitem__(self, row: int) -> dict[str, Any]:
        if self._rows is None:
            self._rows = self._batch.to_pylist()
        return self._rows[row]


def plan_table(
    schema: pa.Schema,
    sample: Callable[[], Sequence[dict[str, Any]]],
    selector: Selector,
    file: InputFile,
    *,
    whole: bool = False,
) -> TablePlan:
    """Choose the columns to read.

    Parameters
    ----------
    schema : pyarrow.Schema
    sample : callable
        Returns some of the first rows.
    selector : Selector
    file : InputFile
    whole : bool
        Whether rows are needed with all their columns.

    Raises
    ------
    FieldError
        There is no column for the text, or a column has a type that its field cannot be read from.
    """
    rows = sample()
    leaves = list(_leaves(schema))
    if rows:
        selector.choose_preset(rows[0])
    if selector.joins_parts:
        return TablePlan(file, selector)
    values = [next((found for row in rows if (found := _at(row, leaf.names))), "") for leaf in leaves]
    try:
        columns = find_columns([leaf.name for leaf in leaves], values, selector, file=file.name)
    except FieldError:
        if any(_selects(row, selector) for row in rows):
            return TablePlan(file, selector)
        raise
    chosen: dict[str, list[Leaf]] = {}
    for name in FIELDS:
        of_field = [leaves[at] for at in columns[name]]
        fitting = [leaf for leaf in of_field if _fits(name, leaf.type)]
        if of_field and not fitting and (name == "text" or name in selector.mapping.named):
            raise _wrong_type(name, of_field[0], file)
        chosen[name] = fitting
    return TablePlan(file, selector, chosen, whole)


def _at(row: Any, names: tuple[str, ...]) -> str:
    for name in names:
        row = row.get(name) if isinstance(row, dict) else None
    return row if isinstance(row, str) else ""


def _selects(row: dict[str, Any], selector: Selector) -> bool:
    try:
        return any(selector.select(*found) for found in Articles(selector).of(row))
    except InputError:
        return False


def _leaves(schema: pa.Schema) -> Iterator[Leaf]:
    for column in schema:
        yield from _under((column.name,), column.type)


def _under(names: tuple[str, ...], kind: pa.DataType) -> Iterator[Leaf]:
    if pa.types.is_struct(kind):
        for inner in kind:
            yield from _under((*names, inner.name), inner.type)
    else:
        yield Leaf(names, kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return kind.value_type
    return kind


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
        )
    )


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _is_whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0))


def _is_uuid(kind: pa.DataType) -> bool:
    return isinstance(kind, pa.BaseExtensionType) and kind.extension_name == "arrow.uuid"


def _fits(name: str, kind: pa.DataType) -> bool:
    kind = _plain(kind)
    if _is_list(kind):
        return _is_text(_plain(kind.value_type))
    if _is_text(kind) or pa.types.is_null(kind):
        return True
    if name == "published":
        return any(
            is_kind(kind)
            for is_kind in (
                pa.types.is_timestamp,
                pa.types.is_date,
                pa.types.is_integer,
                pa.types.is_floating,
            )
        )
    return name != "text" and (_is_whole(kind) or _is_uuid(kind))


def _wrong_type(name: str, leaf: Leaf, file: InputFile) -> FieldError:
    wanted = {
        "text": "strings",
        "published": "timestamps, dates, numbers of seconds or strings",
    }.get(name, "strings or whole numbers")
    return FieldError(
        f"the column {leaf.name!r} holds {leaf.type}; for {name} it must hold {wanted} "
        f"(--field {name}=NAME names another column)",
        file=file.name,
    )


def _readable(name: str, leaf: Leaf, batch: pa.RecordBatch, file: InputFile, first: int) -> Column:
    column = leaf.of(batch)
    kind = _plain(column.type)
    if name == "published" and not (_is_text(kind) or pa.types.is_null(kind) or _is_list(kind)):
        return column.cast(kind) if kind != column.type else column
    if _is_uuid(kind):
        return pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())
    if _is_list(kind):
        return pa.array([field_value(name, one) for one in column.to_pylist()], pa.string())
    try:
        strings = column.cast(pa.string())
        strings.validate(full=True)
    except pa.ArrowInvalid as error:
        last = first + len(column) - 1
        raise InputError(
            f"{name} in the rows {first} to {last} is not UTF-8; write the file again from strings",
            file=file.name,
        ) from error
    if name == "text":
        return strings
    return (
        with_zone(leaf.names[-1], without_empty(strings)) if name == "published" else without_empty(strings)
    )
