"""Why a pair of articles was found, or missed: each stage's answer, laid open for two articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from dedup.article import Article, Span
from dedup.background.tables import Background
from dedup.corpus.inspect import SignedArticles, sign_articles
from dedup.detector import compare
from dedup.explain.dropped import DroppedPassages, dropped_passages
from dedup.lsh.bands import NO_KEY, find_probability
from dedup.lsh.minhash import estimate_jaccard
from dedup.results import Overlap
from dedup.settings import Settings

#: So many pairs of passages are shown, the most alike first.
SHOWN_WINDOWS = 5


@dataclass(frozen=True, slots=True)
class ExplainedArticle:
    """What one article of the pair is cut into.

    Attributes
    ----------
    id, source : str
    words : int
        Its tokens.
    furniture_words : int
        Those of `words` that are site furniture, and therefore not sketched.
    shingles : int
        Different shingles of what is left.
    common_shingles : int
        Those of `shingles` that are phrases which everybody uses, and propose no candidates.
    passages : int
    """

    id: str
    source: str
    words: int
    furniture_words: int
    shingles: int
    common_shingles: int
    passages: int


@dataclass(frozen=True, slots=True)
class WindowPair:
    """Two passages that were sketched, one of each article.

    Attributes
    ----------
    a, b : Span
        Their places in the texts.
    jaccard : float
        Exact Jaccard similarity of their sets of shingles.
    estimate : float
        The share of their signatures that agrees, which estimates it.
    bands : tuple of int
        The bands that agree, from 0: any of them makes the pair a candidate.
    probability : float
        Of a band that agrees, at this Jaccard: ``1 - (1 - jaccard**rows)**bands``. What happens is a little
        rarer, since a band whose rows all name one shingle counts for nothing.
    """

    a: Span
    b: Span
    jaccard: float
    estimate: float
    bands: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Each stage's answer for one pair of articles.

    Attributes
    ----------
    a, b : ExplainedArticle
        `a.id` sorts before `b.id`.
    settings : Settings
    compared : bool
        Whether the scope lets these two be compared at all.
    shared_shingles : int
        Different shingles that both have, furniture aside.
    jaccard : float
        Exact Jaccard similarity of the two sets of shingles.
    closest : tuple of WindowPair
        The passages most alike, at most `SHOWN_WINDOWS` pairs; none without a shared shingle.
    candidate : bool
        Whether any two passages share a bucket.
    overlap : Overlap or None
        What alignment found and the thresholds left.
    dropped : tuple of DroppedPassages
        Those with most words first.
    reasons : tuple of str
        The chain in words, stage by stage; the last begins with "found" or "not found".
    """

    a: ExplainedArticle
    b: ExplainedArticle
    settings: Settings
    compared: bool
    shared_shingles: int
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
    """Say why a scan finds the pair, or at which stage it loses it.

    Parameters
    ----------
    a, b : Article
        In any order.
    settings : Settings, optional
    background : Background, optional
        Without one no phrase is common, and furniture is what the rules say.

    Examples
    --------
    >>> text = "The two leaders reviewed the entire array of bilateral ties including energy cooperation."
    >>> explain(Article(id="a", text=text), Article(id="b", text="Quite another report of rain.")).reasons[-1]
    'not found: the two share no shingle of 3 words'
    """
    settings = settings or Settings()
    a, b = sorted((a, b), key=lambda article: article.id)
    one, two = (sign_articles([article], settings, background=background) for article in (a, b))
    in_a, in_b = one.vocabulary(), two.vocabulary()
    shared = len(np.intersect1d(in_a, in_b))
    overlap = compare(a, b, settings, background=background)
    found = Explanation(
        a=_explained(a, one),
        b=_explained(b, two),
        settings=settings,
        compared=settings.scope == "all" or a.source != b.source,
        shared_shingles=shared,
        jaccard=shared / max(len(in_a) + len(in_b) - shared, 1),
        closest=_closest(one, two, settings),
        candidate=_share_a_bucket(one, two),
        overlap=overlap,
        dropped=tuple(dropped_passages(a, b, settings, overlap, background=background)),
        reasons=(),
    )
    return replace(found, reasons=tuple(_reasons(found)))


def _explained(article: Article, signed: SignedArticles) -> ExplainedArticle:
    return ExplainedArticle(
        id=article.id,
        source=article.source,
        words=signed.words,
        furniture_words=signed.furniture_words(),
        shingles=len(signed.vocabulary()),
        common_shingles=len(np.unique(signed.shingles[signed.starting & signed.common])),
        passages=len(signed.signatures),
    )


def _closest(one: SignedArticles, two: SignedArticles, settings: Settings) -> tuple[WindowPair, ...]:
    """The passages that are most alike, by a product of two sparse matrices: passages by shingles."""
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
    """Which passage has which shingle, shape (n_passages, n_shingles)."""
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
    """Whether any passage of one and any of the other agree in a band."""
    bands = zip(one.keys, two.keys, strict=True)
    return any(bool((np.intersect1d(a, b) != NO_KEY).any()) for a, b in bands)


def _reasons(found: Explanation) -> Iterator[str]:
    settings, closest = found.settings, found.closest
    if not found.compared:
        yield f"scope: both are of the source {found.a.source}, which a scan compares with scope = all only"
    for side in (found.a, found.b):
        yield (
            f"{side.id}: {side.words:,} words, {side.furniture_words:,} of them furniture; "
            f"{side.shingles:,} different shingles, {side.common_shingles:,} of them common phrases; "
            f"{side.passages:,} passages"
        )
    yield f"shingles: {found.shared_shingles:,} shared, Jaccard {found.jaccard:.3f}"
    if closest:
        agreed = len(closest[0].bands)
        yield (
            f"closest passages: Jaccard {closest[0].jaccard:.3f}, {agreed} of {settings.bands} bands agree; "
            f"two such passages share a bucket with a probability of {closest[0].probability:.3f}"
        )
    if found.overlap is not None:
        yield f"alignment: {len(found.overlap.passages)} passages, {found.overlap.words:,} words that agree"
    for drop in found.dropped[:SHOWN_WINDOWS]:
        place = f"{drop.passages.a_start:,}–{drop.passages.a_end:,} of {found.a.id}"
        yield f"dropped: {place}: {drop.reason}"
    if len(found.dropped) > SHOWN_WINDOWS:
        yield f"dropped: {len(found.dropped) - SHOWN_WINDOWS:,} more, with fewer words"
    yield _conclusion(found)


def _conclusion(found: Explanation) -> str:
    """The first stage that lost the pair, or what was found."""
    width = found.settings.shingle_words
    for side in (found.a, found.b):
        if not side.shingles:
            return (
                f"not found: {side.id} has no {width} words in a row outside furniture, so it has no shingle"
            )
    if not found.compared:
        return "not found: the scope does not compare the two"
    if not found.shared_shingles:
        return f"not found: the two share no shingle of {width} words"
    if not found.candidate:
        return "not found: no two passages share a bucket; more bands or fewer rows find less similar ones"
    if found.overlap is None:
        what = "the thresholds dropped all of it" if found.dropped else "alignment found nothing"
        return f"not found: the two share a bucket, but {what}"
    return f"found: {found.overlap.relation}; {'; '.join(found.overlap.reasons)}"
