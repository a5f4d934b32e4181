"""The messages in docs/troubleshooting.md are messages that the program prints."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "troubleshooting.md"
MESSAGES = re.findall(r"^### `(.+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def strings() -> list[str]:
    """Return every string of the package; the placeholders of f-strings become NUL."""
    found = []
    for module in (ROOT / "dedup").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return found


STRINGS = strings()


@pytest.mark.parametrize("message", MESSAGES)
def test_the_program_has_the_message(message: str) -> None:
    parts = (re.escape(part) for part in message.split("…"))
    pattern = re.compile(".*".join(parts), re.DOTALL)
    assert any(pattern.search(text) for text in STRINGS), message


def test_there_are_messages() -> None:
    assert len(MESSAGES) > 15
