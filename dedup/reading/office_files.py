"""EPUB and workbooks, and the zip archives of XML that office documents are."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from dedup.errors import InputError
from dedup.reading.fields import Row, Selector
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import Numbered, gather_rows, gather_values
from dedup.reading.records import Records
from dedup.reading.streams import read_whole
from dedup.reading.tables import has_text_column, rows_above_header
from dedup.reading.xml_trees import find, find_all, local, paragraphs, parse, words_of

_MOST = 256 << 20
_MOST_PART = 64 << 20
# Maximum number of rows above the names of a sheet's columns.
_MOST_ABOVE = 20


def read_epub(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a book or a magazine: each document in its spine that holds text is an article."""
    rows: list[Row] = []
    with archive_of(file, how) as archive:
        container = parse(part_of(archive, "META-INF/container.xml", file), file.name)
        rootfile = find(container, "rootfile")
        path = rootfile.get("full-path", "") if rootfile is not None else ""
        package = parse(part_of(archive, path, file), file.name)
        manifest = {one.get("id"): one.get("href", "") for one in find_all(package, "item")}
        source = words_of(find(package, "publisher")) or words_of(find(package, "title"))
        for one in find_all(package, "itemref"):
            name = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), manifest.get(one.get("idref")) or "")
            )
            try:
                page = parse(part_of(archive, name, file), file.name)
            except InputError:  # a broken chapter does not lose the others
                continue
            body = find(page, "body")
            text = paragraphs(body) if body is not None else ""
            if len(text.split()) >= 5:
                rows.append(
                    {
                        "text": text,
                        "title": words_of(find(page, "h1", "h2", "title")),
                        "source": source,
                        "published": words_of(find(package, "date")),
                        "language": words_of(find(package, "language")),
                    }
                )
    if not rows:
        raise InputError("no articles in it: no chapter holds text", file=file.name)
    yield from gather_rows(enumerate(rows, 1), file)


def read_xlsx(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read the sheets of a workbook; in each, the row that names a column for the text is the header."""
    from dedup.reading.extras import load_extra

    openpyxl: Any = load_extra("openpyxl", extra="office", file=file.name)
    data = read_whole(file, how.source, most=_MOST)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        yield from gather_values(_rows(book, how.selector), file, how.selector)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(f"is not a valid workbook ({error}); save it again", file=file.name) from error


def _rows(book: Any, selector: Selector) -> Iterator[Numbered]:
    """Yield the rows of the sheets that have a column for the text, or of the first sheet if none has."""
    sheets = [(sheet, *_header(sheet, selector)) for sheet in book.worksheets]
    chosen = [one for one in sheets if has_text_column(one[2], selector)] or sheets[:1]
    for sheet, above, header in chosen:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if number <= above or not any(cell is not None for cell in cells):
                continue
            record = {
                name: cell for name, cell in zip(header, cells, strict=False) if name and cell is not None
            }
            yield Numbered(
                number, record, sum(len(cell) for cell in record.values() if isinstance(cell, str))
            )


def _header(sheet: Any, selector: Selector) -> tuple[int, list[str]]:
    """Return the number of the row that names the columns, and the names."""
    rows = [
        ["" if cell is None else str(cell) for cell in cells]
        for cells in sheet.iter_rows(values_only=True, max_row=_MOST_ABOVE)
    ]
    filled = [at for at, row in enumerate(rows) if any(row)]
    if not filled:
        return 0, []
    at = filled[rows_above_header([rows[at] for at in filled], selector)]
    return at + 1, rows[at]


def archive_of(file: InputFile, how: HowToRead) -> zipfile.ZipFile:
    """Open the zip archive that a document is."""
    try:
        return zipfile.ZipFile(io.BytesIO(read_whole(file, how.source, most=_MOST)))
    except zipfile.BadZipFile as error:
        raise InputError(f"is not a valid document ({error}); save it again", file=file.name) from error


def part_of(archive: zipfile.ZipFile, name: str, file: InputFile) -> str:
    """Return a part of a document as text. Raises `InputError` if it is missing, damaged or too large."""
    try:
        with archive.open(name) as part:
            data = part.read(_MOST_PART + 1)
    except (KeyError, zipfile.BadZipFile, RuntimeError, OSError, ValueError, EOFError) as error:
        raise InputError(
            f"lacks its part {name!r}, or that is damaged; save it again", file=file.name
        ) from error
    if len(data) > _MOST_PART:
        raise InputError(f"its part {name!r} holds more than {_MOST_PART >> 20} MiB", file=file.name)
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")


def facts_of(archive: zipfile.ZipFile, name: str, file: InputFile) -> dict[str, str]:
    """Return a document's metadata in one of its parts: title, language and so on."""
    try:
        root = parse(part_of(archive, name, file), file.name)
    except InputError:
        return {}
    return {local(one): words for one in root if (words := words_of(one))}
