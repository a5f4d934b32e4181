"""Contexts: whether the articles that repeat a sentence belong to one story, or to different stories.

What a site prints around its articles is repeated in articles that have nothing in common. The background of
a running story is repeated in updates that all name the same people or places. So in addition to the count of
a sentence there are counts for 60 classes of names: each counts the articles with the sentence that have no
name of this class. In different stories, hardly any name is in nearly all articles. The counts of two corpora
add up.

A sentence is identified by its *form*: its words without names and numbers, whatever the source. So a line
counts as one even if outlets print it with their own name and the year. It counts where a site speaks about
itself: as a separate line, or near the beginning or the end of an article.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.jit.murmur import mix
from dedup.text.flags import CAPITAL, FURNITURE, LINE, NUMBER, SENTENCE
from dedup.text.word_hashes import KIND
from dedup.thresholds import (
    COMMON_NAMES,
    CONTEXT_ARTICLES,
    CONTEXT_NAMELESS_ARTICLES,
    EDGE_SHARE,
    EDGE_WORDS,
    FORM_WORDS,
    LACKING_SHARE,
    LEAST_NAMES,
    MOST_NAMES,
    NAMES_FROM,
    NAMES_TO,
    OWN_ARTICLES,
    TELLING_ARTICLES,
)

#: A row of the table: 60 counts of four bits, then one count of 16 bits, of all articles with the sentence.
ROW_WORDS, _CLASSES = 4, 60
_ONES = np.uint64(0x1111111111111111)
_COUNT_SHIFT, _FULL = np.uint64(48), np.uint64(0xFFFF)
_FORM_SEED, _NO_NAME = np.uint32(0x9E3779B9), np.uint32(0xFFFFFFFF)


#: The results of `tells_apart` for a sentence: its articles belong to one story, or are few; it is furniture,
#: but within a paragraph only in articles with names; it is furniture everywhere; it is furniture of the
#: sources that repeat it.
ONE_STORY, OF_NAMED, OF_ANY, OF_REPEATING = range(4)


@nb.njit(nogil=True, cache=True, inline="always")
def whole_line(flags, start, end, last):  # type: ignore[no-untyped-def]
    """Whether the sentence ``start:end`` is a line of its own."""
    return flags[start] & LINE != 0 and (end == last or flags[end] & LINE != 0)


@nb.njit(nogil=True, cache=True, inline="always")
def at_place(flags, start, end, first, last):  # type: ignore[no-untyped-def]
    """Whether the sentence ``start:end`` of the article ``first:last`` may be about the site itself."""
    edge = min(EDGE_WORDS, int(EDGE_SHARE * (last - first)))
    return start - first < edge or last - end < edge or whole_line(flags, start, end, last)


@nb.njit(nogil=True, cache=True)
def context_row(hashes, flags, start, end, name, rows):  # type: ignore[no-untyped-def]
    """Return the table row of the sentence ``start:end``; `name` identifies it within its source."""
    form, words = _FORM_SEED, 0
    for place in range(start, end):
        if flags[place] & (CAPITAL | NUMBER) == 0:
            form = np.uint32(np.uint32(form * np.uint32(0x01000193)) + hashes[place])
            words += 1
    return mix(form if words >= FORM_WORDS else name ^ _FORM_SEED) & np.uint32(rows - 1)


@nb.njit(nogil=True, cache=True)
def gather_names(hashes, flags, first, last, names, sentences):  # type: ignore[no-untyped-def]
    """Fill `names` with the smallest hashes of an article's names, and return how many there are.

    `sentences` receives where the sentence of each name begins, or -1 if several sentences have it. The
    result is 0 if the article is too short.
    """
    count = _gather(hashes, flags, first, last, True, names, sentences)
    if count < LEAST_NAMES:
        count = _gather(hashes, flags, first, last, False, names, sentences)
    return count if count >= LEAST_NAMES else 0


@nb.njit(nogil=True, cache=True)
def _gather(hashes, flags, first, last, named, names, sentences):  # type: ignore[no-untyped-def]
    count, sentence = 0, first
    for place in range(first + int(NAMES_FROM * (last - first)), first + int(NAMES_TO * (last - first))):
        if flags[place] & SENTENCE:
            sentence = place
        name = _name(hashes, flags, place, named)
        if name == _NO_NAME or (count == MOST_NAMES and name > names[count - 1]):
            continue
        at = count
        while at > 0 and names[at - 1] > name:
            at -= 1
        if at > 0 and names[at - 1] == name:
            if sentences[at - 1] != sentence:
                sentences[at - 1] = -1
            continue
        count = min(count + 1, MOST_NAMES)
        for behind in range(count - 1, at, -1):
            names[behind], sentences[behind] = names[behind - 1], sentences[behind - 1]
        names[at], sentences[at] = name, sentence
    return count


@nb.njit(nogil=True, cache=True, inline="always")
def _name(hashes, flags, place, named):  # type: ignore[no-untyped-def]
    """Return the hash of a name within a sentence, or else of a pair of words of which one is long."""
    if flags[place] & (SENTENCE | FURNITURE):
        return _NO_NAME
    if named:
        return mix(hashes[place]) if flags[place] & CAPITAL else _NO_NAME
    if hashes[place] & KIND and hashes[place - 1] & KIND:
        return _NO_NAME
    return mix(np.uint32(hashes[place - 1] * np.uint32(0x01000193)) + hashes[place])


@nb.njit(nogil=True, cache=True)
def add_article(row, names, sentences, count, sentence):  # type: ignore[no-untyped-def]
    """Count an article in the row of its sentence, without the names that the sentence itself contains."""
    has, others = np.zeros(ROW_WORDS, np.uint64), 0
    for number in range(count):
        if sentences[number] != sentence:
            others += 1
            place = names[number] % np.uint32(_CLASSES)
            has[place >> np.uint32(4)] |= np.uint64(1) << np.uint64(4 * (place & np.uint32(15)))
    if others < LEAST_NAMES:
        return
    for number in range(ROW_WORDS):
        word = row[number]
        full = word & (word >> np.uint64(1)) & (word >> np.uint64(2)) & (word >> np.uint64(3))
        lacking = _ONES & ~full & ~has[number]
        if number == ROW_WORDS - 1:
            lacking &= (np.uint64(1) << _COUNT_SHIFT) - np.uint64(1)
            if word >> _COUNT_SHIFT != _FULL:
                lacking += np.uint64(1) << _COUNT_SHIFT
        row[number] = word + lacking


def merged(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sum of both tables, shape (n_rows, 4); full counters stay full."""
    parts = [table.view(np.uint8) for table in (one, two)]
    low = np.minimum((parts[0] & 15) + (parts[1] & 15), 15)
    high = np.minimum((parts[0] >> 4) + (parts[1] >> 4), 15)
    out = np.asarray(low | high << 4).view(np.uint64)
    total = article_counts(one).astype(np.uint64) + article_counts(two)
    below = (np.uint64(1) << _COUNT_SHIFT) - np.uint64(1)
    out[:, -1] = out[:, -1] & below | np.minimum(total, _FULL) << _COUNT_SHIFT
    return out


