"""The format of a file by its first bytes; its suffix decides only if these do not."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from dedup.reading.formats import endings, formats

#: Number of bytes that are examined.
HEAD_BYTES = 64 << 10

_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PAR1", "parquet"),
    (0, b"ARROW1", "arrow"),
    (0, b"FEA1", "arrow"),
    (0, b"\xff\xff\xff\xff", "arrow"),
    (0, b"SQLite format 3\0", "sqlite"),
    (8, b"DUCK", "duckdb"),
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"WARC/", "warc"),
    (0, b"\x16\x16\x01", "anpa"),
    (0, b"\x01", "anpa"),
)
_JSON = re.compile(r'\{\s*(?:"|\}|$)|\[\s*(?:[\[{\]"]|$)')
_ROOT = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*<([A-Za-z_][\w.:-]*)", re.DOTALL
)
_DOCTYPE = re.compile(
    r"\s*(?:<\?.*?\?>\s*)?(?:<!--.*?-->\s*)*<!DOCTYPE\s+([A-Za-z]+)", re.DOTALL | re.IGNORECASE
)
_SGML_DOC = re.compile(r"<DOC\b.*?<(?:TEXT|HEADLINE)>", re.DOTALL)
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[ \t].*\r?\n(?:[ \t]+.*\r?\n)*)+")
_OF_A_MAIL = re.compile(
    r"^(?:from|message-id|mime-version|received|return-path|subject|date):", re.IGNORECASE | re.MULTILINE
)
_TOML_HEAD = re.compile(r"\+\+\+[ \t]*\r?\n(?:.*\n)*?\+\+\+[ \t]*\r?\n")
_MAILBOX = re.compile(r"From \S+ .*\d{4}\r?\n[A-Za-z-]+: ")
_RIS = re.compile(r"TY  - [A-Z]+\s*\r?\n(?:[A-Z][A-Z0-9]  - )", re.MULTILINE)
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?:[A-Za-z][\w -]*:.*\r?\n|[ \t]*-.*\r?\n|[ \t]+.*\r?\n|\r?\n)+?---[ \t]*\r?\n"
)
_HTML_ROOTS = {"html", "head", "body"}
_FEEDS = {"rss", "feed", "rdf"}
_XML_ROOTS = {
    "newsitem",
    "newsmessage",
    "newsml",
    "nitf",
    "tei",
    "record",
    "records",
    "doc",
    "urlset",
    "article",
}
#: Separators between the documents in press archives' exports.
NEXIS_COUNT = (
    r"^[ \t]*(?:\d+ (?:of|von|de|sur|van|di) \d+ (?:DOCUMENT|DOKUMENT)[A-ZOSI]*"
    r"|(?:Dokument|Document|Documento) \d+ (?:von|de|sur|van|di) \d+)[ \t]*\r?$"
)
NEXIS_END = r"^[ \t]*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)[ \t]*\r?$"
NEXIS_MARK = re.compile(f"{NEXIS_COUNT}|{NEXIS_END}", re.MULTILINE)
FACTIVA_MARK = re.compile(
    r"^[ \t]*(?:Document|Dokument|Documento) [A-Z][A-Z0-9]{5,}\d{4,}[A-Za-z0-9]*[ \t]*\r?$", re.MULTILINE
)
PROQUEST_MARK = re.compile(r"^_{20,}[ \t]*\r?$", re.MULTILINE)
NEXIS_PAGE = re.compile(r"<DOC NUMBER=|>\s*\d+ (?:of|von|de) \d+ (?:DOCUMENT|DOKUMENT)[A-Z]*\s*<")
PROQUEST_PAGE = re.compile(r"ProQuest document ID:?\s*<|>\s*Full text:\s*<")
FACTIVA_PAGE = re.compile(r"<div[^>]*class=[\"'][^\"']*\barticle [a-z]{2}Article\b", re.IGNORECASE)
EUROPRESSE_PAGE = re.compile(
    r"class=[\"'](?:DocPublicationName|rdp__DocPublicationName|titreArticleVisu|rdp__articletitle)\b",
    re.IGNORECASE,
)
_OF_PROQUEST = re.compile(r"^(?:Full text|Publication title|ProQuest document ID): ", re.MULTILINE)


def sniff(head: bytes, name: str) -> str | None:
    """Return the name of the format; None if neither the bytes nor the suffix show it.

    Parameters
    ----------
    head : bytes
        The first bytes of the file, decompressed.
    name : str
        The file's name without the suffix of its compression.

    Examples
    --------
    >>> sniff(b'[{"text": "One."}]', "download.bin"), sniff(b"PAR1", "a.csv"), sniff(b"One.", "a.txt")
    ('json', 'parquet', 'text')
    """
    for offset, mark, format_ in _MARKS:
        if head[offset : offset + len(mark)] == mark and format_ in formats():
            return format_
    ending = endings().get(PurePath(name).suffix.lower())
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ending
    found = _of_text(decoded(head), ending)
    return found if found in formats() else None


def decoded(head: bytes) -> str:
    """Decode the head as text, closely enough to recognise the format."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _of_text(text: str, ending: str | None) -> str | None:
    start = text.lstrip()
    if _JSON.match(start) and ending not in ("csv", "tsv"):
        if ending == "jsonl":
            return "json" if start.startswith("[") else "jsonl"
        return "json"
    if start.startswith("<"):
        return _of_markup(start, ending)
    export = _of_export(text)
    if export is not None and ending in (None, "text", "markdown"):
        return export
    if _is_mail(start) and ending in (None, "eml", "mhtml", "text"):
        return "mhtml" if ending == "mhtml" or "Snapshot-Content-Location" in start else "eml"
    if _MAILBOX.match(start) and ending in (None, "text"):
        return "mbox"
    if _RIS.match(start) and ending in (None, "text"):
        return "ris"
    if (_FRONT_MATTER.match(start) or _TOML_HEAD.match(start)) and ending in (None, "text", "markdown"):
        return "markdown"
    return ending


