"""Web archives: WARC (including Common Crawl's news), and WET with its text."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from typing import Any

from dedup.errors import InputError
from dedup.reading.encodings import decode_declared
from dedup.reading.extras import load_extra
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.html_pages import MOST_BYTES
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.page_workers import Page, articles_of_pages
from dedup.reading.records import Records
from dedup.reading.streams import read_bytes

_HTML = ("text/html", "application/xhtml+xml")


def read_warc(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read an archive; the line of an article is the number of its record, from 1.

    Pages are HTML responses with status 200. Records that repeat an earlier one, and all other kinds, are
    skipped. The time of the crawl is not a publication date.

    Raises
    ------
    InputError
        fastwarc is not installed, or the archive is damaged; pages before the damage are yielded first.
    """
    yield from gather_rows(_rows(file, how), file)


def _rows(file: InputFile, how: HowToRead) -> Iterator[tuple[int, Row]]:
    records = enumerate(records_of(file, how), 1)
    for number, record in records:
        # An archive of texts has no pages between them; an archive of pages begins with the first of these.
        if record.headers.get("WARC-Type") == "conversion":
            yield number, _conversion(record)
        elif (page := page_of(record)) is not None:
            yield from _pages(number, page, records, file, how)


def _pages(
    first: int, page: Page, records: Iterator[tuple[int, Any]], file: InputFile, how: HowToRead
) -> Iterator[tuple[int, Row]]:
    numbers: deque[int] = deque([first])
    failures: list[InputError] = []
    texts: deque[tuple[int, Row]] = deque()

    def pages() -> Iterator[Page]:
        yield page
        try:
            for number, record in records:
                if record.headers.get("WARC-Type") == "conversion":
                    texts.append((number, _conversion(record)))
                elif (found := page_of(record)) is not None:
                    numbers.append(number)
                    yield found
        except InputError as error:  # the pages before it are yielded first
            failures.append(error)

    for row in articles_of_pages(pages(), fast=how.html == "fast", file=file.name):
        number = numbers.popleft()
        # A page without an article (a front page, a form) is not a fault of the archive.
        if not isinstance(row, str) and row["text"]:
            yield number, row
        while texts:
            yield texts.popleft()
    yield from texts
    if failures:
        raise failures[0]


def records_of(file: InputFile, how: HowToRead) -> Iterator[Any]:
    """Yield the records that may hold a page or its text; use each before asking for the next."""
    warc: Any = load_extra("fastwarc.warc", extra="web", file=file.name)
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.conversion | warc.WarcRecordType.resource
    try:
        yield from warc.ArchiveIterator(
            _Stream(file, how), record_types=kinds, auto_decode="all", strict_mode=False
        )
    except (OSError, ValueError, RuntimeError, EOFError) as error:
        raise InputError(f"is not a valid WARC file ({error}); get the file again", file=file.name) from error


def page_of(record: Any) -> Page | None:
    """Return the page in a record; None if it is not a successful HTML response."""
    told = (record.http_content_type or "") if record.is_http else (record.headers.get("Content-Type") or "")
    if told.partition(";")[0].strip().lower() not in _HTML:
        return None
    if record.is_http and (record.http_headers is None or record.http_headers.status_code != 200):
        return None
    try:
        content = record.reader.read(MOST_BYTES)
    except (OSError, ValueError, RuntimeError):  # a payload that cannot be decoded loses only one page
        return None
    charset = record.http_charset if record.is_http else None
    return Page(content, _address(record), charset) if content else None


def _address(record: Any) -> str | None:
    """Return the address of the page, without the angle brackets that WARC 1.0 puts around it."""
    address: str | None = record.headers.get("WARC-Target-URI")
    return address and address.strip("<> ")


def _conversion(record: Any) -> Row:
    return {
        "text": decode_declared(record.reader.read(MOST_BYTES)).strip(),
        "url": _address(record),
        "language": (record.headers.get("WARC-Identified-Content-Language") or "").partition(",")[0] or None,
    }


class _Stream(io.RawIOBase):
    """The decompressed bytes of an input, as a file."""

    def __init__(self, file: InputFile, how: HowToRead) -> None:
        self._chunks = read_bytes(file, how.source)
        self._rest = memoryview(b"")
        self._at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        given = bytes(self._rest[:size] if size >= 0 else self._rest)
        self._rest = self._rest[len(given) :]
        self._at += len(given)
        return given

    def tell(self) -> int:
        return self._at
