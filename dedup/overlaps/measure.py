"""Candidate pairs to overlaps: alignment in batches, then the columns derived for each pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.coverage import covered, widely_run
from dedup.overlaps.place import Places
from dedup.overlaps.relations import PassageCode, more_than_quoted, overlap_relations, passage_relations
from dedup.overlaps.repeats import Repeats, with_repeats
from dedup.overlaps.second_look import Measured, SecondLook, second_look
from dedup.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What each pair shares, judged by its passages alone, with the columns of `dedup.results.Overlap`.

    Attributes
    ----------
    passage_relation : ndarray of shape (n_passages,), dtype uint8
    relation : ndarray of shape (n_pairs,), dtype uint8
    similarity, coverage_a, coverage_b : ndarray of shape (n_pairs,), dtype float64
    words, quoted_words, longest_run : ndarray of shape (n_pairs,), dtype int64
    sentence : ndarray of shape (n_pairs,), dtype bool
        The pair shares facts in a single sentence and nothing more, so it does not make a story.
    """

    passage_relation: NDArray[np.uint8]
    relation: NDArray[np.uint8]
    similarity: NDArray[np.float64]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]
    words: NDArray[np.int64]
    quoted_words: NDArray[np.int64]
    longest_run: NDArray[np.int64]
    sentence: NDArray[np.bool_]

    @property
    def copied(self) -> NDArray[np.bool_]:
        """The pairs that share more than a quotation or furniture, shape (n_pairs,)."""
        return more_than_quoted(self.relation)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapColumns(Shared):
    """All overlaps, one row per pair.

    Attributes
    ----------
    aligned : AlignedColumns
    offsets : ndarray of shape (n_pairs + 1,), dtype int64
        The passages of pair i are ``offsets[i]:offsets[i + 1]``.
    spans : ndarray of shape (n_passages, 4), dtype int64
        a_start, a_end, b_start, b_end of each passage in characters.
    widely_run, syndicated : ndarray of shape (n_pairs,), dtype bool
    agency : ndarray of shape (n_pairs,), dtype int32
        Index into the corpus' agency names; -1 for none.
    differing : mapping of int to str
        For pairs that are one form with other facts: what differs.
    repeats : Repeats
        The text that occurs twice in one of the articles.
    """

    aligned: AlignedColumns
    offsets: NDArray[np.int64]
    spans: NDArray[np.int64]
    widely_run: NDArray[np.bool_]
    syndicated: NDArray[np.bool_]
    agency: NDArray[np.int32]
    differing: Mapping[int, str]
    repeats: Repeats

    def __len__(self) -> int:
        return len(self.relation)


def relate(
    corpus: ComparedArticles,
    lengths: NDArray[np.int64],
    aligned: AlignedColumns,
    places: Places,
    *,
    threads: int = 1,
) -> OverlapColumns:
    """Derive coverage, relation and agency of each pair from its aligned passages.

    Parameters
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of tokens of each article that were compared.
    places : Places
        From `dedup.overlaps.place.place`.
    """
    spans, repeats = places
    shared = measure(aligned, lengths[aligned.a], lengths[aligned.b], corpus.settings, repeats=repeats)
    known = Measured(
        shared.passage_relation, shared.relation, shared.coverage_a, shared.coverage_b, shared.words
    )
    look = second_look(corpus, lengths, aligned, spans, known, threads=threads)
    shared = measure(aligned, lengths[aligned.a], lengths[aligned.b], corpus.settings, look, repeats=repeats)
    copied = shared.copied
    wide = _widely_run(corpus, aligned, more_than_quoted(shared.passage_relation)) & copied
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
        passage_relation=shared.passage_relation,
        relation=shared.relation,
        similarity=shared.similarity,
        coverage_a=shared.coverage_a,
        coverage_b=shared.coverage_b,
        words=shared.words,
        quoted_words=shared.quoted_words,
        longest_run=shared.longest_run,
        sentence=shared.sentence,
        differing=look.differing,
        repeats=repeats,
    )


