"""How the terminal shows the parts that its reports share: relations, names, and texts made safe."""

from __future__ import annotations

from rich.text import Text

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

# Control characters of a text could steer the terminal; each becomes one visible sign, so places still hold.
_CONTROLS = {
    **{code: 0x2400 + code for code in range(0x20)},
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    0x7F: 0x2421,
    0x2028: 0x2424,
    0x2029: 0x2424,
    # Marks that turn the direction of what follows.
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
    0x09: 0x20,
    0x0A: 0x0A,
    0x0D: 0x20,
}


def printable(text: str) -> str:
    r"""Make a text safe to print: control characters become visible signs, one for one.

    Examples
    --------
    >>> printable("red\x1b[31m")
    'red␛[31m'
    """
    return text.translate(_CONTROLS)


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
