"""The counters of a background: what is counted where, and what the counts say about a batch of tokens."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.background.contexts import (
    add_article,
    at_place,
    context_row,
    gather_names,
    is_furniture,
    whole_line,
)
from dedup.jit.borrow import borrowed
from dedup.jit.hash_table import is_new, table_size
from dedup.jit.murmur import mix
from dedup.jit.simd import next_with
from dedup.text.flags import APPEAL, SENTENCE
from dedup.thresholds import MOST_NAMES, PROSE_SHARE, PROSE_WORDS, STANDING_AT_MOST, STANDING_WORDS

#: Marks of a token: its sentence is in articles of different stories; its source repeats it.
_APART, _REPEATED = np.uint8(1), np.uint8(2)
_FULL = np.uint16(0xFFFF)  # a counter that reaches the end of its range stays there


@nb.njit(nogil=True, cache=True, inline="always")
def _is_among(slot, bits):  # type: ignore[no-untyped-def]
    return (bits[slot >> np.uint32(5)] >> (slot & np.uint32(31))) & np.uint32(1) != 0


@nb.njit(nogil=True, cache=True)
def among(shingles, bits):  # type: ignore[no-untyped-def]
    """Return which of the shingles have their slot among those marked in `bits`."""
    out = np.empty(len(shingles), np.bool_)
    slots = np.uint32(32 * len(bits) - 1)
    for i in range(len(shingles)):
        out[i] = _is_among(mix(shingles[i]) & slots, bits)
    return out


@nb.njit(nogil=True, cache=True)
def count_batch(  # type: ignore[no-untyped-def]
    hashes,
    flags,
    offsets,
    shingles,
    width,
    sources,
    shingle_counts,
    word_counts,
    sentence_counts,
    source_counts,
    contexts,
):
    """Count a batch, one table after another, so that each table has the caches to itself."""
    _count_shingles(shingles, offsets, width, shingle_counts)
    _count_words(hashes, offsets, word_counts)
    for source in sources:
        source_counts[source & np.uint32(len(source_counts) - 1)] += np.uint32(1)
    return _count_sentences(hashes, flags, offsets, sources, sentence_counts, contexts)


@nb.njit(nogil=True, cache=True)
def _count_shingles(shingles, offsets, width, counts):  # type: ignore[no-untyped-def]
    shingles = borrowed(shingles)
    slots = np.uint32(len(counts) - 1)
    for article in range(len(offsets) - 1):
        for shingle in shingles[offsets[article] : max(offsets[article], offsets[article + 1] - width + 1)]:
            slot = mix(shingle) & slots
            counts[slot] += np.uint16(counts[slot] != _FULL)


@nb.njit(nogil=True, cache=True)
def _count_words(hashes, offsets, counts):  # type: ignore[no-untyped-def]
    """Count words, each slot once per article: a stamp beside it names the last article that had it."""
    slots = np.uint32(len(counts) - 1)
    met = np.zeros(len(counts), np.uint8)
    for article in range(len(offsets) - 1):
        stamp = np.uint8(article % 255 + 1)
        if stamp == 1:
            met[:] = 0
        for word in hashes[offsets[article] : offsets[article + 1]]:
            slot = word_slot(word, slots)
            counts[slot] += np.uint32(met[slot] != stamp)
            met[slot] = stamp


@nb.njit(nogil=True, cache=True)
def _count_sentences(hashes, flags, offsets, sources, counts, contexts):  # type: ignore[no-untyped-def]
    """Count sentences, and names of their articles, once per article; return the number counted."""
    hashes, flags, offsets, counts, contexts = borrowed((hashes, flags, offsets, counts, contexts))
    slots = np.uint32(len(counts) - 1)
    longest = 0
    for article in range(len(offsets) - 1):
        longest = max(longest, offsets[article + 1] - offsets[article])
    met, found = np.empty(table_size(longest), np.uint32), np.empty(longest, np.uint32)
    rows, begins = np.empty(longest, np.uint32), np.empty(longest, np.int64)
    names, of = np.empty(MOST_NAMES, np.uint32), np.empty(MOST_NAMES, np.int64)
    counted = 0
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        here = met[: table_size(last - first)]
        here[:] = 0
        # Gathered first, so that the cache misses of the tables overlap.
        new, placed, start = 0, 0, first
        while start < last:
            end, name = _sentence(hashes, flags, start, last, sources[article])
            found[new] = name & slots
            if name != 0 and is_new(found[new], here):
                new += 1
                if at_place(flags, start, end, first, last):
                    rows[placed] = context_row(hashes, flags, start, end, name, len(contexts))
                    begins[placed] = start
                    placed += 1
            start = end
        for slot in found[:new]:
            counts[slot] += np.uint16(counts[slot] != _FULL)
        of_names = gather_names(hashes, flags, first, last, names, of) if placed else 0
        if of_names:
            for k in range(placed):
                add_article(contexts[rows[k]], names, of, of_names, begins[k])
        counted += new
    return counted


@nb.njit(nogil=True, cache=True, inline="always")
def word_slot(hashes, slots):  # type: ignore[no-untyped-def]
    """Return a word's slot in a table of ``slots + 1``; the last two bits of a hash are nearly always 0."""
    return (hashes >> np.uint32(2)) & slots


