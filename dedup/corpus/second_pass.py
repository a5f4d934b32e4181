"""The second pass: the compared tokens, and the band keys of their windows, on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.first_pass import Corpus
from dedup.corpus.prepare import ComparedTokens, compared_tokens
from dedup.corpus.protocols import ComparisonContext
from dedup.lsh.bands import NO_KEY, band_keys, drop_repeated, key_tails
from dedup.lsh.minhash import permutations, shingle_hashes, sign_windows
from dedup.lsh.vocabulary import lengthen_shingles, sign_whole
from dedup.lsh.windows import Windows, cut_windows
from dedup.runtime.progress import Progress
from dedup.runtime.scratch import Column, Scratch
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings


class Band(NamedTuple):
    """The windows' keys in one band (from `band_keys`), and their `key_tails`."""

    keys: Column
    tails: Column


@dataclass(frozen=True, slots=True)
class Sketches:
    """The windows of the corpus, as band keys.

    Attributes
    ----------
    bands : list of Band
    articles : ndarray of shape (n_windows,), dtype uint32
        The article of each window, as its rank among the ids.
    """

    bands: list[Band]
    articles: NDArray[np.uint32]


class WindowKeys(NamedTuple):
    """The windows of some articles.

    Attributes
    ----------
    keys : ndarray of shape (bands, n_windows), dtype uint32
        From `dedup.lsh.bands.band_keys`, without keys that the next window of the article repeats.
    tails : ndarray of shape (bands, n_windows), dtype uint8
        From `dedup.lsh.bands.key_tails`.
    articles : ndarray of shape (n_windows,), dtype int64
        The article of each window.
    """

    keys: NDArray[np.uint32]
    tails: NDArray[np.uint8]
    articles: NDArray[np.int64]


class Signed(NamedTuple):
    """The signatures of some articles, and the shingles that they were made of.

    Attributes
    ----------
    shingles : ndarray of shape (n_tokens,), dtype uint32
        The shingle that starts at each token.
    common : ndarray of shape (n_tokens,), dtype bool
        Which of the shingles are common.
    signatures : ndarray of shape (n_windows, bands * rows), dtype uint32
        In Fortran order.
    """

    shingles: NDArray[np.uint32]
    common: NDArray[np.bool_]
    signatures: NDArray[np.uint32]


class _Sketched(NamedTuple):
    """A block of articles: its compared tokens, and the keys, tails and article of each window."""

    tokens: ComparedTokens
    keys: NDArray[np.uint32]
    tails: NDArray[np.uint8]
    articles: NDArray[np.uint32]


def sketch(
    corpus: Corpus, ranks: NDArray[np.uint32], *, threads: int, progress: Progress
) -> tuple[ComparedTokens, Sketches]:
    """Remove site furniture, and sketch the windows of all articles.

    The compared tokens replace the whole ones on disk.

    Parameters
    ----------
    ranks : ndarray of shape (n_articles,), dtype uint32
        The place of each article among the sorted ids.
    """
    replacement = corpus.tokens.replace()
    writer = _SketchWriter(corpus.scratch, corpus.settings.bands)
    done = 0

    def work(block: tuple[int, int]) -> _Sketched:
        return _sketch_block(corpus, ranks, *block)

    for part in map_in_order(work, corpus.tokens.blocks(), threads):
        replacement.append(part.tokens)
        writer.append(part)
        done += len(part.tokens)
        progress("sketching", done, len(corpus))
    sketches = writer.close()
    return replacement.close(), sketches


def _sketch_block(corpus: Corpus, ranks: NDArray[np.uint32], start: int, end: int) -> _Sketched:
    tokens = compared_tokens(corpus.tokens.block(start, end), corpus.source_hashes[start:end], corpus)
    windows = window_keys(tokens, corpus)
    return _Sketched(tokens, windows.keys, windows.tails, ranks[start:end][windows.articles])


