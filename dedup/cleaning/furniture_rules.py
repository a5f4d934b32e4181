"""The rules of ``furniture.toml`` as tables of phrases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import read_data
from dedup.cleaning.phrases import Phrase, PhraseTables, agency_names, kept_phrase_tables, phrase_tables

#: The tables: phrases that begin or end a line, that open a photo credit or name an agency in one, and the
#: words of dates and of menus.
HEADS, TAILS, OPENERS, WIRES, DATES, MENUS = range(6)
#: What a phrase says about the line that it begins or ends.
CLOSER, FURNITURE, HEADING, TEASER_END = 1, 2, 3, 4
#: What must follow the first words of a furniture line: anything; a capital or a number, if the line is long;
#: names and titles.
_LOOK_ON = {None: 0, "capital": 1, "names": 2}
ANYTHING, CAPITALS, NAMES = _LOOK_ON.values()


class FurnitureRules(NamedTuple):
    """The rules as arrays.

    Attributes
    ----------
    tables : PhraseTables
        In the order `HEADS`, `TAILS`, `OPENERS`, `WIRES`, `DATES`, `MENUS`. The extent of a heading is the
        maximum number of words of a short later line; that of a teaser end, of a teaser. The extent of other
        beginnings says what must follow them.
    limits : ndarray of shape (7,), dtype int64
        Maximum numbers of words: in a line of dates, of menus, in a caption, in a wire photo's line; between
        a caption's opener and the end; then the words that a trail must share, and may have before them.
    """

    tables: PhraseTables
    limits: NDArray[np.int64]


@cache
def furniture_rules() -> FurnitureRules:
    """Read and hash the rules, once per process.

    Examples
    --------
    >>> len(furniture_rules().tables.bounds)
    7
    """
    data = read_data("furniture.toml")
    limits = np.array([data[kind][key] for kind, key in _LIMITS], np.int64)
    return FurnitureRules(kept_phrase_tables(__name__, _phrases), limits)


def _phrases() -> PhraseTables:
    data = read_data("furniture.toml")
    return phrase_tables(
        (
            _heads(data),
            _tails(data),
            (Phrase(words) for words in data["caption"]["openers"]),
            (Phrase(words, 0) for words in data["wire_photo"]["names"]),
            (Phrase(word) for word in data["dates"]["words"]),
            (Phrase(word) for word in data["menus"]["words"]),
        ),
        ends=TAILS,
    )


_LIMITS = (
    ("dates", "at_most"),
    ("menus", "at_most"),
    ("caption", "words"),
    ("wire_photo", "words"),
    ("caption", "within"),
    ("trail", "agree"),
    ("trail", "before"),
)


def _heads(data: dict[str, Any]) -> Iterator[Phrase]:
    for group in data["line"]:
        yield from (Phrase(words, 0, FURNITURE) for words in group["phrases"])
    for template in data["credit_lines"]["templates"]:
        yield from (Phrase(template.replace("{agency}", name), 0, FURNITURE) for name in agency_names())
    for group in data["start"]:
        look_on = _LOOK_ON[group.get("look_on")]
        yield from (Phrase(words, group["words"], FURNITURE, look_on) for words in group["phrases"])
    for group in data["block"]:
        yield from (Phrase(words, 0, HEADING, group["short"]) for words in group["headings"])


def _tails(data: dict[str, Any]) -> Iterator[Phrase]:
    for group in data["end"]:
        yield from (Phrase(words, group["words"], FURNITURE) for words in group["phrases"])
    for group in data["teaser_end"]:
        yield from (Phrase(words, action=TEASER_END, extent=group["words"]) for words in group["phrases"])
    yield from (Phrase(words, data["caption"]["words"], CLOSER) for words in data["caption"]["closers"])
