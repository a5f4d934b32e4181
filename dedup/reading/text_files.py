"""Plain text: one file, one article."""

from __future__ import annotations

import codecs

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.streams import ByteSource, not_decodable, read_chunks


def read_text(file: InputFile, how: HowToRead) -> Row:
    """Read a text file; line ends are unchanged, because spans count them."""
    return {"id": file.stem, **file.given, "text": whole_text(file, how.source)}


def whole_text(file: InputFile, source: ByteSource) -> str:
    """Return a whole file as text. Raises `InputError` if it is empty or not in the encoding."""
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
