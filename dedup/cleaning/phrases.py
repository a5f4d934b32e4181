"""Tables of phrases as arrays of token hashes, for the kernels that search for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies, generic_names
from dedup.jit.cache import kept_arrays
from dedup.text.tokens import tokenise

UNLIMITED = 2**31 - 1
#: Number of entries of `PhraseTables.marks`, which stays in the L1 cache.
_MARKS = 1 << 14
#: Columns of `PhraseTables.rows`.
KEY, BEGIN, WORDS, MOST, ACTION, EXTENT = range(6)

_YEARS = range(1990, 2050)
# Devanagari letters that Unicode also has precomposed, although NFC decomposes them.
_ONE_PIECE = {
    "क़": "\u0958",
    "ख़": "\u0959",
    "ग़": "\u095a",
    "ज़": "\u095b",
    "ड़": "\u095c",
    "ढ़": "\u095d",
    "फ़": "\u095e",
}


class Phrase(NamedTuple):
    """A phrase of a table.

    Attributes
    ----------
    words : str
        Compared as tokens; ``{year}`` matches any year from 1990 to 2049.
    most : int
        Maximum number of words in the line; 0 for a line of the phrase and nothing else.
    action : int
        What the phrase says about its line, above 0; of several phrases the highest counts.
    extent : int
        A number that belongs to the action.
    """

    words: str
    most: int = UNLIMITED
    action: int = 1
    extent: int = 0


class PhraseTables(NamedTuple):
    """Tables of phrases, one after another; table t is the rows ``bounds[t]:bounds[t + 1]``, sorted by key.

    Attributes
    ----------
    marks : ndarray of shape (16384,), dtype uint8
        Indexed by `mark_of` of a token's hash: bit t is set if table t may have such a key.
    alone, seconds : ndarray of shape (16384,), dtype uint8
        Indexed likewise: whether table t may have a phrase of this one word, and a phrase with this second
        word.
    rows : ndarray of shape (n_phrases, 6), dtype int64
        The key by which a phrase is looked up (its first token, or its last in a table of line ends); where
        it begins in `tokens`; its number of words; then `most`, `action` and `extent` as in `Phrase`.
    tokens : ndarray, dtype uint32
        The phrases' tokens, one phrase after another.
    bounds : ndarray of shape (n_tables + 1,), dtype int64
    """

    marks: NDArray[np.uint8]
    alone: NDArray[np.uint8]
    seconds: NDArray[np.uint8]
    rows: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    bounds: NDArray[np.int64]


def phrase_tables(tables: Iterable[Iterable[Phrase]], *, ends: int = -1) -> PhraseTables:
    """Build hash tables of phrases, at most eight.

    Parameters
    ----------
    tables : iterable of iterables of Phrase
    ends : int
        The index of the table, if any, whose phrases are looked up by their last token.

    Examples
    --------
    >>> tables = phrase_tables([[Phrase("read more")], [Phrase("getty images"), Phrase("afp")]])
    >>> tables.bounds.tolist(), tables.rows[:, WORDS].tolist().count(2)
    ([0, 1, 3], 2)
    """
    marks, alone, seconds = np.zeros((3, _MARKS), np.uint8)
    bounds = [0]
    rows: list[tuple[int, ...]] = []
    tokens: list[int] = []
    for table, phrases in enumerate(tables):
        for hashes, phrase in _hashed(phrases):
            key = hashes[-1] if table == ends else hashes[0]
            rows.append(
                (key, len(tokens), len(hashes), phrase.most or len(hashes), phrase.action, phrase.extent)
            )
            tokens += hashes
            marks[mark_of(np.uint32(key))] |= np.uint8(1 << table)
            if len(hashes) == 1:
                alone[mark_of(np.uint32(key))] |= np.uint8(1 << table)
            else:
                seconds[mark_of(np.uint32(hashes[1]))] |= np.uint8(1 << table)
        rows[bounds[-1] :] = sorted(rows[bounds[-1] :])
        bounds.append(len(rows))
    numbers = np.array(rows, np.int64), np.array(tokens, np.uint32), np.array(bounds, np.int64)
    return PhraseTables(marks, alone, seconds, *numbers)


def kept_phrase_tables(module: str, make: Callable[[], PhraseTables]) -> PhraseTables:
    """Return the tables of a module, kept beside the kernels because they take a while to build."""
    name = f"phrases-{unicodedata.unidata_version}"
    return PhraseTables(*kept_arrays(module, name, lambda: tuple(make())))


def agency_names() -> Iterator[str]:
    """Yield all names that credits use for agencies, including "agencies"."""
    for agency in agencies():
        yield from agency.aliases + agency.strict
    yield from generic_names()


def _hashed(phrases: Iterable[Phrase]) -> Iterator[tuple[tuple[int, ...], Phrase]]:
    """Yield each phrase in each of its spellings and under each fold, once."""
    spelled = [(spelling, phrase) for phrase in phrases for spelling in sorted(_spellings(phrase.words))]
    seen = {}
    for fold in ("standard", "accents"):
        hashed = tokenise([spelling for spelling, _ in spelled], fold=fold, text_as="plain")
        for hashes, (_, phrase) in zip(hashed, spelled, strict=True):
            seen[tuple(hashes.tolist()), phrase[1:]] = phrase
    return ((hashes, phrase) for (hashes, _), phrase in seen.items())


def _spellings(words: str) -> set[str]:
    """Return the phrase with each year, and with letters composed, decomposed and as written."""
    if "{year}" in words:
        return {words.replace("{year}", str(year)) for year in _YEARS}
    if words.isascii():
        return {words}
    composed = in_one_piece = unicodedata.normalize("NFC", words)
    for apart, whole in _ONE_PIECE.items():
        in_one_piece = in_one_piece.replace(apart, whole)
    return {words, composed, in_one_piece}


@nb.njit(nogil=True, cache=True, inline="always")
def mark_of(token):  # type: ignore[no-untyped-def]
    """Return a token's index into `PhraseTables.marks`; the last two bits are not evenly spread."""
    return (token >> np.uint32(2)) & np.uint32(_MARKS - 1)


