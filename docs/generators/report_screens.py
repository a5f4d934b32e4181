"""Take the screenshots of the report page anew: ``python docs/generators/report_screens.py``.

Needs Chromium and Playwright; Pillow, if it is there, makes the files smaller.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from screens import PHONE, SCREENS, WIDE, chromium, shrink

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "web"))

from newsroom import MINE, newsroom  # noqa: E402

from dedup.detector import find_overlaps  # noqa: E402
from dedup.reporting import html_page  # noqa: E402

PAIR = "#view=pair&a=cd-pier&b=hp-pier"
SHOTS = (
    ("report", "#view=articles", WIDE, "light"),
    ("report-dark", "#view=articles", WIDE, "dark"),
    ("report-mine", "#view=articles&queue=ours-elsewhere", WIDE, "light"),
    ("report-article", "#view=article&id=cd-pier", WIDE, "light"),
    ("report-pair", PAIR, WIDE, "light"),
    ("report-changes", f"{PAIR}&mode=changes", WIDE, "dark"),
    ("report-rtl", "#view=pair&a=ar-1&b=ar-2", WIDE, "light"),
    ("report-stories", "#view=stories", WIDE, "light"),
    ("report-phone", PAIR, PHONE, "light"),
    ("report-print", PAIR, (800, 1100), "light"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        page, empty = Path(scratch) / "report.html", Path(scratch) / "empty.html"
        articles = newsroom()
        report = find_overlaps(articles)
        html_page.write(report, page, furniture=report.furniture, mine=[MINE])
        for name, address, size, scheme in SHOTS:
            _shoot(browser, name, page.as_uri() + address, size, scheme)
        html_page.write(find_overlaps(articles[:1]), empty)
        _shoot(browser, "report-empty", empty.as_uri(), (WIDE[0], 400), "light")


def _shoot(browser: Any, name: str, address: str, size: tuple[int, int], scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body.drawn")
    if name == "report-print":
        page.emulate_media(media="print")
    page.screenshot(path=SCREENS / f"{name}.png")
    context.close()
    shrink(SCREENS / f"{name}.png")


if __name__ == "__main__":
    main()
