"""Saved web pages, one article each; large numbers are read on several cores."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from email import policy
from email.parser import BytesParser

from dedup.errors import InputError
from dedup.reading.extras import load_extra
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.page_text import article_of_page
from dedup.reading.page_workers import Page, articles_of_pages
from dedup.reading.streams import read_whole

#: A larger page is not a single article.
MOST_BYTES = 32 << 20
#: Minimum number of pages for which starting the processes is worthwhile.
_MANY = 64


def read_html(file: InputFile, how: HowToRead) -> Row:
    """Read a page that a browser or a crawler saved."""
    return article(Page(read_whole(file, how.source, most=MOST_BYTES), None), file, how)


def read_mhtml(file: InputFile, how: HowToRead) -> Row:
    """Read a page that a browser saved as MHTML."""
    message = BytesParser(policy=policy.default).parsebytes(read_whole(file, how.source, most=MOST_BYTES))
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
            if isinstance(content, bytes):
                return article(Page(content, address and str(address), part.get_content_charset()), file, how)
    raise InputError("holds no part of HTML", file=file.name)


def article(page: Page, file: InputFile, how: HowToRead) -> Row:
    """Return the article of one page. Raises `InputError` if it has none, or the library is not installed."""
    fast = how.html == "fast"
    load_extra("resiliparse.extract.html2text" if fast else "trafilatura", extra="web", file=file.name)
    return sound(article_of_page(page.content, page.url, page.charset, fast=fast), file)


def sound(row: Row | str, file: InputFile) -> Row:
    """Return the row, with the folder's name as source if neither it nor an address names one."""
    if isinstance(row, str):
        raise InputError(f"the page cannot be read: {row}", file=file.name)
    if not row["text"]:
        raise InputError("no article was found in the page", file=file.name)
    if row["source"] is None and row["url"] is None:
        row["source"] = file.given.get("source")
    return row


def read_many_html(
    files: Iterable[InputFile], how: HowToRead
) -> Iterator[tuple[InputFile, Row | InputError]]:
    """Read pages, on several cores if there are many."""
    stream = iter(files)
    first = list(itertools.islice(stream, _MANY))
    if len(first) < _MANY:
        for file in first:
            yield file, _tried(file, how)
        return
    waiting: deque[InputFile | tuple[InputFile, InputError]] = deque()

    def pages() -> Iterator[Page]:
        for file in itertools.chain(first, stream):
            try:
                content = read_whole(file, how.source, most=MOST_BYTES)
            except InputError as error:
                waiting.append((file, error))
                continue
            waiting.append(file)
            yield Page(content, None)

    for row in articles_of_pages(pages(), fast=how.html == "fast", file=first[0].name):
        while isinstance(known := waiting.popleft(), tuple):
            yield known
        try:
            yield known, sound(row, known)
        except InputError as error:
            yield known, error
    for left in waiting:
        if isinstance(left, tuple):
            yield left


def _tried(file: InputFile, how: HowToRead) -> Row | InputError:
    try:
        return read_html(file, how)
    except InputError as error:
        return error
