"""Which columns of a table hold the fields of an article."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dedup.errors import FieldError
from dedup.reading.fields import FIELDS, FieldMapping, Selector, missing_text
from dedup.reading.guesses import PARTS, is_address
from dedup.reading.paths import canonical, values_at
from dedup.reading.records import Column
from dedup.reading.values import LOCAL_TIME

#: How other programs write an empty cell.
NOTHING = pa.array(["", "null", "NULL", "None", "NaN", "nan", "NaT", "N/A", "\\N"])


class _Cell(str):
    """A value of the sample that knows its column."""

    column: int

    @classmethod
    def of(cls, value: str, column: int) -> _Cell:
        cell = cls(value)
        cell.column = column
        return cell


def find_columns(
    header: Sequence[str], sample: Sequence[str], selector: Selector, *, file: str, line: int | None = None
) -> dict[str, tuple[int, ...]]:
    """Return the columns of each field, best first; a dot in a column's name leads into an object.

    Parameters
    ----------
    header : sequence of str
    sample : sequence of str
        For each column a value that is not empty, or "".
    selector : Selector
    file : str
    line : int, optional
        For messages.

    Raises
    ------
    FieldError
        No column holds the text, or a column that the user named does not exist.

    Examples
    --------
    >>> from dedup.reading.fields import FieldMapping
    >>> found = find_columns(["ID", "meta.url", "Body"], ["", "", ""], Selector(FieldMapping()), file="a.csv")
    >>> found["text"], found["id"], found["url"]
    ((2,), (0,), (1,))
    """
    record = _nested(header, sample)
    selector.choose_preset(record)
    columns: dict[str, tuple[int, ...]] = {}
    for field in FIELDS:
        found = list(dict.fromkeys(cell.column for cell in _cells_of(field, record, selector)))
        if field in selector.mapping.named:
            elsewhere = any(path.text in selector.constants for path in selector.mapping.named[field])
            if not found and not elsewhere:
                raise FieldError(_no_column(field, header, selector), file=file, line=line)
            selector.met.add(field)
        columns[field] = tuple(found)
    if not columns["text"]:
        likely = header[max(range(len(header)), key=lambda at: len(sample[at]))] if header else "NAME"
        raise FieldError(missing_text(header, likely=likely if any(sample) else "NAME"), file=file, line=line)
    return columns


def _no_column(field: str, header: Sequence[str], selector: Selector) -> str:
    name = "|".join(path.text for path in selector.mapping.named[field])
    return f"no column {name!r} for --field {field}; the columns are {', '.join(map(repr, header))}"


def _cells_of(field: str, record: dict[str, Any], selector: Selector) -> Iterator[_Cell]:
    for path in selector.mapping.named.get(field, ()):
        for value in values_at(record, path):
            yield from _cells(field, value)
    if field in selector.mapping.named:
        return
    preset = selector.preset
    if preset and field == "text" and preset.parts:
        for path in preset.parts:
            yield from (cell for value in values_at(record, path) for cell in _cells(field, value))
        return
    for path in preset.paths.get(field, ()) if preset else ():
        for value in values_at(record, path):
            yield from _cells(field, value)
    if preset and field in preset.withheld:
        return
    late: list[_Cell] = []
    for _, value in selector.guesser.candidates(record, field):
        for cell in _cells(field, value):
            if field == "source" and is_address(cell):
                late.append(cell)
            else:
                yield cell
    yield from late
    if field == "text" and not any(True for _ in selector.guesser.candidates(record, field)):
        found: Any = selector.guesser.text(record)
        if isinstance(found, _Cell):
            yield found


def _cells(field: str, value: Any) -> Iterator[_Cell]:
    if isinstance(value, _Cell):
        yield value
    elif isinstance(value, dict):
        by_name = {canonical(key): key for key in value}
        for part in PARTS[field]:
            if canonical(part) in by_name:
                yield from _cells(field, value[by_name[canonical(part)]])


def _nested(header: Sequence[str], sample: Sequence[str]) -> dict[str, Any]:
    """Return the header as a record, with dotted names opened and also kept as they are."""
    record: dict[str, Any] = {}
    for column, name in enumerate(header):
        cell = _Cell.of(sample[column], column)
        record.setdefault(name, cell)
    for column, name in enumerate(header):
        *outer, last = name.replace("/", ".").split(".")
        holder: Any = record
        for part in outer:
            holder = holder.setdefault(part, {}) if part and isinstance(holder, dict) else None
        if outer and last and isinstance(holder, dict):
            holder.setdefault(last, _Cell.of(sample[column], column))
    return record


def without_nothing(column: Column) -> Column:
    """Return a column of strings with null for values that mean that there is none."""
    return pc.if_else(pc.is_in(column, NOTHING), pa.scalar(None, pa.string()), column)


def with_zone(name: str, column: Column) -> Column:
    """Add UTC to times without a zone, if the column's name says that they are in UTC."""
    if not canonical(name).endswith(("gmt", "utc")) or not pa.types.is_string(column.type):
        return column
    local = pc.match_substring_regex(column, f"^(?:{LOCAL_TIME})$")
    return pc.if_else(local, pc.binary_join_element_wise(column, pa.scalar("Z"), pa.scalar("")), column)


