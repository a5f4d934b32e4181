"""The second pass: what is compared, its passages' band keys on disk, and the candidate pairs they give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.candidates import CandidatePairs, PairSet
from dedup.compared import Terms
from dedup.corpus import Corpus, Progress, compared_tokens
from dedup.lsh import band_keys
from dedup.minhash import permutations, shingle_hashes, sign_passages
from dedup.passages import cut_passages
from dedup.scratch import Column
from dedup.settings import Settings
from dedup.tokens import Tokens
from dedup.workers import map_in_order


@dataclass(frozen=True, slots=True)
class Sketches:
    """The corpus as it is compared.

    Attributes
    ----------
    hashes, flags, offsets
        The tokens without site furniture (or with it marked), memory-mapped, in the order of the articles.
    bands : list of Column
        The keys of each band, one a passage.
    articles : ndarray of shape (n_passages,), dtype uint32
        The article of each passage, by its rank among the ids.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    bands: list[Column]
    articles: NDArray[np.uint32]


def sketch(corpus: Corpus, ranks: NDArray[np.uint32], *, threads: int, progress: Progress) -> Sketches:
    """Take site furniture out, and sketch the passages of all articles.

    Parameters
    ----------
    ranks : ndarray of shape (n_articles,), dtype uint32
        The place of each article among the sorted ids.
    """
    scratch, settings = corpus.scratch, corpus.settings
    hashes, flags = scratch.column("compared", np.uint32), scratch.column("compared-flags", np.uint8)
    bands = [scratch.column(f"band-{number}", np.uint32) for number in range(settings.bands)]
    articles = scratch.column("passages", np.uint32)
    lengths = [np.zeros(0, np.int64)]

    def work(block: tuple[int, int]) -> tuple[Tokens, NDArray[np.uint32], NDArray[np.uint32]]:
        start, end = block
        tokens = compared_tokens(
            corpus.tokens(start, end), corpus.source_hashes[start:end], corpus.background, settings
        )
        keys, of_passage = keys_of(tokens, corpus, settings)
        return tokens, keys, ranks[start:end][of_passage]

    for tokens, keys, of_passage in map_in_order(work, corpus.blocks(), threads):
        hashes.append(tokens.hashes)
        flags.append(tokens.flags)
        lengths.append(np.diff(tokens.offsets))
        for band, values in zip(bands, keys, strict=True):
            band.append(values)
        articles.append(of_passage)
        progress("sketching", sum(map(len, lengths)), len(corpus))
    for band in bands:
        band.close()
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    return Sketches(hashes.read(), flags.read(), offsets, bands, articles.read())


def keys_of(
    tokens: Tokens, corpus: Terms, settings: Settings
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The band keys of the passages of some articles, and the article of each passage.

    Returns
    -------
    keys : ndarray of shape (bands, n_passages), dtype uint32
    articles : ndarray of shape (n_passages,), dtype int64
    """
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
    functions = permutations(settings.bands * settings.rows, settings.seed)
    signatures = sign_passages(
        shingles,
        tokens.offsets,
        shingle_words=settings.shingle_words,
        passage_words=settings.passage_words,
        permutations=functions,
        common=corpus.background.common(shingles, settings),
    )
    keys = band_keys(signatures, functions, bands=settings.bands, rows=settings.rows)
    passages = cut_passages(
        tokens.offsets, passage_words=settings.passage_words, shingle_words=settings.shingle_words
    )
    return keys, passages.articles


def join(
    sketches: Sketches,
    sources: NDArray[np.uint32],
    settings: Settings,
    *,
    memory: int,
    threads: int,
    progress: Progress,
) -> CandidatePairs:
    """The candidate pairs, one band at a time.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
        The source of each article, by its rank.
    memory : int
        Bytes that the process should stay under.

    Returns
    -------
    CandidatePairs
        Articles by their rank.
    """
    sets = [
        PairSet(sources=sources, scope=settings.scope, max_bucket=settings.max_bucket) for _ in range(threads)
    ]

    # A band's passages are laid out as words of 8 bytes, in so many parts that they take a quarter of the
    # memory.
    passages = len(sketches.articles)
    parts = min(2048, max(1, -(-32 * passages * threads // memory)))

    def work(part: int) -> CandidatePairs:
        for band in sketches.bands[part::threads]:
            sets[part].add_band(band.read(), sketches.articles, parts=parts)
            band.remove()
        return sets[part].sorted()

    found = []
    for number, part in enumerate(map_in_order(work, range(threads), threads)):
        found.append(part)
        progress("joining", number + 1, threads)
    return CandidatePairs.union(found)
