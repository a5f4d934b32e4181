"""Plain text: one file, one article."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from dedup.errors import InputError
from dedup.reading.fields import FIELDS
from dedup.reading.inputs import InputFile
from dedup.reading.records import BLOCK_BYTES, Column, Fault, Records
from dedup.reading.streams import ByteSource, not_decodable, read_chunks

_MOST_FILES = 10_000


def read_texts(
    files: Iterable[InputFile], source: ByteSource, report: Callable[[Fault], None]
) -> Iterator[Records]:
    """Read text files, many to a run of records; line ends stay as they are, for spans count them.

    Parameters
    ----------
    files : iterable of InputFile
    source : ByteSource
    report : callable
        Takes the fault of a file that cannot be read; it may raise its error.
    """
    rows: list[dict[str, str | None]] = []
    names: list[str] = []
    size = 0
    for file in files:
        try:
            text = _text(file, source)
        except InputError as error:
            report(Fault(error))
            continue
        rows.append({"id": file.stem, **file.given, "text": text})
        names.append(file.name)
        size += len(text)
        if size >= BLOCK_BYTES or len(rows) == _MOST_FILES:
            yield _records(rows, names)
            rows, names, size = [], [], 0
    if rows:
        yield _records(rows, names)


def _text(file: InputFile, source: ByteSource) -> str:
    data = b"".join(read_chunks(file, source))
    if not data:
        raise InputError("no articles in it: the file is empty; take it out", file=file.name)
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode()
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, mark + error.start)
        raise not_decodable(
            error, source.encoding, offset=mark + error.start, file=file.name, line=line
        ) from error


def _records(rows: list[dict[str, str | None]], names: list[str]) -> Records:
    columns: dict[str, Column | None] = {
        field: pa.array([row.get(field) for row in rows], pa.string()) for field in FIELDS
    }
    return Records(names, None, columns)
