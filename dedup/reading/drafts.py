"""A draft given as bytes (pasted, piped or dropped), which is read like a file."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from dedup.article import Article
from dedup.errors import InputError
from dedup.reading.formats import endings
from dedup.reading.options import ReaderOptions
from dedup.reading.read import read_articles

_MARKUP = re.compile(
    rb"\s*(?:<!doctype html|<html|<(?:p|div|article|h[1-6]|body|head|meta|section)\b)", re.IGNORECASE
)


def read_draft(data: bytes, name: str | None = None, options: ReaderOptions | None = None) -> list[Article]:
    """Read the articles of a draft.

    Parameters
    ----------
    data : bytes
        Text, HTML, docx, or any other format that files are read in.
    name : str, optional
        The file's name, whose suffix determines the format; otherwise the content does.

    Raises
    ------
    InputError
        The draft is empty, or cannot be read.

    Examples
    --------
    >>> [article.text for article in read_draft("The pier closed on Tuesday.".encode())]
    ['The pier closed on Tuesday.']
    """
    if not data.strip():
        raise InputError("there is no text in it", file=name)
    shown = Path(name or "draft").name.replace("\0", "")
    ending = Path(shown).suffix.lower()
    if ending not in endings():
        ending = _ending(data)
    # The name that the reader sees is made here, so that no name from a request reaches the file system.
    with tempfile.TemporaryDirectory(prefix="dedup-draft-") as folder:
        path = Path(folder) / f"draft{ending}"
        path.write_bytes(data)
        try:
            articles = list(read_articles([path], options=options or ReaderOptions()))
        except InputError as error:
            raise InputError(error.reason, file=name or "the draft", line=error.line) from error
    if not articles:
        raise InputError("no article was found in it", file=name or "the draft")
    stem = Path(shown).stem or "draft"
    return [_named(each, stem) for each in articles]


def _ending(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04":
        return ".docx"
    if data[:5] == b"%PDF-":
        return ".pdf"
    if data[:5] == b"{\\rtf":
        return ".rtf"
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        return ".html"
    return ".txt"


def _named(article: Article, stem: str) -> Article:
    """Return the article with its own ids where they come from the name of the temporary file."""
    from dataclasses import replace

    own = stem if article.id == "draft" else article.id
    return replace(article, id=own, source=own if article.source == article.id else article.source)
