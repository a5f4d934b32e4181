"""Exports of press archives, books, documents, collections of web archives, and formats of plug-ins."""
# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import InputError
from dedup.reading import read_articles, read_batches
from dedup.reading.formats import endings, formats
from dedup.reading.options import ReaderOptions

ONE = "The ferry to Skarholm was full when the harbour master counted the bicycles on its deck for a third time."
TWO = "A baker on the island says that she sold all her bread before the first passengers had left the quay."
TEXT = f"{ONE}\n\n{TWO}"


def read(tmp_path: Path, content: str | bytes, name: str, **options: object) -> list[Article]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles([path], options=ReaderOptions(**options)))  # type: ignore[arg-type]


def test_an_export_of_europresse_is_cut_into_its_articles(tmp_path: Path) -> None:
    def article(name: str, day: str, title: str, text: str) -> str:
        return (
            f'<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">{name}, no. 21</span></div>'
            f'<span class="DocHeader">Ports, {day}, p. 4</span><p class="titreArticle"><span class="titreArticleVisu">{title}</span></p></header>'
            f'<div class="docOcurrContainer"><p>{text}</p><p>{TWO}</p></div>'
            '<div class="publiC-lblNodoc">news·20260131·LM·0041</div></article>'
        )

    page = f"<html><body>{article('Le Quai', '31 janvier 2026', 'Le bac &amp; le pain', ONE)}{article('La Rade', '1 février 2026', 'Autre', TWO)}</body></html>"
    first, second = read(tmp_path, page, "europresse.html")
    assert (first.source, first.title, first.text) == ("Le Quai", "Le bac & le pain", TEXT)
    assert [one.published.isoformat()[:10] for one in (first, second) if one.published] == [
        "2026-01-31",
        "2026-02-01",
    ]
    assert second.source == "La Rade"
    assert "20260131" not in first.text


def test_a_text_export_of_proquest(tmp_path: Path) -> None:
    line = "_" * 60
    part = (
        f"\n\nTitle: {{}}\n\nPublication title: Quay Herald\n\nPublication date: Jan 31, 2026\n\nFull text: {TEXT}\n\n"
        "ProQuest document ID: {}\n\nDocument URL: https://quay.example/{}\n\n"
    )
    content = line + part.format("Full ferry", 17, 17) + line + part.format("Bread", 18, 18) + line + "\n"
    first, second = read(tmp_path, content, "proquest.txt")
    assert (first.id, first.source, first.title, first.url) == (
        "17",
        "Quay Herald",
        "Full ferry",
        "https://quay.example/17",
    )
    assert first.text == TEXT
    assert first.published is not None
    assert second.id == "18"


def rtf(*paragraphs: str) -> str:
    lines = "\\par\\par ".join(
        "".join(f"\\u{ord(letter)}?" if ord(letter) > 126 else letter for letter in one) for one in paragraphs
    )
    return f"{{\\rtf1\\ansi {{\\fonttbl{{\\f0 Arial;}}}}\\f0 {lines}}}"


def test_rich_text(tmp_path: Path) -> None:
    pytest.importorskip("striprtf")
    (found,) = read(tmp_path, rtf("Skärholm’s ferry", ONE), "a.rtf")
    assert found.text.split() == ["Skärholm’s", "ferry", *ONE.split()]


@pytest.mark.parametrize("instruction", ['HYPERLINK "URL"', '{HYPERLINK "URL"}', '{ hyperlink "URL" }'])
def test_rich_text_of_a_link_is_its_words_alone(tmp_path: Path, instruction: str) -> None:
    pytest.importorskip("striprtf")
    written = rtf(ONE)
    for word in ("ferry", "harbour"):
        to = instruction.replace("URL", f"https://quay.example/{word[:3]}")
        written = written.replace(
            f" {word} ", f" {{\\field{{\\*\\fldinst{to}}}{{\\fldrslt{{\\ul {word}}}}}}} "
        )
    (found,) = read(tmp_path, written, "a.rtf")
    assert found.text == ONE


def test_rich_text_of_factiva(tmp_path: Path) -> None:
    pytest.importorskip("striprtf")
    lines = ["HD Full ferry", "PD 31 January 2026", "SN Quay Herald", f"LP {ONE}", f"TD {TWO}"]
    content = "{\\rtf1\\ansi " + "\\par\n".join([*lines, "Document QUAY000020260131em1v00001", ""]) + "}"
    (found,) = read(tmp_path, content, "factiva.rtf")
    assert (found.source, found.title, found.text) == ("Quay Herald", "Full ferry", TEXT)


def test_a_book(tmp_path: Path) -> None:
    pytest.importorskip("defusedxml")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OEBPS/book.opf",
            "<package><metadata><title>Island year</title><publisher>Quay Books</publisher><language>en</language><date>2026-01-31</date></metadata>"
            '<manifest><item id="b" href="two.xhtml"/><item id="a" href="text/one.xhtml"/><item id="c" href="gone.xhtml"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="c"/><itemref idref="b"/></spine></package>',
        )
        archive.writestr("OEBPS/text/one.xhtml", f"<html><body><h1>Ferry</h1><p>{ONE}</p></body></html>")
        archive.writestr("OEBPS/two.xhtml", f"<html><body><h1>Bread</h1><p>{TWO}</p></body></html>")
    first, second = read(tmp_path, made.getvalue(), "book.epub")
    assert (first.source, first.title, second.title) == ("Quay Books", "Ferry", "Bread")
    assert ONE in first.text
    assert TWO in second.text


