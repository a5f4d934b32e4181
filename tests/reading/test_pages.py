"""Web pages: the article and its metadata."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest
from page_layouts import Layout, layouts

from dedup.errors import InputError
from dedup.reading import read_articles, read_batches
from dedup.reading.encodings import decode_declared
from dedup.reading.options import ReaderOptions
from dedup.reading.page_metadata import page_metadata

pytest.importorskip("trafilatura")
pytest.importorskip("resiliparse")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\u4e00-\u9fff]|[^\W_]+", text))


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_the_article_is_found_and_nothing_else(tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "a.html"
    path.write_text(layout.html, encoding="utf-8")
    (found,) = read_articles([path])
    true, given = words(layout.text), words(found.text)
    kept = sum((true & given).values())
    assert kept >= 0.95 * true.total()
    assert given.total() - kept <= 0.05 * given.total()
    assert (found.title, found.source, found.url) == (layout.title, layout.source, layout.url)
    assert found.published is not None
    assert found.published.isoformat()[:10] == layout.published[:10]


def test_the_fast_way_finds_the_same_articles(tmp_path: Path) -> None:
    for number, layout in enumerate(layouts()):
        (tmp_path / f"{number:02}.html").write_text(layout.html, encoding="utf-8")
    found = list(read_articles([tmp_path], options=ReaderOptions(html="fast")))
    kept = true = given = 0
    for article, layout in zip(found, layouts(), strict=True):
        both = words(layout.text) & words(article.text)
        kept, true, given = (
            kept + both.total(),
            true + words(layout.text).total(),
            given + words(article.text).total(),
        )
    assert kept >= 0.95 * true
    assert given - kept <= 0.05 * given


def test_many_pages_are_read_by_processes_in_their_order(tmp_path: Path) -> None:
    one = layouts()[0]
    for number in range(80):
        page = one.html.replace(one.url, f"https://n.example/{number}")
        page = "<html><body></body></html>" if number == 41 else page
        (tmp_path / f"{number:03}.html").write_text(page, encoding="utf-8")
    reading = read_batches([tmp_path], on_error="skip", options=ReaderOptions(html="fast"))
    urls = [url for batch in reading for url in batch.column("url").to_pylist()]
    assert urls == [f"https://n.example/{number}" for number in range(80) if number != 41]
    assert [reject.reason for reject in reading.rejects] == ["no article was found in the page"]


def test_a_page_without_an_article_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><head><title>x</title></head><body></body></html>")
    with pytest.raises(InputError, match="no article was found in the page"):
        list(read_articles([tmp_path]))


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta content="2026-01-31" name="DC.date.issued">', "published", "2026-01-31"),
        ("<time class='entry-date' datetime=2026-01-31T10:00>x</time>", "published", "2026-01-31T10:00"),
        ('<link rel="canonical" href="/a/b">', "url", "https://n.example/a/b"),
        ("<title>Fish &amp; ships</title>", "title", "Fish & ships"),
        ('<script type="application/ld+json">{"broken": </script><script type="application/ld+json; charset=utf-8">'  # noqa: E501
         '{"@graph": [{"@type": "WebSite", "name": "W"}, {"@type": ["NewsArticle"], "headline": "H", '
         '"publisher": [{"name": "P"}]}]}</script>', "source", "P"),
        ("<html lang=de-AT>", "language", "de-AT"),
    ],
)  # fmt: skip
def test_what_pages_say_of_themselves(head: str, field: str, value: str) -> None:
    assert getattr(page_metadata(head, "https://n.example/2025/x"), field) == value


def test_a_canonical_address_of_the_front_page_is_not_the_articles() -> None:
    page = '<link rel="canonical" href="https://n.example/"><meta property="og:url" content="https://n.example/2026/fish">'
    assert page_metadata(page).url == "https://n.example/2026/fish"


def test_a_day_is_read_from_the_address_only_where_nothing_else_tells_one() -> None:
    assert page_metadata("<p>", "https://n.example/2026/01/31/fish").published == "2026-01-31"
    assert page_metadata("<p>The law of 12 May 2010", "https://n.example/fish").published is None


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("gb2312", "gb18030"), ("Shift_JIS", "cp932"), ("EUC-KR", "cp949")],
)
def test_declared_encodings(declared: str, encoding: str) -> None:
    letters = {"cp1251": "Мэр города", "gb18030": "市议会", "cp932": "市議会", "cp949": "시의회"}[encoding]
    assert letters in decode_declared(f'<meta charset="{declared}">{letters}'.encode(encoding))


def test_a_page_that_declares_latin_1_and_is_utf_8() -> None:
    assert decode_declared('<meta charset="iso-8859-1">café'.encode())[-4:] == "café"
    assert decode_declared('<meta charset="iso-8859-1">“café”'.encode("cp1252"))[-6:] == "“café”"


@pytest.mark.parametrize("html", ["full", "fast"])
def test_days_that_are_marked_up_within_a_sentence_are_kept(
    tmp_path: Path, html: Literal["full", "fast"]
) -> None:
    sentence = "The board met on {}Monday{} and meets again by {}3 June{}, said Rosa Lind, who chairs it."
    rest = "".join(
        f"<p>The {part} of the mill are to be sold to a maker of paper bags, who wants to keep most of the "
        "people and to bring two further machines from a plant that was closed last year.</p>"
        for part in ("halls", "machines", "houses")
    )
    mark, end = '<time datetime="2025-06-02">', "</time>"
    page = (
        "<html><head><title>The mill</title></head><body><article><h1>The mill</h1>"
        f"<p>{mark}5 June 2025{end}</p><p>{sentence.format(mark, end, mark, end)}</p>"
        f"{rest}</article></body></html>"
    )
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    (found,) = read_articles([path], options=ReaderOptions(html=html))
    assert sentence.format("", "", "", "") in found.text
    assert "5 June 2025" not in found.text
