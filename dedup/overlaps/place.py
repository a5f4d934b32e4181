"""The places of aligned passages, in characters of their texts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.repeats import Repeats, repeated_runs
from dedup.runtime.progress import Progress
from dedup.runtime.threads import map_in_order


class Places(NamedTuple):
    """Where passages occur in the texts.

    Attributes
    ----------
    spans : ndarray of shape (n_passages, 4), dtype int64
        a_start, a_end, b_start, b_end in characters.
    repeats : Repeats
        The text that occurs twice in one of the articles.
    """

    spans: NDArray[np.int64]
    repeats: Repeats

    @classmethod
    def unknown(cls, passages: int) -> Places:
        """Return an object without places: all spans are 0."""
        return cls(np.zeros((passages, 4), np.int64), Repeats.none())


def place(corpus: ComparedArticles, aligned: AlignedColumns, *, threads: int, progress: Progress) -> Places:
    """Return the places of the passages in their texts, and the text that occurs twice in one of these.

    Each article that takes part is cut into tokens once more, now with places. Few articles of a corpus take
    part, so this costs less than keeping the places of all of them.

    Returns
    -------
    Places
    """
    article, _, starts, ends, passage = aligned.sides
    on_b = article != aligned.a[aligned.passages.pair[passage]]
    rows, first = np.unique(article, return_index=True)
    first = np.append(first, len(article))
    spans = np.empty((len(aligned.passages), 4), np.int64)
    repeats: dict[int, Repeats] = {}

    def work(block: range) -> int:
        here = slice(int(first[block.start]), int(first[block.stop]))
        tokens = corpus.placed_tokens(rows[block.start : block.stop])
        base = tokens.offsets[np.searchsorted(rows[block.start : block.stop], article[here])]
        column = np.where(on_b[here], 2, 0)
        spans[passage[here], column] = tokens.starts[base + starts[here]]
        spans[passage[here], column + 1] = tokens.ends[base + ends[here] - 1]
        repeats[block.start] = repeated_runs(tokens.hashes, tokens.offsets, rows[block.start : block.stop])
        return block.stop

    blocks = (range(start, min(start + 256, len(rows))) for start in range(0, len(rows), 256))
    for done in map_in_order(work, blocks, threads):
        progress("placing", done, len(rows))
    return Places(spans, Repeats.concat([repeats[start] for start in sorted(repeats)]))


def joined_spans(spans: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of whole passages, from those of their pieces.

    Parameters
    ----------
    spans : ndarray of shape (n_pieces, 4), dtype int64
    first : ndarray of shape (n_passages,), dtype int64
        The first piece of each passage.

    Returns
    -------
    ndarray of shape (n_passages, 4), dtype int64

    Examples
    --------
    >>> joined_spans(np.array([[0, 5, 20, 25], [8, 12, 3, 9], [30, 40, 50, 60]]), np.array([0, 2])).tolist()
    [[0, 12, 3, 25], [30, 40, 50, 60]]
    """
    if len(first) == len(spans):
        return spans
    a_start, a_end, b_start, b_end = spans.T
    return np.stack(
        [
            np.minimum.reduceat(a_start, first),
            np.maximum.reduceat(a_end, first),
            np.minimum.reduceat(b_start, first),
            np.maximum.reduceat(b_end, first),
        ],
        axis=1,
    )
