"""The one table of formats: the name of each, its suffixes, and the module that reads it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from dedup.errors import SettingsError

if TYPE_CHECKING:
    from dedup.reading.fields import Row, Selector
    from dedup.reading.input_file import InputFile
    from dedup.reading.records import Records
    from dedup.reading.streams import ByteSource

#: Installed packages add formats under this entry point; see `dedup.reading.plugins`.
ENTRY_POINT = "dedup.readers"
Html = Literal["full", "fast"]


class Format(NamedTuple):
    """One format.

    Attributes
    ----------
    name : str
        Its name for ``--input-format``.
    about : str
        Its name in messages and in the documentation.
    endings : tuple of str
    module : str
        The module with the reader, imported when the first file of the format is read.
    function : str
    single : bool
        Whether a file holds one article; its reader then returns one row.
    anonymous : bool
        Whether such a file has no place for the name of a source.
    """

    name: str
    about: str
    endings: tuple[str, ...]
    module: str
    function: str
    single: bool = False
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class HowToRead:
    """How one file is to be read.

    Attributes
    ----------
    source : ByteSource
    selector : Selector
        Knows the user's fields; one per file.
    html : {"full", "fast"}
        How the text of a web page is extracted.
    table : str or None
        The table of a database, or a query.
    whole : bool
        Whether rows of tables are needed with all their columns, for `Records.original`.
    """

    source: ByteSource
    selector: Selector
    html: Html = "full"
    table: str | None = None
    whole: bool = False


Reader = Callable[["InputFile", HowToRead], "Iterator[Records]"]
SingleReader = Callable[["InputFile", HowToRead], "Row"]

_TABLE = (
    Format("text", "plain text", (".txt", ".text"), "text_files", "read_text", single=True, anonymous=True),
    Format(
        "markdown",
        "Markdown with a head of fields",
        (".md", ".markdown"),
        "markdown_files",
        "read_markdown",
        single=True,
    ),
    Format("jsonl", "JSON lines", (".jsonl", ".ndjson", ".jl"), "json_lines", "read_json_lines"),
    Format("json", "JSON", (".json",), "json_documents", "read_json"),
    Format("csv", "CSV", (".csv",), "csv_files", "read_csv"),
    Format("tsv", "CSV with tabs", (".tsv", ".tab"), "csv_files", "read_csv"),
    Format("parquet", "Parquet", (".parquet", ".pq"), "parquet_files", "read_parquet"),
    Format("arrow", "Arrow IPC or Feather", (".arrow", ".feather", ".ipc"), "arrow_files", "read_arrow"),
    Format("sqlite", "SQLite", (".db", ".sqlite", ".sqlite3"), "database_files", "read_sqlite"),
    Format("duckdb", "DuckDB", (".duckdb",), "database_files", "read_duckdb"),
    Format("html", "a saved web page", (".html", ".htm", ".xhtml"), "html_pages", "read_html", single=True),
    Format("mhtml", "a web page in MHTML", (".mhtml", ".mht"), "html_pages", "read_mhtml", single=True),
    Format("warc", "a web archive", (".warc", ".wet"), "warc_files", "read_warc"),
    Format("feed", "RSS, Atom or a WordPress export", (".rss", ".atom"), "feeds", "read_feed"),
    Format("xml", "XML: NewsML, NITF, ProQuest, TEI", (".xml",), "news_xml", "read_xml"),
    Format("sgml", "SGML of Reuters-21578 or TREC", (".sgm", ".sgml"), "sgml_files", "read_sgml"),
    Format("nexis", "a text export of LexisNexis", (), "exports", "read_nexis"),
    Format("nexis-html", "an HTML export of LexisNexis", (), "html_exports", "read_nexis_html"),
    Format("factiva", "a text export of Factiva", (), "exports", "read_factiva_text"),
    Format("factiva-html", "an HTML export of Factiva", (), "html_exports", "read_factiva"),
    Format("europresse", "an HTML export of Europresse", (), "html_exports", "read_europresse"),
    Format("proquest", "a text export of ProQuest", (), "exports", "read_proquest_text"),
    Format("proquest-html", "an HTML export of ProQuest", (), "html_exports", "read_proquest_html"),
    Format("anpa", "wire stories in ANPA 1312", (), "exports", "read_anpa"),
    Format("ris", "references in RIS", (".ris",), "exports", "read_ris"),
    Format("eml", "a mail", (".eml",), "mail_files", "read_mail", single=True),
    Format("mbox", "a mailbox", (".mbox",), "mail_files", "read_mailbox"),
    Format(
        "docx",
        "a Word document, also of LexisNexis or Factiva",
        (".docx",),
        "word_files",
        "read_docx",
        anonymous=True,
    ),
    Format("odt", "an OpenDocument text", (".odt",), "word_files", "read_odt", anonymous=True),
    Format("xlsx", "a workbook", (".xlsx",), "office_files", "read_xlsx"),
    Format("epub", "EPUB", (".epub",), "office_files", "read_epub"),
    Format("rtf", "RTF, also of Factiva or LexisNexis", (".rtf",), "rtf_files", "read_rtf"),
    Format("pdf", "PDF", (".pdf",), "pdf_files", "read_pdf", single=True, anonymous=True),
)


@cache
def formats() -> dict[str, Format]:
    """Return all formats by name: those of the package, then those of installed plug-ins.

    Examples
    --------
    >>> formats()["jsonl"].about
    'JSON lines'
    """
    known = {one.name: one for one in _TABLE}
    for point in entry_points(group=ENTRY_POINT):
        known.setdefault(
            point.name,
            Format(point.name, f"{point.name} (plug-in)", (f".{point.name}",), "plugins", "read_plugin"),
        )
    return known


@cache
def endings() -> dict[str, str]:
    """Return the name of the format for each suffix."""
    return {ending: one.name for one in formats().values() for ending in one.endings}


def reader_of(name: str) -> Reader:
    """Return the function that reads a format with many articles per file."""
    return cast("Reader", _function(formats()[name]))


def single_reader_of(name: str) -> SingleReader:
    """Return the function that reads a format with one article per file."""
    return cast("SingleReader", _function(formats()[name]))


def _function(one: Format) -> Callable[..., object]:
    module = importlib.import_module(f"dedup.reading.{one.module}")
    function: Callable[..., object] = getattr(module, one.function)
    return function


def check_format(name: str) -> str:
    """Return the name if there is such a format; otherwise raise `SettingsError`."""
    if name not in formats():
        raise SettingsError(f"input format is {name!r}; it must be one of {', '.join(formats())}")
    return name
