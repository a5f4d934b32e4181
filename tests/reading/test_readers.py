"""One invented file of each format, and the articles read from it."""
# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import FieldError, InputError
from dedup.reading import read_articles, read_batches
from dedup.reading.options import ReaderOptions

pytest.importorskip("defusedxml")

ONE = "The bridge keeper of Osterwick rang the bell at noon, and every boat in the canal stood still for a minute."
TWO = "Nobody in the village remembered a flood like this one, although the oldest house bears a mark from 1784."
TEXT = f"{ONE}\n\n{TWO}"
HTML = f"<p>{ONE}</p><p>{TWO}</p>"
URL = "https://www.courier.example/2026/bridge"


def read(tmp_path: Path, content: str | bytes, name: str, **options: object) -> list[Article]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles([path], options=ReaderOptions(**options)))  # type: ignore[arg-type]


FILES = {
    "feed.xml": (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">'
        "<channel><title>All feeds</title><item><title>Bell &amp;amp; boats</title><link>" + URL + "</link>"
        "<description>Teaser&nbsp;only.</description><media:description>A photograph.</media:description>"
        f"<pubDate>Sat, 31 Jan 2026 10:30:00 GMT</pubDate><source url='x'>Courier</source><content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>",
        ("Courier", "Bell & boats", HTML),
    ),
    "saved.atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title><entry><title>Bell</title>'
        f'<link rel="self" href="https://x.example/api"/><link href="{URL}"/><published>2026-01-31T10:30:00Z</published>'
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content></entry></feed>',
        ("courier.example", "Bell", ONE),
    ),
    "export.xml": (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Courier</title>'
        "<item><title>Logo</title><wp:post_type>attachment</wp:post_type><content:encoded>A picture.</content:encoded></item>"
        "<item><title>Draft</title><wp:post_type>post</wp:post_type><wp:status>draft</wp:status><content:encoded>Not yet.</content:encoded></item>"
        f"<item><title>Bell</title><link>{URL}</link><wp:post_date_gmt>2026-01-31 10:30:00</wp:post_date_gmt><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>",
        ("courier.example", "Bell", HTML),
    ),
    "g2.xml": (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:1" standard="NewsML-G2"><itemMeta><provider literal="Courier"/><versionCreated>2026-01-31T10:30:00Z</versionCreated></itemMeta>'
        f'<contentMeta><headline>Bell</headline></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head><body>{HTML}</body></html></inlineXML></contentSet></newsItem>',
        ("Courier", "Bell", TEXT),
    ),
    "nitf.xml": (
        '<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><title>no</title><pubdata date.publication="20260131T000000" name="Courier"/></head><body><body.head><hedline><hl1>Bell</hl1></hedline></body.head>'
        f'<body.content><block class="lead_paragraph"><p>{ONE}</p></block><block class="full_text">{HTML}</block></body.content></body></nitf>',
        ("Courier", "Bell", TEXT),
    ),
    "newsml1.xml": (
        '<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>courier.example</ProviderId><PublicIdentifier>urn:2</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><FirstCreated>20260131T103000Z</FirstCreated></NewsManagement>'
        f'<NewsComponent><NewsLines><HeadLine>Bell</HeadLine></NewsLines><ContentItem><DataContent><nitf><body><body.content>{HTML}</body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>',
        ("courier.example", "Bell", TEXT),
    ),
    "tei.xml": (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Bell</title></titleStmt><publicationStmt><publisher>Courier</publisher></publicationStmt><sourceDesc><bibl><date when="2026-01-31"/><ptr target="{URL}"/></bibl></sourceDesc></fileDesc></teiHeader><text><body><div type="entry">{HTML}</div></body></text></TEI>',
        ("Courier", "Bell", TEXT),
    ),
    "unknown.xml": (
        f"<articles><article><headline>Bell</headline><outlet>Courier</outlet><date>2026-01-31</date><maintext>{HTML}</maintext></article></articles>",
        ("Courier", "Bell", TEXT),
    ),
    "reut.sgm": (
        f'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="7">\n<DATE>31-JAN-1987 10:30:00.00</DATE>\n<TEXT>&#2;<TITLE>BELL</TITLE><DATELINE> OSTERWICK, Jan 31 - </DATELINE><BODY>{ONE}\n    {TWO}\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n',
        ("Reuters", "BELL", ONE),
    ),
    "trec.txt": (
        f"<DOC>\n<DOCNO> C-1 </DOCNO>\n<HEADLINE>Bell</HEADLINE>\n<SOURCE>Courier</SOURCE>\n<DATE>2026-01-31</DATE>\n<TEXT>\n{ONE}\n</TEXT>\n</DOC>\n",
        ("Courier", "Bell", ONE),
    ),
    "nexis.txt": (
        f"\n                  1 of 2 DOCUMENTS\n\n            Courier\n\n      January 31, 2026 Saturday\n\nBell\n\nBYLINE: A. B.\n\nLENGTH: 40 words\n\n{TEXT}\n\nLOAD-DATE: February 1, 2026\n\nLANGUAGE: ENGLISH\n\n      Copyright 2026 Courier\n"
        f"\n                  2 of 2 DOCUMENTS\n\n            Herald\n\n      January 30, 2026\n\nOther\n\nLENGTH: 20 words\n\n{TWO}\n",
        ("Courier", "Bell", TEXT),
    ),
    "uni.txt": (
        f"Bell\n\nCourier\n\nJanuary 31, 2026 Saturday\n\nCopyright 2026 Courier All Rights Reserved\n\nSection: NEWS\n\nLength: 40 words\n\nBody\n\n{TEXT}\n\nLoad-Date: February 1, 2026\n\nEnd of Document\n",
        ("Courier", "Bell", TEXT),
    ),
    "factiva.txt": (
        f"HD Bell\nWC 40 words\nPD 31 January 2026\nSN Courier\nLA English\nLP \n{ONE}\nTD \n{TWO}\nAN Document COUR000020260131em1v00001\n\nDocument COUR000020260131em1v00001\n",
        ("Courier", "Bell", TEXT),
    ),
    "factiva.html": (
        f'<html><body><div class="article enArticle"><table><tr><td><b>HD</b></td><td>Bell</td></tr><tr><td><b>PD</b></td><td>31 January 2026</td></tr><tr><td><b>SN</b></td><td>Courier</td></tr><tr><td><b>TD</b></td><td>{HTML}</td></tr></table></div></body></html>',
        ("Courier", "Bell", TEXT),
    ),
    "mail.eml": (
        f"From: Courier <news@courier.example>\nTo: x@x.example\nSubject: =?utf-8?q?Bell?=\nDate: Sat, 31 Jan 2026 10:30:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n--B\nContent-Type: text/html; charset=utf-8\n\n{HTML}\n--B--\n",
        ("Courier", "Bell", TEXT),
    ),
    "head.md": (
        f'---\ntitle: "Bell"\nsitename: Courier\ndate: 2026-01-31\ntags:\n  - canal\n---\n{TEXT}\n',
        ("Courier", "Bell", ONE),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_formats(tmp_path: Path, name: str) -> None:
    content, (source, title, text) = FILES[name]
    found = read(tmp_path, content, name)
    first = found[0]
    assert (first.source, first.title) == (source, title)
    assert first.text.strip() == text if text in (TEXT, HTML) else text in first.text
    assert name == "trec.txt" or first.published is not None
    assert len(found) == (2 if name == "nexis.txt" else 1)


def test_content_decides_whatever_the_ending_says(tmp_path: Path) -> None:
    content, (source, title, _) = FILES["feed.xml"]
    for name in ("feed", "feed.txt", "feed.json", "feed.html"):
        assert [(one.source, one.title) for one in read(tmp_path, content, name)] == [(source, title)]


def test_a_folder_of_everything_just_works(tmp_path: Path) -> None:
    for name, (content, _) in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "j", "source": "J", "text": ONE}))
    (tmp_path / "a.csv").write_text(f"id;source;text\nc;C;{ONE}\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    reading = read_batches([tmp_path])
    assert sum(batch.num_rows for batch in reading) == len(FILES) + 3
    assert reading.skipped == 0
    assert "1 file left out because of an ending that is not read" in reading.notes


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tar.xz", "tgz"])
def test_archives(tmp_path: Path, ending: str) -> None:
    members = {
        "in/a.jsonl": json.dumps({"id": "j", "text": ONE}),
        "in/b.xml": FILES["g2.xml"][0],
        "in/._a.jsonl": "x",
    }
    path = tmp_path / f"a.{ending}"
    if ending == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
    else:
        mode = {"tar": "w", "tar.xz": "w:xz"}.get(ending, "w:gz")
        with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content.encode())
                archive.addfile(info, io.BytesIO(content.encode()))
    assert [one.id for one in read_articles([path])] == ["j", "urn:1"]


