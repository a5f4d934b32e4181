"""What a newsroom pays for: how much of an article others have, whose copy it is, and who was first.

A separate stage: it takes the columns of overlaps and articles, and returns one column per answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.align import AlignedColumns, Sides
from dedup.overlaps.coverage import coverage
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OverlapCode, PassageCode, more_than_quoted
from dedup.overlaps.repeats import Repeats, with_repeats
from dedup.runtime.unique import distinct
from dedup.stories.sharing import Shared, shared_of
from dedup.thresholds import CREDIT_WORDS, SUPPLIED_AGREEMENT, SUPPLIED_QUOTED


@dataclass(frozen=True, slots=True)
class Standing:
    """What the overlaps say about each article.

    Attributes
    ----------
    copied, quoted : ndarray of shape (n_articles,), dtype float64
        Share of the article's compared words in copied passages, and in quotations elsewhere.
    passages : ndarray of shape (n_articles,), dtype int64
        Number of distinct copied passages.
    shared : Shared
        Whose copy the copied words are, who was first, and where else they run.
    """

    copied: NDArray[np.float64]
    quoted: NDArray[np.float64]
    passages: NDArray[np.int64]
    shared: Shared


def standing_of(
    overlaps: OverlapColumns,
    *,
    lengths: NDArray[np.int64],
    sources: NDArray[np.uint32],
    suppliers: NDArray[np.uint64],
    since: NDArray[np.int64],
    until: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> Standing:
    """Derive what the overlaps say about each article.

    Parameters
    ----------
    overlaps : OverlapColumns
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of tokens of each article that were compared.
    sources : ndarray of shape (n_articles,), dtype uint32
        The number of each article's source.
    suppliers, since, until, ranks
        As for `dedup.stories.sharing.shared_of`.
    """
    aligned = overlaps.aligned
    copied, quoted = counted(overlaps)
    chosen = aligned.sides.of(copied)
    sides = with_repeats(chosen, overlaps.repeats)
    # The passages are followed by the places where an article repeats its own words.
    repeated = sides.passage > chosen.passage.max(initial=-1)
    share = coverage(sides, lengths)
    either = with_repeats(aligned.sides.of(copied | quoted), overlaps.repeats)
    shared = shared_of(
        sides,
        mirrored(sides),
        repeated | _supplied(overlaps)[np.where(repeated, 0, sides.passage)],
        lengths=lengths,
        sources=sources,
        suppliers=suppliers,
        since=since,
        until=until,
        ranks=ranks,
    )
    return Standing(
        copied=share,
        quoted=np.maximum(coverage(either, lengths) - share, 0.0),
        passages=_distinct_passages(_joined(aligned, copied, sides, overlaps.repeats), len(lengths)),
        shared=shared._replace(others=np.maximum(shared.others, _met(sides, sources))),
    )


def _joined(aligned: AlignedColumns, chosen: NDArray[np.bool_], pieces: Sides, repeats: Repeats) -> Sides:
    """Return, from either side, the whole passages with at least one chosen piece (`pieces`)."""
    first = aligned.passages.first_pieces
    if len(first) == len(chosen):
        return pieces
    whole = replace(aligned, passages=aligned.passages.joined())
    return with_repeats(whole.sides.of(np.logical_or.reduceat(chosen, first)), repeats)


def counted(overlaps: OverlapColumns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which passages count as copied, and which as quoted, each of shape (n_passages,).

    In an article that is a copy of another, or a part of it, quotations count as copied with the rest.
    """
    relation = overlaps.passage_relation
    pair = overlaps.aligned.passages.pair
    whole = np.isin(overlaps.relation, (OverlapCode.COPY, OverlapCode.EXCERPT))[pair]
    quotation = relation == PassageCode.QUOTATION
    copied = (more_than_quoted(relation) & overlaps.copied[pair]) | (quotation & whole)
    return copied, quotation & ~copied


def _supplied(overlaps: OverlapColumns) -> NDArray[np.bool_]:
    """Return whether each passage shows that a supplier of one article also supplied it to the other.

    Two outlets may quote one speaker in the same words, or report one event in their own words, without the
    text of an agency. So if neither article is a copy of the other, or a part of it, most words of the
    passage must agree. Most of those must be outside quotation marks in both articles, unless the two share
    enough such words in all: quotations come with the text around them.

    Returns
    -------
    ndarray of shape (n_passages,), dtype bool
    """
    found = overlaps.aligned.passages
    whole = np.isin(overlaps.relation, (OverlapCode.COPY, OverlapCode.EXCERPT))[found.pair]
    spanned = np.maximum(found.a_end - found.a_start, found.b_end - found.b_start)
    agrees = found.words >= SUPPLIED_AGREEMENT * spanned
    unquoted = (overlaps.words - overlaps.quoted_words)[found.pair] >= CREDIT_WORDS
    unquoted |= found.quoted_words <= SUPPLIED_QUOTED * found.words
    return np.asarray(whole | (agrees & unquoted))


def mirrored(sides: Sides) -> NDArray[np.int64]:
    """Return for each row the one that shows the same passage from the other side."""
    order = np.argsort(sides.passage, kind="stable")
    partner = np.empty(len(order), np.int64)
    partner[order[::2]], partner[order[1::2]] = order[1::2], order[::2]
    return partner


def _met(sides: Sides, sources: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Count the other sources that have any passage of each article, among those compared with it."""
    away = sources[sides.article] != sources[sides.other]
    article, other = sides.article[away], sides.other[away]
    pairs = distinct((article.astype(np.uint64) << np.uint64(32)) | sources[other])
    return np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(sources))


def _distinct_passages(sides: Sides, articles: int) -> NDArray[np.int64]:
    """Count the passages of each article; those that overlap (found in several others) count once."""
    article, _, starts, ends, _ = sides
    if len(article) == 0:
        return np.zeros(articles, np.int64)
    # The furthest end so far within an article. Places are far below 2**40, so adding the article's number
    # times 2**40 lets one running maximum serve all articles.
    shift = article.astype(np.int64) << 40
    reach = np.maximum.accumulate(shift + ends)
    new = np.concatenate(([True], (shift + starts)[1:] >= reach[:-1]))
    return np.bincount(article[new], minlength=articles)


def own_agency(
    sources: NDArray[np.uint32], source_names: Sequence[str], agency_names: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Whether an article's source is itself an agency, and so not an agency's customer.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        Indices into `source_names`.

    Examples
    --------
    >>> own_agency(np.array([0, 1, 0], np.uint32), ["pti", "Herald"], ["PTI"]).tolist()
    [True, False, True]
    """
    agencies = {name.casefold() for name in agency_names if name is not None}
    of_source = np.array([name.casefold() in agencies for name in source_names], np.bool_)
    return of_source[sources] if len(sources) else np.zeros(0, np.bool_)
