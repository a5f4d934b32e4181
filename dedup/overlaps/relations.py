"""The relation of each passage, and of each pair of articles, with the reasons.

The questions are asked in a fixed order. Furniture comes first, because a caption that two sites print is
neither quoted nor copied. Quotation comes next, because two outlets that quote one statement agree word for
word and have not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.results import OverlapRelation, PassageRelation
from dedup.settings import Settings
from dedup.thresholds import FURNITURE_TENTHS, MOSTLY_QUOTED_TENTHS, QUOTED_TENTHS, UNQUOTED_TIMES


class PassageCode(IntEnum):
    """Relations of passages as columns store them, in the order in which they are tested."""

    FURNITURE = 0
    TEMPLATE = 1
    QUOTATION = 2
    VERBATIM = 3
    EDITED = 4


class OverlapCode(IntEnum):
    """Relations of pairs as columns store them, in the order in which they are tested."""

    FURNITURE = 0
    TEMPLATE = 1
    QUOTATION = 2
    COPY = 3
    EXCERPT = 4
    PARTIAL = 5


#: The names of the codes, as results carry them.
PASSAGE_RELATIONS: tuple[PassageRelation, ...] = get_args(PassageRelation)
OVERLAP_RELATIONS: tuple[OverlapRelation, ...] = get_args(OverlapRelation)
for _codes, _names in ((PassageCode, PASSAGE_RELATIONS), (OverlapCode, OVERLAP_RELATIONS)):
    if tuple(code.name.lower() for code in _codes) != _names:
        raise ImportError(f"{_codes.__name__} and the names in dedup.results differ: {_names}")


def more_than_quoted(relation: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which passages or pairs are taken text: not furniture, forms or quotations."""
    return np.asarray(relation > OverlapCode.QUOTATION)


def passage_relations(
    found: Alignments,
    quoted_words: NDArray[np.int32] | None = None,
    template: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint8]:
    """Return the relation of each aligned pair of spans, as a `PassageCode`.

    Furniture needs more than half of the words that agree, a quotation three in five: where narration and
    quotation are shared half and half, the narration was copied. Verbatim needs all words to agree.

    Parameters
    ----------
    quoted_words : ndarray of shape (n_passages,), optional
        Number of words that count towards a quotation; by default those marked in either article.
    template : ndarray of shape (n_passages,), dtype bool, optional
        Whether each passage belongs to a pair that is one form with other facts.

    Returns
    -------
    ndarray of shape (n_passages,), dtype uint8
    """
    quoted = found.quoted_words if quoted_words is None else quoted_words
    form = np.zeros(len(found), np.bool_) if template is None else template
    verbatim = (found.a_end - found.a_start == found.words) & (found.b_end - found.b_start == found.words)
    return np.select(
        [
            10 * found.furniture_words > FURNITURE_TENTHS * found.words,
            form,
            10 * quoted > QUOTED_TENTHS * found.words,
            verbatim,
        ],
        [
            np.uint8(PassageCode.FURNITURE),
            np.uint8(PassageCode.TEMPLATE),
            np.uint8(PassageCode.QUOTATION),
            np.uint8(PassageCode.VERBATIM),
        ],
        np.uint8(PassageCode.EDITED),
    )


