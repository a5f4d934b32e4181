"""Word processor documents: ``.docx`` and ``.odt``, with one article each or an export of many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from dedup.errors import InputError
from dedup.reading.exports import rows_of_factiva, rows_of_nexis
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.office_files import archive_of, facts_of, part_of
from dedup.reading.records import Records
from dedup.reading.sniffing import FACTIVA_MARK, NEXIS_MARK
from dedup.reading.xml_trees import find, local, parse, words_of

# Parts that are not shown: deleted text, the older twin of a drawing, notes, fields' instructions.
_HIDDEN = {"del", "moveFrom", "Fallback", "instrText", "delText", "footnoteReference", "pPr", "rPr"}


def read_docx(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a Word document: its paragraphs with tracked insertions and without deletions.

    An export of LexisNexis or Factiva is cut into its articles.
    """
    with archive_of(file, how) as archive:
        root = parse(part_of(archive, "word/document.xml", file), file.name)
        facts = facts_of(archive, "docProps/core.xml", file)
    body = find(root, "body")
    found = [(one, _paragraph(one)) for one in _paragraphs_of(body)] if body is not None else []
    found = [(one, line) for one, line in found if line]
    whole = "\n\n".join(line for _, line in found)
    if NEXIS_MARK.search(whole) and (rows := rows_of_nexis(whole)):
        yield from gather_rows(rows, file)
        return
    if FACTIVA_MARK.search(whole) and (rows := rows_of_factiva("\n".join(line for _, line in found))):
        yield from gather_rows(rows, file)
        return
    title = facts.get("title")
    if len(found) > 1 and (_is_heading(found[0][0]) or found[0][1] == title):
        title = found.pop(0)[1]
    yield _alone("\n\n".join(line for _, line in found), title, facts.get("language"), file)


def read_odt(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text of LibreOffice and related programs; a heading that begins it is the title."""
    with archive_of(file, how) as archive:
        root = parse(part_of(archive, "content.xml", file), file.name)
        facts = facts_of(archive, "meta.xml", file)
    body = find(root, "text")
    found = [one for one in body.iter() if local(one) in ("p", "h")] if body is not None else []
    lines = [(local(one), words_of(one)) for one in found]
    kept = [(kind, line) for kind, line in lines if line]
    title = facts.get("title")
    if len(kept) > 1 and (kept[0][0] == "h" or kept[0][1] == title):
        title = kept.pop(0)[1]
    yield _alone("\n\n".join(line for _, line in kept), title, facts.get("language"), file)


def _alone(text: str, title: str | None, language: str | None, file: InputFile) -> Records:
    """Return the records of a document that holds one article."""
    if not text:
        raise InputError("holds no text", file=file.name)
    row: Row = {
        "id": file.stem,
        "text": text,
        "title": title,
        "source": file.given.get("source"),
        "language": language,
    }
    (records,) = gather_rows([(1, row)], file)
    return replace(records, without_sources=True)


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
