"""The probability that a shared passage of n words, e % of them changed, is found under the settings.

There are two answers. The measured one sends synthetic articles, whose words all differ except for one
planted run, through the stages of a scan: shingles, windows, MinHash, band keys, the join, and alignment with
its thresholds. The closed form is exact, but only for one pair of windows: the two that share most of the
run. Each further pair of windows that shares a part of it adds to the chance, so the closed form is a lower
bound on the probability of becoming a candidate.

The model: the run is at a random place in each of two otherwise unrelated articles, and each of its words is
changed in one of them with the same probability, independently. A shingle of w words then survives with
probability ``(1 - e)**w``, and neighbours survive together. Site furniture and common phrases are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.background.tables import Background
from dedup.corpus.prepare import ComparedTokens
from dedup.corpus.protocols import Terms
from dedup.corpus.second_pass import keys_of
from dedup.lsh.pairs import PairSet
from dedup.overlaps.align import align
from dedup.runtime.progress import silent
from dedup.settings import Settings
from dedup.text.word_hashes import SHORT

#: The lengths, and the shares of changed words, that are shown.
WORDS = (15, 25, 40, 60, 100, 200, 400)
RATES = (0.0, 0.05, 0.1, 0.2, 0.3)
#: Pairs of articles for each length and rate; the standard error is at most 0.016.
SAMPLES = 1000
#: Two words in five have three letters or fewer in English news; alignment weighs them less.
_SHORT_WORDS = 0.4
#: Number of signature values that are held at once: 64 MB.
_VALUES_AT_ONCE = 1 << 24

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """Probabilities as tables with one row per length of a run and one column per rate of change.

    Attributes
    ----------
    settings : Settings
    words : tuple of int
    rates : tuple of float
        In [0, 1].
    samples : int
        Pairs of articles behind each measured probability.
    found : tuple of tuples of float
        Measured: the two articles become a candidate pair, and alignment reports them.
    proposed : tuple of tuples of float
        Measured: they become a candidate pair.
    one_pair : tuple of tuples of float
        Closed form: they would become a candidate pair by the best pair of windows alone.
    """

    settings: Settings
    words: tuple[int, ...]
    rates: tuple[float, ...]
    samples: int
    found: Table
    proposed: Table
    one_pair: Table

    @property
    def standard_error(self) -> float:
        """The largest standard error of a measured probability: ``0.5 / sqrt(samples)``."""
        return 0.5 / float(np.sqrt(self.samples))


def promise(
    settings: Settings | None = None,
    *,
    words: Sequence[int] = WORDS,
    rates: Sequence[float] = RATES,
    samples: int = SAMPLES,
) -> Promise:
    """Compute what the settings find.

    Parameters
    ----------
    settings : Settings, optional
    words : sequence of int
        Lengths of the shared run, at least 1.
    rates : sequence of float
        Shares of the run's words that are changed, in [0, 1].
    samples : int
        Pairs of articles for each length and rate. They are the same each time, so the result does not vary.

    Examples
    --------
    >>> told = promise(words=[10, 100], rates=[0, 0.9], samples=50)
    >>> told.found
    ((0.0, 0.0), (1.0, 0.0))
    """
    settings = settings or Settings()
    counted = [[_measured(settings, length, rate, samples) for rate in rates] for length in words]
    return Promise(
        settings=settings,
        words=tuple(words),
        rates=tuple(rates),
        samples=samples,
        found=tuple(tuple(found for _, found in row) for row in counted),
        proposed=tuple(tuple(proposed for proposed, _ in row) for row in counted),
        one_pair=tuple(
            tuple(best_pair_probability(length, rate, settings) for rate in rates) for length in words
        ),
    )


def best_pair_probability(words: int, rate: float, settings: Settings) -> float:
    """Return the probability that the two windows which share most of a run agree in a band.

    Averaged over all places that the run can have on either article's grid of windows. A band counts if
    its rows agree and name more than one shingle, as in `dedup.lsh.bands.band_keys`.

    Examples
    --------
    >>> wide = Settings(shingle_words=4, passage_words=24, bands=12, rows=2)
    >>> [round(best_pair_probability(60, rate, wide), 3) for rate in (0, 0.1, 0.3)]
    [0.999, 0.766, 0.184]
    """
    half = settings.passage_words // 2
    shingles = max(words - settings.shingle_words + 1, 0)
    if shingles == 0:
        return 0.0
    shared = _most_shared(shingles, half)
    agree = _agreement(int(shared.max()), rate, settings)
    return float(agree[shared].mean())


def _most_shared(shingles: int, half: int) -> NDArray[np.int64]:
    """Count the shingles of the run in the two windows that share most of it, for all places on both grids.

    Windows start every `half` shingles and hold ``2 * half``. The shape is (half, half).
    """
    steps = np.arange(-2, shingles // half + 1) * half
    starts = steps[None, :] + np.arange(half)[:, None]  # (place, window), counted from the run's start
    ends = np.minimum(starts + 2 * half, shingles)
    starts = np.maximum(starts, 0)
    best = np.zeros((half, half), np.int64)
    for start, end in zip(starts.T, ends.T, strict=True):  # each window of one article with all of the other
        last = np.minimum(end[:, None, None], ends[None])
        first = np.maximum(start[:, None, None], starts[None])
        np.maximum(best, (last - first).max(axis=2), out=best)
    return best


def _agreement(most: int, rate: float, settings: Settings) -> NDArray[np.float64]:
    """Return the probability that two windows that share 0, 1 … `most` consecutive shingles agree in a band.

    Of c consecutive shingles, s survive the changes; the distribution of s is computed word by word, with the
    number of words since the last change as the state. The Jaccard similarity at s is ``s / (2 * size - s)``.
    """
    width, size = settings.shingle_words, settings.passage_words // 2 * 2
    survivors = np.arange(most + 1)
    bands = _band_agreement(survivors, size, settings)
    state = np.zeros((width + 1, most + 1))  # (words since the last change, at most the width; survivors)
    state[0, 0] = 1.0
    agree = np.zeros(most + 1)
    for word in range(1, most + width):
        after = np.zeros_like(state)
        after[0] = rate * state.sum(axis=0)
        after[1:width] = (1 - rate) * state[: width - 1]
        after[width, 1:] = (1 - rate) * (state[width - 1, :-1] + state[width, :-1])
        state = after
        if word >= width:
            agree[word - width + 1] = float(state.sum(axis=0) @ bands)
    return agree


def _band_agreement(survivors: NDArray[np.int64], size: int, settings: Settings) -> NDArray[np.float64]:
    """Return ``1 - (1 - p)**bands``, where p is ``j**rows`` minus the case of a single shingle."""
    jaccard = survivors / (2 * size - survivors)
    several = 1.0 - np.maximum(survivors, 1.0) ** (1 - settings.rows) if settings.rows > 1 else 1.0
    return np.asarray(1.0 - (1.0 - jaccard**settings.rows * several) ** settings.bands)


def _measured(settings: Settings, words: int, rate: float, samples: int) -> tuple[float, float]:
    """Return the shares of the sampled pairs that become candidates, and that are found."""
    terms = Terms(Background.empty(settings.shingle_words), settings)
    proposed = found = 0
    for tokens in _planted(settings, words, rate, samples):
        pairs = _candidates(tokens, terms)
        proposed += len(pairs)
        found += len(_reported(tokens, pairs, terms))
    return proposed / samples, found / samples


def _planted(settings: Settings, words: int, rate: float, samples: int) -> Iterator[ComparedTokens]:
    """Yield batches of articles in which 0 and 1, 2 and 3, … share a run.

    The random numbers are the same for each rate, so that a higher rate changes the same words and more.
    """
    half, margin = settings.passage_words // 2, settings.passage_words
    length = 2 * margin + half + words
    values = 2 * (length // half + 1) * settings.bands * settings.rows
    at_once = max(1, min(samples, _VALUES_AT_ONCE // values))
    for number, first in enumerate(range(0, samples, at_once)):
        rng = np.random.default_rng([settings.seed, words, number])
        pairs = min(at_once, samples - first)
        articles = _words(rng, (pairs, 2, length))
        places = margin + rng.integers(0, half, (pairs, 2))
        run, changed = _words(rng, (pairs, words)), _words(rng, (pairs, words))
        edited = np.where(rng.random((pairs, words)) < rate, changed, run)
        rows, columns = np.arange(pairs)[:, None], np.arange(words)[None, :]
        for side, text in enumerate((run, edited)):
            articles[rows, side, places[:, side, None] + columns] = text
        offsets = np.arange(2 * pairs + 1, dtype=np.int64) * length
        yield ComparedTokens(articles.ravel(), np.zeros(articles.size, np.uint8), offsets)


def _words(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.uint32]:
    """Draw hashes of words, which are all different except by rare chance."""
    drawn = rng.integers(0, 1 << 30, shape, np.uint32) << np.uint32(2)
    return np.asarray(drawn | np.where(rng.random(shape) < _SHORT_WORDS, SHORT, np.uint32(0)))


def _candidates(tokens: ComparedTokens, terms: Terms) -> NDArray[np.int64]:
    """Return the first articles of the planted pairs that share a bucket."""
    keys, articles = keys_of(tokens, terms)
    alone = np.arange(len(tokens), dtype=np.uint32)
    joined = PairSet(sources=alone, scope="all", max_bucket=terms.settings.max_bucket)
    for band in keys:
        joined.add_band(band, articles.astype(np.uint32))
    pairs = joined.sorted()
    planted = (pairs.a % 2 == 0) & (pairs.b == pairs.a + 1)
    return np.asarray(pairs.a[planted], np.int64)


def _reported(tokens: ComparedTokens, pairs: NDArray[np.int64], terms: Terms) -> NDArray[np.int64]:
    """Return the candidate pairs in which alignment finds enough to report."""
    return align(terms, tokens, pairs, pairs + 1, threads=1, progress=silent).a
