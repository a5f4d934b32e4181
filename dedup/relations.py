"""What kind of overlap it is: of each passage, and of each pair of articles, with the reasons.

The questions are asked in a fixed order, furniture first, because a caption that two sites print is neither
quoted nor copied; then quotation, because two outlets that quote one statement agree word for word and have
not copied.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.alignment import Alignments
from dedup.results import OverlapRelation, PassageRelation
from dedup.settings import Settings

#: Codes of passages' relations, in the order in which they are asked.
PASSAGE_RELATIONS: Final[tuple[PassageRelation, ...]] = ("furniture", "quotation", "verbatim", "edited")
FURNITURE, QUOTATION, VERBATIM, EDITED = range(4)
#: Codes of pairs' relations.
OVERLAP_RELATIONS: Final[tuple[OverlapRelation, ...]] = (
    "furniture",
    "quotation",
    "copy",
    "excerpt",
    "partial",
)
COPY, EXCERPT, PARTIAL = 2, 3, 4


def passage_relations(found: Alignments) -> NDArray[np.uint8]:
    """The relation of each aligned pair of spans, as codes of `PASSAGE_RELATIONS`.

    Furniture needs more than half of the words that agree, a quotation three in five: where narration and
    quote are shared half and half, the narrator was copied. Verbatim needs all words to agree.

    Returns
    -------
    ndarray of shape (n_passages,), dtype uint8
    """
    verbatim = (found.a_end - found.a_start == found.words) & (found.b_end - found.b_start == found.words)
    return np.select(
        [2 * found.furniture_words > found.words, 5 * found.quoted_words > 3 * found.words, verbatim],
        [np.uint8(FURNITURE), np.uint8(QUOTATION), np.uint8(VERBATIM)],
        np.uint8(EDITED),
    )


def overlap_relations(
    *,
    furniture: NDArray[np.bool_],
    words: NDArray[np.int64],
    quoted_words: NDArray[np.int64],
    coverage_a: NDArray[np.float64],
    coverage_b: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.uint8]:
    """The relation of each pair, as codes of `OVERLAP_RELATIONS`.

    Parameters
    ----------
    furniture : ndarray of shape (n_pairs,), dtype bool
        All passages are furniture.
    words, quoted_words : ndarray of shape (n_pairs,)
        Words that agree, and those of them within quotation marks.
    coverage_a, coverage_b : ndarray of shape (n_pairs,)

    Notes
    -----
    An overlap is a quotation when fewer than ``min_unquoted_words`` agree outside quotation marks; or when
    seven in ten agree within them and the rest, under three times that bound, stands around the quotes.
    A copy of a text that is rich in quotes has more than that.
    """
    unquoted = words - quoted_words
    bound = settings.min_unquoted_words
    mostly = (10 * quoted_words > 7 * words) & (unquoted < 3 * bound)
    quotation = mostly | (unquoted < bound) & (quoted_words > 0)
    larger, smaller = np.maximum(coverage_a, coverage_b), np.minimum(coverage_a, coverage_b)
    return np.select(
        [furniture, quotation, smaller >= settings.most_share, larger >= settings.most_share],
        [np.uint8(0), np.uint8(1), np.uint8(COPY), np.uint8(EXCERPT)],
        np.uint8(PARTIAL),
    )


def reasons(
    relation: OverlapRelation,
    *,
    coverage_a: float,
    coverage_b: float,
    words: int,
    quoted_words: int,
    agency: str | None,
    widely_run: bool,
    credited: bool,
) -> tuple[str, ...]:
    """What led to the relation and to the flag "syndicated", in words for a person.

    Examples
    --------
    >>> reasons("copy", coverage_a=0.9, coverage_b=0.84, words=310, quoted_words=12, agency="PTI",
    ...         widely_run=False, credited=True)
    ('the passages cover 90 % of a and 84 % of b', 'a credit names PTI')
    """
    said = []
    if relation == "furniture":
        said.append("all shared passages are site furniture")
    elif relation == "quotation":
        said.append(f"{quoted_words} of {words} words that agree stand within quotation marks")
    else:
        said.append(f"the passages cover {coverage_a:.0%} of a and {coverage_b:.0%} of b".replace("%", " %"))
    if agency is not None:
        said.append(f"a credit names {agency}")
    elif credited:
        said.append("a credit names a syndicated feed")
    if widely_run:
        said.append("three or more sources run the same passage")
    return tuple(said)
