"""Formats of installed packages, under the entry point ``dedup.readers``.

A package names a function there. It takes the bytes of an input as a binary file, and the input's name, and
yields the records as dictionaries. Their fields are then found like those of JSON.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any

from dedup.errors import InputError
from dedup.reading.formats import ENTRY_POINT, HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import Numbered, gather_values
from dedup.reading.records import Records
from dedup.reading.streams import read_whole

_MOST = 1 << 30


def read_plugin(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read an input with the function of the entry point that has the name of its format."""
    point = next(iter(entry_points(group=ENTRY_POINT, name=file.format)))
    try:
        reader = point.load()
        records = reader(io.BytesIO(read_whole(file, how.source, most=_MOST)), file.name)
        yield from gather_values(_numbered(records, file), file, how.selector)
    except InputError:
        raise
    except Exception as error:  # another package's code may raise anything
        raise InputError(
            f"the reader {point.value} failed: {type(error).__name__}: {error}", file=file.name
        ) from error


def _numbered(records: Any, file: InputFile) -> Iterator[Numbered]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise InputError(
                f"the reader of {file.format} gave {type(record).__name__}, not a mapping", file=file.name
            )
        yield Numbered(number, dict(record), sum(len(one) for one in record.values() if isinstance(one, str)))
