"""How the terminal shows the parts that its reports share: relations, names, and texts made safe."""

from __future__ import annotations

from rich.text import Text

from dedup.reporting.printable import printable
from dedup.results import Overlap

RELATION_STYLES = {
    "copy": "bold red",
    "verbatim": "bold red",
    "excerpt": "bold magenta",
    "partial": "yellow",
    "edited": "yellow",
    "quotation": "cyan",
    "furniture": "dim",
}


def relation(overlap: Overlap) -> Text:
    """The relation, and under it whose copy it is."""
    words = Text(overlap.relation, RELATION_STYLES[overlap.relation])
    if overlap.syndicated or overlap.agency:
        words.append(f"\n{printable(overlap.agency or 'syndicated')}", "not bold blue")
    return words


def named(article: str, source: str, *, between: str = "\n") -> Text:
    """An article's id, and its source where that says more."""
    words = Text(printable(article), "bold")
    if source != article:
        words.append(f"{between}{printable(source)}", "not bold dim")
    return words
