"""Whose copy an article repeats: the suppliers of the text that earlier articles have in common with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import PassageCode
from dedup.results import Supplier
from dedup.schemas import SCORE_DIGITS
from dedup.stories.suppliers import Supplier as Counted
from dedup.stories.suppliers import (
    bits_of,
    own_credits,
    state_of,
    supplier_of_source,
    suppliers_of,
    told,
)
from dedup.verdicts.evidence import Edges, passages_of


def supplied(
    corpus: ComparedArticles, columns: OverlapColumns, lengths: NDArray[np.int64], edges: Edges
) -> dict[int, tuple[Supplier, ...]]:
    """Return the suppliers of the repeated text by row, most words first; as in `ArticleSummary`.

    A passage is a supplier's copy if a credit of either article names it for the whole of that article, or
    if that article's source is the supplier.

    Parameters
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of compared words.
    edges : Edges
        Edges that share more than a quotation, seen from the articles that repeat.
    """
    found = suppliers_of(corpus.credits, corpus.sources, corpus.source_names, corpus.outlets)
    if not found.each:
        return {}
    bits = found.whole[edges.own] | found.whole[edges.other]
    edges = edges.where(np.asarray(bits.any(axis=1)))
    passage, edge = passages_of(columns, edges)
    keep = columns.passage_relation[passage] != PassageCode.FURNITURE
    passage, edge = passage[keep], edge[keep]
    places, is_a = columns.aligned.passages, edges.is_a[edge]
    starts = np.where(is_a, places.a_start[passage], places.b_start[passage]).tolist()
    ends = np.where(is_a, places.a_end[passage], places.b_end[passage]).tolist()
    whole = found.whole[edges.own] | found.whole[edges.other]
    of_edge = [bits_of(words) for words in whole]
    spans: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, start, end in zip(edge.tolist(), starts, ends, strict=True):
        for bit in of_edge[number]:
            spans[int(edges.own[number])][bit].append((start, end))
    made = {}
    for row, of_row in spans.items():
        words = {bit: _covered(each) for bit, each in of_row.items()}
        made[row] = _told(corpus, row, words, int(lengths[row]), found.each)
    return made


def _covered(spans: list[tuple[int, int]]) -> int:
    """Count the places that are in any of the spans."""
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _told(
    corpus: ComparedArticles, row: int, words: Mapping[int, int], length: int, each: Sequence[Counted]
) -> tuple[Supplier, ...]:
    own = own_credits(corpus.credits, row, row + 1)[0]
    source = supplier_of_source(corpus.source_names[corpus.sources[row]], corpus.outlets)

    def state(supplier: Counted) -> str:
        return "credited" if supplier == source else state_of(supplier, own)

    suppliers = told({each[bit]: count for bit, count in words.items()}, length, state)
    return tuple(replace(supplier, share=round(supplier.share, SCORE_DIGITS)) for supplier in suppliers)
