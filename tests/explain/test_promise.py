"""The promised probabilities are those of a scan."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.explain.promise import Promise, best_pair_probability, promise
from dedup.lsh.bands import NO_KEY, band_keys
from dedup.lsh.minhash import permutations, shingle_hashes, sign_windows
from dedup.settings import Settings

PAIRS = 200


def invented(rng: random.Random, count: int) -> list[str]:
    """Return words of random letters, two in five of them short."""
    lengths = [3 if rng.random() < 0.4 else rng.randint(5, 9) for _ in range(count)]
    return ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length)) for length in lengths]


def planted(rng: random.Random, run: list[str]) -> str:
    """Return a text of sentences that contains the run somewhere."""
    words = invented(rng, rng.randint(60, 120)) + run + invented(rng, rng.randint(60, 120))
    sentences = [" ".join(words[i : i + 12]).capitalize() for i in range(0, len(words), 12)]
    return ". ".join(sentences) + "."


def measured_recall(words: int, rate: float, settings: Settings) -> float:
    """Return the share of planted pairs that a scan of all of them reports."""
    rng = random.Random(f"{words} {rate}")
    articles: list[Article] = []
    for number in range(PAIRS):
        run = invented(rng, words)
        edited = [invented(rng, 1)[0] if rng.random() < rate else word for word in run]
        for side, text in (("a", run), ("b", edited)):
            name = f"{number:03}{side}"
            articles.append(Article(id=name, source=name, text=planted(rng, text)))
    found = {(overlap.a, overlap.b) for overlap in find_overlaps(articles, settings).overlaps}
    wanted = {(f"{number:03}a", f"{number:03}b") for number in range(PAIRS)}
    assert found <= wanted
    return len(found) / PAIRS


@pytest.mark.parametrize(
    ("words", "rate", "changes"),
    [
        (25, 0.0, {}),
        (25, 0.2, {}),
        (40, 0.3, {}),
        (60, 0.3, {"bands": 8}),
        (40, 0.1, {"rows": 4, "shingle_words": 4}),
        (60, 0.2, {"passage_words": 96}),
        (40, 0.2, {"min_overlap_words": 32}),
    ],
)
def test_the_promise_is_the_recall_of_a_scan(words: int, rate: float, changes: dict[str, int]) -> None:
    settings = Settings(**changes)  # type: ignore[arg-type]
    told = promise(settings, words=[words], rates=[rate], samples=1000).found[0][0]
    recall = measured_recall(words, rate, settings)
    error = np.sqrt(max(told * (1 - told), 0.01) * (1 / PAIRS + 1 / 1000))
    assert abs(told - recall) < 3.5 * error


@pytest.fixture(scope="module")
def usual() -> Promise:
    return promise(samples=400)


def test_more_words_help_and_more_changes_hurt(usual: Promise) -> None:
    for table in (usual.found, usual.proposed, usual.one_pair):
        rows = np.array(table)
        assert rows.shape == (len(usual.words), len(usual.rates))
        assert (np.diff(rows, axis=1) <= 0.01).all()
        assert (np.diff(rows, axis=0) >= -3 * usual.standard_error).all()
        assert ((rows >= 0) & (rows <= 1)).all()
    assert (np.array(usual.found) <= np.array(usual.proposed)).all()


@pytest.mark.parametrize(
    "changes",
    [{}, {"rows": 1, "bands": 4}, {"rows": 3, "bands": 30}, {"passage_words": 48}, {"shingle_words": 5}],
)
def test_the_closed_form_bounds_the_candidates_from_below(changes: dict[str, int]) -> None:
    told = promise(Settings(**changes), words=[15, 40, 100], samples=300)  # type: ignore[arg-type]
    error = 3.5 * told.standard_error
    assert (np.array(told.one_pair) <= np.array(told.proposed) + error).all()


def test_a_run_inside_one_pair_of_passages_is_told_exactly() -> None:
    """If the run has no more shingles than half a window, no second pair of windows shares more."""
    settings = Settings(passage_words=64, bands=4)
    told = promise(settings, words=[12], rates=[0.0], samples=4000)
    # Other pairs of windows share the same shingles beside other words: they add chances, but at most a few.
    assert told.one_pair[0][0] - 0.03 < told.proposed[0][0] < 3 * told.one_pair[0][0]


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("changes", [{"rows": 1}, {"rows": 2}, {"rows": 3, "bands": 40}])
def test_the_closed_form_against_every_pattern_of_changes(rate: float, changes: dict[str, int]) -> None:
    settings = Settings(passage_words=8, shingle_words=2, **changes)  # type: ignore[arg-type]
    words = 10
    wanted = float(np.mean([one_place(words, rate, x, y, settings) for x in range(4) for y in range(4)]))
    assert best_pair_probability(words, rate, settings) == pytest.approx(wanted, abs=1e-12)


def one_place(words: int, rate: float, x: int, y: int, settings: Settings) -> float:
    """Return the probability when the run starts `x` and `y` shingles into windows of 8, by brute force."""
    shingles = range(words - 1)
    passages = [[set(range(s - at, s - at + 8)) for s in range(-4, words + 8, 4)] for at in (x, y)]
    shared = max((one & two & set(shingles) for one, two in itertools.product(*passages)), key=len)
    total = 0.0
    for pattern in itertools.product([False, True], repeat=words):
        chance = float(np.prod([rate if changed else 1 - rate for changed in pattern]))
        alive = sum(not (pattern[i] or pattern[i + 1]) for i in shared)
        if alive:
            band = (alive / (16 - alive)) ** settings.rows
            band *= 1 - alive ** (1 - settings.rows) if settings.rows > 1 else 1
            total += chance * (1 - (1 - band) ** settings.bands)
    return total


def test_a_run_shorter_than_a_shingle_is_never_found() -> None:
    told = promise(Settings(shingle_words=6), words=[5], rates=[0.0], samples=50)
    assert (told.found, told.proposed, told.one_pair) == (((0.0,),), ((0.0,),), ((0.0,),))


def test_thresholds_of_alignment_count() -> None:
    told = promise(Settings(min_overlap_words=60), words=[40, 100], rates=[0.0], samples=100)
    assert told.proposed[0][0] > 0.95
    assert told.found == ((0.0,), (1.0,))


def test_the_answer_does_not_vary() -> None:
    one, two = (promise(words=[30], rates=[0.2], samples=100) for _ in range(2))
    assert one == two


def test_long_signatures_are_made_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = promise(words=[30], rates=[0.2], samples=1000)
    monkeypatch.setattr("dedup.explain.promise._VALUES_AT_ONCE", 40_000)
    parts = promise(words=[30], rates=[0.2], samples=1000)
    assert parts != whole
    assert abs(parts.proposed[0][0] - whole.proposed[0][0]) < 5 * whole.standard_error


@pytest.mark.parametrize("shared", [1, 4, 12])
def test_a_band_agrees_as_often_as_the_closed_form_says(shared: int) -> None:
    """The kernels themselves: two windows of 24 one-word shingles, some of them shared."""
    rng = np.random.default_rng(1)
    bands, pairs, size = 128, 400, 24
    tokens = rng.integers(0, 1 << 32, (pairs, 2, size), np.uint32)
    tokens[:, 1, :shared] = tokens[:, 0, :shared]
    offsets = np.arange(2 * pairs + 1, dtype=np.int64) * size
    functions = permutations(2 * bands, 1)
    shingles = shingle_hashes(tokens.ravel(), offsets, 1)
    signatures = sign_windows(shingles, offsets, shingle_words=1, passage_words=size, permutations=functions)
    keys = band_keys(signatures, functions, bands=bands, rows=2)
    agree = (keys[:, ::2] == keys[:, 1::2]) & (keys[:, ::2] != NO_KEY)
    jaccard = shared / (2 * size - shared)
    wanted = jaccard**2 * (1 - 1 / shared)
    assert float(agree.mean()) == pytest.approx(wanted, abs=0.006)


def test_other_settings_other_answers() -> None:
    few, many = (
        promise(replace(Settings(), bands=bands), words=[40], rates=[0.3], samples=300) for bands in (2, 40)
    )
    assert few.found[0][0] + 0.2 < many.found[0][0]
