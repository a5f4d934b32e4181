"""Signatures: datasketch's own values, the twin's minima, and the error of the estimate."""

from __future__ import annotations

import numpy as np
import oracles
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts, word_lists

from dedup.lsh.minhash import (
    EMPTY,
    estimate_jaccard,
    permutations,
    shingle_hashes,
    sign_texts,
    sign_windows,
    to_datasketch,
)
from dedup.text.tokens import tokenise


def by_datasketch(shingles: list[int], count: int, seed: int) -> MinHash:
    sketch = MinHash(num_perm=count, seed=seed, scheme="affine32", hashfunc=lambda value: value)
    sketch.update_batch(shingles)
    return sketch


@given(texts(), st.integers(1, 8), st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_signatures_are_those_that_datasketch_computes(text: str, width: int, count: int, seed: int) -> None:
    signature = sign_texts([text], shingle_words=width, permutations=count, seed=seed)[0]
    shingles = oracles.shingles(tokenise([text]).hashes.tolist(), width)
    expected = by_datasketch(shingles, count, seed)
    assert signature.tolist() == expected.hashvalues.tolist()


@given(st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_a_signature_handed_over_is_a_datasketch_minhash(count: int, seed: int) -> None:
    text = "Putin met Khan in the Kremlin on Thursday for three hours"
    signature = sign_texts([text], permutations=count, seed=seed)[0]
    ours = to_datasketch(signature, seed=seed)
    theirs = by_datasketch(oracles.shingles(tokenise([text]).hashes.tolist(), 5), count, seed)
    assert ours == theirs
    assert ours.jaccard(theirs) == 1.0
    # It continues like theirs, because the permutations were handed over too.
    ours.hashfunc = theirs.hashfunc
    ours.update(123456789)
    theirs.update(123456789)
    assert ours == theirs


def test_the_inverses_undo_the_permutations() -> None:
    a, _, inverse = permutations(128, 7)
    assert (a * inverse).tolist() == [1] * 128


@given(st.lists(word_lists(30), max_size=4), st.integers(1, 6))
def test_shingles_are_those_of_the_twin(articles: list[list[str]], width: int) -> None:
    tokens = tokenise([" ".join(words) for words in articles])
    found = shingle_hashes(tokens.hashes, tokens.offsets, width)
    for start, end in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True):
        expected = oracles.shingles(tokens.hashes[start:end].tolist(), width)
        padded = expected + [0] * (end - start - len(expected))
        assert found[start:end].tolist() == padded


@given(st.lists(word_lists(60), max_size=4), st.integers(8, 20), st.integers(1, 5), st.data())
def test_a_passage_is_signed_by_the_minima_of_its_distinctive_shingles(
    articles: list[list[str]], size: int, width: int, data: st.DataObject
) -> None:
    tokens = tokenise([" ".join(words) for words in articles])
    count = len(tokens.hashes)
    share = data.draw(st.sampled_from([None, 0.3, 0.76, 0.95]))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    common = None if share is None else random.random(count) < share
    functions = permutations(6, 1)
    signatures = sign_windows(
        shingle_hashes(tokens.hashes, tokens.offsets, width),
        tokens.offsets,
        shingle_words=width,
        passage_words=size,
        permutations=functions,
        common=common,
    )
    pairs = [(int(a), int(b)) for a, b in functions[:2].T]
    expected = []
    for start, end in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True):
        shingles = oracles.shingles(tokens.hashes[start:end].tolist(), width)
        usual = [False] * len(shingles) if common is None else common[start : start + len(shingles)].tolist()
        half = size // 2
        for first, last in oracles.windows(end - start, size, width):
            inside: list[int] = []
            for part in range(first, last - width + 1, half):
                window = slice(part, min(part + half, last - width + 1))
                inside += oracles.distinctive(shingles[window], usual[window])
            expected.append(oracles.signature(inside, pairs))
    assert signatures.tolist() == expected


def test_a_phrase_that_fills_a_half_passage_keeps_its_shingles() -> None:
    tokens = tokenise([" ".join(f"word{number}" for number in range(40))])
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, 4)
    functions = permutations(8, 1)

    def sign(common: np.ndarray) -> np.ndarray:
        return sign_windows(
            shingles, tokens.offsets, shingle_words=4, passage_words=24, permutations=functions, common=common
        )

    none, everything = np.zeros(40, np.bool_), np.ones(40, np.bool_)
    assert np.array_equal(sign(none), sign(everything))
    some = none.copy()
    some[:9] = True  # three quarters of the first half-window: they are left out
    assert not np.array_equal(sign(none)[0], sign(some)[0])


@pytest.mark.parametrize("text", ["", "too short", "—"])
def test_a_text_without_a_shingle_is_empty(text: str) -> None:
    assert (sign_texts([text], permutations=16) == EMPTY).all()
    assert to_datasketch(sign_texts([text], permutations=16)[0]).is_empty()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_the_estimate_keeps_to_its_error(share: float) -> None:
    """Four standard errors: about one in sixteen thousand estimates may be outside."""
    random, count = np.random.default_rng(11), 256
    errors = []
    for _ in range(20):
        pool = [f"w{number}" for number in random.choice(10**6, 400, replace=False)]
        both = round(400 * share)
        own = (400 - both) // 2
        one, two = pool[: both + own], pool[:both] + pool[both + own :]
        first, second = sign_texts([" ".join(one), " ".join(two)], shingle_words=1, permutations=count)
        errors.append(estimate_jaccard(first, second) - oracles.jaccard(one, two))
    assert max(map(abs, errors)) < 4 * 0.5 / np.sqrt(count)
    assert abs(np.mean(errors)) < 4 * 0.5 / np.sqrt(count * len(errors))
