"""The HTML page in a browser: no request, no error, and it does what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dedup.reporting import html_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(chromium, tmp_path) -> Iterator[Any]:
    """Opens a report; afterwards no error may have been logged and nothing asked of the network."""
    seen: list[SimpleNamespace] = []

    def visit(
        report: Any, *, size: tuple[int, int] = (1300, 900), scheme: str = "light", **options: Any
    ) -> Any:
        path = tmp_path / "report.html"
        html_page.write(report, path, **options)
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page, requests, errors = context.new_page(), [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        seen.append(SimpleNamespace(context=context, path=path, requests=requests, errors=errors))
        return page

    yield visit
    for each in seen:
        each.context.close()
        assert each.requests == [each.path.as_uri()]
        assert each.errors == []


@pytest.mark.parametrize(
    ("size", "scheme"), [((1400, 1000), "light"), ((860, 1000), "dark"), ((390, 800), "light")]
)
def test_the_page_opens_quietly_and_fits(visit, report, agreeing, hostile, size, scheme):
    for each in (report, hostile):
        page = visit(each, size=size, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_clicking_a_passage_marks_its_partner_and_brings_it_beside(visit, report, agreeing):
    page = visit(report, agreeing=agreeing)
    first = page.locator("#overlap-1")
    first.scroll_into_view_if_needed()
    clicked = first.locator('[data-side="A"] [data-p="4"]').first
    partner = first.locator('[data-side="B"] [data-p="4"]').first
    clicked.scroll_into_view_if_needed()
    clicked.click()
    assert "on" in partner.get_attribute("class").split()
    assert "on" in clicked.get_attribute("class").split()
    assert first.locator('mark.on:not([data-p="4"])').count() == 0
    assert abs(partner.bounding_box()["y"] - clicked.bounding_box()["y"]) < 3
    assert first.locator('button[aria-pressed="true"]').count() == 3


def test_on_a_narrow_screen_the_partner_comes_into_sight(visit, report):
    page = visit(report, size=(390, 800))
    first = page.locator("#overlap-1")
    first.locator('[data-side="A"] [data-p="5"]').first.click()
    box = first.locator('[data-side="B"] [data-p="5"]').first.bounding_box()
    assert 0 <= box["y"] <= 800


def test_hovering_lights_the_partner_until_the_pointer_leaves(visit, report):
    page = visit(report)
    first = page.locator("#overlap-1")
    first.locator('[data-side="A"] [data-p="1"]').first.hover()
    assert first.locator('[data-side="B"] mark.hot').count() >= 1
    page.mouse.move(2, 2)
    assert first.locator("mark.hot").count() == 0


def test_the_keyboard_goes_from_passage_to_passage(visit, report):
    page = visit(report)
    pinned = page.locator("#overlap-1 tr.on")
    page.locator("#overlap-1 .sides").scroll_into_view_if_needed()
    for key, number in (("j", "1"), ("j", "2"), ("k", "1"), ("k", "5")):
        page.keyboard.press(key)
        assert pinned.get_attribute("data-n") == number
    button = page.locator('#overlap-1 [data-side="A"] button.n[data-n="2"]')
    button.focus()
    page.keyboard.press("Enter")
    assert pinned.get_attribute("data-n") == "2"


def test_script_in_a_text_is_inert(visit, hostile):
    page = visit(hostile)
    assert page.evaluate("window.broken") is None
    assert page.locator(".overlap").get_attribute("data-a") == hostile.overlaps[0].a
    assert page.locator('.overlap [data-side="A"] .text').inner_text().startswith("</script><script>")
    page.locator("#source").select_option(hostile.texts[1].source)
    assert page.locator(".overlap:visible").count() == 1


def test_the_filters_work_together_and_clear(visit, report):
    page = visit(report)
    overlaps, found = page.locator(".overlap:visible"), page.locator("#found")
    assert found.inner_text() == "3 overlaps"
    page.locator('[name=relation][value="quotation"]').uncheck()
    assert overlaps.count() == 2
    page.locator("#source").select_option("ThePrint")
    assert overlaps.count() == 0
    assert page.locator("#none").is_visible()
    assert page.locator(".card:visible").count() == 1
    page.locator("#clear").click()
    assert overlaps.count() == 3
    page.keyboard.press("/")
    page.keyboard.type("POLITICIAN, is the first Pakistani premier")
    assert found.inner_text() == "2 of 3 overlaps"
    page.keyboard.press("Escape")
    assert overlaps.count() == 3


def test_the_search_reads_over_marks_and_quotes(visit, report, agreeing):
    page = visit(report, agreeing=agreeing)
    page.locator("#find").fill("the us has communicated its position to islamabad on russia's \"renewed")
    assert page.locator(".overlap:visible").count() == 2
    page.locator("#find").fill("no such words anywhere")
    assert page.locator(".overlap:visible").count() == 0


def test_an_article_shows_its_own_overlaps(visit, report):
    page = visit(report)
    page.locator('.card[data-id="001"] .only').click()
    assert page.locator(".overlap:visible").count() == 1
    assert page.locator('.overlap[data-a="001"]').get_attribute("open") is not None
    assert page.locator("#found").inner_text() == "1 of 3 overlaps with 001"


def test_all_open_and_close_and_the_scheme_turns(visit, report):
    page = visit(report)
    page.locator("#unfold").click()
    assert page.locator(".overlap[open]").count() == 3
    page.locator("#refold").click()
    assert page.locator(".overlap[open]").count() == 0
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.locator("#scheme").click()
    assert page.evaluate(paper) != before
    assert page.locator("#scheme").inner_text() == "Light"


def test_the_shown_are_counted_against_all(visit, many):
    page = visit(many, limit=20)
    assert page.locator("#found").inner_text() == "20 of 300 overlaps"


def test_without_script_everything_is_still_there(chromium, report, tmp_path):
    html_page.write(report, tmp_path / "report.html")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("#tools").is_hidden()
    assert page.locator("#overlap-1 .text").first.is_visible()
    context.close()