def window_keys(tokens: ComparedTokens, context: ComparisonContext) -> WindowKeys:
    """Sketch the windows of some articles: their keys and the keys' tails."""
    settings = context.settings
    signatures = sign(tokens, context).signatures
    keys = band_keys(signatures, _functions(settings), bands=settings.bands, rows=settings.rows)
    tails = key_tails(signatures, bands=settings.bands, rows=settings.rows)
    windows = _windows(tokens, settings)
    drop_repeated(keys, tails, windows.articles)
    return _with_shortest(tokens, settings, windows, WindowKeys(keys, tails, windows.articles))


def _with_shortest(
    tokens: ComparedTokens, settings: Settings, windows: Windows, found: WindowKeys
) -> WindowKeys:
    """Add a window for each article without two shingles; equal ones share its first key."""
    lengths = tokens.lengths
    shortest = np.flatnonzero((lengths > 0) & (lengths <= settings.shingle_words))
    if not len(shortest):
        return found
    without = shortest[lengths[shortest] < settings.shingle_words]
    places = windows.offsets[without]
    keys = np.insert(found.keys, places, NO_KEY, axis=1)
    tails = np.insert(found.tails, places, 0, axis=1)
    articles = np.insert(found.articles, places, without)
    signed = sign_whole(tokens.hashes, tokens.offsets, shortest, 2)
    own = np.searchsorted(articles, shortest)
    keys[0, own] = np.maximum(signed[:, 0], 1)
    tails[0, own] = signed[:, 1] & 0xFF
    return WindowKeys(keys, tails, articles)


class _SketchWriter:
    """Writes sketches to disk: one column for the keys of each band, and one for their tails."""

    def __init__(self, scratch: Scratch, bands: int) -> None:
        self._bands = [
            Band(scratch.column(f"band-{number}", np.uint32), scratch.column(f"tails-{number}", np.uint8))
            for number in range(bands)
        ]
        self._articles = scratch.column("windows", np.uint32)

    def append(self, part: _Sketched) -> None:
        for band, keys, tails in zip(self._bands, part.keys, part.tails, strict=True):
            band.keys.append(keys)
            band.tails.append(tails)
        self._articles.append(part.articles)

    def close(self) -> Sketches:
        for band in self._bands:
            band.keys.close()
            band.tails.close()
        return Sketches(self._bands, self._articles.read())


def keys_of(
    tokens: ComparedTokens, context: ComparisonContext
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the band keys of the windows of some articles, and the article of each window.

    Returns
    -------
    keys : ndarray of shape (bands, n_windows), dtype uint32
    articles : ndarray of shape (n_windows,), dtype int64
    """
    settings = context.settings
    signatures = sign(tokens, context).signatures
    keys = band_keys(signatures, _functions(settings), bands=settings.bands, rows=settings.rows)
    windows, tails = _windows(tokens, settings), np.zeros((settings.bands, signatures.shape[0]), np.uint8)
    found = _with_shortest(tokens, settings, windows, WindowKeys(keys, tails, windows.articles))
    return found.keys, found.articles


def sign(tokens: ComparedTokens, context: ComparisonContext) -> Signed:
    """Sign the windows of some articles."""
    settings = context.settings
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
    poor = lengthen_shingles(tokens.hashes, tokens.offsets, shingles, settings.shingle_words)
    common = context.background.common(shingles, settings)
    signatures = sign_windows(
        shingles,
        tokens.offsets,
        shingle_words=settings.shingle_words,
        passage_words=settings.passage_words,
        permutations=_functions(settings),
        common=common,
    )
    if poor.any():
        # A text of one word has one shingle, which gives no key. Its copies are found by the first band.
        windows = _windows(tokens, settings).offsets
        rows = np.flatnonzero(poor & (np.diff(windows) > 0))
        signatures[windows[rows], : settings.rows] = sign_whole(
            tokens.hashes, tokens.offsets, rows, settings.rows
        )
    return Signed(shingles, common, signatures)


def _functions(settings: Settings) -> NDArray[np.uint32]:
    return permutations(settings.bands * settings.rows, settings.seed)


def _windows(tokens: ComparedTokens, settings: Settings) -> Windows:
    return cut_windows(
        tokens.offsets, passage_words=settings.passage_words, shingle_words=settings.shingle_words
    )