def test_members_that_must_not_be_read_are_counted(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", ONE)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../evil.txt", ONE)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("bomb.txt", b"0" * (80 << 20))
        archive.writestr("good.txt", TWO)
    reading = read_batches([path], on_error="skip")
    assert [text for batch in reading for text in batch.column("text").to_pylist()] == [TWO]
    assert [reject.reason.partition(";")[0] for reject in reading.rejects] == [
        "its path leads out of the archive",
        "grows to more than 1,000 times its size",
    ]
    assert "1 file left out because it is an archive in an archive" in reading.notes
    assert not (tmp_path.parent / "evil.txt").exists()


def test_a_gzip_file_that_is_filled_up_with_zeros(tmp_path: Path) -> None:
    data = gzip.compress(json.dumps({"id": "z", "text": ONE}).encode()) + b"\0" * 512
    assert [one.id for one in read(tmp_path, data, "a.jsonl.gz")] == ["z"]


def database(path: Path) -> None:
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE log (line TEXT)")
        made.execute("CREATE TABLE news (id TEXT, source TEXT, content TEXT, published TEXT)")
        made.execute("INSERT INTO news VALUES ('s1', 'Courier', ?, '2026-01-31')", (ONE,))
        made.execute("INSERT INTO news VALUES ('s2', 'Herald', ?, '2026-01-30')", (TWO,))
    made.close()


