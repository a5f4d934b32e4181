"""Which candidate pairs are worth an alignment, whichever of the two comes first."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment.batch import align_pairs, share_seeds
from dedup.settings import Settings
from dedup.text.tokens import hash_words

LEAST = 3  # seeds in common, counted as often as they can be matched

ARTICLES = st.lists(
    st.one_of(
        st.lists(st.sampled_from("abcdefgh"), max_size=30),
        st.integers(0, 40).map(lambda start: [f"w{number}" for number in range(start, start + 25)]),
        st.just(["one"] * 9),
    ),
    min_size=2,
    max_size=6,
)


@given(articles=ARTICLES, seed_words=st.integers(2, 5), min_words=st.integers(1, 12))
def test_a_pair_passes_when_enough_runs_of_words_stand_in_both(
    articles: list[list[str]], seed_words: int, min_words: int
) -> None:
    settings = Settings(seed_words=seed_words, min_words=min_words)
    hashes = hash_words(" ".join(word for words in articles for word in words))
    offsets = np.concatenate(([0], np.cumsum([len(words) for words in articles]))).astype(np.int64)
    pairs = [(a, b) for a in range(len(articles)) for b in range(len(articles)) if a != b]
    a, b = np.array(pairs).T
    found = share_seeds(hashes, offsets, a, b, settings)

    runs = [
        Counter(tuple(words[i : i + seed_words]) for i in range(len(words) - seed_words + 1))
        for words in articles
    ]
    shared = [sum(count * runs[two][run] for run, count in runs[one].items()) for one, two in pairs]
    least = max(1, min(LEAST, min_words - seed_words + 1))
    equal = [bool(articles[one]) and articles[one] == articles[two] for one, two in pairs]
    assert found.tolist() == [same or count >= least for same, count in zip(equal, shared, strict=True)]

    flags = np.zeros(len(hashes), np.uint8)
    aligned = align_pairs(hashes, flags, offsets, a, b, settings, floors=False).pair
    assert found[aligned].all(), "what aligns has passed"


def test_no_pair_is_no_error() -> None:
    none = np.zeros(0, np.int64)
    found = share_seeds(np.zeros(0, np.uint32), np.zeros(1, np.int64), none, none, Settings())
    assert found.tolist() == []
