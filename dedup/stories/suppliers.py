"""Whose copy an article may be: the suppliers that credits name, and what its own credits say about each."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup import results
from dedup.cleaning.agencies import agencies
from dedup.cleaning.credits import FORMS, KINDS, MENTION, METADATA, Credits
from dedup.outlets import NO_OUTLETS, Outlets, same_source

_OUTLET = KINDS.index("outlet")


class Supplier(NamedTuple):
    """An agency, a feed or a press release service; `name` is None for an unnamed feed."""

    name: str | None
    kind: str


class Suppliers(NamedTuple):
    """The suppliers of a run, and the articles that are wholly their copy.

    Attributes
    ----------
    each : tuple of Supplier
        The most frequent supplier first.
    whole : ndarray of shape (n_articles, n_words), dtype uint64
        Bit i of word j is set if a credit of the article names supplier ``64 * j + i`` for the whole article,
        or if the article's source is that supplier.
    """

    each: tuple[Supplier, ...]
    whole: NDArray[np.uint64]


def suppliers_of(
    credits: Credits,  # noqa: A002
    sources: NDArray[np.uint32],
    source_names: list[str],
    outlets: Outlets = NO_OUTLETS,
) -> Suppliers:
    """Collect the suppliers of a run.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        Indices into `source_names`.
    """
    articles = len(credits.offsets) - 1
    rows = np.repeat(np.arange(articles), np.diff(credits.offsets))
    vouched = np.flatnonzero(credits.whole & (credits.kind != _OUTLET))
    names = credits.name.take(vouched).to_pylist() if len(vouched) else []
    kinds = [KINDS[kind] for kind in credits.kind[vouched].tolist()]
    keys = [Supplier(name, kind) for name, kind in zip(names, kinds, strict=True)]
    by_source = _own_suppliers(source_names, outlets)
    counted = Counter(keys) + Counter(dict.fromkeys(by_source.values(), 1))
    each = tuple(sorted(counted, key=lambda key: (-counted[key], key.name or "", key.kind)))
    number = {key: place for place, key in enumerate(each)}
    whole = np.zeros((articles, max(1, -(-len(each) // 64))), np.uint64)
    bits = np.array([number[key] for key in keys], np.int64)
    _set(whole, rows[vouched], bits)
    for source, supplier in by_source.items():
        here = np.flatnonzero(sources == source)
        _set(whole, here, np.full(len(here), number[supplier]))
    return Suppliers(each, whole)


def _set(whole: NDArray[np.uint64], rows: NDArray[np.int64], bits: NDArray[np.int64]) -> None:
    np.bitwise_or.at(whole, (rows, bits // 64), np.uint64(1) << (bits % 64).astype(np.uint64))


def _own_suppliers(source_names: list[str], outlets: Outlets) -> dict[int, Supplier]:
    """Return the sources that are agencies themselves, keyed by their numbers."""
    found = {number: supplier_of_source(name, outlets) for number, name in enumerate(source_names)}
    return {number: supplier for number, supplier in found.items() if supplier is not None}


def supplier_of_source(source: str, outlets: Outlets = NO_OUTLETS) -> Supplier | None:
    """Return the agency that a source is, according to the table of outlets, or else by its name or host.

    Examples
    --------
    >>> supplier_of_source("www.apnews.com", Outlets()), supplier_of_source("Herald", Outlets())
    (Supplier(name='AP', kind='agency'), None)
    """
    known = outlets.named(source)
    if known is not None and known.kind is not None:
        return None if known.kind == "outlet" else Supplier(known.name, known.kind)
    return _known_supplier(source)


@cache
def _known_supplier(source: str) -> Supplier | None:
    name = same_source(source)
    host = name.split("/")[0].rsplit(".", 1)[0] if "." in name else ""
    return _by_letters().get(_letters(name)) or (
        _by_letters(hosts=True).get(_letters(host)) if host else None
    )


@cache
def _by_letters(*, hosts: bool = False) -> dict[str, Supplier]:
    """Return the suppliers, keyed by the letters of their names; for hosts also by those of short names."""
    found: dict[str, Supplier] = {}
    for agency in agencies():
        short = agency.strict if hosts else ()
        for spelling in (agency.name, *agency.aliases, *short):
            found.setdefault(_letters(spelling), Supplier(agency.name, agency.kind))
    return found


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def bits_of(words: NDArray[np.uint64]) -> list[int]:
    """Return the numbers of the bits that are set.

    Examples
    --------
    >>> bits_of(np.array([5, 1], np.uint64))
    [0, 2, 64]
    """
    bits = []
    for place, word in enumerate(words.tolist()):
        while word:
            bits.append(64 * place + (word & -word).bit_length() - 1)
            word &= word - 1
    return bits


class OwnCredit(NamedTuple):
    """One of an article's own credits as plain values, with the fields of `dedup.cleaning.credits.Credit`."""

    name: str | None
    kind: str
    form: str
    whole: bool
    start: int
    end: int

    @property
    def state(self) -> str:
        """Return "credited" or "named"."""
        return "named" if self.form == FORMS[MENTION] else "credited"

    @property
    def beside(self) -> bool:
        """Whether the credit is in a field beside the text, to which its place then refers."""
        return self.form == FORMS[METADATA]


