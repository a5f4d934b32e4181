"""The names that credits use, and lines in which each name is replaced by one sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from dedup.cleaning.agencies import Kind, agencies, generic_names

#: The signs that replace names: a name with no other meaning, one with others, and "agencies" without a name.
PLAIN, STRICT, NAMELESS = "\ue000", "\ue001", "\ue002"
#: A name with at least this many letters is recognised in lower case too.
_LONG_NAME = 5


class Name(NamedTuple):
    """What a name in a credit means.

    Attributes
    ----------
    supplier : str or None
        The agency as ``agencies.toml`` names it; None for "agencies".
    kind : {"agency", "feed", "press"}
    sign : str
        `PLAIN`, `STRICT` or `NAMELESS`.
    spoken : bool
        Whether the name means the agency in running text too.
    letters : str
        A strict name counts like a plain one in a text with one of these letters.
    """

    supplier: str | None
    kind: Kind
    sign: str
    spoken: bool
    letters: str


class SignedLine(NamedTuple):
    """A line whose names are replaced by signs, and where they occur.

    Attributes
    ----------
    text : str
        The line with one sign per name.
    original : str
    names : tuple of Name
        In the order of the line.
    places : tuple of (int, int, int)
        For each name the place of its sign in `text`, and its start and end in `original`.
    """

    text: str
    original: str
    names: tuple[Name, ...]
    places: tuple[tuple[int, int, int], ...]

    def original_place(self, place: int) -> int:
        """Return the place in `original` of a place in `text`."""
        shift = 0
        for sign, start, end in self.places:
            if sign >= place:
                break
            shift = end - start - 1 + shift
        return place + shift


@cache
def names() -> dict[str, Name]:
    """Return what each spelling of a name means."""
    found: dict[str, Name] = {}
    for generic in generic_names():
        for spelling in (generic, generic.upper(), generic.capitalize(), generic.title()):
            found[spelling] = Name(None, "feed", NAMELESS, False, "")
    for agency in agencies():
        strict = Name(agency.name, agency.kind, STRICT, agency.spoken, agency.letters)
        plain = Name(agency.name, agency.kind, PLAIN, True, "")
        found |= dict.fromkeys(agency.strict, strict)
        for alias in agency.aliases:
            found[alias] = found[alias.upper()] = plain
            if len(alias) >= _LONG_NAME:
                found[alias.lower()] = plain
    return found


def sign_names(line: str, sought: tuple[str, ...] = ()) -> SignedLine:
    """Replace the names of a line by signs: those in `sought`, in any of their spellings, or all.

    Examples
    --------
    >>> signed = sign_names("By Jo Park, Associated Press")
    >>> len(signed.text), signed.names[0].supplier, signed.places
    (13, 'AP', ((12, 12, 28),))
    >>> signed.original_place(13)
    28
    """
    found: list[tuple[Name, int, int]] = []
    for start, end in _occurrences(line, sought) if sought else _anywhere(line):
        if start and _joined(line[start - 1], line[start]):
            continue
        name = names()[" ".join(line[start:end].split())]
        if found and _is_one(found[-1][0], line[found[-1][2] : start], name):
            before, start, _ = found.pop()
            name = before if name.sign == NAMELESS else name
        found.append((name, start, end))
    places, pieces = [], []
    shift = copied = 0
    for name, start, end in found:
        places.append((start - shift, start, end))
        pieces += [line[copied:start], name.sign]
        shift, copied = shift + end - start - 1, end
    return SignedLine(
        "".join(pieces) + line[copied:], line, tuple(name for name, _, _ in found), tuple(places)
    )


def _is_one(before: Name, between: str, name: Name) -> bool:
    """Whether a name and its description belong together: "the agency Reuters", "PTI news service"."""
    return between.isspace() and (before.sign == NAMELESS) != (name.sign == NAMELESS)


def _anywhere(line: str) -> Iterator[tuple[int, int]]:
    """Yield where any name occurs."""
    return (match.span() for match in _name_pattern(tuple(names())).finditer(line))


def _occurrences(line: str, sought: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where the names occur; of several that begin at one place, the longest.

    Only places where a name's first word occurs are examined: one expression for all names would stop at each
    character, and there are too many groups of names to compile an expression for each.
    """
    firsts, patterns = _sought(sought, line.isascii())
    places: list[int] = []
    for first in firsts:
        at = line.find(first)
        while at >= 0:
            places.append(at)
            at = line.find(first, at + 1)
    places.sort()
    reached = 0
    for at in places:
        if at >= reached:
            ends = [match.end() for pattern in patterns if (match := pattern.match(line, at))]
            if ends:
                reached = max(ends)
                yield at, reached


@lru_cache(maxsize=1 << 12)
def _sought(names: tuple[str, ...], ascii_only: bool) -> tuple[tuple[str, ...], tuple[re.Pattern[str], ...]]:
    """Return the first words of all spellings of some names, and an expression for each supplier.

    `ascii_only`: only first words that can occur in a line of ASCII.
    """
    spelled = dict.fromkeys(spellings for name in names if (spellings := _spellings(name)))
    firsts = {spelling.split()[0] for spellings in spelled for spelling in spellings}
    firsts = {first for first in firsts if first.isascii() or not ascii_only}
    told = tuple(one for one in firsts if not any(one != other and one.startswith(other) for other in firsts))
    return told, tuple(map(_name_pattern, spelled))


#: Scripts written without spaces, in which names occur within words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _joined(before: str, first: str) -> bool:
    """Whether the letter before a name makes it a part of another word, or of an address."""
    return (before.isalnum() or before in "_@") and not _UNSPACED.match(first)


@cache
def _name_pattern(known: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of the names, the longest first; in scripts with spaces they end with a word."""
    joined = [name for name in known if _UNSPACED.search(name)]
    words = [name for name in known if not _UNSPACED.search(name)]
    # The name comes first and the exclusion after it: `re` then skips to letters with which names begin.
    either = [rf"{_trie(words)}(?!\w|\.(?:com|net|org|co)\b)"] if words else []
    return re.compile("|".join([*either, _trie(joined)] if joined else either))


def _spellings(name: str) -> tuple[str, ...]:
    """Return all spellings of every name of the name's suppliers; none for a word that is not a name."""
    meant = names().get(name)
    return _by_supplier()[meant.supplier] if meant else ()


@cache
def _by_supplier() -> dict[str | None, tuple[str, ...]]:
    spelled: dict[str | None, tuple[str, ...]] = {}
    for name, meant in names().items():
        spelled[meant.supplier] = (*spelled.get(meant.supplier, ()), name)
    return spelled


def _trie(words: Iterable[str]) -> str:
    """Return an expression that matches the longest of the words, branching letter by letter."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})  # type: ignore[assignment]
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, dict[str, object]]) -> str:
    ends = "" in node
    branches = []
    for letter, below in node.items():
        if letter:
            written = r"\s+" if letter == " " else re.escape(letter)
            branches.append(written + _branches(below))  # type: ignore[arg-type]
    if not branches:
        return ""
    whole = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return whole + "?" if ends else whole
