"""The candidate pairs of a corpus: its bands are joined, several at once, within the memory of the run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.second_pass import Sketches
from dedup.lsh.candidates import CandidatePairs, bounded
from dedup.lsh.pairs import PairSet
from dedup.runtime.progress import Progress
from dedup.runtime.scratch import Scratch
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings


def join(
    sketches: Sketches,
    sources: NDArray[np.uint32],
    settings: Settings,
    *,
    scratch: Scratch,
    threads: int,
    progress: Progress,
) -> CandidatePairs:
    """Return the candidate pairs. The columns of a band are removed once it is joined.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        The source of each article, indexed by the article's rank.
    scratch : Scratch
        Knows how many bytes of memory the process should stay under.

    Returns
    -------
    CandidatePairs
        With articles given by rank.
    """
    sets = [
        PairSet(sources=sources, scope=settings.scope, max_bucket=settings.max_bucket) for _ in range(threads)
    ]
    # A band's windows are laid out as words of 8 bytes, in as many parts as are needed to keep each within a
    # quarter of the memory.
    needed = 8 * threads * len(sketches.articles)
    parts = min(64, max(1, -(-4 * needed // scratch.memory)))
    scratch.keep_within(needed // parts)

    def work(part: int) -> CandidatePairs:
        for band in sketches.bands[part::threads]:
            keys, tails = band.keys.read(), band.tails.read()
            sets[part].add_band(keys, sketches.articles, tails=tails, parts=parts)
            band.keys.remove()
            band.tails.remove()
        return sets[part].sorted()

    found = []
    for number, part in enumerate(map_in_order(work, range(threads), threads)):
        found.append(part)
        progress("joining", number + 1, threads)
    pairs = CandidatePairs.union(found)
    keep = bounded(pairs.a, pairs.b)
    return CandidatePairs(pairs.a[keep], pairs.b[keep], pairs.cut_short + int(np.count_nonzero(~keep)))
