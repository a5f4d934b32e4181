"""The desk in a browser: an editor's paths, by keyboard alone, and no text that becomes script."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from newsroom import ARABIC, PAGES, PIER
from test_desk_process import Running, start

from dedup.article import Article
from dedup.index import Index
from dedup.web.keys import key_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAIR = f"/pair/{key_of('cd-pier')}/{key_of('hp-pier')}"

pytestmark = pytest.mark.browser

#: Markup, script, ends of elements, formulas, control and bidi characters.
HOSTILE = (
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "</script><!--<script>alert(1)//--></textarea></title>",
    "'\"><svg onload=alert(1)>{{7*7}}{% raw %}${7*7}",
    "=cmd|' /C calc'!A0",
    "\u202eright to left override\u2066 isolated \u0007 bell \u0000 nul \ud800 half",
    "javascript:alert(1)",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def running(stocked: Any, tmp_path_factory: Any) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("browser") / "index"
    shutil.copytree(stocked, folder)
    with Index.open(folder) as index:
        told = " ".join(HOSTILE).replace("\x00", "").replace("\ud800", "")
        texts = [f"{told}\n\n{PIER[1]} {told[::-1]}", f"{PIER[1]} Something else. {told}"]
        index.add(
            [
                Article(id=f"{told[:60]}{n}", source=f"{HOSTILE[n]}", title=told, text=text, url=HOSTILE[5])
                for n, text in enumerate(texts)
            ]
        )
    started = start(folder)
    yield started
    started.kill()


@pytest.fixture
def visit(chromium: Any, running: Running) -> Iterator[Any]:
    """Open a page; afterwards no request to another host may have been made, and no error logged."""
    seen: list[SimpleNamespace] = []

    def visit(path: str, *, size: tuple[int, int] = (1300, 900), scheme: str = "light") -> Any:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page, requests, errors = context.new_page(), [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(running.address + path)
        seen.append(SimpleNamespace(context=context, requests=requests, errors=errors))
        return page

    yield visit
    for each in seen:
        each.context.close()
        assert all(request.startswith((running.address, "data:", "blob:")) for request in each.requests)
        assert each.errors == []


@pytest.mark.parametrize(
    ("size", "scheme"), [((1440, 900), "light"), ((820, 1000), "dark"), ((390, 800), "light")]
)
def test_every_page_fits_and_axe_finds_nothing_serious(visit: Any, size: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    paths = [*PAGES, f"/pair/{key_of('ar-1')}/{key_of('ar-2')}", "/?when=all&queue=closed"]
    for path in paths:
        page = visit(path, size=size, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        found = axe.Axe().run(page).response["violations"]
        serious = [
            (each["id"], [node["target"] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path


def test_a_pasted_draft_is_marked_by_its_sources(visit: Any) -> None:
    page = visit("/check")
    page.fill("textarea", "\n\n".join(PIER[:2]))
    page.click("#paste button[type=submit]")
    page.wait_for_url("**/check/*")
    assert "100 % of this article runs elsewhere too" in page.inner_text(".verdict")
    assert page.inner_text("output").startswith("100 %")
    for number in range(page.locator(".source-card").count()):
        page.uncheck(f".source-card input >> nth={number}")
    assert page.inner_text("output").startswith("0 %")
    page.click(".source-card button >> nth=1")
    page.wait_for_selector(".pair")
    assert "with=" in page.url
    assert page.locator("ins, del").count() > 0


def test_dropped_files_are_listed_by_share(visit: Any) -> None:
    page = visit("/check")
    files = [
        {"name": "none.txt", "mimeType": "text/plain", "buffer": b"Nothing of this was written before."},
        {"name": "pier.txt", "mimeType": "text/plain", "buffer": "\n\n".join(PIER).encode()},
    ]
    page.set_input_files("input[type=file]", files)
    page.wait_for_url("**/check?drafts=*")
    titles = page.locator(".drafts h3").all_inner_texts()
    assert titles == ["pier.txt", "none.txt"]


def test_a_bookmarklets_text_comes_in_the_fragment(visit: Any, running: Running) -> None:
    page = visit("/check")
    href = page.get_attribute("#bookmarklet", "href")
    assert href.startswith("javascript:void open(")
    page = visit("/check#text=" + PIER[0].replace(" ", "+"))
    page.wait_for_url("**/check/*")
    assert "runs elsewhere too" in page.inner_text(".verdict")


def test_keys_alone_decide_and_take_back(visit: Any) -> None:
    page = visit("/?when=all&queue=ours")
    rows = page.locator(".row").count()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.querySelector('h3').textContent")
    page.keyboard.press("1")
    page.wait_for_selector("#said button")
    assert page.locator(".row").count() == rows - 1
    page.keyboard.press("z")
    page.wait_for_function("rows => document.querySelectorAll('.row').length === rows", arg=rows)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.querySelector('h3').textContent") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/pair/**")
    page.keyboard.press("n")
    assert page.locator(".at").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"


def test_a_pair_is_decided_with_a_note_and_shown_so(visit: Any) -> None:
    page = visit(PAIR)
    page.fill("[name=note]", "asked <b>them</b> by phone")
    page.fill("[name=by]", "MK")
    page.click("[data-kind=chase]")
    page.wait_for_selector(".decisions .tag.decided")
    assert "asked <b>them</b> by phone" in page.inner_text(".decisions .told")
    page.click(".decisions [data-kind=undo]")
    page.wait_for_function("() => !document.querySelector('.decisions .tag.decided')")


def test_the_decisions_are_exported_and_undone_from_the_list(visit: Any, running: Running) -> None:
    page = visit(PAIR)
    page.click("[data-kind=permitted]")
    page.wait_for_selector(".decisions .tag.decided")
    page = visit("/outlets?when=all")
    with page.expect_download() as download:
        page.click("text=Export JSON")
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["kind"] == "permitted"
    page.click("#rules ~ .scroll [data-kind=undo] >> nth=0")
    page.wait_for_selector("#said:not(:empty)")


def test_a_story_sorts_by_any_column(visit: Any) -> None:
    page = visit(f"/story/{key_of('ap-port')}")
    assert page.locator(".lanes circle").count() == 4
    page.click("th button.sort >> nth=1")
    outlets = page.locator("tbody th").all_inner_texts()
    assert outlets == sorted(outlets)
    page.click("tbody td a >> nth=0")
    page.wait_for_url("**/article/*")


def test_texts_that_run_right_to_left_do_so(visit: Any) -> None:
    page = visit(f"/pair/{key_of('ar-1')}/{key_of('ar-2')}")
    shown = page.locator(".passage-text >> nth=0")
    assert shown.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert shown.inner_text().startswith(ARABIC[:20])


def test_a_hostile_article_is_text_everywhere(visit: Any, running: Running) -> None:
    import httpx

    found = httpx.get(running.address + "/api/articles?period=all&limit=500").json()["items"]
    keys = [each["key"] for each in found if "script" in each["id"]]
    assert len(keys) == 2
    for path in (
        "/?when=all&queue=other",
        "/?when=all&queue=unsure",
        f"/article/{keys[0]}",
        f"/pair/{keys[0]}/{keys[1]}",
        f"/pair/{keys[0]}/{keys[1]}?mode=whole",
        f"/pair/{keys[0]}/{key_of('hp-pier')}",
        "/stories?when=all",
        f"/story/{keys[0]}",
        "/outlets?when=all",
    ):
        page = visit(path)
        page.wait_for_timeout(50)
        assert page.title() != "taken"
        assert page.locator("main img, main script:not([type]), main svg[onload]").count() == 0
        for link in page.locator("main a").all():
            assert link.evaluate("each => each.protocol") in ("http:", "https:")


def test_without_javascript_the_pages_still_tell(chromium: Any, running: Running) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.address + "/check")
    page.fill("textarea", PIER[0])
    page.click("#paste button[type=submit]")
    assert "runs elsewhere too" in page.inner_text("main")
    page.goto(running.address + PAIR)
    assert "last night" in page.inner_text("main")
    context.close()
