"""PDF: the text of its pages, one article per file."""

from __future__ import annotations

import re
from typing import Any

from dedup.errors import InputError
from dedup.reading.extras import load_extra
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.streams import read_whole

_MOST = 256 << 20
# What programs write when nobody gave a title.
_NO_TITLES = {"(anonymous)", "untitled", "untitled document"}
# pdfium's mark for a hyphen at the end of a line.
_HYPHENS = re.compile("[\ufffe\u0002]\r?\n?")


def read_pdf(file: InputFile, how: HowToRead) -> Row:
    """Read the text of a PDF; a PDF that contains only pictures of pages is refused."""
    pdfium: Any = load_extra("pypdfium2", extra="pdf", file=file.name)
    try:
        document = pdfium.PdfDocument(read_whole(file, how.source, most=_MOST))
        try:
            pages = [_text(document[number]) for number in range(len(document))]
            title = str(document.get_metadata_value("Title") or "").strip()
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        raise InputError(f"is not a PDF that can be read ({error})", file=file.name) from error
    text = "\n".join(pages).strip()
    if not text:
        raise InputError("holds no text, only pictures of pages; recognise its text first", file=file.name)
    title = "" if title.lower() in _NO_TITLES else title
    return {"text": text, "title": title or None, "source": file.given.get("source")}


def _text(page: Any) -> str:
    layer = page.get_textpage()
    try:
        return _HYPHENS.sub("", layer.get_text_bounded()).replace("\r\n", "\n")
    finally:
        layer.close()
        page.close()
