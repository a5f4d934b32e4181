"""The pages of the reference are up to date: `make docs-reference` was run."""

from __future__ import annotations

import pytest
from write import PAGES, REFERENCE


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/reference/{name} is stale: run `make docs-reference`"
