"""Candidate pairs to overlaps: alignment in batches, then what follows for each pair, in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment import Alignments, align_pairs
from dedup.compared import Compared, Terms
from dedup.corpus import Progress
from dedup.relations import FURNITURE, QUOTATION, overlap_relations, passage_relations
from dedup.settings import Settings
from dedup.similarity import article_jaccards, passage_scores
from dedup.sketches import Sketches
from dedup.stories import covered, widely_run
from dedup.workers import map_in_order

_PAIRS_A_BATCH = 2048


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by (article, start), ties by the other's id.

    Attributes
    ----------
    article, other : ndarray of shape (n,), dtype int64
    starts, ends : ndarray of shape (n,), dtype int32
        In the tokens of `article`.
    passage : ndarray of shape (n,), dtype int64
        The passage's number.
    """

    article: NDArray[np.int64]
    other: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    passage: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> Sides:
        """Those of the chosen passages, `chosen` of shape (n_passages,)."""
        rows = np.flatnonzero(chosen[self.passage])
        article, other, starts, ends, passage = self
        return Sides(article[rows], other[rows], starts[rows], ends[rows], passage[rows])


@dataclass(frozen=True)
class AlignedColumns:
    """What alignment gives for the pairs that share something.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers; the id of `a` sorts before that of `b`, and pairs are sorted so.
    jaccard : ndarray of shape (n_pairs,), dtype float64
        Of the whole articles.
    passages : Alignments
        Their `pair` counts in `a` and `b`.
    passage_jaccard, passage_cosine : ndarray of shape (n_passages,), dtype float64
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    passages: Alignments
    passage_jaccard: NDArray[np.float64]
    passage_cosine: NDArray[np.float64]

    @cached_property
    def sides(self) -> Sides:
        """All passages, from either side: sorted once for all that asks."""
        found = self.passages
        a, b = self.a[found.pair], self.b[found.pair]
        # The pairs are sorted, so an article's partners come in order: first those of which it is `b`.
        article, other = np.concatenate([b, a]), np.concatenate([a, b])
        starts = np.concatenate([found.b_start, found.a_start])
        ends = np.concatenate([found.b_end, found.a_end])
        passage = np.tile(np.arange(len(found)), 2)
        order = np.argsort((article << 32) | starts, kind="stable")
        return Sides(article[order], other[order], starts[order], ends[order], passage[order])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What each pair shares, by its passages alone, with the columns of `dedup.results.Overlap`.

    Attributes
    ----------
    passage_relation : ndarray of shape (n_passages,), dtype uint8
    relation : ndarray of shape (n_pairs,), dtype uint8
    similarity, coverage_a, coverage_b : ndarray of shape (n_pairs,), dtype float64
    words, quoted_words, longest_run : ndarray of shape (n_pairs,), dtype int64
    """

    passage_relation: NDArray[np.uint8]
    relation: NDArray[np.uint8]
    similarity: NDArray[np.float64]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]
    words: NDArray[np.int64]
    quoted_words: NDArray[np.int64]
    longest_run: NDArray[np.int64]

    @property
    def copied(self) -> NDArray[np.bool_]:
        """The pairs that share more than a quotation or furniture, shape (n_pairs,)."""
        return self.relation > QUOTATION


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapColumns(Shared):
    """All overlaps, a row a pair.

    Attributes
    ----------
    aligned : AlignedColumns
    offsets : ndarray of shape (n_pairs + 1,), dtype int64
        The passages of pair i are ``offsets[i]:offsets[i + 1]``.
    spans : ndarray of shape (n_passages, 4), dtype int64
        a_start, a_end, b_start, b_end of each passage in characters.
    widely_run, syndicated : ndarray of shape (n_pairs,), dtype bool
    agency : ndarray of shape (n_pairs,), dtype int32
        A number into the corpus' names; -1 for none.
    """

    aligned: AlignedColumns
    offsets: NDArray[np.int64]
    spans: NDArray[np.int64]
    widely_run: NDArray[np.bool_]
    syndicated: NDArray[np.bool_]
    agency: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.relation)


