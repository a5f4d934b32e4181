"""Files that tools write: search engines, content systems, scrapers, archives, headings in any language."""
# ruff: noqa: E501 - records read better unbroken

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dedup.article import Article
from dedup.errors import FieldError
from dedup.reading import read_articles
from dedup.reading.guesses import GUESSES
from dedup.reading.json_keys import LONGEST_KEY, key_table
from dedup.reading.rich_text import rich_text

FIRST = "The keeper of the Tornby light carried his last can of oil up the stairs on Friday, for a lamp that needs nobody comes on Monday."
SECOND = "He wrote down every ship for thirty years, and the museum means to print the books in four volumes with his drawings of clouds."
TEXT = f"{FIRST}\n\n{SECOND}"
URL = "https://www.gazette.example/2026/01/31/lighthouse"
DAY = "2026-01-31T10:30:00Z"
HIT = {"title": "Keeper leaves", "content": TEXT, "source": "The Gazette", "url": URL, "published": DAY}


def read(tmp_path: Path, value: Any, name: str = "a.json") -> list[Article]:
    path = tmp_path / name
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return list(read_articles([path]))


def told(article: Article) -> tuple[str, str | None, str | None, str | None]:
    return article.text, article.title, article.source, article.url


def typed(strings: str, numbers: str) -> dict[str, Any]:
    return {
        **{key: {strings: value} for key, value in HIT.items() if key != "published"},
        "published": {numbers: "1769855400"},
    }


