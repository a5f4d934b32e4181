"""Take the screenshots of docs/screens/ anew: ``python docs/generators/screens.py``.

Needs Chromium and Playwright; Pillow, if it is there, makes the files smaller.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "web"))

from newsroom import MINE, PIER, newsroom  # noqa: E402
from test_desk_process import start  # noqa: E402

from dedup.index import Index  # noqa: E402
from dedup.outlets import Outlets  # noqa: E402
from dedup.web.keys import key_of  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
WIDE, PHONE = (1240, 800), (390, 760)
PAIR = f"/pair/{key_of('cd-pier')}/{key_of('hp-pier')}"
DRAFT = "\n\n".join([*PIER[:2], "Nothing else is known of the plan so far."])


def main() -> None:
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        with Index.create(folder, outlets=Outlets().told(MINE, mine=True)) as index:
            index.add(newsroom())
        desk = start(folder, "--timezone", "UTC")
        try:
            with chromium() as browser:
                _shoot_all(browser, desk.address)
        finally:
            desk.kill()


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser that is installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])


def _shoot_all(browser: Any, address: str) -> None:
    shots = (
        ("inbox", "/?when=all", WIDE, "light"),
        ("inbox-phone", "/?when=all", PHONE, "light"),
        ("check", "/check", WIDE, "light"),
        ("pair", PAIR, WIDE, "light"),
        ("pair-dark", PAIR + "?mode=changes", WIDE, "dark"),
        ("pair-rtl", f"/pair/{key_of('ar-1')}/{key_of('ar-2')}", WIDE, "light"),
        ("story", f"/story/{key_of('ap-port')}", WIDE, "light"),
        ("outlets", "/outlets?when=all", WIDE, "light"),
    )
    for name, path, size, scheme in shots:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(address + path)
        if name == "check":
            page.fill("textarea", DRAFT)
            page.click("#paste button[type=submit]")
            page.wait_for_url("**/check/*")
        page.screenshot(path=SCREENS / f"{name}.png")
        context.close()
        shrink(SCREENS / f"{name}.png")


def shrink(path: Path) -> None:
    """Make a picture smaller, if Pillow is there."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(path) as image:
        image.convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
