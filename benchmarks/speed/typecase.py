"""The table of everything that a text can be put together from, as bytes ready to be printed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from vocabulary import AGENCIES, CITIES, CREDITS, Language, source_names, standing_lines

Ints32 = npt.NDArray[np.int32]
SHARED_SENTENCE = "The market in the old town was open on every day of the week that saw no rain at all."
# What stands before a unit: between words, and at the border of two sentences (paragraph?, quotation?).
SEPARATORS = (" ", ", ", ",” ", " – ", "", "“", ". ", ". “", ".\n\n", ".\n\n“", ".")
TYPEWRITER = str.maketrans("“”–", '""-')
SPACE, COMMA, UNQUOTE, DASH, FIRST, BORDER, FULL_STOP = 0, 1, 2, 3, 4, 6, 10


@dataclass(frozen=True)
class TypeCase:
    """The table of items: units, capitalised units, units after a space, other items.

    Item i is the bytes ``blob[at[i] : at[i] + size[i]]``, escaped as JSON, and `length` characters; `places`
    tells where each sort of the other items begins.
    """

    blob: npt.NDArray[np.uint8]
    at: Ints32
    size: Ints32
    length: Ints32
    places: dict[str, int]

    @classmethod
    @cache
    def fill(cls) -> TypeCase:
        """Lay out the table; a unit's item is the one after a space without its first byte."""
        units = Language.create().units
        spaced = [" " + unit for unit in units]
        capital = [unit[0].upper() + unit[1:] for unit in units]
        others: list[str] = []
        places: dict[str, int] = {}
        for sort, items in _other_items(source_names()).items():
            places[sort] = 3 * len(units) + len(others)
            others += items
        table = [*spaced, *capital, *others]
        escaped = [json.dumps(item, ensure_ascii=False)[1:-1].encode() for item in others]
        printed = [item.encode() for item in table[: 2 * len(units)]] + escaped
        size = np.array([len(item) for item in printed], np.int32)
        length = np.array([len(item) for item in table], np.int32)
        begin = np.cumsum(size, dtype=np.int32) - size

        def arrange(column: Ints32, less: int) -> Ints32:
            first, second, rest = np.split(column, [len(units), 2 * len(units)])
            return np.concatenate([first - np.int32(less), second, first, rest])

        blob = np.frombuffer(b"".join(printed), np.uint8)
        return cls(blob, arrange(begin, -1), arrange(size, 1), arrange(length, 1), places)


def _other_items(names: list[str]) -> dict[str, list[str]]:
    """The items that are not units, by what they are for."""
    tops, bottoms = standing_lines(names)
    return {
        "separators": list(SEPARATORS),
        "typed": [separator.translate(TYPEWRITER) for separator in SEPARATORS],
        "tops": tops,
        "bottoms": bottoms,
        "datelines": [f"{city.upper()}, ({agency}) – " for city in CITIES for agency in AGENCIES],
        "credits": ["\n\n" + line.format(agency=agency) for line in CREDITS for agency in AGENCIES],
        "shared": ["\n\n" + SHARED_SENTENCE],
    }