@pytest.mark.parametrize("html", ["full", "fast"])
def test_a_page_in_mhtml(tmp_path: Path, html: str) -> None:
    pytest.importorskip("trafilatura")
    pytest.importorskip("resiliparse")
    page = f"<html><head><title>Full ferry</title></head><body><nav>Home</nav><article><h1>Full ferry</h1><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    content = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quay.example/ferry\r\nSubject: Full ferry\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; charset=utf-8\r\n'
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n"
    )
    (found,) = read(tmp_path, content, "ferry.mhtml", html=html)
    assert (found.url, found.title, found.source, found.text) == (
        "https://quay.example/ferry",
        "Full ferry",
        "quay.example",
        TEXT,
    )


def wacz(*, stored: bool) -> bytes:
    """Return a collection with one page; without `stored` it holds only the page's text."""
    page = f"<html><head><title>Full ferry</title></head><body><article><h1>Full ferry</h1><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://quay.example/ferry\r\nWARC-Date: 2026-01-31T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        lines = [
            {"format": "json-pages-1.0", "id": "pages"},
            {
                "url": "https://quay.example/ferry",
                "title": "Full ferry",
                "ts": "2026-01-31T00:00:00Z",
                "text": TEXT,
            },
        ]
        archive.writestr("pages/pages.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        if stored:
            archive.writestr("archive/data.warc.gz", gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return made.getvalue()


@pytest.mark.parametrize("address", ["https://quay.example/ferry", "<https://quay.example/ferry>"])
def test_an_archive_names_a_page_with_and_without_angle_brackets(tmp_path: Path, address: str) -> None:
    pytest.importorskip("fastwarc")
    text = TEXT.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-01-31T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    (found,) = read(tmp_path, head.encode() + text + b"\r\n\r\n", "a.warc")
    assert (found.url, found.source) == ("https://quay.example/ferry", "quay.example")


@pytest.mark.parametrize("stored", [True, False])
def test_a_collection_of_web_archives_gives_each_page_once(tmp_path: Path, stored: bool) -> None:
    pytest.importorskip("fastwarc")
    pytest.importorskip("resiliparse")
    (found,) = read(tmp_path, wacz(stored=stored), "crawl.wacz", html="fast")
    assert (found.url, found.title, found.text) == ("https://quay.example/ferry", "Full ferry", TEXT)
    assert found.published is None, "the time of the crawl is not one of publication"


def pdf(lines: list[str], title: str) -> bytes:
    """Return a document of one page, with a table of its objects."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 40 760 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table_at = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return (
        made
        + f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table_at}\n%%EOF\n".encode()
    )


@pytest.mark.parametrize(("title", "told"), [("Full ferry", "Full ferry"), ("untitled", None), ("", None)])
def test_a_pdf(tmp_path: Path, title: str, told: str | None) -> None:
    pytest.importorskip("pypdfium2")
    (found,) = read(tmp_path, pdf([ONE[:50], ONE[50:]], title), "a.pdf")
    assert found.text.split() == [*ONE[:50].split(), *ONE[50:].split()]
    assert found.title == told


def test_a_pdf_without_text_is_said_to_be_that(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(InputError, match="holds no text, only pictures of pages"):
        read(tmp_path, pdf([], "x"), "a.pdf")


READER = """
def lines(stream, name):
    for number, line in enumerate(stream.read().decode().splitlines()):
        yield {"id": f"p{number}", "outlet": "Quay", "text": line} if line != "broken" else 5
"""


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Provide an installed package that reads files whose names end in .quay."""
    site = tmp_path / "site"
    about = site / "quay_reader-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "quay_reader.py").write_text(READER)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: quay-reader\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dedup.readers]\nquay = quay_reader:lines\n")
    monkeypatch.syspath_prepend(site)
    formats.cache_clear()
    endings.cache_clear()
    yield
    formats.cache_clear()
    endings.cache_clear()


@pytest.mark.usefixtures("plug_in")
def test_a_plug_in_reads_a_format_of_its_own(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ONE}\n{TWO}\n", "island.quay")
    assert [(one.id, one.source, one.text) for one in found] == [("p0", "Quay", ONE), ("p1", "Quay", TWO)]


@pytest.mark.usefixtures("plug_in")
def test_what_is_wrong_with_a_plug_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"island.quay: the reader of quay gave int, not a mapping"):
        read(tmp_path, "broken\n", "island.quay")
    with pytest.raises(InputError, match=r"the reader quay_reader:lines failed: UnicodeDecodeError"):
        read(tmp_path, b"\xff\xfe\xff", "island.quay")


def test_archives_in_archives_are_counted_and_left(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", ONE)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("b.txt", TWO)
    reading = read_batches([tmp_path / "outer.zip"])
    assert [text for batch in reading for text in batch.column("text").to_pylist()] == [TWO]
    assert "1 file left out because it is an archive in an archive" in reading.notes
