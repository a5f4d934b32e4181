"""The second pass: what is compared, its windows' band keys on disk, and the candidate pairs they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.first_pass import Corpus
from dedup.corpus.prepare import compared_tokens
from dedup.corpus.protocols import ComparisonContext
from dedup.lsh.bands import band_keys, drop_repeated, key_tails
from dedup.lsh.minhash import permutations, shingle_hashes, sign_windows
from dedup.lsh.pairs import CandidatePairs, PairSet
from dedup.lsh.windows import cut_windows
from dedup.runtime.progress import Progress
from dedup.runtime.scratch import Column, Scratch
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings
from dedup.text.tokens import Tokens

#: The rank of each window's article among the ids.
Ranks = NDArray[np.uint32]


class Band(NamedTuple):
    """What the windows say in one band: their keys, as of `band_keys`, and their `key_tails`."""

    keys: Column
    tails: Column


@dataclass(frozen=True, slots=True)
class Sketches:
    """The corpus as it is compared.

    Attributes
    ----------
    hashes, flags, offsets
        The tokens without site furniture (or with it marked), memory-mapped, in the order of the articles.
    bands : list of Band
    articles : ndarray of shape (n_windows,), dtype uint32
        The article of each window, by its rank among the ids.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    bands: list[Band]
    articles: NDArray[np.uint32]


def sketch(corpus: Corpus, ranks: NDArray[np.uint32], *, threads: int, progress: Progress) -> Sketches:
    """Take site furniture out, and sketch the windows of all articles.

    Parameters
    ----------
    ranks : ndarray of shape (n_articles,), dtype uint32
        The place of each article among the sorted ids.
    """
    scratch, settings = corpus.scratch, corpus.settings
    hashes, flags = corpus.rewrite_tokens()
    bands = [
        Band(scratch.column(f"band-{number}", np.uint32), scratch.column(f"tails-{number}", np.uint8))
        for number in range(settings.bands)
    ]
    articles = scratch.column("windows", np.uint32)
    lengths = [np.zeros(0, np.int64)]
    done = 0

    def work(block: tuple[int, int]) -> tuple[Tokens, NDArray[np.uint32], NDArray[np.uint8], Ranks]:
        start, end = block
        tokens = compared_tokens(
            corpus.tokens(start, end), corpus.source_hashes[start:end], corpus.background, settings
        )
        signatures = _signatures(tokens, corpus, settings)
        keys = band_keys(signatures, _functions(settings), bands=settings.bands, rows=settings.rows)
        tails = key_tails(signatures, bands=settings.bands, rows=settings.rows)
        of_window = _articles(tokens, settings)
        drop_repeated(keys, tails, of_window)
        return tokens, keys, tails, ranks[start:end][of_window]

    for tokens, keys, tails, of_window in map_in_order(work, corpus.blocks(), threads):
        hashes.append(tokens.hashes)
        flags.append(tokens.flags)
        lengths.append(np.diff(tokens.offsets))
        for band, values, ends in zip(bands, keys, tails, strict=True):
            band.keys.append(values)
            band.tails.append(ends)
        articles.append(of_window)
        done += len(tokens)
        progress("sketching", done, len(corpus))
    for band in bands:
        band.keys.close()
        band.tails.close()
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    return Sketches(hashes.read(), flags.read(), offsets, bands, articles.read())


def keys_of(
    tokens: Tokens, corpus: ComparisonContext, settings: Settings
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The band keys of the windows of some articles, and the article of each window.

    Returns
    -------
    keys : ndarray of shape (bands, n_windows), dtype uint32
    articles : ndarray of shape (n_windows,), dtype int64
    """
    keys = band_keys(
        _signatures(tokens, corpus, settings), _functions(settings), bands=settings.bands, rows=settings.rows
    )
    return keys, _articles(tokens, settings)


def _signatures(tokens: Tokens, corpus: ComparisonContext, settings: Settings) -> NDArray[np.uint32]:
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
    return sign_windows(
        shingles,
        tokens.offsets,
        shingle_words=settings.shingle_words,
        passage_words=settings.passage_words,
        permutations=_functions(settings),
        common=corpus.background.common(shingles, settings),
    )


def _functions(settings: Settings) -> NDArray[np.uint32]:
    return permutations(settings.bands * settings.rows, settings.seed)


def _articles(tokens: Tokens, settings: Settings) -> NDArray[np.int64]:
    """The article of each window."""
    return cut_windows(
        tokens.offsets, passage_words=settings.passage_words, shingle_words=settings.shingle_words
    ).articles


def join(
    sketches: Sketches,
    sources: NDArray[np.uint32],
    settings: Settings,
    *,
    scratch: Scratch,
    threads: int,
    progress: Progress,
) -> CandidatePairs:
    """The candidate pairs, one band at a time.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        The source of each article, by its rank.
    scratch : Scratch
        Knows how many bytes the process should stay under.

    Returns
    -------
    CandidatePairs
        Articles by their rank.
    """
    sets = [
        PairSet(sources=sources, scope=settings.scope, max_bucket=settings.max_bucket) for _ in range(threads)
    ]
    # A band's windows are laid out as words of 8 bytes, in so many parts that they take a quarter of the
    # memory.
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
    return CandidatePairs.union(found)
