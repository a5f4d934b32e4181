"""The scores: Jaccard against Python's sets, cosine against scikit-learn."""

from __future__ import annotations

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity
from strategies import word_lists

from dedup.alignment.batch import Alignments
from dedup.alignment.similarity import article_jaccards, passage_scores
from dedup.background.tables import Background, source_hashes
from dedup.lsh.minhash import shingle_hashes
from dedup.text.tokens import tokenise


def shingle_set(words: list[str], width: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + width]) for start in range(len(words) - width + 1)}


def spans(*rows: tuple[int, int, int, int, int]) -> Alignments:
    """Return alignments in which only the pair and the places matter."""
    table = np.array(rows, np.int64).reshape(-1, 5)
    return Alignments.from_rows(np.pad(table, ((0, 0), (0, 6))).astype(np.int32))


def background_of(texts: list[str], width: int) -> Background:
    tokens = tokenise(texts)
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, width)
    return Background.empty(width).learn(tokens, shingles, source_hashes(["Herald"] * len(texts)))


ARTICLES = st.lists(word_lists(40), min_size=2, max_size=4)


@given(ARTICLES, st.integers(1, 5))
def test_the_jaccard_of_articles_is_that_of_sets(articles: list[list[str]], width: int) -> None:
    tokens = tokenise([" ".join(words) for words in articles])
    pairs = [(a, b) for a in range(len(articles)) for b in range(len(articles))]
    a, b = np.array(pairs).T
    found = article_jaccards(tokens.hashes, tokens.offsets, a, b, width)
    sets = [shingle_set(words, width) for words in articles]
    assert found == pytest.approx([oracles.jaccard(sets[i], sets[j]) for i, j in pairs])


@given(ARTICLES, st.integers(1, 4), st.data())
def test_the_scores_of_passages(articles: list[list[str]], width: int, data: st.DataObject) -> None:
    texts = [" ".join(words) for words in articles]
    tokens = tokenise(texts)
    background = background_of(texts, width)
    rows = []
    for pair in data.draw(st.lists(st.integers(0, 1), max_size=4)):
        bounds = []
        for side in (0, 1):
            length = len(articles[side if pair == 0 else 1 - side])
            bounds += sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length))))
        rows.append((pair, *bounds))
    first, second = np.array([0, 1]), np.array([1, 0])
    jaccard, cosine = passage_scores(tokens.hashes, tokens.offsets, first, second, spans(*rows), background)
    for row, (pair, a_start, a_end, b_start, b_end) in enumerate(rows):
        one, two = articles[first[pair]][a_start:a_end], articles[second[pair]][b_start:b_end]
        assert jaccard[row] == pytest.approx(
            oracles.jaccard(shingle_set(one, width), shingle_set(two, width))
        )
        if not one or not two:
            assert cosine[row] == 0
            continue
        weights = TfidfVectorizer(norm=None, token_pattern=r"\S+").fit(
            [text for text in texts if text] or ["x"]
        )
        weights.idf_ = np.log((1 + len(texts)) / (1 + document_frequencies(weights, articles))) + 1
        vectors = weights.transform([" ".join(one), " ".join(two)])
        assert cosine[row] == pytest.approx(cosine_similarity(vectors)[0, 1])


def document_frequencies(vectorizer: TfidfVectorizer, articles: list[list[str]]) -> np.ndarray:
    """Return document frequencies over all articles; scikit-learn cannot be fitted on empty ones alone."""
    return np.array([sum(name in words for words in articles) for name in vectorizer.get_feature_names_out()])


def test_the_cosine_is_that_of_the_tfidf_vectorizer() -> None:
    texts = [
        "grain and oil prices rose in moscow",
        "oil prices fell in moscow and oil stocks rose",
        "rain fell in the valley",
        "the river rose",
    ]
    tokens = tokenise(texts)
    whole = spans((0, 0, 7, 0, 9), (1, 0, 7, 0, 5))
    _, cosine = passage_scores(
        tokens.hashes, tokens.offsets, np.array([0, 0]), np.array([1, 2]), whole, background_of(texts, 3)
    )
    expected = cosine_similarity(TfidfVectorizer().fit_transform(texts))
    assert cosine == pytest.approx([expected[0, 1], expected[0, 2]])


def test_no_pairs_have_no_scores() -> None:
    tokens = tokenise(["one two"])
    none = np.zeros(0, np.int64)
    jaccard, cosine = passage_scores(tokens.hashes, tokens.offsets, none, none, spans(), Background.empty(3))
    assert len(jaccard) == len(cosine) == 0
    assert len(article_jaccards(tokens.hashes, tokens.offsets, none, none, 3)) == 0
