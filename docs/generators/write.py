"""Write the pages of docs/reference/ that are generated. `make docs-reference` calls this."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cli_reference import cli_page
from result_reference import result_page
from settings_reference import settings_page

REFERENCE = Path(__file__).parents[1] / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "result.md": result_page,
    "settings.md": settings_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
        print(REFERENCE / name)
