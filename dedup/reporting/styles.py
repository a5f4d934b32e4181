"""How the terminal shows the parts that all reports have in common: relations and names."""

from __future__ import annotations

from rich.text import Text

from dedup.reporting.printable import printable

RELATION_STYLES = {
    "copy": "bold red",
    "verbatim": "bold red",
    "excerpt": "bold magenta",
    "partial": "yellow",
    "edited": "yellow",
    "quotation": "cyan",
    "template": "blue",
    "furniture": "dim",
}


def named(article: str, source: str, *, between: str = "\n") -> Text:
    """Return an article's id, with its source if that adds information."""
    words = Text(printable(article), "bold")
    if source != article:
        words.append(f"{between}{printable(source)}", "not bold dim")
    return words
