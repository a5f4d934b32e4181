"""``.json`` files: JSON lines, or one array of records, or one record over many lines."""

from __future__ import annotations

import codecs
import itertools
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from dedup.errors import InputError
from dedup.reading.fields import Selector
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.json_lines import read_blocks
from dedup.reading.numbered import Numbered, gather_values
from dedup.reading.records import Records
from dedup.reading.streams import check_size, not_decodable, read_chunks, read_line_blocks

# A decoder that fails this close to the end of the data read so far needs more data.
_NEAR = 16
_SPACE = " \t\r\n"


def read_json(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a ``.json`` file in whichever of its forms it has; an array is not held as a whole."""
    chunks = read_chunks(file, how.source)
    head = next(chunks, b"").removeprefix(codecs.BOM_UTF8)
    chunks = itertools.chain([head], chunks)
    if _has_lines(head):
        yield from read_blocks(read_line_blocks(file, chunks), file, how.selector)
    else:
        yield from _Values(file, how.source.encoding, chunks).records(how.selector)


def _has_lines(head: bytes) -> bool:
    """Whether the file's beginning is one record per line, valid or not."""
    lines = head.lstrip().split(b"\n", 2)
    if lines[0].startswith(b"["):
        return False
    if len(lines) == 1 or not lines[1].lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(lines[0]), dict)
    except (ValueError, RecursionError):
        return True


class _Values:
    """The values of an array, or of several objects one after another, each with its line and length."""

    def __init__(self, file: InputFile, encoding: str, chunks: Iterator[bytes]) -> None:
        self._file, self._encoding, self._chunks = file, encoding, chunks
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._fed = 0
        self._text, self._at, self._line = "", 0, 1
        self._ended = False

    def records(self, selector: Selector) -> Iterator[Records]:
        """Yield the articles of the values."""
        whole = self._next_character() != "["
        values = (Numbered(line, value, length) for line, value, length in self)
        return gather_values(values, self._file, selector, whole=whole)

    def __iter__(self) -> Iterator[tuple[int, Any, int]]:
        in_array = self._next_character() == "["
        self._at += in_array
        first = True
        while (character := self._next_character()) and not (in_array and character == "]"):
            if in_array and not first:
                if character != ",":
                    raise self._broken("Expecting ',' delimiter", self._at)
                self._at += 1
                self._next_character()
            first = False
            yield self._value()
        if in_array:
            if not character:
                raise self._broken("the array is never closed", self._at)
            self._at += 1
            if self._next_character():
                raise self._broken("there is more data after the array", self._at)

    def _next_character(self) -> str:
        """Skip blanks, and return the character there, or "" at the end."""
        while True:
            start = self._at
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            self._line += self._text.count("\n", start, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> tuple[int, Any, int]:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                break
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _NEAR
                if not (cut and self._more()):
                    raise self._broken(error.msg, error.pos) from error
            except RecursionError as error:
                raise self._broken("its values are nested too deeply", self._at) from error
        line, length = self._line, end - self._at
        self._line += self._text.count("\n", self._at, end)
        self._at = end
        return line, value, length

    def _more(self) -> bool:
        """Read more data; return False at the end of the file."""
        chunk = next(self._chunks, None)
        try:
            text = self._decode.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError as error:
            offset = self._fed + len(chunk or b"") - len(error.object) + error.start
            raise not_decodable(
                error, self._encoding, offset=offset, file=self._file.name, line=self._line
            ) from error
        self._fed += len(chunk or b"")
        # Used data is dropped before more is added, so that at most one value is held.
        self._text, self._at = self._text[self._at :] + text, 0
        check_size(len(self._text), self._file, self._line)
        return chunk is not None

    def _broken(self, message: str, place: int) -> InputError:
        place = max(place, self._at)
        line = self._line + self._text.count("\n", self._at, place)
        near = self._text[max(0, place - 30) : place + 30]
        return InputError(
            f"broken JSON: {message}, near {near!r}; what follows cannot be read",
            file=self._file.name,
            line=line,
        )


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON; write null", name, 0)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
