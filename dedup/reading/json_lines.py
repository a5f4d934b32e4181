"""JSON lines: large blocks through the kernel, or line by line where a block has a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from dedup.errors import FieldError, InputError
from dedup.reading.envelopes import Articles
from dedup.reading.fields import FIELDS, Selector, lone_surrogate
from dedup.reading.flat import FlatNames, names_that_suffice
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.json_columns import JsonColumns, json_columns
from dedup.reading.json_keys import KeyTable, key_table
from dedup.reading.numbered import Gathering, Numbered, take_value
from dedup.reading.records import Original, Records
from dedup.reading.streams import Block, not_decodable, read_chunks, read_line_blocks

# Below this size the kernel saves less time than loading it takes.
_SMALL = 1 << 20
# Number of records of a file, and of each later block, that show whether the kernel can read it.
_PROBED, _PROBED_LATER = 20, 4
_EXCERPT = 60


def read_json_lines(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a file of JSON lines; blank lines are skipped.

    Yields
    ------
    Records
        One run per block of about 8 MiB, with the faults of the lines that could not be read.
    """
    yield from read_blocks(read_line_blocks(file, read_chunks(file, how.source)), file, how.selector)


def read_blocks(
    blocks: Iterator[Block], file: InputFile, selector: Selector, *, one_a_line: bool = False
) -> Iterator[Records]:
    """Read blocks of whole lines; yield one run of records per block.

    With `one_a_line`, a line that holds several articles, or is not meant to be one, is a fault, because each
    line must get an answer.
    """
    articles = Articles(selector, one_each=one_a_line)
    run = Gathering(file)
    first = 1
    for block in blocks:
        found = _by_kernel(block, selector)
        if found is None:
            yield _line_by_line(block, first, run, articles)
            run.clear()
            first += block.data.count(b"\n")
        else:
            yield _at_once(block, first, file, found)
            first += found.line_count


def _by_kernel(block: Block, selector: Selector) -> JsonColumns | None:
    if len(block.data) < _SMALL:
        return None
    names = _flat_names(block, selector)
    table = _table(tuple(names.items())) if names is not None else None
    found = json_columns(block.data, table) if table is not None else None
    if found is not None:
        selector.met.update(
            field
            for field, column in zip(FIELDS, found.columns, strict=True)
            if field in selector.mapping.named and column.null_count < len(column)
        )
    return found


@lru_cache(maxsize=64)
def _table(names: tuple[tuple[str, tuple[str, ...]], ...]) -> KeyTable | None:
    return key_table(dict(names))


def _flat_names(block: Block, selector: Selector) -> FlatNames | None:
    """Return the names by which the block's first records can be read at the top level alone."""
    records: list[dict[str, Any]] = []
    at = 0
    most = _PROBED_LATER if block.offset else _PROBED
    while at < len(block.data) and len(records) < most:
        end = block.data.find(b"\n", at)
        end = len(block.data) if end < 0 else end
        try:
            record = msgspec.json.decode(block.data[at:end]) if end > at else None
        except (ValueError, RecursionError):
            return None
        if isinstance(record, dict):
            records.append(record)
        at = end + 1
    return names_that_suffice(records, selector)


def _at_once(block: Block, first: int, file: InputFile, found: JsonColumns) -> Records:
    kept = _Lines(block)
    return Records(
        [file.name],
        found.lines + first,
        dict(zip(FIELDS, found.columns, strict=True)),
        original=lambda row: kept.original(int(found.lines[row])),
        stem=file.stem,
    )


def _line_by_line(block: Block, first: int, run: Gathering, articles: Articles) -> Records:
    kept = _Lines(block)
    offset = block.offset
    for number, line in enumerate(kept.lines):
        try:
            if line.strip(b" \t\r"):
                take_value(Numbered(first + number, _decoded(line, offset)), run, articles)
        except InputError as error:
            run.fault(error, first + number, kept.original(number))
        offset += len(line) + 1
    return run.records()


class _Lines:
    """A block's lines, cut when the first of them is read."""

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
            f"the line is {_excerpt(line.decode(), 0)}, not a JSON object; a line must be one record in "
            "braces (one array of records is read from a file whose name ends in .json)"
        )
    return record


def _what_is_wrong(line: bytes, offset: int, found: Exception) -> str:
    """Name the fault of a line that msgspec refuses; this is slow, and runs once per broken line."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return not_decodable(error, "utf-8", offset=offset + error.start, file="", line=None).reason
    try:
        # Python converts no whole number with more than 4,300 digits; the exact value does not matter here.
        value = json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        return f"broken JSON: {error.msg} at column {error.colno}, near {_excerpt(text, error.pos)}"
    except RecursionError:
        return "broken JSON: its values are nested too deeply"
    surrogate = re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False))
    if surrogate:
        return lone_surrogate(surrogate[0])
    return f"broken JSON: {found}; NaN and Infinity are not JSON; write null"


def _excerpt(text: str, place: int) -> str:
    start = max(0, place - _EXCERPT // 2)
    return repr(text[start : start + _EXCERPT])
