"""The made-up language of the synthetic corpora: words, stock phrases, standing lines.

News repeats itself: its words follow Zipf's law, and so do its stock phrases. The tables here were set so
that as many shingles recur among the articles as among Reuters stories of the same number and length. All
draws are hashes of keys: any text can be made again anywhere, in any order, by any version of NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

WORDS, PHRASES, TOPICS, TOPIC_UNITS, SOURCES = 40_000, 100_000, 200, 40, 307
PHRASE_SHARE = 0.6  # of the units of a text; the others are single words
PHRASE_LENGTHS = [45, 78, 93, 98]  # percent of the phrases with at most 2, 3, 4, 5 words; the others have 6
# Mandelbrot's shift, for words and for phrases: the larger, the less do the first of them stand out.
WORD_SHIFT, PHRASE_SHIFT = 2.0, 1000.0
QUANTILES = 1 << 21
FUNCTION_WORDS, STOCK_PHRASES = (
    Path(__file__).with_name(file).read_text("utf-8").splitlines() for file in ("words.txt", "phrases.txt")
)
AGENCIES = ("PTI", "ANI", "Reuters", "AP", "AFP", "IANS")

CITIES = ("New Delhi", "Mumbai", "London", "Washington", "Moscow", "Geneva", "Zürich", "São Paulo", "Tokyo")
SECTIONS = ("Home", "News", "World", "Politics", "Business", "Sports", "Opinion", "Cities", "Tech", "Science")
STANDING_LINES = (
    "Subscribe to our newsletter to get the day’s headlines from {name} direct in your inbox",
    "This story has not been edited by {name} staff and is published from a syndicated feed.",
    "Follow {name} on all our channels for live updates. Download the {name} app",
    "Disclaimer: the views expressed above are the author’s own; {name} does not vouch for their accuracy.",
    "Also read | more stories from the {name} desk",
)
CREDITS = (
    "({agency})",
    "With inputs from {agency}",
    "(This story has been published from the {agency} wire)",
)


def mix(keys: Keys, salt: int) -> Keys:
    """Hash 64-bit keys (the finisher of splitmix64; Steele, Lea and Flood, OOPSLA 2014)."""
    bits = keys + np.uint64((salt + 1) * 0x9E3779B97F4A7C15 % 2**64)
    bits ^= bits >> np.uint64(30)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(27)
    bits *= np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def draw(keys: Keys, salt: int, below: int | Ints) -> Ints:
    """One whole number in ``[0, below)`` a key."""
    high = (mix(keys, salt) >> np.uint64(33)).astype(np.int64)
    scaled: Ints = (high * below) >> 31
    return scaled


def numbered(count: int, salt: int) -> Keys:
    """The keys of `count` things."""
    return mix(np.arange(count, dtype=np.uint64), salt)


def zipf_quantiles(sizes: list[tuple[int, float, float]]) -> Ints:
    """Make a table in which a uniform draw finds an item with its probability.

    `sizes` lists (items, share, flattening): the items of a part have weights 1 / (rank + flattening), as in
    Zipf's law with Mandelbrot's shift. Only divisions and sums, which every machine rounds alike.
    """
    weights = [1 / (np.arange(1, count + 1) + shift) for count, _, shift in sizes]
    parts = [w * (share / w.sum()) for w, (_, share, _) in zip(weights, sizes, strict=True)]
    heights = np.cumsum(np.concatenate(parts))
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES * heights[-1]
    return np.minimum(np.searchsorted(heights, places), heights.size - 1)


@dataclass(frozen=True)
class Language:
    """The units that texts are made of: words, then phrases, then the phrases of each topic.

    Unit u is the words ``members[starts[u] : starts[u + 1]]``, which are units themselves (below `WORDS`).
    """

    units: list[str]
    members: Ints
    starts: Ints
    quantiles: Ints

    @classmethod
    @cache
    def create(cls) -> Language:
        """Make the one language that all corpora share (0.5 s)."""
        words = _words()
        rank = {word: place for place, word in enumerate(words)}
        stock = [phrase.split() for phrase in STOCK_PHRASES]
        for word in sorted({word for phrase in stock for word in phrase} - set(words)):
            rank[word] = len(words)
            words.append(word)
        made = PHRASES - len(stock) + TOPICS * TOPIC_UNITS
        keys = numbered(made, 11)
        lengths = 2 + np.searchsorted(PHRASE_LENGTHS, draw(keys, 12, 100), side="right")
        word_keys = numbered(int(lengths.sum()), 13)
        drawn = zipf_quantiles([(len(words), 1.0, WORD_SHIFT)])[draw(word_keys, 14, QUANTILES)]
        members = np.concatenate(
            [np.arange(len(words)), [rank[word] for phrase in stock for word in phrase], drawn]
        )
        sizes = np.concatenate([np.ones(len(words), int), [len(phrase) for phrase in stock], lengths])
        starts = np.concatenate([[0], np.cumsum(sizes)])
        spelled, bounds = [words[m] for m in members.tolist()], starts.tolist()
        units = [" ".join(spelled[a:b]) for a, b in pairwise(bounds)]
        shares = [(len(words), 1 - PHRASE_SHARE, WORD_SHIFT), (PHRASES, PHRASE_SHARE, PHRASE_SHIFT)]
        return cls(units, members, starts, zipf_quantiles(shares))

    @property
    def words(self) -> int:
        """How many of the units are single words."""
        return len(self.units) - PHRASES - TOPICS * TOPIC_UNITS


def _words() -> list[str]:
    """The function words, then made-up ones; the rarer, the longer."""
    onsets = [
        *"bcdfghklmnprstvw",
        "br",
        "ch",
        "cl",
        "cr",
        "dr",
        "fl",
        "gr",
        "pl",
        "pr",
        "sh",
        "st",
        "th",
        "tr",
    ]
    vowels = [*"aeiouaeio", "ai", "ea", "ou"]
    codas = ["", "", "", "n", "r", "s", "l", "t", "nd", "m", "ck", "st"]
    syllables = [onset + vowel + coda for onset in onsets for vowel in vowels for coda in codas]
    picks = draw(numbered(WORDS * 8, 1), 2, len(syllables)).reshape(-1, 4)
    words = dict.fromkeys(FUNCTION_WORDS)
    for row in picks.tolist():
        length = 1 + (len(words) > 600) + (len(words) > 20_000)
        words["".join(syllables[place] for place in row[:length])] = None
        if len(words) == WORDS:
            break
    return list(words)


def source_names() -> list[str]:
    """The outlets' names."""
    titles = ("Times", "Herald", "Post", "Chronicle", "Today", "Tribune", "Express", "Mirror")
    places = [word.capitalize() for word in _words()[400 : 400 + SOURCES]]
    return [f"{place} {titles[number % len(titles)]}" for number, place in enumerate(places)]


def standing_lines(names: list[str]) -> tuple[list[str], list[str]]:
    """What each outlet prints above and below its articles: a menu, and two to four lines."""
    tops, bottoms = [], []
    keys = numbered(len(names), 21)
    for number, name in enumerate(names):
        order = np.argsort(
            draw(
                np.repeat(keys[number], len(SECTIONS)) + np.arange(len(SECTIONS), dtype=np.uint64),
                22,
                1 << 20,
            )
        )
        menu = " | ".join(SECTIONS[place] for place in order[: 6 + number % 5].tolist())
        tops.append(f"{menu} | {name}\n\n")
        lines = [STANDING_LINES[(number + step) % len(STANDING_LINES)] for step in range(2 + number % 3)]
        bottoms.append("".join("\n\n" + line.format(name=name) for line in lines))
    return tops, bottoms
