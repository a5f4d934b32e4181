"""Picture captions, recognised by the grammar of their credits: "… on Monday. (AP Photo/Jo Park, File)".

A credit consists of a label ("Photo:"), a photographer's name, an agency or a picture desk ("Reuters", "Getty
Images", "Pool"), words that connect them ("via", "by") and a date, in any order. The tokens do not hold
brackets and slashes. A credit is recognised because a sentence at the end of a line holds nothing else. The
rest of the line before it is then the caption. An agency's name alone is not a picture credit unless the line
reads like a caption, because many paragraphs of agency copy end with the name. The words are in
``captions.toml``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numba as nb

from dedup.cleaning.agencies import agencies, read_data
from dedup.cleaning.phrases import (
    ACTION,
    WORDS,
    Phrase,
    PhraseTables,
    goes_on,
    kept_phrase_tables,
    mark_of,
    phrase_tables,
    strongest,
)
from dedup.jit.borrow import borrowed
from dedup.jit.simd import next_with
from dedup.text.flags import CAPITAL, FURNITURE, LINE, NUMBER, SENTENCE
from dedup.text.tokens import Tokens
from dedup.text.word_hashes import ALONE

#: The tables: names of agencies and picture houses, words of credits, words of captions.
_NAMES, _PARTS, _BODY = range(3)
#: The kinds of names, and of words in a credit.
_AGENCY, _HOUSE = 1, 2
_LINK, _BY, _DATE, _DESK, _LABEL, _VERB, _TAIL = range(1, 8)
#: The kinds of words in a caption.
_POINTER, _DAY, _MONTH = range(1, 4)
#: Maximum number of words in a credit, of names in it, and of names without known capitals ("JO PARK").
_CREDIT_WORDS, _NAME_WORDS, _PLAIN_NAMES = 14, 6, 3
#: Maximum number of words after the first of a known name, which are not looked up by themselves.
_WITHIN_NAMES = 3
#: Maximum number of words in a caption that ends with an agency's name only.
_SHORT_CAPTION = 45


class _Caption(NamedTuple):
    tables: PhraseTables
    words: int


def mark_captions(tokens: Tokens) -> Tokens:
    """Mark the lines that are picture captions or their credits: `FURNITURE` in their flags.

    Parameters
    ----------
    tokens : Tokens
        The tokens of whole articles. Their flags change in place.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = mark_captions(tokenise(["Jo Park votes in Harrow. (AP Photo/Ann Doe)\\nPolls closed."]))
    >>> (tokens.flags & FURNITURE != 0).tolist()
    [True, True, True, True, True, True, True, True, True, False, False]
    """
    tables, words = _caption_rules()
    _mark_batch(tokens.hashes, tokens.offsets, tokens.flags, tables, words)
    return tokens


@cache
def _caption_rules() -> _Caption:
    return _Caption(kept_phrase_tables(__name__, _phrases), read_data("captions.toml")["words"])


def _phrases() -> PhraseTables:
    data = read_data("captions.toml")
    parts = (
        ("links", _LINK),
        ("makers", _BY),
        ("months", _DATE),
        ("days", _DATE),
        ("desks", _DESK),
        ("labels", _LABEL),
        ("verbs", _VERB),
        ("tails", _TAIL),
    )
    body = ("pointers", _POINTER), ("days", _DAY), ("months", _MONTH)
    known = (name for agency in agencies() for name in agency.aliases + agency.strict)
    names = [Phrase(name, action=_AGENCY, extent=len(name.split())) for name in known]
    names += [Phrase(name, action=_HOUSE, extent=len(name.split())) for name in data["houses"]]
    return phrase_tables(
        (
            names,
            [Phrase(word, action=kind) for key, kind in parts for word in data[key]],
            [Phrase(word, action=kind) for key, kind in body for word in data[key]],
        )
    )


@nb.njit(nogil=True, cache=True)
def _mark_batch(hashes, offsets, flags, tables, words):  # type: ignore[no-untyped-def]
    hashes, offsets, flags, tables = borrowed((hashes, offsets, flags, tables))
    for article in range(len(offsets) - 1):
        start, end = offsets[article], offsets[article + 1]
        while start < end:
            stop = next_with(flags, start + 1, end, LINE)
            if stop - start <= words and _is_captioned(hashes, flags, start, stop, tables, stop < end):
                for token in range(start, stop):
                    flags[token] |= FURNITURE
            start = stop


@nb.njit(nogil=True, cache=True)
def _is_captioned(hashes, flags, start, stop, tables, goes_on):  # type: ignore[no-untyped-def]
    """Whether the line start:stop ends with a picture credit, or consists of one.

    `goes_on` says that text follows, because the last line of agency copy ends with the agency's name.
    """
    named = False
    unknown = plain = 0  # in first:stop; most lines are prose, which their last words show
    for first in range(stop - 1, max(start - 1, stop - 1 - _CREDIT_WORDS), -1):
        marks = tables.marks[mark_of(hashes[first])]
        known = marks & ((1 << _NAMES) | (1 << _PARTS)) != 0
        named |= known
        if not known and not flags[first] & NUMBER:
            unknown += 1
            plain += flags[first] & CAPITAL == 0
            if unknown > _NAME_WORDS + _WITHIN_NAMES or plain > _PLAIN_NAMES + _WITHIN_NAMES:
                return False
        sentence = first == start or flags[first] & SENTENCE != 0
        # Few words are known; asking here saves most of the calls.
        if not named or not (sentence or (known and _opens(hashes, first, stop, tables))):
            continue
        found = _credit(hashes, flags, first, stop, tables, sentence, _has_capitals(flags, start, first))
        if found == 2:
            return True
        if found == 1 and sentence and first > start and goes_on and stop - start <= _SHORT_CAPTION:
            return _is_body(hashes, flags, start, first, tables)
    return False


@nb.njit(nogil=True, cache=True)
def _opens(hashes, first, stop, tables):  # type: ignore[no-untyped-def]
    """Whether "AP photo", "photo by", "photo courtesy" or a similar phrase begins here, in a sentence."""
    row = _name(hashes, first, stop, tables)
    after = first + (tables.rows[row, WORDS] if row >= 0 else 1)
    if after >= stop or (row < 0 and _part(hashes, first, stop, tables) != _LABEL):
        return False
    kind = _part(hashes, after, stop, tables)
    return kind == _LABEL or (row < 0 and kind in (_BY, _DESK))


@nb.njit(nogil=True, cache=True)
def _credit(hashes, flags, first, stop, tables, sentence, capitals):  # type: ignore[no-untyped-def]
    """Return 2 if first:stop is a picture credit, 1 if it is only an agency's name, and 0 otherwise.

    `sentence` says that it begins a sentence, `capitals` that the text before it has capitals.
    """
    agencies = houses = labels = desks = links = names = plain = kind = 0
    at = first
    while at < stop:
        row = _name(hashes, at, stop, tables)
        if row >= 0:
            agencies += tables.rows[row, ACTION] == _AGENCY
            houses += tables.rows[row, ACTION] == _HOUSE
            at += tables.rows[row, WORDS]
            continue
        kind = _part(hashes, at, stop, tables)
        if kind == _VERB:
            return 0
        labels += kind == _LABEL
        desks += kind == _DESK
        links += kind in (_LINK, _BY)
        if kind == 0 and not flags[at] & NUMBER:
            names += flags[at] & CAPITAL != 0
            plain += flags[at] & CAPITAL == 0
            if hashes[at] & ALONE and not labels:
                return 0
            if names + plain > _NAME_WORDS or plain > _PLAIN_NAMES:  # true of nearly all sentences
                return 0
        at += 1
    if plain and not (capitals and sentence and agencies + houses and not links):
        return 0
    if agencies + houses == 0:  # "Photo: Jo Park", "Supplied: Harrow Council", "Photo: handout"
        if kind == _TAIL and sentence and capitals and names > 1 and not plain:
            return 2  # "Jo Park for The Harrow Post", "Jo Park/Staff Photographer"
        leads = _part(hashes, first, stop, tables) in (_DESK, _LABEL)
        return 2 if sentence and leads and labels + desks > (names == 0) else 0
    if houses or labels or desks or names + plain:
        return 2
    return 1


@nb.njit(nogil=True, cache=True)
def _is_body(hashes, flags, start, first, tables):  # type: ignore[no-untyped-def]
    """Whether start:first reads like a caption: it points at what is shown, or gives the full date."""
    for at in range(start, first):
        kind = _action(hashes, at, first, tables, _BODY)
        if kind == _POINTER:
            return True
        dated = kind == _DAY and at + 3 < first and flags[at + 2] & flags[at + 3] & NUMBER != 0
        if dated and _action(hashes, at + 1, first, tables, _BODY) == _MONTH:
            return True
    return False


@nb.njit(nogil=True, cache=True)
def _has_capitals(flags, start, first):  # type: ignore[no-untyped-def]
    for at in range(start, first):  # noqa: SIM110 - numba takes no generators
        if flags[at] & CAPITAL:
            return True
    return False


@nb.njit(nogil=True, cache=True)
def _name(hashes, at, stop, tables):  # type: ignore[no-untyped-def]
    """Return the row of the name that begins here, or -1."""
    key = hashes[at]
    if not tables.marks[mark_of(key)] >> _NAMES & 1:
        return -1
    if not goes_on(key, hashes[at + 1 if at + 1 < stop else at], tables, _NAMES):
        return -1
    return strongest(hashes, at, at, stop, tables, _NAMES, False)


@nb.njit(nogil=True, cache=True, inline="always")
def _part(hashes, at, stop, tables):  # type: ignore[no-untyped-def]
    return _action(hashes, at, stop, tables, _PARTS)


@nb.njit(nogil=True, cache=True)
def _action(hashes, at, stop, tables, table):  # type: ignore[no-untyped-def]
    """Return what the table says about the word here, or 0."""
    if not tables.marks[mark_of(hashes[at])] >> table & 1:
        return 0
    row = strongest(hashes, at, at, stop, tables, table, False)
    return tables.rows[row, ACTION] if row >= 0 else 0
