"""One form, other facts: pairs that agree in their frame and differ in their news.

Reports of tremors, share prices and weather warnings fill in a form. Two of them agree in nearly all words
although nobody copied anything. What differs distinguishes them from an edited copy: it is nearly only names,
numbers and dates, among them those that identify the event. If the place or the company is the same (12 dead,
then 14 dead), it is one story, told anew.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.pairs import Limits, runs_between
from dedup.corpus.prepare import ComparedTokens
from dedup.settings import Settings
from dedup.text.flags import CAPITAL, NUMBER, SENTENCE
from dedup.text.tokens import tokenise
from dedup.thresholds import (
    LEAST_CAPITALS,
    MOST_CAPITALS,
    SLOT_NAME_WORDS,
    SLOT_WORDS,
    TEMPLATE_FACTS,
    TEMPLATE_FRAME,
    TEMPLATE_SLOTS,
)

#: Maximum number of differing places kept per pair, for the explanation.
_TOLD = 3

_DATE, _NUMBER_WORD, _DIRECTION = 1, 2, 3


class Templates(NamedTuple):
    """The pairs that are one form.

    Attributes
    ----------
    template : ndarray of shape (n_pairs,), dtype bool
    differing : ndarray of shape (n_pairs, 3, 4), dtype int32
        The first places that differ and identify the event, half-open in the tokens of a and of b; 0, 0, 0, 0
        for none.
    """

    template: NDArray[np.bool_]
    differing: NDArray[np.int32]


def templates(
    tokens: ComparedTokens,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    settings: Settings,
) -> Templates:
    """Find the pairs that are one form with other facts.

    Parameters
    ----------
    tokens : ComparedTokens
        The tokens of the articles.
    a, b : ndarray of shape (n_pairs,)
        Numbers of articles in `tokens`.

    Examples
    --------
    >>> form = ("A tremor of magnitude {} shook the ground {} miles from {} on {} night, the national office "
    ...         "said. This report was made by a program and read by an editor before it went online.")
    >>> texts = [form.format("3.4", 12, "Harrow Springs", "Monday"), form.format("4.8", 31, "Pell", "Friday")]
    >>> whole, one, two = tokenise(texts), np.array([0]), np.array([1])
    >>> held = ComparedTokens(whole.hashes, whole.flags, whole.offsets)
    >>> told = templates(held, one, two, Settings())
    >>> told.template.tolist()
    [True]
    """
    pairs = len(a)
    template, differing = np.zeros(pairs, np.bool_), np.zeros((pairs, _TOLD, 4), np.int32)
    if pairs:
        words, kinds = _fact_words()
        texts = tokens.hashes, tokens.flags, tokens.offsets.astype(np.int64)
        both = a.astype(np.int64), b.astype(np.int64)
        limits = Limits(
            settings.seed_words, settings.max_gap, settings.min_words, float(settings.min_similarity)
        )
        _judge(texts, both, limits, words, kinds, template, differing)
    return Templates(template, differing)


@cache
def _fact_words() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the hashes of the words of ``facts.toml``, sorted, and the kind of each."""
    path = resources.files("dedup.overlaps").joinpath("facts.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    of: dict[int, int] = {}
    for kind, name in ((_DATE, "dates"), (_NUMBER_WORD, "numbers"), (_DIRECTION, "directions")):
        tokens = tokenise([" ".join(data[name].values())])
        for word in tokens.hashes.tolist():
            of.setdefault(word, kind)
    ordered = sorted(of)
    return np.array(ordered, np.uint32), np.array([of[word] for word in ordered], np.uint8)


@nb.njit(nogil=True, cache=True)
def _judge(texts, pairs, limits, words, kinds, template, differing):  # type: ignore[no-untyped-def]
    hashes, flags, offsets = texts
    slots = np.empty((256, 4), np.int64)
    for pair in range(len(template)):
        a0, a1 = offsets[pairs[0][pair]], offsets[pairs[0][pair] + 1]
        b0, b1 = offsets[pairs[1][pair]], offsets[pairs[1][pair] + 1]
        one, two = (hashes[a0:a1], flags[a0:a1]), (hashes[b0:b1], flags[b0:b1])
        count, agreeing = _slots(one[0], two[0], limits, slots)
        if count < TEMPLATE_SLOTS or 2 * agreeing < TEMPLATE_FRAME * (len(one[0]) + len(two[0])):
            continue
        template[pair] = _differ(one, two, slots[:count], words, kinds, differing[pair])


@nb.njit(nogil=True, cache=True)
def _slots(a, b, limits, slots):  # type: ignore[no-untyped-def]
    """Find the places between the words that agree, in the order of both texts; count places and words.

    Return no places if there are too many: such a pair is not a filled-in form.
    """
    runs = runs_between(a, b, limits)
    count = agreeing = 0
    at_a = at_b = np.int64(0)
    for run in range(len(runs) + 1):
        i, j, length = np.int64(len(a)), np.int64(len(b)), np.int64(0)
        if run < len(runs):
            i, j, length = np.int64(runs[run, 0]), np.int64(runs[run, 1]), np.int64(runs[run, 2])
        if i > at_a or j > at_b:
            if count == len(slots):
                return 0, 0
            slots[count, 0], slots[count, 1], slots[count, 2], slots[count, 3] = at_a, i, at_b, j
            count += 1
        at_a, at_b = np.int64(i + length), np.int64(j + length)
        agreeing += int(length)
    return count, agreeing


@nb.njit(nogil=True, cache=True)
def _differ(one, two, slots, words, kinds, told):  # type: ignore[no-untyped-def]
    """Whether the differences are facts, some of which identify the event; `told` receives these."""
    cased = _is_cased(one[1], two[1])
    facts = every = filled = figures = 0
    name_a = name_b = figure = False
    for slot in range(len(slots)):
        i, end_a, j, end_b = slots[slot]
        size = (end_a - i) + (end_b - j)
        every += size
        if max(end_a - i, end_b - j) > SLOT_WORDS:
            continue
        figure_a, named_a = _facts_in(one, i, end_a, words, kinds, cased)
        figure_b, named_b = _facts_in(two, j, end_b, words, kinds, cased)
        if not (figure_a or figure_b or named_a or named_b):
            continue
        facts += size
        if end_a > i and end_b > j:
            filled += 1
            figures += figure_a and figure_b
        if 2 * i > len(one[0]) and 2 * j > len(two[0]):
            continue  # an event is identified in the first half
        new_a = named_a and _new_name(one, i, end_a, words, kinds, cased, two[0])
        new_b = named_b and _new_name(two, j, end_b, words, kinds, cased, one[0])
        name_a, name_b = name_a or new_a, name_b or new_b
        figure |= figure_a and figure_b
        if end_a > i and end_b > j:
            # The places told: a name, a figure, and one more.
            chosen = 0 if (new_a or new_b) and told[0, 1] == 0 else 1 if figure_a and figure_b else 2
            if told[chosen, 1] == 0:
                told[chosen, 0], told[chosen, 1], told[chosen, 2], told[chosen, 3] = i, end_a, j, end_b
    enough = filled >= TEMPLATE_SLOTS and facts >= TEMPLATE_FACTS * every
    if not cased:
        enough &= figures >= 2 and 2 * figures >= filled
    return enough and name_a and name_b and figure


@nb.njit(nogil=True, cache=True)
def _is_cased(flags_a, flags_b):  # type: ignore[no-untyped-def]
    """Whether a capital within a sentence marks a name."""
    inner = capitals = 0
    for flags in (flags_a, flags_b):
        for flag in flags:
            if flag & SENTENCE == 0:
                inner += 1
                capitals += flag & CAPITAL != 0
    return LEAST_CAPITALS * inner <= capitals <= MOST_CAPITALS * inner


@nb.njit(nogil=True, cache=True)
def _kind_of(word, words, kinds):  # type: ignore[no-untyped-def]
    place = np.searchsorted(words, word)
    return kinds[place] if place < len(words) and words[place] == word else np.uint8(0)


@nb.njit(nogil=True, cache=True)
def _is_name(text, place, start, end, words, kinds, cased):  # type: ignore[no-untyped-def]
    hashes, flags = text
    if flags[place] & NUMBER != 0 or _kind_of(hashes[place], words, kinds) != 0:
        return False
    if not cased:
        return end - start <= SLOT_NAME_WORDS
    if flags[place] & CAPITAL == 0:
        return False
    # The first word of a sentence has a capital anyway. Before another capital it begins a name.
    return flags[place] & SENTENCE == 0 or (
        place + 1 < end and flags[place + 1] & (CAPITAL | SENTENCE) == CAPITAL
    )


@nb.njit(nogil=True, cache=True)
def _facts_in(text, start, end, words, kinds, cased):  # type: ignore[no-untyped-def]
    """Return whether a place holds a number, a date or a direction, and whether it holds a name."""
    figure = name = False
    for place in range(start, end):
        if text[1][place] & NUMBER != 0 or _kind_of(text[0][place], words, kinds) != 0:
            figure = True
        elif _is_name(text, place, start, end, words, kinds, cased):
            name = True
    return figure, name


@nb.njit(nogil=True, cache=True)
def _new_name(text, start, end, words, kinds, cased, other):  # type: ignore[no-untyped-def]
    """Whether a place holds a name that does not occur in the other text at all."""
    for place in range(start, end):
        if _is_name(text, place, start, end, words, kinds, cased) and not (other == text[0][place]).any():
            return True
    return False