@nb.njit(nogil=True, cache=True)
def _sentence(hashes, flags, start, last, source):  # type: ignore[no-untyped-def]
    """Return the end of the sentence that starts here, and its hash within the source; 0 if too short."""
    end = next_with(flags, start + 1, last, SENTENCE)
    name = np.uint32(source)
    for word in hashes[start:end]:
        name = np.uint32(np.uint32(name * np.uint32(0x01000193)) + word)
    if end - start < STANDING_WORDS and not whole_line(flags, start, end, last):
        return end, np.uint32(0)
    return end, max(mix(name), np.uint32(1))


@nb.njit(nogil=True, cache=True)
def mark_repeated(  # type: ignore[no-untyped-def]
    hashes, flags, offsets, sources, perhaps, tables, least, share, others, mask
):
    """Mark the tokens of sentences that their source repeats; `perhaps` marks the slots worth checking.

    How many articles must contain a sentence depends on its kind: fewest where the site addresses its
    readers, most where it is prose. The share does not matter if the articles with the sentence belong to
    different stories. `tables` are the counts of sentences, those of sources, and the results of
    `tells_apart`.
    """
    sentence_counts, source_counts, apart = tables
    hashes, flags, perhaps = borrowed((hashes, flags, perhaps))
    names, of = np.empty(MOST_NAMES, np.uint32), np.empty(MOST_NAMES, np.int64)
    slots = np.uint32(len(sentence_counts) - 1)
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        of_source = source_counts[sources[article] & np.uint32(len(source_counts) - 1)]
        usual = max(least, min(share * of_source, STANDING_AT_MOST)) + others
        of_prose = max(usual, min(PROSE_SHARE * of_source, STANDING_AT_MOST) + others)
        start, marked = first, 0
        while start < last:
            end, name = _sentence(hashes, flags, start, last, sources[article])
            slot = name & slots
            # Text that addresses readers is never a story's background: a handful of articles is enough.
            limit = (
                least + others if flags[start] & APPEAL else of_prose if end - start >= PROSE_WORDS else usual
            )
            if name != 0 and at_place(flags, start, end, first, last):
                told = apart[context_row(hashes, flags, start, end, name, len(apart))]
                own = sentence_counts[slot] - others
                if told and is_furniture(told, hashes, flags, start, end, first, last, own, names, of):
                    mask[start:end] = _APART
            if name != 0 and _is_among(slot, perhaps) and sentence_counts[slot] >= limit:
                mask[start:end] |= _REPEATED
                marked += end - start
            start = end
        if 2 * marked > last - first:
            mask[first:last] &= _APART
