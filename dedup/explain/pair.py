"""Why a pair of articles was found or missed: the answer of each stage for two articles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from dedup.article import Article, Span
from dedup.background.tables import Background
from dedup.corpus.inspect import SignedArticles, sign_articles
from dedup.detector import compare
from dedup.explain.dropped import DroppedPassages, dropped_passages
from dedup.explain.reasons import SHOWN_WINDOWS, reasons
from dedup.lsh.bands import NO_KEY, find_probability
from dedup.lsh.minhash import estimate_jaccard
from dedup.results import Overlap
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class ExplainedArticle:
    """What one article of the pair is cut into.

    Attributes
    ----------
    id, source : str
    words : int
        Number of its tokens.
    furniture_words : int
        Number of those that are site furniture, and therefore not sketched.
    repeated_words : int
        How many of `furniture_words` are in sentences that the article's source repeats, according to the
        background.
    shingles : int
        Number of distinct shingles in the rest.
    common_shingles : int
        How many of `shingles` are common phrases, which propose no candidates.
    passages : int
    """

    id: str
    source: str
    words: int
    furniture_words: int
    repeated_words: int
    shingles: int
    common_shingles: int
    passages: int


@dataclass(frozen=True, slots=True)
class WindowPair:
    """Two sketched windows, one of each article.

    Attributes
    ----------
    a, b : Span
        Their places in the texts, in characters.
    jaccard : float
        Exact Jaccard similarity of their sets of shingles.
    estimate : float
        The share of equal values in their signatures, which estimates it.
    bands : tuple of int
        The bands that agree, counted from 0. Any of them makes the pair a candidate.
    probability : float
        The probability that a band agrees at this Jaccard similarity: ``1 - (1 - jaccard**rows)**bands``. The
        actual probability is slightly lower, because a band whose rows all come from one shingle does not
        count.
    """

    a: Span
    b: Span
    jaccard: float
    estimate: float
    bands: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer of each stage for one pair of articles.

    Attributes
    ----------
    a, b : ExplainedArticle
        `a.id` sorts before `b.id`.
    settings : Settings
    compared : bool
        Whether the scope allows these two articles to be compared at all.
    shared_shingles : int
        Number of distinct shingles that both have, without furniture.
    shared_common : int
        How many of `shared_shingles` are common phrases.
    longest_run : int
        The longest run of words that both have, without furniture.
    jaccard : float
        Exact Jaccard similarity of the two sets of shingles.
    closest : tuple of WindowPair
        The most similar windows, at most `SHOWN_WINDOWS` pairs; none without a shared shingle.
    candidate : bool
        Whether any two windows share a bucket.
    overlap : Overlap or None
        What alignment found and the thresholds kept.
    dropped : tuple of DroppedPassages
        Dropped passages, those with most words first.
    reasons : tuple of str
        The answer in words, which begins with "found" or "not found", and then the chain of reasons, stage by
        stage.
    """

    a: ExplainedArticle
    b: ExplainedArticle
    settings: Settings
    compared: bool
    shared_shingles: int
    shared_common: int
    longest_run: int
    jaccard: float
    closest: tuple[WindowPair, ...]
    candidate: bool
    overlap: Overlap | None
    dropped: tuple[DroppedPassages, ...]
    reasons: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether a scan with these settings reports the pair."""
        return self.compared and self.candidate and self.overlap is not None


def explain(
    a: Article, b: Article, settings: Settings | None = None, *, background: Background | None = None
) -> Explanation:
    """Explain why a scan finds the pair, or at which stage it loses the pair.

    Parameters
    ----------
    a, b : Article
        In any order.
    settings : Settings, optional
    background : Background, optional
        Without one, no phrase is common, and only the rules decide what is furniture.

    Examples
    --------
    >>> text = "The two leaders reviewed the entire array of bilateral ties including energy cooperation."
    >>> explain(Article(id="a", text=text), Article(id="b", text="Quite another report of rain.")).reasons[0]
    'not found: the two share no three words in a row'
    """
    settings = settings or Settings()
    a, b = sorted((a, b), key=lambda article: article.id)
    one, two = (sign_articles([article], settings, background=background) for article in (a, b))
    in_a, in_b = one.vocabulary(), two.vocabulary()
    shared = len(np.intersect1d(in_a, in_b))
    overlap = compare(a, b, settings, background=background)
    found = Explanation(
        a=_explained(a, one, settings),
        b=_explained(b, two, settings),
        settings=settings,
        compared=settings.scope == "all" or a.source != b.source,
        shared_shingles=shared,
        shared_common=len(np.intersect1d(in_a, np.intersect1d(_common(one), _common(two)))),
        longest_run=_longest_run(one.tokens.hashes, two.tokens.hashes),
        jaccard=shared / max(len(in_a) + len(in_b) - shared, 1),
        closest=_closest(one, two, settings),
        candidate=_share_a_bucket(one, two),
        overlap=overlap,
        dropped=tuple(dropped_passages(a, b, settings, overlap, background=background)),
        reasons=(),
    )
    return replace(found, reasons=tuple(reasons(found)))


def _common(signed: SignedArticles) -> NDArray[np.uint32]:
    """Return the distinct shingles that are common phrases."""
    return np.unique(signed.shingles[signed.starting & signed.common])


def _longest_run(one: NDArray[np.uint32], two: NDArray[np.uint32]) -> int:
    """Return the length in words of the longest run that two texts have in common."""
    longest, before = 0, np.zeros(len(two) + 1, np.int64)
    for word in one.tolist():
        here = np.zeros_like(before)
        here[1:] = np.where(two == word, before[:-1] + 1, 0)
        longest, before = max(longest, int(here.max())), here
    return longest


def _explained(article: Article, signed: SignedArticles, settings: Settings) -> ExplainedArticle:
    ruled = sign_articles([article], settings).furniture_words()
    return ExplainedArticle(
        id=article.id,
        source=article.source,
        words=signed.words,
        furniture_words=signed.furniture_words(),
        repeated_words=signed.furniture_words() - ruled,
        shingles=len(signed.vocabulary()),
        common_shingles=len(_common(signed)),
        passages=len(signed.signatures),
    )


def _closest(one: SignedArticles, two: SignedArticles, settings: Settings) -> tuple[WindowPair, ...]:
    """Return the most similar windows, by a product of two sparse matrices of windows and shingles."""
    vocabulary = np.union1d(one.shingles, two.shingles)
    first, second = (_incidence(each, settings.shingle_words, vocabulary) for each in (one, two))
    shared = coo_array(first @ second.T)
    sizes_a, sizes_b = first.sum(axis=1), second.sum(axis=1)
    jaccards = shared.data / (sizes_a[shared.row] + sizes_b[shared.col] - shared.data)
    best = np.lexsort((shared.col, shared.row, -jaccards))[:SHOWN_WINDOWS]
    places_a, places_b = one.spans(), two.spans()
    return tuple(
        WindowPair(
            a=places_a[i],
            b=places_b[j],
            jaccard=float(jaccard),
            estimate=estimate_jaccard(one.signatures[i], two.signatures[j]),
            bands=tuple(np.flatnonzero(_agree(one.keys[:, i], two.keys[:, j])).tolist()),
            probability=float(find_probability(jaccard, bands=settings.bands, rows=settings.rows)),
        )
        for i, j, jaccard in zip(shared.row[best], shared.col[best], jaccards[best], strict=True)
    )


def _incidence(signed: SignedArticles, width: int, vocabulary: NDArray[np.uint32]) -> csr_array:
    """Return which window has which shingle, as a matrix of shape (n_windows, n_shingles)."""
    counts = signed.windows.ends - signed.windows.starts - (width - 1)
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = np.searchsorted(vocabulary, signed.shingles[signed.windows.starts[rows] + within])
    cells = np.unique(np.stack([rows, columns]), axis=1)
    ones = np.ones(cells.shape[1], np.int64)
    return csr_array((ones, (cells[0], cells[1])), shape=(len(counts), len(vocabulary)))


def _agree(one: NDArray[np.uint32], two: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return np.asarray((one == two) & (one != NO_KEY))


def _share_a_bucket(one: SignedArticles, two: SignedArticles) -> bool:
    """Whether any window of one and any of the other agree in a band, or both are equal and short."""
    if len(one.tokens.hashes) > 0 and np.array_equal(one.tokens.hashes, two.tokens.hashes):
        return True
    bands = zip(one.keys, two.keys, strict=True)
    return any(bool((np.intersect1d(a, b) != NO_KEY).any()) for a, b in bands)
