"""The HTML page as text: every text is inert, everything is counted, nothing comes from the network."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dedup.article import Article
from dedup.errors import OutputError
from dedup.reporting import html_page

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Parses a page: every element with its attributes, and that all of them close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(report, **options) -> str:
    stream = io.BytesIO()
    html_page.write(report, stream, **options)
    return stream.getvalue().decode()


def data(text: str) -> dict:
    """Return the data block of a page."""
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )


@pytest.fixture(scope="module")
def seeds_page(report, furniture) -> str:
    return page(report, furniture=furniture)


def test_the_page_is_well_formed(seeds_page, hostile, empty, many):
    for text in (seeds_page, page(hostile), page(empty), page(many)):
        assert Page(text).open == []


def test_notes_and_numbers_are_told(seeds_page):
    assert "The source of 004 was inferred from its folder." in seeds_page
    assert "12 pairs of crowded buckets not aligned" in seeds_page
    assert data(seeds_page)["totals"] == {"articles": 4, "pairs": 3, "stories": 1}


def test_each_text_stands_once_and_whole(report, seeds_page):
    texts = {each["id"]: each["text"] for each in data(seeds_page)["articles"]}
    assert texts == {id_: report.article(id_).text for id_ in ("000", "001", "002", "003")}


def test_what_is_to_be_decided_comes_first(seeds_page):
    first = data(seeds_page)["articles"][0]
    assert first["id"] == "002"
    assert first["credit"] == "not_found"
    assert first["sentence"].startswith("62 % of this article is PTI copy")


def test_places_slice_the_texts_back(report, seeds_page):
    block = data(seeds_page)
    for pair, overlap in zip(
        sorted(block["pairs"], key=lambda each: (each["a"], each["b"], each["words"])),
        sorted(
            report.overlaps,
            key=lambda each: (
                [row["id"] for row in block["articles"]].index(each.a),
                [row["id"] for row in block["articles"]].index(each.b),
                each.words,
            ),
        ),
        strict=True,
    ):
        texts = [block["articles"][pair[side]]["text"] for side in ("a", "b")]
        for row, passage in zip(pair["passages"], overlap.passages, strict=True):
            assert texts[0][row[0] : row[1]] == passage.a_text
            assert texts[1][row[2] : row[3]] == passage.b_text


def test_places_count_utf16_units(report):
    """JavaScript counts a character beyond U+FFFF as two."""
    shifted = Article("000", "\U0001f30a " + report.article("000").text, "Eastern Eye")
    overlap = report.overlaps[0]
    moved = replace(
        overlap,
        passages=tuple(
            replace(each, a_start=each.a_start + 2, a_end=each.a_end + 2) for each in overlap.passages
        ),
    )
    texts = (shifted, *report.texts[1:])
    block = data(page(replace(report, texts=texts, overlaps=(moved, *report.overlaps[1:]))))
    pair = next(each for each in block["pairs"] if each["words"] == overlap.words)
    article = block["articles"][pair["a"]]
    units = article["text"].encode("utf-16-le")
    for row, passage in zip(pair["passages"], overlap.passages, strict=True):
        assert units[2 * row[0] : 2 * row[1]].decode("utf-16-le") == passage.a_text


def test_furniture_is_placed(report, furniture, seeds_page):
    article = next(each for each in data(seeds_page)["articles"] if each["id"] == "000")
    start, end = article["furniture"][0]
    assert article["text"][start:end].startswith("Skip to content")
    assert len(article["furniture"]) == len(furniture([report.article("000")])[0])


def test_nothing_of_a_text_is_markup(hostile):
    text = page(hostile)
    block = text[text.index('id="data">') : text.index("</script>", text.index('id="data">'))]
    assert "<" not in block.removeprefix('id="data">')
    assert "<img src=x" not in text
    assert "<script>window.broken" not in text
    assert data(text)["articles"][0]["text"] == hostile.texts[0].text


def test_only_web_addresses_are_links(report, hostile):
    urls = {each["id"]: each["url"] for each in data(page(hostile))["articles"]}
    assert urls[hostile.texts[0].id] is None
    assert urls[hostile.texts[1].id] == hostile.texts[1].url
    broken = replace(report.texts[0], url="http://[broken")
    assert data(page(replace(report, texts=(broken, *report.texts[1:]))))["articles"][1]["url"] is None
    assert "https://example.org/000" in page(report)


def test_the_page_loads_nothing(seeds_page):
    read = Page(seeds_page)
    sources = [
        value for _, attributes in read.elements for name, value in attributes.items() if name == "src"
    ]
    assert sources == []
    assert [attributes["href"] for attributes in read.all("link")] == ["data:,"]
    assert "@import" not in seeds_page
    assert "url(" not in seeds_page


def test_the_policy_allows_the_own_script_and_style_alone(seeds_page):
    (policy,) = (each for each in Page(seeds_page).all("meta") if each.get("http-equiv"))
    for name in ("script", "style"):
        own = re.search(rf"<{name}>(.*?)</{name}>", seeds_page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy["content"]
    assert "default-src 'none'" in policy["content"]
    assert "unsafe" not in policy["content"]
    assert not any("style" in attributes for _, attributes in Page(seeds_page).elements)


def test_what_is_left_out_is_counted(many):
    block = data(page(many, limit=10))
    assert block["totals"] == {"articles": 301, "pairs": 300, "stories": 300}
    assert sum(each["listed"] for each in block["articles"]) == 10
    assert len(block["stories"]) == 10


def test_every_listed_article_has_its_pairs_on_the_page(many):
    block = data(page(many, limit=10))
    taking_part = {each[side] for each in block["pairs"] for side in ("a", "b")}
    assert all(number in taking_part for number, each in enumerate(block["articles"]) if each["listed"])


def test_a_story_of_very_many_is_cut_and_counted(many):
    big = replace(many.stories[0], articles=tuple(each.id for each in many.texts), origin="n300")
    block = data(page(replace(many, stories=(big,))))
    (story,) = block["stories"]
    assert story["size"] == 301
    assert len(story["articles"]) == 40
    assert block["articles"][story["articles"][0]]["id"] == "n300"


def test_passages_alone_can_be_sent_on(report):
    text = page(report, excerpts_only=True)
    assert all(each["text"] is None for each in data(text)["articles"])
    passage = report.overlaps[0].passages[0]
    article = next(each for each in data(text)["articles"] if each["id"] == report.overlaps[0].a)
    assert [passage.a_start, passage.a_text] in article["excerpts"]
    assert "Skip to content" not in text.split('id="data"')[1]


def test_what_is_new_since_a_former_result_is_marked(report):
    first = report.overlaps[0]
    block = data(page(report, known=frozenset({(first.a, first.b)})))
    assert [each["fresh"] for each in block["pairs"]].count(False) == 1
    assert not any(each["fresh"] for each in data(page(report))["pairs"])


def test_the_own_outlet_comes_first(report):
    block = data(page(report, mine=("eastern eye",)))
    assert [each["mine"] for each in block["articles"]][:2] == [True, True]
    assert block["mine"] == ["eastern eye"]


def test_without_a_title_the_headline_is_a_line_that_looks_like_one(report):
    text = (
        "Share on Facebook Share on Twitter\nMay 31, 2019 10:00AM (UTC)\n"
        "Home News Sport Weather Opinion\n"
        "Harbour council votes to close the pier\nBy Jane Roe\nThe council voted late on Tuesday.\n"
    )
    first = Article("000", text + report.article("000").text, "Eastern Eye")
    block = data(page(replace(report, texts=(first, *report.texts[1:]), overlaps=())))
    article = next(each for each in block["articles"] if each["id"] == "000")
    assert article["headline"] == "Harbour council votes to close the pier"


def test_an_empty_report_says_what_was_compared(empty, report):
    assert "0 articles of 0 outlets were compared" in page(empty)
    alone = replace(
        report,
        overlaps=(),
        stories=(),
        articles=tuple(replace(each, source="One") for each in report.articles),
    )
    assert "--scope all" in page(alone)


def test_without_script_the_first_pairs_are_there(report, seeds_page):
    plain = re.search(r"<noscript>(.*)</noscript>", seeds_page, re.DOTALL)[1]
    words = re.sub(r"\s+", "", Page(plain).words)
    for overlap in report.overlaps:
        for passage in overlap.passages:
            assert re.sub(r"\s+", "", passage.a_text) in words


def test_a_lone_surrogate_does_not_stop_the_page(report):
    odd = replace(report.texts[0], title="half \ud800 a pair")
    assert "half ? a pair" in page(replace(report, texts=(odd, *report.texts[1:])))


def test_a_path_is_written_whole_or_not_at_all(report, tmp_path):
    html_page.write(report, tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text().endswith("</html>\n")
    with pytest.raises(OutputError, match="does not exist; create it first"):
        html_page.write(report, tmp_path / "no" / "out.html")
