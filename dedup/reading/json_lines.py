"""JSON lines: big blocks through the kernel, and line by line where a block has a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from dedup.errors import FieldError, InputError
from dedup.reading.fields import FIELDS, FieldNames, lone_surrogate, select
from dedup.reading.inputs import InputFile
from dedup.reading.json_columns import JsonColumns, json_columns, key_table
from dedup.reading.records import Fault, Original, Records
from dedup.reading.streams import Block, ByteSource, not_decodable, read_chunks, read_line_blocks

# Below this the kernel saves less time than loading it costs.
_SMALL = 1 << 20
_EXCERPT = 60


def read_json_lines(file: InputFile, source: ByteSource, names: FieldNames) -> Iterator[Records]:
    """Read a file of JSON lines; blank lines are passed over.

    Yields
    ------
    Records
        One run a block of about 8 MiB, with the faults of the lines that could not be read.
    """
    yield from read_blocks(read_line_blocks(file, read_chunks(file, source)), file, names)


def read_blocks(blocks: Iterator[Block], file: InputFile, names: FieldNames) -> Iterator[Records]:
    """Read blocks of whole lines."""
    table = key_table(names)
    first = 1
    for block in blocks:
        found = json_columns(block.data, table) if table and len(block.data) >= _SMALL else None
        if found is None:
            yield _line_by_line(block, first, file, names)
            first += block.data.count(b"\n")
        else:
            yield _at_once(block, first, file, found)
            first += found.line_count


def _at_once(block: Block, first: int, file: InputFile, found: JsonColumns) -> Records:
    kept = _Lines(block)
    return Records(
        [file.name],
        found.lines + first,
        dict(zip(FIELDS, found.columns, strict=True)),
        original=lambda row: kept.original(int(found.lines[row])),
        stem=file.stem,
    )


def _line_by_line(block: Block, first: int, file: InputFile, names: FieldNames) -> Records:
    rows: list[dict[str, str | None]] = []
    numbers: list[int] = []
    faults: list[Fault] = []
    kept = _Lines(block)
    offset = block.offset
    for number, line in enumerate(kept.lines):
        try:
            if line.strip(b" \t\r"):
                rows.append(select(_decoded(line, offset), names))
                numbers.append(number)
        except InputError as error:
            fault = type(error)(error.reason, file=file.name, line=first + number)
            faults.append(Fault(fault, kept.original(number)))
        offset += len(line) + 1
    columns = {field: pa.array([row[field] for row in rows], pa.string()) for field in FIELDS}
    lines = np.array(numbers, np.int64)
    return Records(
        [file.name],
        lines + first,
        dict(columns),
        faults,
        original=lambda row: kept.original(numbers[row]),
        stem=file.stem,
    )


class _Lines:
    """A block's lines, cut when the first of them is asked for."""

    def __init__(self, block: Block) -> None:
        self._data = block.data
        self._lines: list[bytes] | None = None

    @property
    def lines(self) -> list[bytes]:
        if self._lines is None:
            self._lines = self._data.split(b"\n")
        return self._lines

    def original(self, number: int) -> Original:
        line = self.lines[number]
        try:
            record = msgspec.json.decode(line)
        except (ValueError, RecursionError):
            record = None
        return record if isinstance(record, dict) else line.decode(errors="backslashreplace")


def _decoded(line: bytes, offset: int) -> dict[str, Any]:
    try:
        record = msgspec.json.decode(line)
    except (ValueError, RecursionError) as error:
        raise InputError(_what_is_wrong(line, offset, error)) from error
    if not isinstance(record, dict):
        raise FieldError(
            f"the line is {_excerpt(line.decode(), 0)}, no JSON object; a line must be one record in braces "
            "(one array of records is read from a file whose name ends in .json)"
        )
    return record


def _what_is_wrong(line: bytes, offset: int, found: Exception) -> str:
    """Name the fault of a line that msgspec refuses; it is slow, and it runs once a broken line."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return not_decodable(error, "utf-8", offset=offset + error.start, file="", line=None).reason
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return f"broken JSON: {error.msg} at column {error.colno}, near {_excerpt(text, error.pos)}"
    except RecursionError:
        return "broken JSON: its values are nested too deeply"
    surrogate = re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False))
    if surrogate:
        return lone_surrogate(surrogate[0])
    return f"broken JSON: {found}; NaN and Infinity are no JSON, write null"


def _excerpt(text: str, place: int) -> str:
    start = max(0, place - _EXCERPT // 2)
    return repr(text[start : start + _EXCERPT])
