"""How much each outlet takes from agencies and others, and where else its copy ran."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from dedup.reporting.wording import agency_share, credit_state
from dedup.results import ArticleSummary, Overlap, Report

#: Number of outlets in the matrix, those with most shared words first; the table has all of them.
MATRIX_SIZE = 24


@dataclass(frozen=True, slots=True)
class OutletRow:
    """The figures of one outlet.

    Attributes
    ----------
    source : str
    articles : int
        Number of its articles in the run.
    agency, others, own : float
        Shares of the words of all its articles, in [0, 1]: agency copy, other outlets' copy, the rest.
    not_credited : int
        Number of articles with agency copy in which no credit was found.
    delay : int or None
        The median time in seconds by which this outlet was later than the earlier article of a pair.
    """

    source: str
    articles: int
    agency: float
    others: float
    own: float
    not_credited: int
    delay: int | None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """How much of one outlet's shared words also ran at another outlet.

    Attributes
    ----------
    share : float
        Of the words that the row's outlet shares with anyone, the share in pairs with the column's outlet, in
        [0, 1].
    first : bool
        Whether the row's outlet was the earlier one in most pairs whose times are known.
    """

    share: float
    first: bool


def outlet_rows(report: Report, overlaps: Iterable[Overlap] | None = None) -> list[OutletRow]:
    """Return one row per outlet, sorted by name; `overlaps` are the report's, if they are available."""
    delays: dict[str, list[int]] = defaultdict(list)
    for overlap in report.overlaps if overlaps is None else overlaps:
        if overlap.earlier is not None and overlap.gap_seconds is not None:
            later = overlap.b_source if overlap.earlier == "a" else overlap.a_source
            delays[later].append(overlap.gap_seconds)
    articles: dict[str, list[ArticleSummary]] = defaultdict(list)
    for each in report.articles:
        articles[each.source].append(each)
    return [
        _row(source, own, delays.get(source, []))
        for source, own in sorted(articles.items(), key=lambda item: item[0].casefold())
    ]


#: The names of outlets, and a square table of what each shares with the others.
Matrix = tuple[list[str], list[list[MatrixCell | None]]]


def outlet_matrix(
    report: Report, overlaps: Iterable[Overlap] | None = None, *, size: int = MATRIX_SIZE
) -> Matrix:
    """Return the outlets with most shared words, and a square table of what each shares with the others.

    Returns
    -------
    sources : list of str
    cells : list of list of MatrixCell or None
        ``cells[i][j]`` is the share of the shared words of ``sources[i]`` that ran at ``sources[j]``; None if
        nothing did, and on the diagonal.
    """
    words: dict[str, int] = defaultdict(int)
    between: dict[tuple[str, str], int] = defaultdict(int)
    firsts: dict[tuple[str, str], int] = defaultdict(int)
    for overlap in report.overlaps if overlaps is None else overlaps:
        if overlap.a_source == overlap.b_source or overlap.relation in ("quotation", "template", "furniture"):
            continue
        earlier = overlap.earlier
        pair = (overlap.a_source, overlap.b_source)
        for row, column, side in ((*pair, "a"), (*reversed(pair), "b")):
            words[row] += overlap.words
            between[row, column] += overlap.words
            firsts[row, column] += 0 if earlier is None else 1 if earlier == side else -1
    sources = sorted(words, key=lambda source: (-words[source], source))[:size]
    sources.sort(key=str.casefold)
    cells = [
        [
            MatrixCell(between[row, column] / words[row], firsts[row, column] > 0)
            if between.get((row, column))
            else None
            for column in sources
        ]
        for row in sources
    ]
    return sources, cells


def outlet_table(report: Report, overlaps: Iterable[Overlap] | None = None) -> dict[str, Any]:
    """Return rows and matrix as plain values, for the page and for JSON."""
    sources, cells = outlet_matrix(report, overlaps)
    return {
        "rows": [
            {
                "source": each.source,
                "articles": each.articles,
                "agency": round(each.agency, 4),
                "others": round(each.others, 4),
                "own": round(each.own, 4),
                "not_credited": each.not_credited,
                "delay": each.delay,
            }
            for each in outlet_rows(report, overlaps)
        ],
        "matrix": [
            {
                "source": source,
                "cells": [
                    None if cell is None else {"share": round(cell.share, 4), "first": cell.first}
                    for cell in row
                ],
            }
            for source, row in zip(sources, cells, strict=True)
        ],
    }


def _row(source: str, articles: list[ArticleSummary], delays: Iterable[int]) -> OutletRow:
    words = [max(1, each.words) for each in articles]
    total = sum(words)
    agency = sum(count * agency_share(each) for count, each in zip(words, articles, strict=True)) / total
    copied = sum(count * each.copied for count, each in zip(words, articles, strict=True)) / total
    gaps = list(delays)
    return OutletRow(
        source=source,
        articles=len(articles),
        agency=agency,
        others=max(0.0, copied - agency),
        own=max(0.0, 1.0 - copied),
        not_credited=sum(credit_state(each) == "not_found" for each in articles),
        delay=int(median(gaps)) if gaps else None,
    )