def align(
    corpus: Terms,
    sketches: Sketches,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    *,
    threads: int,
    progress: Progress,
    floors: bool = True,
) -> AlignedColumns:
    """Align candidate pairs in batches, and score what was found.

    Parameters
    ----------
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers; the id of `a` sorts before that of `b`.
    floors : bool
        As for `dedup.alignment.align_pairs`.
    """

    def batches() -> Iterator[slice]:
        for start in range(0, len(a), _PAIRS_A_BATCH):
            yield slice(start, start + _PAIRS_A_BATCH)

    def work(rows: slice) -> AlignedColumns:
        return _align_batch(corpus, sketches, a[rows], b[rows], floors)

    parts = []
    for number, part in enumerate(map_in_order(work, batches(), threads)):
        parts.append(part)
        progress("aligning", min((number + 1) * _PAIRS_A_BATCH, len(a)), len(a))
    return concatenated(parts or [_align_batch(corpus, sketches, a, b, floors)])


def _align_batch(
    corpus: Terms, sketches: Sketches, a: NDArray[np.int64], b: NDArray[np.int64], floors: bool
) -> AlignedColumns:
    settings = corpus.settings
    found = align_pairs(sketches.hashes, sketches.flags, sketches.offsets, a, b, settings, floors=floors)
    total = np.bincount(found.pair, found.words, minlength=len(a))
    found = found.select(total[found.pair] >= settings.min_overlap_words)
    jaccard, cosine = passage_scores(sketches.hashes, sketches.offsets, a, b, found, corpus.background)
    sharing, number = np.unique(found.pair, return_inverse=True)
    a, b = a[sharing], b[sharing]
    whole = article_jaccards(sketches.hashes, sketches.offsets, a, b, settings.shingle_words)
    columns = {field.name: getattr(found, field.name) for field in fields(Alignments)}
    return AlignedColumns(a, b, whole, Alignments(**columns | {"pair": number}), jaccard, cosine)


def concatenated(parts: list[AlignedColumns]) -> AlignedColumns:
    """The pairs of all parts, one part after the other."""
    firsts = np.cumsum([0, *(len(part.a) for part in parts)])
    columns = {
        field.name: np.concatenate([getattr(part.passages, field.name) for part in parts])
        for field in fields(Alignments)
    }
    columns["pair"] = np.concatenate(
        [part.passages.pair + first for part, first in zip(parts, firsts[:-1], strict=True)]
    )
    return AlignedColumns(
        np.concatenate([part.a for part in parts]),
        np.concatenate([part.b for part in parts]),
        np.concatenate([part.jaccard for part in parts]),
        Alignments(**columns),
        np.concatenate([part.passage_jaccard for part in parts]),
        np.concatenate([part.passage_cosine for part in parts]),
    )


def place(
    corpus: Compared, aligned: AlignedColumns, *, threads: int, progress: Progress
) -> NDArray[np.int64]:
    """The places of the passages in their texts.

    The articles that take part are cut into tokens once more, each once, now with places: few of a corpus
    take part, so that costs less than to keep the places of all.

    Returns
    -------
    ndarray of shape (n_passages, 4), dtype int64
        a_start, a_end, b_start, b_end, in characters.
    """
    article, _, starts, ends, passage = aligned.sides
    on_b = article != aligned.a[aligned.passages.pair[passage]]
    rows, first = np.unique(article, return_index=True)
    first = np.append(first, len(article))
    spans = np.empty((len(aligned.passages), 4), np.int64)

    def work(block: range) -> int:
        here = slice(int(first[block.start]), int(first[block.stop]))
        tokens = corpus.placed_tokens(rows[block.start : block.stop])
        base = tokens.offsets[np.searchsorted(rows[block.start : block.stop], article[here])]
        column = np.where(on_b[here], 2, 0)
        spans[passage[here], column] = tokens.starts[base + starts[here]]
        spans[passage[here], column + 1] = tokens.ends[base + ends[here] - 1]
        return block.stop

    blocks = (range(start, min(start + 256, len(rows))) for start in range(0, len(rows), 256))
    for done in map_in_order(work, blocks, threads):
        progress("placing", done, len(rows))
    return spans


