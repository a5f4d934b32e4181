"""The HTML page as text: everything escaped, everything counted, nothing from the network."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dedup.errors import OutputError
from dedup.reporting import html_page

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Reads a page back: every element with its attributes, and that all of them close in order."""

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


@pytest.fixture(scope="module")
def seeds_page(report, agreeing, furniture) -> str:
    return page(report, agreeing=agreeing, furniture=furniture)


def test_the_page_is_well_formed(seeds_page, hostile, empty, many):
    for text in (seeds_page, page(hostile), page(empty), page(many)):
        assert Page(text).open == []


def test_the_parts_come_in_order(seeds_page):
    order = ["62 % of this article is PTI copy", 'id="stories"', 'id="articles"', 'id="overlaps"']
    places = [seeds_page.index(each) for each in order]
    assert places == sorted(places)
    assert "The source of 004 was inferred from its folder." in seeds_page
    assert "12</dd><dt>pairs of popular buckets not aligned" in seeds_page


def test_both_articles_stand_there_whole(report, seeds_page):
    words = re.sub(r"\s+", "", Page(seeds_page).words)
    for id_ in ("000", "001", "002", "003"):
        assert re.sub(r"\s+", "", report.article(id_).text) in words


def test_a_passage_has_one_number_and_one_hue_in_both_columns(report, seeds_page):
    first = seeds_page[seeds_page.index('id="overlap-1"') : seeds_page.index('id="overlap-2"')]
    left, right = first.split('data-side="B"')
    for number in range(1, len(report.overlaps[0].passages) + 1):
        for column in (left, right):
            assert f'<mark class="p c{number}" data-p="{number}"><button class="n"' in column


def test_differing_words_are_set_off_and_furniture_dimmed(seeds_page):
    assert '<span class="d">the Kremlin today</span>' in seeds_page
    assert '<span class="d">premier</span>' in seeds_page
    assert '<span class="f">Skip to content</span>' in seeds_page


def test_without_the_words_a_passage_is_marked_as_a_whole(report):
    text = page(report)
    shown = text[text.index('id="overlap-1"') :]
    assert '<span class="d">' not in shown
    assert '<span class="f">' not in shown
    assert "Imran Khan in the Kremlin today in his first" in shown


def test_every_text_is_escaped(hostile):
    text = page(hostile)
    read = Page(text)
    assert len(read.all("script")) == 1
    assert not read.all("img")
    assert not read.all("b") or all(attributes in ({}, {"class": "letter"}) for attributes in read.all("b"))
    assert "</script><script>window.broken" in read.words
    assert "{{ 7 * 7 }}" in read.words
    (overlap,) = [attributes for attributes in read.all("details") if "data-a" in attributes]
    assert overlap["data-a"] == hostile.overlaps[0].a
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)


def test_only_web_addresses_become_links(report, hostile):
    assert "javascript:" not in page(hostile)
    links = {attributes["href"] for attributes in Page(page(hostile)).all("a")}
    assert hostile.texts[1].url in links
    broken = replace(report.texts[0], url="http://[broken")
    text = page(replace(report, texts=(broken, *report.texts[1:])))
    assert "http://[broken" not in text
    assert 'href="https://example.org/000"' in page(report)


def test_the_page_loads_nothing(seeds_page):
    read = Page(seeds_page)
    sources = [
        value for _, attributes in read.elements for name, value in attributes.items() if name == "src"
    ]
    assert sources == []
    assert [attributes["href"] for attributes in read.all("link")] == ["data:,"]
    assert "@import" not in seeds_page
    assert "url(" not in seeds_page


def test_the_policy_allows_the_own_script_alone(seeds_page):
    (policy,) = (each for each in Page(seeds_page).all("meta") if each.get("http-equiv"))
    script = re.search(r"<script>(.*)</script>", seeds_page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy["content"]
    assert "default-src 'none'" in policy["content"]


def test_what_is_left_out_is_counted(many):
    text = page(many)
    assert text.count('<details class="overlap') == 200
    assert "100 more overlaps, not shown." in text
    assert "101 more articles, not shown." in text
    assert "100 more stories, not shown." in text
    small = page(many, limit=10)
    assert small.count('<details class="overlap') == 10
    assert "290 more overlaps" in small
    assert 'data-a="n299"' in small


def test_a_story_of_very_many_is_cut_and_counted(many):
    big = replace(many.stories[0], articles=tuple(each.id for each in many.texts), origin="n300")
    text = page(replace(many, stories=(big,)))
    assert text.count("<li data-source=") == 40
    assert "301 articles at 2 sources" in text
    assert "261 more articles, not shown." in text
    assert 'class="first"' in text


def test_the_bars_never_overflow(report):
    over = replace(report.articles[0], copied=0.9, quoted=0.2, furniture=0.3)
    text = page(replace(report, articles=(over, *report.articles[1:])))
    widths = re.findall(r'class="(?:copied|quoted|furniture)" style="width:([\d.]+)%"', text)
    for start in range(0, len(widths), 3):
        assert sum(map(float, widths[start : start + 3])) <= 100.01


def test_texts_carry_their_language(seeds_page):
    assert 'lang="en">' in seeds_page[seeds_page.index('data-side="A"') :]


def test_a_lone_surrogate_does_not_stop_the_page(report):
    odd = replace(report.texts[0], title="half \ud800 a pair")
    assert "half &#55296; a pair" in page(replace(report, texts=(odd, *report.texts[1:])))


def test_a_path_is_written_whole_or_not_at_all(report, tmp_path):
    html_page.write(report, tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text().endswith("</html>\n")
    with pytest.raises(OutputError, match="does not exist; create it first"):
        html_page.write(report, tmp_path / "no" / "out.html")