def own_credits(credits: Credits, start: int, end: int) -> list[list[OwnCredit]]:  # noqa: A002
    """Return the credits of the articles ``start:end``, one list per article."""
    first, last = int(credits.offsets[start]), int(credits.offsets[end])
    columns = (
        credits.name.slice(first, last - first).to_pylist(),
        [KINDS[kind] for kind in credits.kind[first:last].tolist()],
        [FORMS[form] for form in credits.form[first:last].tolist()],
        credits.whole[first:last].tolist(),
        credits.start[first:last].tolist(),
        credits.end[first:last].tolist(),
    )
    made = [OwnCredit(*values) for values in zip(*columns, strict=True)]
    bounds = (credits.offsets[start : end + 1] - first).tolist()
    return [made[low:high] for low, high in itertools.pairwise(bounds)]


def credited(credits: Credits, articles: NDArray[np.int64]) -> dict[int, list[str]]:  # noqa: A002
    """Return the agencies and feeds that each article's own credits name, in the order of its text."""
    found: dict[int, list[str]] = {article: [] for article in np.unique(articles).tolist()}
    rows = np.fromiter(found, np.int64, len(found))
    counts = credits.offsets[rows + 1] - credits.offsets[rows]
    places = np.arange(counts.sum()) + np.repeat(credits.offsets[rows] - np.cumsum(counts) + counts, counts)
    told = (credits.form[places] != MENTION) & (credits.kind[places] != _OUTLET)
    names = credits.name.take(pa.array(places[told])).to_pylist()
    for article, name in zip(np.repeat(rows, counts)[told].tolist(), names, strict=True):
        if name:
            found[article].append(name)
    return found


def credited_first(credits: Credits, start: int, end: int) -> NDArray[np.int64]:  # noqa: A002
    """Return the number of the credit by which each article ``start:end`` names a supplier; -1 without one.

    Of several credits, one with a name comes first, then one that vouches for the whole article, then the
    first in the text.
    """
    first, last = int(credits.offsets[start]), int(credits.offsets[end])
    numbers = np.arange(first, last)
    rows = np.repeat(np.arange(end - start), np.diff(credits.offsets[start : end + 1]))
    told = (credits.form[first:last] != MENTION) & (credits.kind[first:last] != _OUTLET)
    numbers, rows = numbers[told], rows[told]
    nameless = np.asarray(credits.name.slice(first, last - first).is_null())[told]
    order = np.lexsort((numbers, ~credits.whole[numbers], nameless, rows))
    found = np.full(end - start, -1, np.int64)
    found[rows[order][::-1]] = numbers[order][::-1]
    return found


def state_of(supplier: Supplier, own: list[OwnCredit]) -> str:
    """Return what an article's own credits say about a supplier: credited, named or not_found."""
    states = [
        credit.state
        for credit in own
        if credit.name == supplier.name and (credit.name is not None or credit.kind == supplier.kind)
    ]
    if "credited" not in states:
        # "From wire reports" credits any supplier, and any credit of the article serves for an unnamed feed.
        states += [
            credit.state
            for credit in own
            if credit.state == "credited" and (credit.name is None or supplier.name is None)
        ]
    return "credited" if "credited" in states else "named" if states else "not_found"


def told(
    words: Mapping[Supplier, int], length: int, state: Callable[[Supplier], str]
) -> tuple[results.Supplier, ...]:
    """Return an article's suppliers as records, most words first; among equals, credited ones first.

    An unnamed feed adds nothing to a named supplier of the same words.

    Parameters
    ----------
    words : mapping of Supplier to int
        Number of the article's words that are the copy of each.
    length : int
        Number of its words.
    state : callable
        Returns what its own credits say about a supplier, like `state_of`.

    Examples
    --------
    >>> words = {Supplier("PTI", "agency"): 30, Supplier(None, "feed"): 30}
    >>> [(each.name, each.share, each.state) for each in told(words, 60, lambda supplier: "named")]
    [('PTI', 0.5, 'named')]
    """
    most = max((count for supplier, count in words.items() if supplier.name is not None), default=0)
    made = [
        results.Supplier(
            name=supplier.name,
            kind=supplier.kind,  # type: ignore[arg-type]
            words=count,
            share=count / max(length, 1),
            state=state(supplier),  # type: ignore[arg-type]
        )
        for supplier, count in words.items()
        if supplier.name is not None or count > most
    ]
    return tuple(sorted(made, key=lambda each: (-each.words, each.state != "credited", each.name or "")))
