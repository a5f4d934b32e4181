"""The HTML page in a browser: no request, no error, and its controls work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dedup.reporting import html_page
from dedup.results import Credit

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
    """Open a report; afterwards no error may have been logged and no network request made."""
    seen: list[SimpleNamespace] = []

    def visit(
        report: Any,
        *,
        size: tuple[int, int] = (1300, 900),
        scheme: str = "light",
        address: str = "",
        **options: Any,
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
        page.goto(path.as_uri() + address)
        seen.append(SimpleNamespace(context=context, path=path, requests=requests, errors=errors))
        return page

    yield visit
    for each in seen:
        each.context.close()
        assert {request.split("#")[0] for request in each.requests} <= {each.path.as_uri()} | {
            request for request in each.requests if request.startswith("blob:")
        }
        assert each.errors == []


VIEWS = ("articles", "pairs", "stories", "outlets", "reading")
WIRE = "#view=pair&a=000&b=002"


@pytest.mark.parametrize(
    ("size", "scheme"), [((1400, 1000), "light"), ((860, 1000), "dark"), ((390, 800), "light")]
)
def test_every_view_opens_quietly_and_fits(visit, report, hostile, empty, size, scheme):
    for each in (report, hostile, empty):
        page = visit(each, size=size, scheme=scheme)
        for view in VIEWS:
            page.evaluate(f"location.hash = 'view={view}'")
            page.wait_for_function(f"() => document.body.dataset.view === '{view}'")
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["report", "empty", "right_to_left"])
@pytest.mark.parametrize("size", [(1400, 1000), (390, 800)])
def test_axe_finds_nothing_serious(visit, request, scheme, kind, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    made = request.getfixturevalue(kind)
    page = visit(made, size=size, scheme=scheme)
    addresses = [f"view={view}" for view in VIEWS]
    if made.overlaps:
        first = made.overlaps[0]
        pair = f"view=pair&a={first.a}&b={first.b}"
        addresses += [pair, f"{pair}&mode=whole", f"{pair}&mode=changes", f"view=article&id={first.a}"]
    for address in addresses:
        page.evaluate("address => { location.hash = address; }", address)
        page.wait_for_timeout(50)
        serious = [
            (address, each["id"], [node["target"] for node in each["nodes"]][:3])
            for each in axe.run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_a_pair_shows_what_was_changed(visit, report):
    page = visit(report, address=WIRE)
    first = page.locator(".row-pair").first
    assert first.locator("del").all_text_contents() == ["deleted: the Kremlin today"]
    assert first.locator("ins").all_text_contents() == ["inserted: Moscow on Thursday (24"]
    assert "words same" in page.locator(".counts").inner_text()


def test_the_earlier_article_is_on_the_left_with_the_gap(visit, report):
    page = visit(report, address=WIRE)
    halves = page.locator(".pair-head .half b.source").all_inner_texts()
    assert halves == ["Kashmir Today", "Eastern Eye"]
    assert page.locator(".pair-head .gap b").inner_text() == "+5 h 38 min"


def test_only_changes_and_whole_texts(visit, report):
    page = visit(report, address=WIRE)
    page.get_by_role("button", name="Only changes").click()
    assert "mode=changes" in page.evaluate("location.hash")
    assert page.locator(".dots").count() > 0
    page.get_by_role("button", name="Whole texts").click()
    texts = page.locator(".whole")
    assert texts.count() == 2
    mark = texts.first.locator("button.number").last
    mark.click()
    number = mark.inner_text()
    boxes = [texts.nth(side).locator(f'[data-passage="{number}"]').first.bounding_box() for side in (0, 1)]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 40


def test_what_lies_between_two_passages_is_counted_and_shown(visit, report):
    page = visit(report, address=WIRE)
    row = page.locator(".gap-row").first
    assert "sentence" in row.inner_text()
    row.get_by_role("button").click()
    assert row.locator("del, ins").first.is_visible()


def test_an_article_is_marked_by_all_its_sources_and_totals_follow(visit, report):
    page = visit(report, address="#view=article&id=002")
    cards = page.locator(".source-card")
    assert cards.count() == 2
    total = page.locator("output.counts")
    before = total.inner_text()
    cards.first.locator("input").uncheck()
    page.wait_for_function("() => document.querySelectorAll('.source-card.off').length === 1")
    assert total.inner_text() != before
    assert "off=" in page.evaluate("location.hash")
    page.locator(".box input[type=checkbox]").first.uncheck()
    assert "quotes=" in page.evaluate("location.hash")


def test_every_button_leads_somewhere(visit, report):
    page = visit(report)
    for name, view in (("Open", "article"), ("Compare", "pair"), ("Story", "stories")):
        for number in range(page.get_by_role("button", name=name, exact=True).count()):
            page.get_by_role("button", name=name, exact=True).nth(number).click()
            page.wait_for_function(f"() => document.body.dataset.view === '{view}'")
            assert page.locator("#view .empty-state").count() == 0
            page.evaluate("location.hash = 'view=articles'")
            page.wait_for_function("() => document.body.dataset.view === 'articles'")


def test_the_address_names_pair_passage_and_filters(visit, report):
    page = visit(report, address=f"{WIRE}&p=3")
    assert page.locator("#p3").bounding_box()["y"] < 900
    page = visit(report, address="#view=articles&credit=not_found")
    assert page.locator(".row").count() == 1
    assert page.locator("[name=credit]").input_value() == "not_found"


def test_find_reads_all_texts_whatever_is_drawn(visit, report):
    page = visit(report, address="#view=pairs")
    assert page.locator("#found").inner_text() == "3 pairs"
    page.keyboard.press("/")
    page.keyboard.type("the us has communicated its position to islamabad on russia's \"renewed")
    page.wait_for_function("() => location.hash.includes('renewed')")
    assert page.locator("#found").inner_text() == "2 pairs of 3"
    page.locator("[name=q]").fill("no such words anywhere")
    page.wait_for_selector(".empty-state")
    page.get_by_role("button", name="Clear the filters").click()
    assert page.locator("#found").inner_text() == "3 pairs"


def test_filters_work_together_and_clear(visit, report):
    page = visit(report, address="#view=pairs")
    page.locator("[name=relation]").select_option("quotation")
    assert page.locator(".of-pair").count() == 1
    page.locator("[name=outlet]").select_option("Kashmir Today")
    assert page.locator(".of-pair").count() == 0
    page.locator("#clear").click()
    assert page.locator(".of-pair").count() == 3


def test_the_keyboard_goes_through_rows_changes_and_pairs(visit, report):
    page = visit(report, address="#view=pairs")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("[...document.querySelectorAll('.row')].indexOf(document.activeElement)") == 1
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.body.dataset.view === 'pair'")
    page.keyboard.press("n")
    assert page.locator("del.at, ins.at").count() == 1
    before = page.evaluate("location.hash")
    page.keyboard.press("]")
    page.wait_for_function("before => location.hash !== before", arg=before)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("before => location.hash === before", arg=before)


def test_script_in_a_text_is_inert_in_every_view(visit, hostile):
    first = hostile.overlaps[0]
    page = visit(hostile)
    for state in (
        {"view": "articles"},
        {"view": "pairs"},
        {"view": "stories"},
        {"view": "outlets"},
        {"view": "pair", "a": first.a, "b": first.b},
        {"view": "pair", "a": first.a, "b": first.b, "mode": "whole"},
        {"view": "article", "id": first.a},
    ):
        page.evaluate("state => { location.hash = String(new URLSearchParams(state)); }", state)
        page.wait_for_function("view => document.body.dataset.view === view", arg=state["view"])
        assert page.evaluate("window.broken") is None
        assert page.locator("#view img, #view script").count() == 0
    assert "window.broken = 1" in page.locator(".whole").inner_text()


def test_what_is_shown_can_be_taken_along(visit, report, tmp_path):
    page = visit(report, address="#view=pairs")
    for button, name in (("#save-json", "shown.json"), ("#save-csv", "shown.csv")):
        with page.expect_download() as download:
            page.locator(button).click()
        assert download.value.suggested_filename == name
        path = tmp_path / name
        download.value.save_as(path)
        if name.endswith("json"):
            words = [row["words"] for row in json.loads(path.read_text())]
            assert sorted(words) == sorted(each.words for each in report.overlaps)
        else:
            assert len(path.read_text().splitlines()) == 4


def test_a_spreadsheet_takes_no_cell_for_a_formula(visit, report, tmp_path):
    from dataclasses import replace

    sly = tuple(replace(each, source="=1+1") for each in report.texts)
    made = replace(
        report, texts=sly, articles=tuple(replace(each, source="=1+1") for each in report.articles)
    )
    page = visit(made)
    with page.expect_download() as download:
        page.locator("#save-csv").click()
    download.value.save_as(tmp_path / "shown.csv")
    rows = (tmp_path / "shown.csv").read_text().splitlines()
    assert all(",'=1+1," in row for row in rows[1:])


def test_the_own_outlet_has_its_queues(visit, report):
    page = visit(report, mine=("Kashmir Today",))
    page.locator("[name=queue]").select_option("agency-at-ours")
    assert page.locator(".row b.source").all_inner_texts() == ["Kashmir Today"]
    assert page.locator(".tag.mine").first.inner_text() == "ours"


def test_print_shows_the_pairs_with_their_passages(visit, report):
    page = visit(report, address="#view=pairs")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".pair").count() == 3
    assert page.locator(".print-legend").is_visible()
    assert page.locator(".pair del").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".pair").count() == 0


def test_passages_alone_are_compared_too(visit, report):
    page = visit(report, address=WIRE, excerpts_only=True)
    assert page.locator(".row-pair del").count() > 0
    assert page.get_by_role("button", name="Whole texts").count() == 0
    page.evaluate("location.hash = 'view=article&id=000'")
    page.wait_for_selector(".document")
    assert "passages only" in page.locator(".document").inner_text()


def test_right_to_left_text_runs_so_and_outlets_stay_apart(visit, right_to_left):
    first = right_to_left.overlaps[0]
    page = visit(right_to_left, address=f"#view=pair&a={first.a}&b={first.b}")
    text = page.locator(".passage-text").first
    assert text.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert page.locator(".who bdi").first.inner_text() == right_to_left.texts[0].source


def test_long_lists_are_drawn_a_stretch_at_a_time(visit, many):
    page = visit(many, limit=300, address="#view=pairs")
    assert page.locator(".row").count() == 40
    page.locator("button.more").click()
    assert page.locator(".row").count() >= 80


def test_the_scheme_turns(visit, report):
    page = visit(report)
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.locator("#scheme").click()
    assert page.evaluate(paper) != before
    assert page.locator("#scheme").inner_text() == "Light"


def test_without_script_the_first_pairs_can_be_read(chromium, report, tmp_path):
    html_page.write(report, tmp_path / "report.html")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator(".plain .passage").count() == sum(len(each.passages) for each in report.overlaps)
    assert page.locator(".plain .passage").first.is_visible()
    context.close()


def test_credits_are_told_by_form_and_mentions_apart(visit, report):
    summaries = list(report.articles)
    credit = {"kind": "agency", "vouches": "whole", "start": 0, "end": 5}
    summaries[0] = replace(
        summaries[0],
        credits=(
            Credit(name="PTI", state="credited", form="sign_off", text="(PTI)", **credit),
            Credit(name="AP", state="named", form="mention", text="told AP", **credit | {"vouches": None}),
        ),
    )
    page = visit(replace(report, articles=tuple(summaries)), address="#view=article&id=000")
    assert page.locator(".evidence").all_inner_texts() == [
        "Credit found: “(PTI)” (sign-off)",
        "Named, but not as a credit: “told AP”",
    ]


def test_an_article_that_credits_mine_is_not_without_a_credit(visit, report):
    summaries = list(report.articles)
    named = Credit(
        name="The Kashmir Today",
        kind="outlet",
        state="credited",
        form="contribution",
        vouches="part",
        start=0,
        end=5,
        text="first reported by The Kashmir Today",
    )
    summaries[0] = replace(summaries[0], agency=None, credited=False)
    address = "#view=articles&queue=ours-elsewhere"
    page = visit(replace(report, articles=tuple(summaries)), address=address, mine=["Kashmir Today"])
    assert page.locator("article.row h3").count() == 1
    summaries[0] = replace(summaries[0], credits=(named,))
    page = visit(replace(report, articles=tuple(summaries)), address=address, mine=["Kashmir Today"])
    assert page.locator("article.row h3").count() == 0


def test_a_story_tells_its_core_and_an_agency_that_is_not_there(visit, report):
    (story,) = report.stories
    story = replace(story, origin=None, origin_agency="PTI", core_words=118)
    page = visit(replace(report, stories=(story,)), address="#view=stories")
    told = page.locator("article.row").inner_text()
    assert "118 words in common" in told
    assert "Origin: PTI, not in this collection" in told
