"""Verdicts as records: what each article repeats of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.place import joined_spans
from dedup.overlaps.relations import (
    OVERLAP_RELATIONS,
    PASSAGE_RELATIONS,
    OverlapCode,
    PassageCode,
    joined_relations,
)
from dedup.results import OverlapRelation, SharedPassage, Supplier, Verdict, VerdictKind
from dedup.schemas import SCORE_DIGITS
from dedup.stories.moments import direction, intervals
from dedup.verdicts.evidence import Edges, best_edges, passages_of, union
from dedup.verdicts.supply import supplied

#: Passages with a further article are reported if they hold at least this many words more.
_MORE_WORDS = 10


@dataclass(frozen=True)
class Told:
    """The data that verdicts are derived from.

    Attributes
    ----------
    corpus : ComparedArticles
    columns : OverlapColumns
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of compared words.
    edges : Edges
        The edges that count, seen from the later articles, without site furniture.
    order : ndarray of shape (n_articles,), dtype int64
        The order in which the articles arrived.
    """

    corpus: ComparedArticles
    columns: OverlapColumns
    lengths: NDArray[np.int64]
    edges: Edges
    order: NDArray[np.int64]

    def verdicts(self, stories: Mapping[int, str]) -> dict[int, Verdict]:
        """Return the verdicts, keyed by row, of articles that share something with an earlier one.

        `kept`, `kept_instead` and `cut` are left unset.
        """
        edges = self.edges
        if not len(edges):
            return {}
        best = best_edges(self.columns, edges, self.order)
        seen = union(self.columns, edges.where(self.columns.copied[edges.pair]))
        share = seen.words(len(self.lengths)) / np.maximum(self.lengths, 1)
        chosen = self._with_others(best, share)
        passages = self._passages(chosen)
        copied = edges.where(self.columns.copied[edges.pair])
        suppliers = supplied(self.corpus, self.columns, self.lengths, copied)
        said = self._records(best, share, passages, suppliers, stories)
        return dict(zip(edges.own[best].tolist(), said, strict=True))

    def _records(
        self,
        best: NDArray[np.int64],
        share: NDArray[np.float64],
        passages: Mapping[int, tuple[SharedPassage, ...]],
        suppliers: Mapping[int, tuple[Supplier, ...]],
        stories: Mapping[int, str],
    ) -> list[Verdict]:
        corpus, columns, edges = self.corpus, self.columns, self.edges
        own, other, pair = edges.own[best], edges.other[best], edges.pair[best]
        since, until = intervals(corpus.published, corpus.precision)
        first, _ = direction(since, until, other, own)
        relation, coverage = columns.relation[pair], edges.coverage[best]
        # A whole article that holds an earlier excerpt is not an excerpt itself.
        whole = (relation == OverlapCode.EXCERPT) & (coverage < corpus.settings.most_share)
        values = zip(
            own.tolist(),
            np.where(whole, OverlapCode.PARTIAL, relation).tolist(),
            corpus.ids.take(pa.array(other)).to_pylist(),
            corpus.sources[other].tolist(),
            relation.tolist(),
            coverage.tolist(),
            columns.similarity[pair].tolist(),
            share[own].tolist(),
            first.tolist(),
            columns.syndicated[pair].tolist(),
            columns.agency[pair].tolist(),
            strict=True,
        )
        return [
            Verdict(
                verdict=_kind(OVERLAP_RELATIONS[kind]),
                follows=follows,
                source=corpus.source_names[source],
                relation=OVERLAP_RELATIONS[name],
                coverage=round(covered, SCORE_DIGITS),
                similarity=round(alike, SCORE_DIGITS),
                seen=round(together, SCORE_DIGITS),
                earlier=None if when < 0 else when == 0,
                syndicated=syndicated,
                agency=None if agency < 0 else corpus.agency_names[agency],
                suppliers=suppliers.get(row, ()),
                passages=passages[row],
                story=stories.get(row),
            )
            for row, kind, follows, source, name, covered, alike, together, when, syndicated, agency in values
        ]

    def _with_others(self, best: NDArray[np.int64], share: NDArray[np.float64]) -> Edges:
        """Return the best edge of each article, and the edges to other articles that hold more of it."""
        edges = self.edges
        chosen = np.zeros(len(edges), np.bool_)
        chosen[best] = True
        own = edges.own[best]
        more = (share[own] - edges.coverage[best]) * self.lengths[own] >= _MORE_WORDS
        if more.any():
            wanted = np.isin(edges.own, own[more]) & ~chosen & self.columns.copied[edges.pair]
            rows = np.flatnonzero(wanted)
            rows = rows[np.lexsort((self.order[edges.other[rows]], -edges.coverage[rows], edges.own[rows]))]
            chosen[self._adding(best[more], rows)] = True
        return edges.where(chosen)

    def _adding(self, best: NDArray[np.int64], rows: NDArray[np.int64]) -> list[int]:
        """Return which of the edges `rows` hold words that the edges before them do not."""
        known: dict[int, set[int]] = {int(self.edges.own[edge]): self._words(edge) for edge in best.tolist()}
        adding = []
        for edge in rows.tolist():
            so_far, own = known[int(self.edges.own[edge])], self._words(edge)
            if len(own - so_far) >= _MORE_WORDS:
                so_far |= own
                adding.append(edge)
        return adding

    def _words(self, edge: int) -> set[int]:
        """Return the places of the words of an edge's passages in its own article."""
        pair, found = int(self.edges.pair[edge]), self.columns.aligned.passages
        is_a = bool(self.edges.is_a[edge])
        words: set[int] = set()
        for passage in range(int(self.columns.offsets[pair]), int(self.columns.offsets[pair + 1])):
            if self.columns.passage_relation[passage] != PassageCode.FURNITURE:
                start = found.a_start[passage] if is_a else found.b_start[passage]
                end = found.a_end[passage] if is_a else found.b_end[passage]
                words.update(range(int(start), int(end)))
        return words

    def _passages(self, chosen: Edges) -> dict[int, tuple[SharedPassage, ...]]:
        """Return the passages of some edges by the rows of their articles, in the order of the text."""
        columns = self.columns
        passage, edge = passages_of(columns, chosen)
        pieces = columns.aligned.passages.take(passage)
        first, found = pieces.first_pieces, pieces.joined()
        spans, edge = joined_spans(columns.spans[passage], first), edge[first]
        is_a = chosen.is_a[edge]
        swapped = np.where(is_a[:, None], spans, spans[:, [2, 3, 0, 1]])
        order = np.lexsort((swapped[:, 0], chosen.own[edge]))
        made: dict[int, list[SharedPassage]] = {row: [] for row in chosen.own.tolist()}
        rows = zip(
            chosen.own[edge[order]].tolist(),
            swapped[order].tolist(),
            self.corpus.ids.take(pa.array(chosen.other[edge[order]])).to_pylist(),
            joined_relations(columns.passage_relation[passage], first)[order].tolist(),
            found.similarity[order].tolist(),
            found.words[order].tolist(),
            strict=True,
        )
        for row, (start, end, other_start, other_end), other, relation, alike, words in rows:
            made[row].append(
                SharedPassage(
                    start=start,
                    end=end,
                    other=other,
                    other_start=other_start,
                    other_end=other_end,
                    relation=PASSAGE_RELATIONS[relation],
                    similarity=round(alike, SCORE_DIGITS),
                    words=words,
                )
            )
        return {row: tuple(each) for row, each in made.items()}


def _kind(relation: OverlapRelation) -> VerdictKind:
    """Return what an article is in relation to an earlier one; furniture alone does not count."""
    return "original" if relation == "furniture" else relation