def measure(
    aligned: AlignedColumns,
    a_lengths: NDArray[np.int64],
    b_lengths: NDArray[np.int64],
    settings: Settings,
    look: SecondLook | None = None,
    *,
    repeats: Repeats | None = None,
) -> Shared:
    """Measure what each pair shares.

    Parameters
    ----------
    a_lengths, b_lengths : ndarray of shape (n_pairs,)
        Number of tokens of the pairs' articles that were compared.
    look : SecondLook, optional
        Answers that the counts of words do not give.
    repeats : Repeats, optional
        Text that occurs twice in an article counts twice.
    """
    found, pairs = aligned.passages, len(aligned.a)
    template = sentence = np.zeros(pairs, np.bool_)
    counting = found.quoted_words
    if look is not None:
        template, sentence, counting = look.template, look.sentence, look.quoted_words
    relation = passage_relations(found, counting, template[found.pair])
    story_text = relation != PassageCode.FURNITURE

    def total(values: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.bincount(found.pair, values, minlength=pairs).astype(np.int64)

    words, quoted = total(found.words), total(np.maximum(found.quoted_words, counting))
    a_spanned, b_spanned = found.a_end - found.a_start, found.b_end - found.b_start
    coverage_a, coverage_b = (
        np.minimum(1.0, total(np.where(story_text, spanned, 0)) / np.maximum(lengths, 1))
        for spanned, lengths in ((a_spanned, a_lengths), (b_spanned, b_lengths))
    )
    if repeats is not None:
        _count_repeats(aligned, story_text, repeats, (a_lengths, b_lengths), (coverage_a, coverage_b))
    longest = np.zeros(pairs, np.int64)
    np.maximum.at(longest, found.pair, found.longest_run)
    overlap_relation = overlap_relations(
        furniture=total(story_text.astype(np.int32)) == 0,
        words=words,
        quoted_words=total(counting),
        coverage_a=coverage_a,
        coverage_b=coverage_b,
        settings=settings,
        template=template,
        sentence=sentence,
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
        sentence=sentence,
    )


def _count_repeats(
    aligned: AlignedColumns,
    story_text: NDArray[np.bool_],
    repeats: Repeats,
    lengths: tuple[NDArray[np.int64], NDArray[np.int64]],
    coverages: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """Raise the coverage of the pairs in which words of a passage occur again."""
    plain = aligned.sides.of(story_text)
    every = with_repeats(plain, repeats)
    if len(every.article) == len(plain.article):
        return
    # An added passage belongs to the pair of its two articles.
    low, high = np.minimum(every.article, every.other), np.maximum(every.article, every.other)
    key = (low << 32) | high
    of_pair = (np.minimum(aligned.a, aligned.b) << 32) | np.maximum(aligned.a, aligned.b)
    by_key = np.argsort(of_pair)
    added = np.unique(key[every.passage >= len(aligned.passages)])
    rows = np.flatnonzero(np.isin(key, added))
    pair = by_key[np.searchsorted(of_pair, key[rows], sorter=by_key)]
    side = (every.article[rows] != aligned.a[pair]).astype(np.int64)
    order = np.lexsort((every.starts[rows], 2 * pair + side))
    rows, pair, side = rows[order], pair[order], side[order]
    groups, group = np.unique(2 * pair + side, return_inverse=True)
    both = np.stack(lengths, axis=1).reshape(-1)[groups]
    words = covered(group, every.starts[rows], every.ends[rows], both)
    for each, share in zip(groups.tolist(), (words / np.maximum(both, 1)).tolist(), strict=True):
        coverage = coverages[each % 2]
        coverage[each // 2] = min(1.0, max(coverage[each // 2], share))


def _widely_run(
    corpus: ComparedArticles, aligned: AlignedColumns, chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which pairs have a passage that a third source runs as well, shape (n_pairs,)."""
    article, other, starts, ends, passage = aligned.sides.of(chosen)
    wide = widely_run(article, starts, ends, corpus.sources[other])
    out = np.zeros(len(aligned.a), np.bool_)
    out[aligned.passages.pair[passage[wide]]] = True
    return out