@nb.njit(nogil=True, cache=True, inline="always")
def goes_on(key, following, tables, table):  # type: ignore[no-untyped-def]
    """Return 1 if a phrase of the table may begin with a key and continue with the next word, or end; else 0.

    Not for a table of line ends. Names of agencies also begin with words like "the": the next word decides.
    """
    return (tables.alone[mark_of(key)] | tables.seconds[mark_of(following)]) >> table & 1


@nb.njit(nogil=True, cache=True)
def strongest(hashes, start, at, stop, tables, table, by_end):  # type: ignore[no-untyped-def]
    """Return the row of the strongest phrase whose key is token `at` of the line start:stop; -1 without one.

    `by_end` says that the table is looked up by the last token.
    """
    best = -1
    row = _place(hashes[at], tables, table)
    while row < tables.bounds[table + 1] and tables.rows[row, KEY] == hashes[at]:
        words = tables.rows[row, WORDS]
        first = at + 1 - words if by_end else at
        fits = stop - start <= tables.rows[row, MOST] and start <= first and first + words <= stop
        stronger = best < 0 or (tables.rows[row, ACTION], tables.rows[row, EXTENT]) > (
            tables.rows[best, ACTION],
            tables.rows[best, EXTENT],
        )
        if fits and stronger and _equal(hashes, first, tables.tokens, tables.rows[row, BEGIN], words):
            best = row
        row += 1
    return best


@nb.njit(nogil=True, cache=True)
def has(token, tables, table):  # type: ignore[no-untyped-def]
    """Whether a token is a key of the table."""
    if not tables.marks[mark_of(token)] >> table & 1:
        return False
    row = _place(token, tables, table)
    return row < tables.bounds[table + 1] and tables.rows[row, KEY] == token


@nb.njit(nogil=True, cache=True)
def _place(key, tables, table):  # type: ignore[no-untyped-def]
    """Return the first row of the table whose key is not below `key`."""
    low, high = tables.bounds[table], tables.bounds[table + 1]
    while low < high:
        middle = (low + high) // 2
        if tables.rows[middle, KEY] < key:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(nogil=True, cache=True)
def _equal(hashes, first, tokens, begin, words):  # type: ignore[no-untyped-def]
    for i in range(words):  # noqa: SIM110 - numba takes no generators
        if hashes[first + i] != tokens[begin + i]:
            return False
    return True