def relate(
    corpus: Compared, sketches: Sketches, aligned: AlignedColumns, spans: NDArray[np.int64]
) -> OverlapColumns:
    """What follows from the aligned passages for each pair: coverage, relation, agency."""
    lengths = np.diff(sketches.offsets)
    shared = measure(aligned, lengths[aligned.a], lengths[aligned.b], corpus.settings)
    copied = shared.copied
    wide = _widely_run(corpus, aligned, shared.passage_relation > QUOTATION) & copied
    credited = corpus.credited[aligned.a] | corpus.credited[aligned.b]
    own, other = corpus.agencies[aligned.a], corpus.agencies[aligned.b]
    counts = np.bincount(aligned.passages.pair, minlength=len(aligned.a))
    return OverlapColumns(
        aligned=aligned,
        offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        spans=spans,
        widely_run=wide,
        syndicated=copied & (credited | wide),
        agency=np.where(copied, np.where(own >= 0, own, other), -1).astype(np.int32),
        **{field.name: getattr(shared, field.name) for field in fields(Shared)},
    )


def measure(
    aligned: AlignedColumns, a_lengths: NDArray[np.int64], b_lengths: NDArray[np.int64], settings: Settings
) -> Shared:
    """What each pair shares.

    Parameters
    ----------
    a_lengths, b_lengths : ndarray of shape (n_pairs,)
        How many tokens of the pairs' articles were compared.
    """
    found, pairs = aligned.passages, len(aligned.a)
    relation = passage_relations(found)
    story_text = relation != FURNITURE

    def total(values: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.bincount(found.pair, values, minlength=pairs).astype(np.int64)

    words, quoted = total(found.words), total(found.quoted_words)
    a_spanned, b_spanned = found.a_end - found.a_start, found.b_end - found.b_start
    coverage_a, coverage_b = (
        np.minimum(1.0, total(np.where(story_text, spanned, 0)) / np.maximum(lengths, 1))
        for spanned, lengths in ((a_spanned, a_lengths), (b_spanned, b_lengths))
    )
    longest = np.zeros(pairs, np.int64)
    np.maximum.at(longest, found.pair, found.longest_run)
    overlap_relation = overlap_relations(
        furniture=total(story_text.astype(np.int32)) == 0,
        words=words,
        quoted_words=quoted,
        coverage_a=coverage_a,
        coverage_b=coverage_b,
        settings=settings,
    )
    similarity = 2.0 * words / np.maximum(total(a_spanned + b_spanned), 1)
    return Shared(
        passage_relation=relation,
        relation=overlap_relation,
        similarity=similarity,
        coverage_a=coverage_a,
        coverage_b=coverage_b,
        words=words,
        quoted_words=quoted,
        longest_run=longest,
    )


def coverage(
    aligned: AlignedColumns, chosen: NDArray[np.bool_], lengths: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Share of each article's words that lies in the chosen passages, shape (n_articles,)."""
    article, _, starts, ends, _ = aligned.sides.of(chosen)
    return np.asarray(covered(article, starts, ends, lengths) / np.maximum(lengths, 1))


def _widely_run(corpus: Compared, aligned: AlignedColumns, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pairs one of whose passages a third source runs as well, shape (n_pairs,)."""
    article, other, starts, ends, passage = aligned.sides.of(chosen)
    wide = widely_run(article, starts, ends, corpus.sources[other])
    out = np.zeros(len(aligned.a), np.bool_)
    out[aligned.passages.pair[passage[wide]]] = True
    return out
