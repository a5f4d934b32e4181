"""Records that arrive one by one, as columns in runs of about 8 MiB."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.envelopes import Articles
from dedup.reading.fields import FIELDS, Row, Selector, lone_surrogate
from dedup.reading.input_file import InputFile
from dedup.reading.records import BLOCK_BYTES, Column, Fault, Original, Records


class Numbered(NamedTuple):
    """A value, and the line (or row) where it begins, from 1."""

    line: int
    value: Any
    size: int = 0


class Gathering:
    """Collects the rows of one file, and cuts them into runs."""

    def __init__(self, file: InputFile) -> None:
        self._file = file
        self._last_line = self._within = 0
        self.clear()

    def clear(self) -> None:
        """Begin a new run."""
        self._rows: list[Row] = []
        self._lines: list[int] = []
        self._originals: list[Original] = []
        self._faults: list[Fault] = []

    def add(self, row: Row, line: int, original: Original) -> None:
        """Add one article; if a line holds several, all but the first get an id of their own."""
        _check_letters(row)
        self._within = self._within + 1 if line == self._last_line else 0
        self._last_line = line
        if self._within and row.get("id") is None:
            row = {**row, "id": f"{self._file.stem}:{line}.{self._within + 1}"}
        self._rows.append(row)
        self._lines.append(line)
        self._originals.append(original)

    def fault(self, error: InputError, line: int | None, original: Original | None) -> None:
        """Add a record that cannot be read."""
        self._faults.append(Fault(type(error)(error.reason, file=self._file.name, line=line), original))

    def records(self) -> Records:
        """Return the run so far."""
        columns: dict[str, Column | None] = {
            field: pa.array([row.get(field) for row in self._rows], pa.string()) for field in FIELDS
        }
        lines = np.array(self._lines, np.int64)
        return Records(
            [self._file.name],
            lines,
            columns,
            self._faults,
            original=self._originals.__getitem__,
            stem=self._file.stem,
        )


def gather_values(
    values: Iterable[Numbered], file: InputFile, selector: Selector, *, whole: bool = False
) -> Iterator[Records]:
    """Read the articles of JSON values.

    Parameters
    ----------
    values : iterable of Numbered
        An `InputError` while iterating ends the file there; values before it are yielded first.
    whole : bool
        Whether a value is a whole document.
    """
    run, articles = Gathering(file), Articles(selector)
    size = 0
    failure: InputError | None = None
    stream = iter(values)
    while True:
        try:
            one = next(stream, None)
        except InputError as error:
            failure, one = error, None
        if one is None:
            break
        take_value(one, run, articles, whole=whole)
        size += one.size
        if size >= BLOCK_BYTES:
            yield run.records()
            run.clear()
            size = 0
    yield run.records()
    if failure is not None:
        raise failure


def take_value(one: Numbered, run: Gathering, articles: Articles, *, whole: bool = False) -> None:
    """Add the articles of one value to a run, and the faults of the others."""
    try:
        for found in articles.of(one.value, whole=whole):
            try:
                run.add(articles.selector.select(*found), one.line, found.record)
            except InputError as error:
                run.fault(error, one.line, found.record)
    except InputError as error:
        run.fault(error, one.line, one.value if isinstance(one.value, dict) else json.dumps(one.value))


def gather_rows(rows: Iterable[tuple[int, Row]], file: InputFile) -> Iterator[Records]:
    """Yield rows that already have the names of an article's fields."""
    run = Gathering(file)
    size = 0
    failure: InputError | None = None
    stream = iter(rows)
    while True:
        try:
            found = next(stream, None)
        except InputError as error:
            failure, found = error, None
        if found is None:
            break
        line, row = found
        try:
            run.add(row, line, {name: value for name, value in row.items() if value is not None})
        except InputError as error:
            run.fault(error, line, None)
        size += len(row.get("text") or "")
        if size >= BLOCK_BYTES:
            yield run.records()
            run.clear()
            size = 0
    yield run.records()
    if failure is not None:
        raise failure


def _check_letters(row: Row) -> None:
    """Refuse half of a surrogate pair, which some decoders let through."""
    for value in row.values():
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise InputError(lone_surrogate(error.object[error.start])) from error