def has_text_column(names: Sequence[str], selector: Selector) -> bool:
    """Whether a column has a common name for the text, or the name that the user gave."""
    named = {key: value for key, value in selector.mapping.named.items() if key == "text"}
    try:
        find_columns(names, [""] * len(names), Selector(FieldMapping(named)), file="")
    except FieldError:
        return False
    return True


def rows_above_header(rows: Sequence[Sequence[str]], selector: Selector) -> int:
    """Return how many rows precede the header: exports put the name and the dates of a search there.

    Examples
    --------
    >>> from dedup.reading.fields import FieldMapping
    >>> rows = [["Search:", "locks"], [], ["Date", "Headline", "Full Text"], ["…", "…", "…"]]
    >>> rows_above_header(rows, Selector(FieldMapping()))
    2
    """
    if not rows or has_text_column(rows[0], selector):
        return 0
    return next((at for at, row in enumerate(rows) if len(row) > 1 and has_text_column(row, selector)), 0)


def names_of_cells(row: Sequence[str]) -> list[str] | None:
    """Name the columns of a table without a header by its first row; None if that row is a header.

    Examples
    --------
    >>> names_of_cells(["id", "title", "text"]) is None
    True
    """
    addresses = [at for at, cell in enumerate(row) if is_address(cell)]
    long = [at for at, cell in enumerate(row) if len(cell.split()) >= _LEAST_WORDS]
    if not addresses or not long:
        return None
    names = [f"column {at + 1}" for at in range(len(row))]
    text = max(long, key=lambda at: len(row[at]))
    names[addresses[0]], names[text] = "url", "text"
    for at, cell in enumerate(row):
        if "date" not in names and cell[:4].isdecimal() and cell[4:5] in ("-", "/", "."):
            names[at] = "date"
        elif "title" not in names and at != text and 3 <= len(cell.split()) < _LEAST_WORDS:
            names[at] = "title"
        elif (
            "host" not in names and cell and cell in row[addresses[0]] and "." in cell and at != addresses[0]
        ):
            names[at] = "host"
    return names


_LEAST_WORDS = 25


def delimiter_of(text: str, *, tabs: bool) -> str:
    """Return the character between the cells of a table, judged by its first lines.

    Examples
    --------
    >>> delimiter_of("id;title;text\\na;One, two;Three\\n", tabs=False)
    ';'
    """
    best, most = "\t" if tabs else ",", 1
    for delimiter in ("\t", ",", ";", "|") if tabs else (",", ";", "\t", "|"):
        rows = _rows(text, delimiter)
        width = len(rows[0]) if rows else 0
        if width > most and all(len(row) == width for row in rows[1:2]):
            best, most = delimiter, width
    if most == 1:  # no row follows, or rows have gaps
        widths = {
            delimiter: len(_rows(text, delimiter)[0]) for delimiter in ",;\t|" if _rows(text, delimiter)
        }
        widest = max(widths, key=lambda delimiter: widths[delimiter], default=best)
        best = widest if widths.get(widest, 1) > max(1, widths.get(best, 1)) else best
    if most == 1 and not text.split("\n", 1)[0].count(best):  # the first row is a line of words
        best = max(",;\t|", key=lambda delimiter: _widest_pair(_rows(text, delimiter)))
    return best


def _widest_pair(rows: list[list[str]]) -> int:
    """Return the largest number of cells that two consecutive rows have."""
    return max((len(row) for row, after in itertools.pairwise(rows) if len(row) == len(after)), default=0)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
            rows.append(row)
            if len(rows) == 20:
                break
    except csv.Error:
        pass
    return rows