def joined_relations(relation: NDArray[np.uint8], first: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the relations of whole passages, from those of their pieces.

    Parameters
    ----------
    relation : ndarray of shape (n_pieces,), dtype uint8
        `PassageCode` of each piece.
    first : ndarray of shape (n_passages,), dtype int64
        The first piece of each passage.

    Returns
    -------
    ndarray of shape (n_passages,), dtype uint8
        Pieces that differ, or are each verbatim, make an edited passage.

    Examples
    --------
    >>> verbatim, edited, quotation = PassageCode.VERBATIM, PassageCode.EDITED, PassageCode.QUOTATION
    >>> codes = np.array([verbatim, verbatim, verbatim, quotation, quotation], np.uint8)
    >>> [PassageCode(code).name for code in joined_relations(codes, np.array([0, 1, 3]))]
    ['VERBATIM', 'EDITED', 'QUOTATION']
    """
    if len(first) == len(relation):
        return relation
    one = np.diff(np.append(first, len(relation))) == 1
    low, high = np.minimum.reduceat(relation, first), np.maximum.reduceat(relation, first)
    kept = one | ((low == high) & (low != PassageCode.VERBATIM))
    return np.where(kept, low, np.uint8(PassageCode.EDITED))


def crossing(found: Alignments) -> NDArray[np.bool_]:
    """Whether each passage crosses another passage of its pair: the two are in the opposite order in b.

    Parameters
    ----------
    found : Alignments
        Whole passages, sorted by (pair, a_start).

    Examples
    --------
    >>> rows = np.zeros((3, 11), np.int32)
    >>> rows[:, 1], rows[:, 3] = [0, 40, 80], [50, 0, 90]
    >>> crossing(Alignments.from_rows(rows)).tolist()
    [True, True, False]
    """
    if not len(found):
        return np.zeros(0, np.bool_)
    # Places are far below 2**40. Adding the pair's number times 2**40 lets one running maximum serve all
    # pairs.
    b_start = (found.pair << 40) + found.b_start
    furthest = np.maximum.accumulate(b_start)
    nearest = np.minimum.accumulate(b_start[::-1])[::-1]
    return np.asarray((furthest > b_start) | (nearest < b_start))


def overlap_relations(
    *,
    furniture: NDArray[np.bool_],
    words: NDArray[np.int64],
    quoted_words: NDArray[np.int64],
    coverage_a: NDArray[np.float64],
    coverage_b: NDArray[np.float64],
    settings: Settings,
    template: NDArray[np.bool_] | None = None,
    sentence: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint8]:
    """Return the relation of each pair, as an `OverlapCode`.

    Parameters
    ----------
    furniture : ndarray of shape (n_pairs,), dtype bool
        Whether all passages are furniture.
    words, quoted_words : ndarray of shape (n_pairs,)
        Words that agree, and those of them that count towards a quotation.
    coverage_a, coverage_b : ndarray of shape (n_pairs,)
    template, sentence : ndarray of shape (n_pairs,), dtype bool, optional
        Whether the pair is one form with other facts; whether it shares facts in a single sentence and
        nothing more.

    Notes
    -----
    An overlap is a quotation if fewer than ``min_unquoted_words`` agree outside quotation marks. It also is
    one if seven in ten of the agreeing words are quoted and the rest, under three times that bound, is around
    the quotations. A copy of a text that is rich in quotations has more unquoted words than that.
    """
    none = np.zeros(len(words), np.bool_)
    form, single = none if template is None else template, none if sentence is None else sentence
    unquoted = words - quoted_words
    bound = settings.min_unquoted_words
    mostly = (10 * quoted_words > MOSTLY_QUOTED_TENTHS * words) & (unquoted < UNQUOTED_TIMES * bound)
    quotation = mostly | (unquoted < bound) & (quoted_words > 0)
    larger, smaller = np.maximum(coverage_a, coverage_b), np.minimum(coverage_a, coverage_b)
    whole = ~single
    return np.select(
        [
            furniture,
            form,
            quotation,
            whole & (smaller >= settings.most_share),
            whole & (larger >= settings.most_share),
        ],
        [
            np.uint8(OverlapCode.FURNITURE),
            np.uint8(OverlapCode.TEMPLATE),
            np.uint8(OverlapCode.QUOTATION),
            np.uint8(OverlapCode.COPY),
            np.uint8(OverlapCode.EXCERPT),
        ],
        np.uint8(OverlapCode.PARTIAL),
    )


def reason_column(
    relation: NDArray[np.uint8],
    *,
    coverage_a: NDArray[np.float64],
    coverage_b: NDArray[np.float64],
    words: NDArray[np.int64],
    quoted_words: NDArray[np.int64],
    agency: pa.StringArray,
    widely_run: NDArray[np.bool_],
    credited: NDArray[np.bool_],
    differing: Sequence[str | None] | None = None,
    sentence: NDArray[np.bool_] | None = None,
) -> pa.ListArray:
    """Explain the relation and the flag "syndicated" of each pair in words for a person.

    Parameters
    ----------
    relation : ndarray of shape (n_pairs,), dtype uint8
        `OverlapCode` of each pair.
    agency : pyarrow.StringArray of length n_pairs
        Null where no credit names an agency.
    widely_run, credited : ndarray of shape (n_pairs,), dtype bool
        Whether a third source runs one of the passages; whether a credit led to the flag.
    differing : sequence of str or None, of length n_pairs, optional
        What differs in pairs that are one form with other facts.
    sentence : ndarray of shape (n_pairs,), dtype bool, optional
        Whether the pair shares facts in a single sentence and nothing more.

    Returns
    -------
    pyarrow.ListArray of length n_pairs
        Of strings.

    Examples
    --------
    >>> share, one = np.array([0.9]), np.array([True])
    >>> copy = np.array([OverlapCode.COPY], np.uint8)
    >>> said = reason_column(copy, coverage_a=share, coverage_b=share - 0.06,
    ...                      words=np.array([310]), quoted_words=np.array([12]), agency=pa.array(["PTI"]),
    ...                      widely_run=~one, credited=one)
    >>> said.to_pylist()
    [['the passages cover 90 % of a and 84 % of b', 'a credit names PTI']]
    """
    quotation = relation == OverlapCode.QUOTATION
    first = pc.binary_join_element_wise(
        _chosen(quotation, "", "the passages cover "),
        _text(np.where(quotation, quoted_words, _percent(coverage_a))),
        _chosen(quotation, " of ", " % of a and "),
        _text(np.where(quotation, words, _percent(coverage_b))),
        _chosen(quotation, " words that agree are within quotation marks", " % of b"),
        "",
    )
    first = pc.if_else(
        pa.array(relation == OverlapCode.FURNITURE), "all shared passages are site furniture", first
    )
    if differing is not None and any(differing):
        told = [text and f"one form with other facts: {text}" for text in differing]
        first = pc.coalesce(pa.array(told, pa.string()), first)
    named = np.asarray(agency.is_valid()) & (relation > OverlapCode.QUOTATION)
    credit = pc.binary_join_element_wise("a credit names ", agency.fill_null("a syndicated feed"), "")
    said = [(first, np.ones(len(relation), np.bool_)), (credit, named | credited)]
    if sentence is not None and sentence.any():
        said.append((pa.array(["only facts in a single sentence"]).take(_zeros(relation)), sentence))
    said.append((pa.array(["three or more sources run the same passage"]).take(_zeros(relation)), widely_run))
    # For each row the reasons that hold, taken from three columns that are concatenated.
    holds = np.stack([chosen for _, chosen in said], axis=1)
    pair, column = np.nonzero(holds)
    values = pa.concat_arrays([text for text, _ in said]).take(pa.array(column * len(relation) + pair))
    offsets = np.concatenate(([0], np.cumsum(holds.sum(axis=1))))
    return pa.ListArray.from_arrays(offsets.astype(np.int32), values)


def _chosen(which: NDArray[np.bool_], when_true: str, when_false: str) -> pa.StringArray:
    return pa.array([when_false, when_true]).take(pa.array(which.astype(np.int8)))


def _zeros(rows: NDArray[Any]) -> pa.Array:
    return pa.array(np.zeros(len(rows), np.int8))


def _percent(share: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(100.0 * share).astype(np.int64)


def _text(numbers: NDArray[np.int64]) -> pa.StringArray:
    return pa.array(numbers).cast(pa.string())
