"""Documents that are zip archives of XML: ``.docx``, ``.epub``, and tables of ``.xlsx``."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.inputs import InputFile
from dedup.reading.numbered import Numbered, gather_rows, gather_values
from dedup.reading.records import Records
from dedup.reading.streams import read_whole
from dedup.reading.xml_trees import find, find_all, local, paragraphs, parse, words_of

_MOST = 256 << 20
_MOST_PART = 64 << 20
# Not shown: deleted text, the older twin of a drawing, notes, fields' instructions.
_HIDDEN = {"del", "moveFrom", "Fallback", "instrText", "delText", "footnoteReference", "pPr", "rPr"}


def read_docx(file: InputFile, how: HowToRead) -> Row:
    """Read a document of Word: its paragraphs with tracked insertions in and deletions out."""
    with _archive(file, how) as archive:
        root = parse(_part(archive, "word/document.xml", file), file.name)
        facts = _facts(archive, "docProps/core.xml", file)
    body = find(root, "body")
    found = [(one, _paragraph(one)) for one in _paragraphs_of(body)] if body is not None else []
    found = [(one, line) for one, line in found if line]
    title = facts.get("title")
    if len(found) > 1 and (_is_heading(found[0][0]) or found[0][1] == title):
        title = found.pop(0)[1]
    text = "\n\n".join(line for _, line in found)
    if not text:
        raise InputError("holds no text", file=file.name)
    return {
        "text": text,
        "title": title,
        "source": file.given.get("source"),
        "language": facts.get("language"),
    }


def _is_heading(paragraph: Element) -> bool:
    style = find(paragraph, "pStyle")
    names = [] if style is None else [value.lower() for value in style.attrib.values()]
    return any(name in ("title", "heading1", "titel", "titre") for name in names)


def _paragraphs_of(body: Element) -> Iterator[Element]:
    for one in body:
        if local(one) == "p":
            yield one
        elif local(one) not in _HIDDEN:
            yield from _paragraphs_of(one)


def _paragraph(element: Element) -> str:
    return " ".join("".join(_runs(element)).split())


def _runs(element: Element) -> Iterator[str]:
    for one in element:
        name = local(one)
        if name in _HIDDEN:
            continue
        if name == "t":
            yield one.text or ""
        elif name in ("tab", "br", "cr"):
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        else:
            yield from _runs(one)


def read_epub(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a book or a magazine: each document of its spine that holds text is an article."""
    rows: list[Row] = []
    with _archive(file, how) as archive:
        container = parse(_part(archive, "META-INF/container.xml", file), file.name)
        rootfile = find(container, "rootfile")
        path = rootfile.get("full-path", "") if rootfile is not None else ""
        package = parse(_part(archive, path, file), file.name)
        manifest = {one.get("id"): one.get("href", "") for one in find_all(package, "item")}
        source = words_of(find(package, "publisher")) or words_of(find(package, "title"))
        for one in find_all(package, "itemref"):
            name = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), manifest.get(one.get("idref")) or "")
            )
            try:
                page = parse(_part(archive, name, file), file.name)
            except InputError:  # one broken chapter does not cost the others
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
    """Read the sheets of a workbook; the first row of each names its columns."""
    from dedup.reading.extras import load_extra

    openpyxl: Any = load_extra("openpyxl", extra="office", file=file.name)
    data = read_whole(file, how.source, most=_MOST)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        yield from gather_values(_rows(book), file, how.selector)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(f"is not a sound workbook ({error}); save it again", file=file.name) from error


def _rows(book: Any) -> Iterator[Numbered]:
    for sheet in book.worksheets:
        header: list[str] | None = None
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if not any(cell is not None for cell in cells):
                continue
            if header is None:
                header = ["" if cell is None else str(cell) for cell in cells]
                continue
            record = {
                name: cell for name, cell in zip(header, cells, strict=False) if name and cell is not None
            }
            yield Numbered(
                number, record, sum(len(cell) for cell in record.values() if isinstance(cell, str))
            )


def _archive(file: InputFile, how: HowToRead) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(read_whole(file, how.source, most=_MOST)))
    except zipfile.BadZipFile as error:
        raise InputError(f"is not a sound document ({error}); save it again", file=file.name) from error


def _part(archive: zipfile.ZipFile, name: str, file: InputFile) -> str:
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


def _facts(archive: zipfile.ZipFile, name: str, file: InputFile) -> dict[str, str]:
    try:
        root = parse(_part(archive, name, file), file.name)
    except InputError:
        return {}
    return {local(one): words for one in root if (words := words_of(one))}