def article_counts(contexts: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Return the number of articles with each sentence, shape (n_rows,)."""
    return (contexts[:, -1] >> _COUNT_SHIFT).astype(np.uint16)


@nb.njit(nogil=True, cache=True)
def tells_apart(contexts, others):  # type: ignore[no-untyped-def]
    """Return whose furniture the sentence of each row is, shape (n_rows,): `ONE_STORY` to `OF_REPEATING`.

    Parameters
    ----------
    contexts : array of shape (n_rows, 4), dtype uint64
    others : int
        The part of a count that comes from other sentences in its row.
    """
    out = np.zeros(len(contexts), np.uint8)
    for number in range(len(contexts)):
        count = np.int64(contexts[number, ROW_WORDS - 1] >> _COUNT_SHIFT)
        if count < CONTEXT_ARTICLES + others:
            continue
        least = min(max(2.0, LACKING_SHARE * count), 15.0)
        common = 0
        for place in range(_CLASSES):
            word = contexts[number, place >> 4]
            common += (word >> np.uint64(4 * (place & 15))) & np.uint64(15) < least
        if common <= COMMON_NAMES:
            if count < CONTEXT_NAMELESS_ARTICLES + others:
                out[number] = OF_NAMED
            else:
                out[number] = OF_ANY if count <= TELLING_ARTICLES else OF_REPEATING
    return out


@nb.njit(nogil=True, cache=True)
def is_furniture(  # type: ignore[no-untyped-def]
    told, hashes, flags, start, end, first, last, own_articles, names, sentences
):
    """Whether the sentence ``start:end`` of an article is furniture, given the result of `tells_apart`.

    `own_articles` is the number of articles of its source with the sentence; the last two arguments are work
    space for `gather_names`.
    """
    if told == OF_REPEATING:
        return own_articles >= OWN_ARTICLES
    if told == OF_NAMED and not whole_line(flags, start, end, last):
        return _gather(hashes, flags, first, last, True, names, sentences) >= LEAST_NAMES
    return told != ONE_STORY
