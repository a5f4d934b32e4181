"""Chains: blocks in the same order in both articles, with gaps between them that their length justifies.

Sparse dynamic programming over the blocks, in which each block looks back at those shortly before it (as in
minimap2; Li, "Minimap2: pairwise alignment for nucleotide sequences", 2018).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.thresholds import CHAIN_GAP, CHAIN_GAP_WORD, CHAIN_LOOK_BACK

# The type in which scores are held.
_CHAIN_GAP_WORD = np.float32(CHAIN_GAP_WORD)
_CHAIN_GAP = np.float32(CHAIN_GAP)


@nb.njit(nogil=True, cache=True)
def score_chains(blocks, weights, count, reach, best, before):  # type: ignore[no-untyped-def]
    """Compute the score of the best chain that ends in each block, and the block before it in that chain.

    Parameters
    ----------
    blocks, weights, count
        From `dedup.alignment.seeding.find_blocks`.
    reach : int
        The longest gap, in words.
    best : array of shape (capacity,), dtype float32
        Filled.
    before : array of shape (capacity,), dtype int32
        Filled; -1 where the chain begins.
    """
    for k in range(count):
        i, j, length = blocks[0, k], blocks[1, k], blocks[2, k]
        best[k] = weights[k]
        before[k] = -1
        per_word = weights[k] / length
        for p in range(k - 1, max(-1, k - 1 - CHAIN_LOOK_BACK), -1):
            gap_a = i - (blocks[0, p] + blocks[2, p])
            gap_b = j - (blocks[1, p] + blocks[2, p])
            if gap_a > reach or gap_b > reach or i <= blocks[0, p] or j <= blocks[1, p]:
                continue
            # Blocks may overlap by a few words; then only the rest of the later one counts.
            overlap = max(0, -gap_a, -gap_b)
            if overlap >= length:
                continue
            skipped = max(gap_a, gap_b) + overlap
            score = best[p] + per_word * (length - overlap) - _CHAIN_GAP - _CHAIN_GAP_WORD * skipped
            if score > best[k]:
                best[k] = score
                before[k] = p


@nb.njit(nogil=True, cache=True)
def take_chain(blocks, count, best, before, used, least, chain):  # type: ignore[no-untyped-def]
    """Take the best chain of blocks that no earlier chain has used.

    Parameters
    ----------
    used : array of shape (capacity,), dtype bool
        Updated.
    least : float
        The minimum score of a chain.
    chain : array of shape (3, capacity), dtype int32
        Filled with the chain's blocks from first to last, with overlaps cut off.

    Returns
    -------
    int
        The number of blocks, or 0 if no such chain is left.
    """
    end = -1
    for k in range(count):
        if not used[k] and best[k] >= least and (end < 0 or best[k] > best[end]):
            end = k
    if end < 0:
        return 0
    length = 0
    k = end
    while k >= 0 and not used[k]:
        used[k] = True
        length += 1
        k = before[k]
    k = end
    for place in range(length - 1, -1, -1):
        chain[0, place], chain[1, place], chain[2, place] = blocks[0, k], blocks[1, k], blocks[2, k]
        k = before[k]
    for place in range(1, length):
        cut = max(
            0,
            chain[0, place - 1] + chain[2, place - 1] - chain[0, place],
            chain[1, place - 1] + chain[2, place - 1] - chain[1, place],
        )
        chain[0, place] += cut
        chain[1, place] += cut
        chain[2, place] -= cut
    return length