def _of_markup(start: str, ending: str | None) -> str | None:
    """Return the format of a text that begins with a tag."""
    if "<REUTERS " in start[:2000] or re.match(r"<!DOCTYPE lewis", start, re.IGNORECASE):
        return "sgml"
    root = _ROOT.match(start)
    name = root[1].rpartition(":")[2].lower() if root else ""
    if name == "doc" and ("<DOCNO>" in start[:2000] or _SGML_DOC.search(start[:4000])):
        return "sgml"
    if name in _FEEDS:
        return "feed"
    if name in _HTML_ROOTS or (_DOCTYPE.match(start) or ["", ""])[1].lower() == "html" or ending == "html":
        return _of_page(start)
    if start.startswith("<?xml") or ending in ("xml", "feed") or name in _XML_ROOTS:
        return "xml"
    return ending


def _of_page(start: str) -> str:
    if NEXIS_PAGE.search(start):
        return "nexis-html"
    if PROQUEST_PAGE.search(start):
        return "proquest-html"
    if FACTIVA_PAGE.search(start):
        return "factiva-html"
    return "europresse" if EUROPRESSE_PAGE.search(start) else "html"


def _of_export(text: str) -> str | None:
    if NEXIS_MARK.search(text):
        return "nexis"
    if FACTIVA_MARK.search(text):
        return "factiva"
    return "proquest" if PROQUEST_MARK.search(text) and _OF_PROQUEST.search(text) else None


def _is_mail(start: str) -> bool:
    match = _MAIL.match(start)
    return match is not None and len({one.lower() for one in _OF_A_MAIL.findall(match[0])}) >= 3


def zip_format(head: bytes) -> str | None:
    """Return the format of a zip-based document, by the names of its first members; None for others.

    Examples
    --------
    >>> zip_format(b"PK.. mimetypeapplication/epub+zip")
    'epub'
    """
    if b"mimetypeapplication/epub+zip" in head[:200]:
        return "epub"
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head[:200]:
        return "odt"
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        return next((name for mark, name in _OFFICE.items() if mark in head), None)
    return None


_OFFICE = {b"word/": "docx", b"xl/": "xlsx"}


def has_front_matter(head: bytes) -> bool:
    """Whether a text begins with front matter between lines of three hyphens or plus signs."""
    start = decoded(head).lstrip()
    return (_FRONT_MATTER.match(start) or _TOML_HEAD.match(start)) is not None