def test_sqlite(tmp_path: Path) -> None:
    database(tmp_path / "a.db")
    assert [one.id for one in read_articles([tmp_path / "a.db"])] == ["s1", "s2"]
    chosen = ReaderOptions(table="SELECT * FROM news WHERE source = 'Herald'")
    assert [one.id for one in read_articles([tmp_path / "a.db"], options=chosen)] == ["s2"]
    with pytest.raises(FieldError, match="no table 'news2'; the tables are 'log', 'news'"):
        list(read_articles([tmp_path / "a.db"], options=ReaderOptions(table="news2")))
    with pytest.raises(InputError, match="cannot be read as SQLite"):
        list(
            read_articles(
                [tmp_path / "a.db"], options=ReaderOptions(table="WITH x AS (SELECT 1) DELETE FROM news")
            )
        )
    assert len(list(read_articles([tmp_path / "a.db"]))) == 2


def test_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as made:
        made.execute("CREATE TABLE news (id TEXT, source TEXT, body TEXT, published TIMESTAMP)")
        made.execute("INSERT INTO news VALUES ('d1', 'Courier', ?, '2026-01-31 10:30:00')", [ONE])
    assert [(one.id, one.text) for one in read_articles([tmp_path / "a.duckdb"])] == [("d1", ONE)]
    query = ReaderOptions(table="SELECT * FROM read_csv('/etc/passwd')")
    with pytest.raises(InputError, match="cannot be read as DuckDB"):
        list(read_articles([tmp_path / "a.duckdb"], options=query))


def test_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["ID", "Outlet", "Text", "Date"])
    book.active.append([5, "Courier", ONE, "2026-01-31"])
    book.save(tmp_path / "a.xlsx")
    assert [(one.id, one.source, one.text) for one in read_articles([tmp_path / "a.xlsx"])] == [
        ("5", "Courier", ONE)
    ]


def test_a_word_document_with_tracked_changes(tmp_path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Bell</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t>{ONE[:20]}</w:t></w:r><w:ins><w:r><w:t>{ONE[20:]}</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
        )
    assert [(one.title, one.text) for one in read_articles([tmp_path / "a.docx"])] == [("Bell", ONE)]


def test_web_archives(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    pytest.importorskip("resiliparse")
    page = f"<html><head><title>Bell</title></head><body><article><h1>Bell</h1>{HTML}</article></body></html>"

    def record(kind: str, body: str, number: int, inner: str) -> bytes:
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {URL}/{number}\r\nWARC-Date: 2026-01-31T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: {inner}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
        return gzip.compress(f"{head}{body}\r\n\r\n".encode())

    http = "HTTP/1.1 {} OK\r\nContent-Type: {}\r\n\r\n"
    data = record("response", http.format(200, "text/html") + page, 1, "application/http; msgtype=response")
    data += record("response", http.format(404, "text/html") + page, 2, "application/http; msgtype=response")
    data += record("response", http.format(200, "image/png") + "x", 3, "application/http; msgtype=response")
    data += record("conversion", TEXT, 4, "text/plain")
    found = read(tmp_path, data, "a.warc.gz", html="fast")
    assert [(one.url, one.text, one.published) for one in found] == [
        (f"{URL}/1", TEXT, None),
        (f"{URL}/4", TEXT, None),
    ]
    cut = read_batches([tmp_path / "a.warc.gz"], on_error="skip", options=ReaderOptions(html="fast"))
    (tmp_path / "a.warc.gz").write_bytes(data[:-30])
    assert sum(batch.num_rows for batch in cut) >= 1
    assert cut.skipped == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE n [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><nitf>&b;</nitf>',
            "declares entities of its own",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
            "declares entities of its own",
        ),
        ("<TEI>" + "<div>" * 5000 + "</div>" * 5000 + "</TEI>", "nested more than 200 deep"),
        ("<nitf><head></nitf>", "is not valid XML"),
        ("<urlset><url><loc>x</loc></url></urlset>", "it is a sitemap"),
        (
            "<rss><channel><item><title>Only a title</title></item></channel></rss>",
            "no item of the feed holds text",
        ),
    ],
)
def test_markup_that_is_refused(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, content, "a.xml")


def test_a_missing_library_names_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.reading import extras

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", absent)
    with pytest.raises(
        InputError, match=r"needs trafilatura, which is not installed; pip install '.+\[web\]'"
    ):
        extras.load_extra("trafilatura", extra="web", file="a.html")
