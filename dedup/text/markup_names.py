"""The names known in HTML: tags with what they count as, and entities with their character."""

from __future__ import annotations

import html.entities

import numpy as np

from dedup.text.characters import BLOCKQUOTE, BREAK, NEWLINE, PRIME_OPEN, SKIP

_BLOCKS = (
    "address article aside body br center dd details dialog dir div dl dt fieldset footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table tbody "
    "tfoot thead title tr ul caption optgroup"
)
_INLINE = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr rb ruby s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_SIGNS = "img input td th source track link meta base col colgroup area param picture"
#: Elements that are skipped with their contents: programs, pictures with their captions, ruby annotations.
_PASSED_OVER = (
    "script style figure figcaption noscript template svg math iframe object embed audio video canvas "
    "map select textarea button head rt rp"
)
#: Marks an element that is skipped.
PASS = 64
#: Number of slots of each table.
SLOTS = 1 << 13


def _hash(name: str) -> int:
    value = 0
    for byte in name.encode():
        value = (value * 257 + byte) % 2**64
    return value


def _table(values: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Map names to numbers, as two open-addressed arrays of shape (2**13,)."""
    keys, numbers = np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.uint32)
    for name, number in values.items():
        slot = _hash(name) % SLOTS
        while keys[slot]:
            slot = (slot + 1) % SLOTS
        keys[slot], numbers[slot] = _hash(name), number
    return keys, numbers


_TAGS = {
    **dict.fromkeys(_BLOCKS.split(), NEWLINE),
    **dict.fromkeys(_INLINE.split(), SKIP),
    **dict.fromkeys(_SIGNS.split(), BREAK),
    **dict.fromkeys(_PASSED_OVER.split(), PASS),
    "q": PRIME_OPEN,
    "blockquote": BLOCKQUOTE,
}
#: One more than the kind, because an unknown name has 0.
TAG_KEYS, TAG_KINDS = _table({name: kind + 1 for name, kind in _TAGS.items()})
_ENTITIES = {name[:-1]: ord(text[0]) for name, text in html.entities.html5.items() if name.endswith(";")}
ENTITY_KEYS, ENTITY_POINTS = _table(_ENTITIES)
#: What numbers from 128 to 159 mean: Windows-1252, as browsers read them.
C1 = np.array([ord(bytes([byte]).decode("cp1252", "replace")) for byte in range(128, 160)], np.uint32)