BLOCKS = [{"_type": "block", "children": [{"_type": "span", "text": text}]} for text in (FIRST, SECOND)]
SHAPES: dict[str, Any] = {
    "one record in an answer": {"response": {"status": "ok", "content": HIT}},
    "dynamic fields of Solr": {
        "response": {
            "docs": [
                {
                    "title_s": "Keeper leaves",
                    "content_txt": [TEXT],
                    "source_s": "The Gazette",
                    "url_s": URL,
                    "published_dt": DAY,
                }
            ]
        }
    },
    "Vespa": {
        "root": {
            "children": [
                {
                    "id": "x",
                    "source": "cluster",
                    "fields": {
                        "title": "Keeper leaves",
                        "body": TEXT,
                        "outlet": "The Gazette",
                        "url": URL,
                        "published": DAY,
                    },
                }
            ]
        }
    },
    "Typesense": {"hits": [{"document": HIT, "text_match": 3}]},
    "DynamoDB": {"Item": typed("S", "N")},
    "Firestore": {
        "documents": [
            {
                "name": "projects/p/a",
                "fields": typed("stringValue", "integerValue"),
                "createTime": "2026-02-09T00:00:00Z",
            }
        ]
    },
    "a queue's bodies": {"Records": [{"messageId": "m", "body": json.dumps(HIT)}]},
    "a message in base 64": {
        "message": {
            "data": base64.b64encode(json.dumps(HIT).encode()).decode(),
            "publishTime": "2026-02-09T00:00:00Z",
        }
    },
    "Arc": {
        "_id": "x",
        "headlines": {"basic": "Keeper leaves"},
        "canonical_url": URL,
        "publish_date": DAY,
        "source": {"name": "The Gazette"},
        "content_elements": [
            {"type": "text", "content": FIRST},
            {"type": "image", "caption": "The tower"},
            {"type": "text", "content": SECOND},
        ],
    },
    "blocks of an editor": {
        "title": "Keeper leaves",
        "body": BLOCKS,
        "source": "The Gazette",
        "url": URL,
        "publishedAt": DAY,
    },
    "a feed reader": {
        "items": [
            {
                "title": "Keeper leaves",
                "content": {"content": TEXT},
                "origin": {"streamId": "f", "title": "The Gazette"},
                "published": 1769855400000,
                "alternate": [{"href": URL}],
            }
        ]
    },
    "an own envelope": {
        "Export": {
            "Made": "2026-02-09",
            "ArticleSet": [
                {"headline": "Keeper leaves", "body": TEXT, "outlet": "The Gazette", "url": URL, "date": DAY}
            ],
        }
    },
    "the whole beside a part": [{**HIT, "content": TEXT[:90] + "… [+160 chars]", "full_content": TEXT}],
    "a lead and a body": [
        {
            "an": "X1",
            "title": "Keeper leaves",
            "snippet": FIRST,
            "body": SECOND,
            "source_name": "The Gazette",
            "url": URL,
            "publication_date": 1769855400000,
        }
    ],
    "sentences": [
        {
            **HIT,
            "content": None,
            "story_sentences": [{"sentence": FIRST, "n": 0}, {"sentence": SECOND, "n": 1}],
        }
    ],
    "a title with entities": [{**HIT, "title": "Keeper&#32;leaves"}],
    "OpenGraph beside the text": [
        {
            "text": TEXT,
            "title": "Keeper leaves",
            "url": URL,
            "publish_date": DAY,
            "meta_data": {"og": {"site_name": "The Gazette"}},
        }
    ],
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(tmp_path: Path, name: str) -> None:
    (article,) = read(tmp_path, SHAPES[name])
    assert told(article) == (TEXT, "Keeper leaves", "The Gazette", URL)
    assert article.published is not None
    assert article.published.isoformat() == "2026-01-31T10:30:00+00:00"


def test_an_envelope_dates_and_numbers_nothing_that_lies_in_it(tmp_path: Path) -> None:
    answer = {
        "id": "q1",
        "date": "2026-02-09",
        "articles": [{"body": FIRST, "title": "One"}, {"body": SECOND, "title": "Two"}],
    }
    first, second = read(tmp_path, answer)
    assert first.published is second.published is None
    assert first.id != second.id


def test_the_time_of_a_crawl_is_not_that_of_publication(tmp_path: Path) -> None:
    (article,) = read(tmp_path, {"text": TEXT, "timestamp": "2026-02-09T00:00:00Z", "url": URL})
    assert article.published is None
    (own,) = read(
        tmp_path,
        {"text": TEXT, "timestamp": "2026-02-09T00:00:00Z", "url": URL, "title": "Keeper leaves"},
        "b.json",
    )
    assert own.published is not None


def test_a_field_that_holds_an_address_is_not_the_text(tmp_path: Path) -> None:
    (article,) = read(
        tmp_path, [{"full_text": "https://gazette.example/full/7", "body": TEXT, "title": "Keeper leaves"}]
    )
    assert article.text == TEXT


HEADINGS = [
    ("Quelle", "Titel", "Volltext", "Datum"),
    ("Média", "Titre", "Texte", "Date de publication"),
    ("Medio", "Titular", "Texto", "Fecha de publicación"),
    ("ИСТОЧНИК", "Заголовок", "Текст", "Дата публикации"),
    ("Źródło", "Tytuł", "Treść", "Data publikacji"),
    ("Kaynak", "Başlık", "İçerik", "Yayın Tarihi"),
    ("来源", "标题", "正文", "发布时间"),
    ("媒体", "タイトル", "本文", "公開日"),
    ("언론사", "제목", "본문", "일자"),
    ("المصدر", "العنوان", "النص", "التاريخ"),
    ("स्रोत", "शीर्षक", "लेख", "दिनांक"),
    ("Nguồn", "Tiêu đề", "Nội dung", "Ngày đăng"),
]


@pytest.mark.parametrize("heads", HEADINGS, ids=[heads[0] for heads in HEADINGS])
def test_tables_headed_in_other_languages(tmp_path: Path, heads: tuple[str, ...]) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([heads, ("The Gazette", "Keeper leaves", TEXT, DAY)])
    (article,) = read(tmp_path, stream.getvalue(), "a.csv")
    assert told(article)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert article.published is not None


def test_the_kernel_takes_the_names_of_all_languages() -> None:
    assert key_table(GUESSES) is not None
    assert max(len(name.encode()) for names in GUESSES.values() for name in names) <= LONGEST_KEY


def test_rows_above_the_header(tmp_path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [
            ["Search:", "light"],
            ["From:", "2026-01-01"],
            [],
            ["Date", "Headline", "Full Text", "Site"],
            [DAY, "Keeper leaves", TEXT, "The Gazette"],
        ]
    )
    (article,) = read(tmp_path, stream.getvalue(), "a.csv")
    assert told(article)[:3] == (TEXT, "Keeper leaves", "The Gazette")


def test_workbooks_with_other_sheets_and_rows_above_the_header(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Search", "light"])
    sheet = book.create_sheet("Articles")
    for row in (
        ["Media monitoring"],
        [],
        [None, "Outlet", "Headline", "Full text"],
        [None, "The Gazette", "Keeper leaves", TEXT],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    (article,) = read_articles([tmp_path / "a.xlsx"])
    assert told(article)[:3] == (TEXT, "Keeper leaves", "The Gazette")


def test_parts_of_a_text_in_columns(tmp_path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [
            ["HD", "SN", "PD", "LP", "TD"],
            ["Keeper leaves", "The Gazette", "31 January 2026", FIRST, SECOND],
            ["Short", "The Gazette", "31 January 2026", FIRST, ""],
        ]
    )
    whole, lead = read(tmp_path, stream.getvalue(), "a.csv")
    assert (whole.text, lead.text) == (TEXT, FIRST)


UNI = f"Keeper leaves\n\nThe Gazette\n\nJanuary 31, 2026 Saturday\n\nCopyright 2026 Gazette All Rights Reserved\n\nSection: NEWS\n\nLength: 52 words\n\nByline: Ada Holm\n\nBody\n\n{TEXT}\n\nGraphic\n\nThe tower in fog\n\nLoad-Date: February 9, 2026\n\nEnd of Document\n\n"


def test_nexis_uni(tmp_path: Path) -> None:
    one, two = read(tmp_path, UNI + UNI.replace("Keeper leaves", "Again"), "a.txt")
    assert told(one)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert two.title == "Again"


def test_nexis_in_word(tmp_path: Path) -> None:
    cover = [
        "User Name: Ada",
        "Date and Time: Monday, February 9, 2026 10:00 AM CET",
        "Job Number: 7",
        "Documents (2)",
    ]
    lines = [
        *cover,
        *UNI.replace("\n\n", "\n").split("\n"),
        *UNI.replace("Keeper leaves", "Again").replace("\n\n", "\n").split("\n"),
    ]
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in lines)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    one, two = read(tmp_path, stream.getvalue(), "a.docx")
    assert told(one)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert (two.title, two.published and two.published.year) == ("Again", 2026)


def test_nexis_in_german_and_as_a_page(tmp_path: Path) -> None:
    def document(number: int) -> list[str]:
        head = [
            f"Dokument {number} von 2",
            "The Gazette",
            "31. Januar 2026 Samstag",
            "Keeper leaves",
            "AUTOR: Ada Holm",
            "LÄNGE: 52 Wörter",
        ]
        return [*head, FIRST, SECOND, "UPDATE: 9. Februar 2026", "SPRACHE: GERMAN; DEUTSCH"]

    lines = [*document(1), *document(2)]
    plain = read(tmp_path, "\n\n".join(lines), "a.txt")
    page = read(
        tmp_path,
        "<html><body><DOC NUMBER=1>"
        + "".join(f"<div><p><span>{line}</span></p></div>" for line in lines)
        + "</body></html>",
        "a.html",
    )
    for article in (*plain, *page):
        assert told(article)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert len(plain) == len(page) == 2


def test_factiva_keeps_the_numbers_of_its_documents(tmp_path: Path) -> None:
    part = f"HD\nKeeper leaves\nWC\n52 words\nPD\n31 January 2026\nET\n10:30\nSN\nThe Gazette\nLA\nEnglish\nLP\n{FIRST}\nTD\n{SECOND}\nAN\nDocument GAZET00002026013{{}}\n\n"
    one, two = read(tmp_path, part.format("1ab") + part.format("1cd"), "a.txt")
    assert (one.id, two.id) == ("GAZET000020260131ab", "GAZET000020260131cd")
    assert told(one)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert one.published_precision == "minute"


def test_documents_whose_number_names_agency_and_day(tmp_path: Path) -> None:
    part = (
        '<DOC id="NWS_ENG_20040501.{}" type="story">\n<HEADLINE>\nKeeper leaves\n</HEADLINE>\n<TEXT>\n<P>\n'
        + FIRST
        + "\n</P>\n</TEXT>\n</DOC>\n"
    )
    one, two = read(tmp_path, part.format("0001") + part.format("0002"), "a.sgml")
    assert (one.source, one.title, two.id) == ("NWS", "Keeper leaves", "NWS_ENG_20040501.0002")
    assert one.published is not None
    assert (one.published.date().isoformat(), one.published_precision) == ("2004-05-01", "day")


def test_xml_that_names_its_fields_in_attributes(tmp_path: Path) -> None:
    doc = f'<doc><arr name="title"><str>Keeper leaves</str></arr><str name="content">{TEXT}</str><str name="source">The Gazette</str><str name="url">{URL}</str></doc>'
    one, two = read(
        tmp_path,
        f'<response><result name="response" numFound="2">{doc}{doc.replace(URL, URL + "-2")}</result></response>',
        "a.xml",
    )
    assert told(one) == (TEXT, "Keeper leaves", "The Gazette", URL)
    assert two.url == URL + "-2"
    rows = f'<row><field name="headline">Keeper leaves</field><field name="body">{TEXT}</field></row>' * 2
    assert [
        article.title
        for article in read(
            tmp_path,
            f'<mysqldump><database name="d"><table_data name="news">{rows}</table_data></database></mysqldump>',
            "b.xml",
        )
    ] == ["Keeper leaves"] * 2


def test_mailboxes_references_and_heads_in_toml(tmp_path: Path) -> None:
    mail = f"From desk@gazette.example Sat Jan 31 10:30:00 2026\nFrom: The Gazette <desk@gazette.example>\nSubject: {{}}\nDate: Sat, 31 Jan 2026 10:30:00 +0000\n\n{TEXT}\n>From here on it is dark.\n\n"
    one, two = read(tmp_path, mail.format("Keeper leaves") + mail.format("Again"), "a.mbox")
    assert told(one)[:3] == (TEXT + "\nFrom here on it is dark.", "Keeper leaves", "The Gazette")
    assert two.title == "Again"
    (reference,) = read(
        tmp_path,
        f"TY  - NEWS\nTI  - Keeper leaves\nT2  - The Gazette\nDA  - 2026/01/31/\nUR  - {URL}\nAB  - {FIRST}\nER  - \n",
        "a.ris",
    )
    assert told(reference) == (FIRST, "Keeper leaves", "The Gazette", URL)
    assert (reference.published and reference.published.day, reference.published_precision) == (31, "day")
    (note,) = read(
        tmp_path, f'+++\ntitle = "Keeper leaves"\ndate = {DAY}\ntags = ["light"]\n+++\n\n{TEXT}', "a.md"
    )
    assert (note.title, note.text, note.published and note.published.hour) == ("Keeper leaves", TEXT, 10)


def test_an_open_document(tmp_path: Path) -> None:
    content = f'<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text><text:h>Keeper leaves</text:h><text:p>{FIRST}</text:p><text:p>{SECOND}</text:p></office:text></office:body></office:document-content>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    (article,) = read(tmp_path, stream.getvalue(), "a.odt")
    assert (article.text, article.title) == (TEXT, "Keeper leaves")


@pytest.mark.parametrize(
    "tree",
    [
        {
            "nodeType": "document",
            "content": [
                {
                    "nodeType": "paragraph",
                    "content": [{"nodeType": "text", "value": "One "}, {"nodeType": "text", "value": "two."}],
                },
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Three."}]},
            ],
        },
        {
            "root": {
                "type": "root",
                "children": [
                    {
                        "type": "paragraph",
                        "children": [
                            {"type": "text", "text": "One "},
                            {"type": "link", "children": [{"type": "text", "text": "two."}]},
                        ],
                    },
                    {"type": "paragraph", "children": [{"type": "text", "text": "Three."}]},
                ],
            }
        },
        {
            "time": 1,
            "blocks": [
                {"type": "paragraph", "data": {"text": "One two."}},
                {"type": "paragraph", "data": {"text": "Three."}},
            ],
        },
        [
            {"type": "paragraph", "children": [{"text": "One two."}]},
            {"type": "quote", "children": [{"text": "Three."}]},
        ],
    ],
)
def test_trees_of_editors(tree: Any) -> None:
    assert rich_text(tree) == "One two.\n\nThree."


def test_what_is_not_a_tree() -> None:
    for value in (
        "One.",
        ["One.", "Two."],
        [{"type": "kicker", "content": "World"}],
        {"plain": "One."},
        [],
        {},
    ):
        assert rich_text(value) is None


def test_comments_are_not_articles_where_the_text_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="no field"):
        read(tmp_path, {"title": "Keeper leaves", "url": URL, "comments": [{"text": TEXT, "date": DAY}] * 3})


def test_an_export_of_blogger_holds_more_than_articles(tmp_path: Path) -> None:
    def entry(kind: str, title: str) -> str:
        return f'<entry><id>{title}</id><published>{DAY}</published><category term="http://schemas.google.com/blogger/2008/kind#{kind}"/><title>{title}</title><content type="html">{FIRST}</content><link rel="alternate" href="{URL}"/></entry>'

    (article,) = read(
        tmp_path,
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title>{entry("settings", "a")}{entry("post", "Keeper leaves")}{entry("comment", "b")}</feed>',
        "a.xml",
    )
    assert article.title == "Keeper leaves"


def test_a_line_with_its_bold_words_is_one_line(tmp_path: Path) -> None:
    (article,) = read(
        tmp_path,
        [
            {
                "text": ["The lamp ", {"type": "bold", "text": "went out"}, " on Friday."],
                "title": "Keeper leaves",
            }
        ],
    )
    assert article.text == "The lamp went out on Friday."


def test_stories_of_xml_whose_titles_are_in_a_head(tmp_path: Path) -> None:
    story = f"<story><head><title>{{}}</title><date>2026-01-31</date></head><body><p>{FIRST}</p><p>{SECOND}</p></body></story>"
    one, two = read(
        tmp_path, f"<edition>{story.format('Keeper leaves')}{story.format('Again')}</edition>", "a.xml"
    )
    assert (one.text, one.title, two.title) == (TEXT, "Keeper leaves", "Again")


def test_proquest_as_a_page(tmp_path: Path) -> None:
    part = f"<div><p>Document</p><p><strong>Full text: </strong></p><p>{FIRST}</p><p>{SECOND}</p><p><strong>Title: </strong>Keeper leaves</p><p><strong>Publication title: </strong>The Gazette</p><p><strong>Publication date: </strong>Jan 31, 2026</p><p><strong>ProQuest document ID: </strong>{{}}</p><hr></div>"
    one, two = read(
        tmp_path,
        f"<html><head><title>x</title></head><body>{part.format(1)}{part.format(2)}</body></html>",
        "a.html",
    )
    assert told(one)[:3] == (TEXT, "Keeper leaves", "The Gazette")
    assert (one.id, two.id) == ("1", "2")


def test_activities_hold_their_notes(tmp_path: Path) -> None:
    note = {"type": "Note", "id": URL, "content": f"<p>{FIRST}</p>", "published": DAY, "url": URL}
    (article,) = read(
        tmp_path,
        {"type": "OrderedCollection", "orderedItems": [{"type": "Create", "published": DAY, "object": note}]},
    )
    assert (article.text, article.url) == (f"<p>{FIRST}</p>", URL)


def test_trees_without_an_end_are_cut(tmp_path: Path) -> None:
    node: Any = "deep"
    for _ in range(300):
        node = [node]
    tree = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "One."}, node]}],
    }
    assert rich_text(tree) == "One."


def test_a_head_that_is_never_closed_is_text(tmp_path: Path) -> None:
    (article,) = read(tmp_path, "+++\n" + "a = b\n" * 5000 + TEXT, "a.txt")
    assert article.text.startswith("+++")
