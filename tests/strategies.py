"""Strategies for Hypothesis: words, texts in many scripts, texts with planted runs, small corpora."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import strategies as st

from dedup.article import Article

_SYLLABLES = ["ba", "do", "fe", "gi", "ku", "la", "me", "no", "pi", "ru"]
_SCRIPTS = (
    "abzABZ019éßİǅﬁ",
    "жЖёЁ",
    "αΣς",
    "كتابَ",
    "हिन्दी।",
    "ไทย",
    "中文字々。",
    "かカーｶ",
    "한글ᄒ",
    "Ａｂ９",
    "\U00020000\U0002f800\U0003fffe\U0001b000",
    "e\u0301\u0308",
)
_SIGNS = " \t\n\r.!?…,;()[]-–—\"'“”„«»‘’‚‹›「」\u00ad\u200d\u200c\ufe0f\u2060\u00a0\u2028\U0001f600\x00"


def word(number: int, vocabulary: str = "") -> str:
    """Return the word with this number; words of vocabularies with different names (letters b to z) differ.

    Every word has more than three letters, and no two of a vocabulary are equal.
    """
    tail = "".join(_SYLLABLES[int(digit)] for digit in f"{number:02}")
    return f"{vocabulary}x{tail}"


def words(vocabulary: str, count: int, first: int = 0) -> list[str]:
    """Return `count` different words."""
    return [word(first + number, vocabulary) for number in range(count)]


def texts(max_size: int = 80) -> st.SearchStrategy[str]:
    """Draw any text without lone surrogates, often one with many scripts and signs close together."""
    mixed = st.sampled_from([*"".join(_SCRIPTS), *_SIGNS, *_SIGNS])
    anything = st.characters(exclude_categories=["Cs"])
    return st.one_of(st.text(mixed, max_size=max_size), st.text(anything, max_size=max_size))


def word_lists(max_size: int = 80, alphabet: int = 6) -> st.SearchStrategy[list[str]]:
    """Draw lists of words with many repetitions."""
    return st.lists(st.integers(0, alphabet - 1).map(word), max_size=max_size)


@dataclass(frozen=True)
class Planted:
    """Two texts as words, and the runs that occur in both: place in a, place in b, length."""

    a: list[str]
    b: list[str]
    runs: list[tuple[int, int, int]]


@st.composite
def planted_runs(draw: st.DrawFn, most: int = 3, apart: int = 30) -> Planted:
    """Draw two texts that have some runs in common, in any order, and no other word.

    In both texts at least `apart` words are between two runs.
    """
    lengths = draw(st.lists(st.integers(12, 40), min_size=1, max_size=most))
    runs = [words("cdfg"[number], length) for number, length in enumerate(lengths)]
    order = draw(st.permutations(range(len(runs))))
    sides = []
    for vocabulary, arrangement in (("h", range(len(runs))), ("k", order)):
        side: list[str] = words(vocabulary, draw(st.integers(0, 20)))
        places = {}
        for number in arrangement:
            places[number] = len(side)
            side = side + runs[number] + words(vocabulary, draw(st.integers(apart, apart + 20)), len(side))
        sides.append((side, places))
    (a, in_a), (b, in_b) = sides
    return Planted(a, b, [(in_a[number], in_b[number], len(run)) for number, run in enumerate(runs)])


@st.composite
def small_corpora(draw: st.DrawFn) -> list[Article]:
    """Draw up to six articles of up to three sources that share some of four paragraphs.

    Some have a time, some a credit; ids are not in order.
    """
    shared = [" ".join(words("cdfg"[number], 24 + 5 * number)) + "." for number in range(4)]
    articles = []
    for number in range(draw(st.integers(0, 6))):
        own = [" ".join(words("hkmnpr"[number], draw(st.integers(0, 30)), 100 * part)) for part in range(2)]
        chosen = [shared[part] for part in draw(st.lists(st.integers(0, 3), unique=True, max_size=3))]
        articles.append(
            Article(
                id=f"{draw(st.integers(0, 9))}-{number}",
                text="\n\n".join([own[0], *chosen, own[1]])
                + draw(st.sampled_from(["", "", "\n(PTI)", "\n(AP)"])),
                source=draw(st.sampled_from(["Herald", "Courier", "Gazette"])),
                published=draw(
                    st.sampled_from(
                        [None, datetime(2022, 2, 24, tzinfo=UTC), datetime(2022, 2, 25, tzinfo=UTC)]
                    )
                ),
            )
        )
    return articles
