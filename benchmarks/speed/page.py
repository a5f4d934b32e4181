"""How large the report page is, how fast it is written, loaded and searched, in a browser.

    python benchmarks/speed/page.py [--articles 612] [--overlaps 2000] [--folder build/page] [-o FILE]

makes a corpus of wire stories, scans it, writes the page with at most that many overlaps, opens it in
Chromium by Playwright, and prints as JSON
    articles, text    how many, and MB of their texts
    overlaps          in the page
    size              MB of the file
    written           seconds to write it, the scan aside; the median of three
    loaded            seconds from the start of the visit to the first view, the median of five
    nodes             of the document before anything is opened
    find              milliseconds from a key in Find to the drawn list, a second after the page was loaded:
                      the slowest of some words; find_at_once is the first key without that second
    pairs, stories, outlets, pair
                      milliseconds to show these views, and the largest pair
and exits with 1 where one of `LIMITS` is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vocabulary import FUNCTION_WORDS

from dedup import Article, find_overlaps
from dedup.report.scan_report import ScanReport
from dedup.reporting import html_page

#: What is allowed for 612 articles and 2,000 overlaps.
LIMITS = {"size": 6.0, "written": 3.0, "loaded": 1.5, "nodes": 30_000, "find": 100.0}
#: Outlets, and words of an article on average: 2.7 MB of text in 612 articles.
_OUTLETS, _WORDS = 80, 700
#: A story is run by up to this many outlets.
_RUNS = 20


def main() -> int:
    given = _arguments()
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    articles = corpus(given.articles)
    report = find_overlaps(articles)
    page = folder / "report.html"
    measured: dict[str, Any] = {
        "articles": len(articles),
        "text": round(sum(len(each.text.encode()) for each in articles) / 1e6, 2),
        "found": len(report.overlaps),
    }
    measured |= written(report, page, given.overlaps)
    measured |= in_browser(page)
    missed = {name: limit for name, limit in LIMITS.items() if measured[name] > limit}
    measured["missed"] = sorted(missed)
    text = json.dumps(measured, indent=1)
    print(text)
    if given.output:
        given.output.write_text(text + "\n", encoding="utf-8")
    return int(bool(missed))


def corpus(count: int) -> list[Article]:
    """Articles of two days: wire stories that many outlets run whole or in part, with words of their own."""
    draw = random.Random(7)
    syllables = [one + two for one in "bdfgklmnprstvw" for two in ("a", "e", "i", "o", "u", "ar", "en")]
    words = ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(12_000)]
    start = datetime(2024, 3, 1, tzinfo=UTC)

    def prose(length: int) -> str:
        paragraphs, left = [], length
        while left > 0:
            size = min(left, draw.randint(25, 60))
            chosen = [draw.choice(FUNCTION_WORDS if draw.random() < 0.4 else words) for _ in range(size)]
            paragraphs.append(" ".join(chosen).capitalize() + ".")
            left -= size
        return "\n\n".join(paragraphs)

    made: list[Article] = []
    while len(made) < count:
        story, headline = prose(draw.randint(300, 900)), prose(9)[:-1]
        paragraphs = story.split("\n\n")
        outlets = draw.sample(range(_OUTLETS), min(draw.randint(1, _RUNS), count - len(made)))
        for n, outlet in enumerate(outlets):
            kept = [each for each in paragraphs if n == 0 or draw.random() < 0.8]
            text = "\n\n".join(kept)
            if draw.random() < 0.4:
                text += "\n\n" + prose(draw.randint(30, 250))
            if n == 0 or draw.random() < 0.6:
                text = f"HARROW (AP) — {text}"
            made.append(
                Article(
                    id=f"https://outlet{outlet}.example/news/{len(made):05}",
                    source=f"Outlet {outlet}",
                    title=headline,
                    url=f"https://outlet{outlet}.example/news/{len(made):05}",
                    published=start + timedelta(minutes=draw.randint(0, 2 * 24 * 60)),
                    published_precision="minute",
                    text=text,
                )
            )
    return made


def written(report: ScanReport, page: Path, overlaps: int) -> dict[str, float]:
    """The time that writing takes, and what comes of it."""
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        html_page.write(report, page, furniture=report.furniture, limit=overlaps)
        seconds.append(time.perf_counter() - begun)
    return {
        "overlaps": min(overlaps, len(report.overlaps)),
        "size": round(page.stat().st_size / 1e6, 2),
        "written": round(statistics.median(seconds), 2),
    }


def in_browser(page: Path) -> dict[str, float]:
    """What a reader waits for."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1400, "height": 1000})
        loads = []
        for _ in range(5):
            begun = time.perf_counter()
            opened.goto(page.resolve().as_uri())
            opened.wait_for_selector("body.drawn #view .row")
            loads.append(time.perf_counter() - begun)
        nodes = opened.evaluate("document.querySelectorAll('*').length")
        at_once = _find(opened, "h")
        opened.goto("about:blank")
        opened.goto(page.resolve().as_uri())
        opened.wait_for_selector("body.drawn #view .row")
        opened.wait_for_timeout(1_000)
        finds = [_find(opened, word) for word in ("h", "ha", "har", "harrow", "outlet 7", "zzz", "")]
        views = {name: _view(opened, name) for name in ("pairs", "stories", "outlets")}
        pair = opened.evaluate(
            """() => new Promise((done) => {
                 const { pairs } = JSON.parse(document.getElementById("data").textContent);
                 const { articles } = JSON.parse(document.getElementById("data").textContent);
                 const largest = pairs.reduce((one, other) => (other.words > one.words ? other : one));
                 const [a, b] = [articles[largest.a].id, articles[largest.b].id];
                 const begun = performance.now();
                 location.hash = `view=pair&a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`;
                 const drawn = () => requestAnimationFrame(() => done(performance.now() - begun));
                 const there = () => document.querySelector(".row-pair") !== null;
                 const wait = () => (there() ? drawn() : requestAnimationFrame(wait));
                 wait();
               })"""
        )
        browser.close()
    return {
        "loaded": round(statistics.median(loads), 2),
        "nodes": nodes,
        "find": round(max(finds), 1),
        "find_at_once": round(at_once, 1),
        **{name: round(took, 1) for name, took in views.items()},
        "pair": round(pair, 1),
    }


def _find(page: Any, words: str) -> float:
    """Milliseconds that a key in Find takes, from the input to the next frame."""
    return float(
        page.evaluate(
            """(words) => new Promise((done) => {
                 const field = document.querySelector("[name=q]");
                 const view = document.getElementById("view");
                 const begun = performance.now();
                 new MutationObserver((_, seen) => {
                   seen.disconnect();
                   requestAnimationFrame(() => done(performance.now() - begun));
                 }).observe(view, { childList: true });
                 field.value = words;
                 field.dispatchEvent(new Event("input", { bubbles: true }));
               })""",
            words,
        )
    )


def _view(page: Any, name: str) -> float:
    """Milliseconds until a view is drawn."""
    return float(
        page.evaluate(
            """(name) => new Promise((done) => {
                 const begun = performance.now();
                 location.hash = `view=${name}`;
                 const drawn = () => requestAnimationFrame(() => done(performance.now() - begun));
                 const there = () => document.body.dataset.view === name;
                 const wait = () => (there() ? drawn() : requestAnimationFrame(wait));
                 wait();
               })""",
            name,
        )
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=612, help="default 612")
    parser.add_argument("--overlaps", type=int, default=2_000, help="the most in the page; default 2000")
    parser.add_argument("--folder", type=Path, default=Path("build/page"), help="default build/page")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
