"""Ids as people read and type them: the shortest unique prefix, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from dedup.errors import InputError

#: Minimum number of characters of a shortened id, as with abbreviated commits.
LEAST = 4
_LONGEST = 24
_TAIL = 8


class ShortIds:
    """The ids of a report, each with a short form for display.

    An id is cut to its shortest prefix with which no other id begins, of at least `LEAST` characters. A long
    address becomes its host, an ellipsis and its last eight characters.

    Parameters
    ----------
    ids : iterable of str
    full : bool
        Whether ids stay as they are.

    Examples
    --------
    >>> short = ShortIds(["000_0806", "001_ed37", "https://a.example/news/2024/01/05/pier-closes-today"])
    >>> short["000_0806"], short["https://a.example/news/2024/01/05/pier-closes-today"]
    ('000_', 'a.example…es-today')
    """

    def __init__(self, ids: Iterable[str], *, full: bool = False) -> None:
        self._short: dict[str, str] = {}
        ordered = sorted(set(ids))
        shared = [_shared(*pair) for pair in pairwise(ordered)]
        for number, each in enumerate(ordered):
            least = max(LEAST, *(1 + size for size in shared[max(number - 1, 0) : number + 1]), 0)
            self._short[each] = each if full else _shortened(each, least)

    def __getitem__(self, id: str) -> str:  # noqa: A002 - the field's name
        return self._short.get(id, id)


def resolve(given: str, ids: Sequence[str]) -> str:
    """Return the id that was meant: the given one, or the only one that begins with it or is shown like it.

    Parameters
    ----------
    given : str
        An id, a prefix of one, or the short form of an address.
    ids : sequence of str

    Raises
    ------
    InputError
        No id matches, or several do.

    Examples
    --------
    >>> resolve("000", ["000_0806", "001_ed37"])
    '000_0806'
    """
    if given in ids:
        return given
    head, ellipsis, tail = given.partition("…")
    matching = [
        each for each in ids if (each.endswith(tail) and head in each if ellipsis else each.startswith(given))
    ]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise InputError(f"no article among {len(ids):,} has an id that is or begins with {given!r}")
    shown = ", ".join(repr(each) for each in sorted(matching)[:3])
    raise InputError(
        f"{given!r} is the beginning of {len(matching):,} ids ({shown}{', …' if len(matching) > 3 else ''}); "
        "give more of it"
    )


def _shortened(id_: str, least: int) -> str:
    host = _host(id_)
    if host and len(id_) > _LONGEST:
        return f"{host}…{id_[-_TAIL:]}"
    return id_[:least]


def _host(id_: str) -> str | None:
    try:
        parts = urlsplit(id_)
    except ValueError:
        return None
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else None


def _shared(one: str, other: str) -> int:
    """Return the length of the common prefix of two ids."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))
