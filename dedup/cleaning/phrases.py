"""The phrases of ``furniture.toml`` as arrays of token hashes, for the kernel in ``furniture.py``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies, generic_names, read_data
from dedup.tokens import tokenise

#: What a phrase says of the line that it begins or ends, weakest first: of several the strongest counts.
FURNITURE, CLOSER, HEADING, TEASER_END = 1, 2, 3, 4

#: The tables of `Rules`.
HEADS, TAILS, OPENERS, WIRES, DATES, MENUS = range(6)

_YEARS = range(1990, 2050)
_UNLIMITED = 2**31 - 1
# Devanagari and Urdu letters that Unicode also has in one piece, though NFC takes them apart.
_ONE_PIECE = {
    "क़": "\u0958",
    "ख़": "\u0959",
    "ग़": "\u095a",
    "ज़": "\u095b",
    "ड़": "\u095c",
    "ढ़": "\u095d",
    "फ़": "\u095e",
}


class Rules(NamedTuple):
    """All rules of ``furniture.toml``, in arrays, table after table.

    The tables are the phrases that begin a line (`HEADS`), end it (`TAILS`), open a photo credit
    (`OPENERS`), name an agency in one (`WIRES`), and the words of dates (`DATES`) and menus (`MENUS`). Table
    t is the rows ``bounds[t]:bounds[t + 1]``, sorted by key.

    Attributes
    ----------
    marks : ndarray of shape (65536,), dtype uint8
        By the low 16 bits of a token's hash: bit t is set if table t may have such a key.
    rows : ndarray of shape (n_phrases, 6), dtype int64
        The key by which a phrase is looked up, its first token or in the table `TAILS` its last; where it
        begins in `tokens`; its words; the words that the line may have at most; the action; its extent: of
        a heading the words that a later line may have to count as short, of a teaser end those of a teaser.
    tokens : ndarray, dtype uint32
        The phrases, one after the other.
    bounds : ndarray of shape (7,), dtype int64
    limits : ndarray of shape (7,), dtype int64
        Words at most of a line of dates, of menus, of a caption, of a wire photo; words that a caption's
        opener may stand before the end; words that a trail must share, and may have before them.
    """

    marks: NDArray[np.uint8]
    rows: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    bounds: NDArray[np.int64]
    limits: NDArray[np.int64]


class _Rule(NamedTuple):
    phrase: str
    most: int
    action: int = FURNITURE
    extent: int = 0


class _Phrase(NamedTuple):
    key: int
    tokens: tuple[int, ...]
    most: int
    action: int
    extent: int


@cache
def furniture_rules() -> Rules:
    """Read and hash the rules; once a process.

    Examples
    --------
    >>> rules = furniture_rules()
    >>> len(rules.bounds), len(rules.rows) == rules.bounds[-1]
    (7, True)
    """
    data = read_data("furniture.toml")
    tables = {
        HEADS: _head_rules(data),
        TAILS: _tail_rules(data),
        OPENERS: (_Rule(phrase, _UNLIMITED) for phrase in data["caption"]["openers"]),
        WIRES: (_Rule(name, 0) for name in data["wire_photo"]["names"]),
        DATES: (_Rule(word, _UNLIMITED) for word in data["dates"]["words"]),
        MENUS: (_Rule(word, _UNLIMITED) for word in data["menus"]["words"]),
    }
    marks = np.zeros(1 << 16, np.uint8)
    phrases: list[_Phrase] = []
    bounds = [0]
    for table, rules in tables.items():
        phrases += _hashed(rules, last=table == TAILS)
        keys = np.array([phrase.key for phrase in phrases[bounds[-1] :]], np.uint32)
        marks[keys & np.uint32(0xFFFF)] |= np.uint8(1 << table)
        bounds.append(len(phrases))
    begin, rows = 0, []
    for phrase in phrases:
        words = len(phrase.tokens)
        rows.append((phrase.key, begin, words, phrase.most, phrase.action, phrase.extent))
        begin += words
    return Rules(
        marks,
        np.array(rows, np.int64),
        np.array([token for phrase in phrases for token in phrase.tokens], np.uint32),
        np.array(bounds, np.int64),
        np.array([data[kind][key] for kind, key in _LIMITS], np.int64),
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


def _head_rules(data: dict[str, Any]) -> Iterator[_Rule]:
    for group in data["line"]:
        yield from (_Rule(phrase, 0) for phrase in group["phrases"])
    yield from (_Rule(phrase, 0) for phrase in _credit_lines(data["credit_lines"]["templates"]))
    for group in data["start"]:
        yield from (_Rule(phrase, group["words"]) for phrase in group["phrases"])
    for group in data["block"]:
        yield from (_Rule(phrase, 0, HEADING, group["short"]) for phrase in group["headings"])


def _tail_rules(data: dict[str, Any]) -> Iterator[_Rule]:
    for group in data["end"]:
        yield from (_Rule(phrase, group["words"]) for phrase in group["phrases"])
    for group in data["teaser_end"]:
        yield from (_Rule(phrase, _UNLIMITED, TEASER_END, group["words"]) for phrase in group["phrases"])
    caption = data["caption"]
    yield from (_Rule(phrase, caption["words"], CLOSER) for phrase in caption["closers"])


def _credit_lines(templates: list[str]) -> Iterator[str]:
    names = [name for agency in agencies() for name in agency.aliases + agency.strict]
    for template in templates:
        yield from (template.replace("{agency}", name) for name in (*names, *generic_names()))


def _spellings(phrase: str) -> set[str]:
    years = [phrase.replace("{year}", str(year)) for year in _YEARS] if "{year}" in phrase else [phrase]
    composed = [unicodedata.normalize("NFC", spelling) for spelling in years]
    in_one_piece = []
    for spelling in composed:
        for apart, whole in _ONE_PIECE.items():
            spelling = spelling.replace(unicodedata.normalize("NFC", apart), whole)
        in_one_piece.append(spelling)
    return {*years, *composed, *in_one_piece}


def _hashed(rules: Iterable[_Rule], *, last: bool) -> list[_Phrase]:
    """Hash and sort a table; a rule whose `most` is 0 asks for a line of its phrase and nothing else."""
    spelled = [(rule, spelling) for rule in rules for spelling in _spellings(rule.phrase)]
    hashed = tokenise([spelling for _, spelling in spelled])
    phrases = set()
    for (rule, _), hashes in zip(spelled, hashed, strict=True):
        tokens = tuple(hashes.tolist())
        key = tokens[-1] if last else tokens[0]
        phrases.add(_Phrase(key, tokens, rule.most or len(tokens), rule.action, rule.extent))
    return sorted(phrases)
