"""The first pass: articles on disk, and their tokens, regardless of how they were batched."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import small_corpora, words

from dedup.article import Article
from dedup.background.tables import Background, source_hashes
from dedup.corpus.first_pass import Corpus, read_corpus
from dedup.corpus.prepare import prepare
from dedup.corpus.protocols import Terms
from dedup.reading import to_batches
from dedup.runtime.scratch import Scratch
from dedup.settings import Settings
from dedup.text.flags import FURNITURE
from dedup.text.tokens import tokenise


def corpus_of(articles: list[Article], rows: int = 2, threads: int = 1, **knobs: object) -> Corpus:
    return read_corpus(
        to_batches(articles, rows=rows),
        Settings(**knobs),  # type: ignore[arg-type]
        background=None,
        scratch=Scratch(),
        threads=threads,
        progress=lambda *_: None,
    )


@settings(max_examples=15)
@given(small_corpora(), st.integers(1, 4), st.data())
def test_articles_and_tokens_come_back_whatever_the_batches(
    articles: list[Article], rows: int, data: st.DataObject
) -> None:
    corpus = corpus_of(articles, rows)
    assert len(corpus) == len(articles)
    assert corpus.ids.to_pylist() == [article.id for article in articles]
    assert [corpus.source_names[number] for number in corpus.sources] == [each.source for each in articles]
    assert corpus.source_hashes.tolist() == source_hashes([each.source for each in articles]).tolist()
    whole = tokenise([article.text for article in articles])
    assert corpus.tokens.block(0, len(corpus)).hashes.tolist() == whole.hashes.tolist()
    assert corpus.offsets.tolist() == whole.offsets.tolist()
    chosen = data.draw(st.lists(st.integers(0, len(articles) - 1), max_size=8)) if articles else []
    texts = corpus.texts(np.array(chosen, np.int64))
    assert texts.to_pylist() == [articles[row].text for row in chosen]
    assert [corpus.article(row) for row in chosen] == [articles[row] for row in chosen]


@settings(max_examples=10)
@given(small_corpora())
def test_threads_and_batches_learn_the_same_background(articles: list[Article]) -> None:
    one = corpus_of(articles, rows=1, threads=3).background.fingerprint
    assert one == corpus_of(articles, rows=100).background.fingerprint


def test_threads_that_learn_at_once_lose_nothing() -> None:
    """Enough batches that threads meet; without a lock, a sixth of the articles was lost here."""
    text = " ".join(words("c", 200))
    articles = [Article(id=str(number), text=f"{text} {number}") for number in range(2000)]
    learned = corpus_of(articles, rows=10, threads=4).background
    assert learned.articles == len(articles)
    assert learned.fingerprint == corpus_of(articles, rows=500).background.fingerprint


def test_blocks_hold_every_article_once() -> None:
    texts = [" ".join(words("c", count)) for count in (0, 5, 90, 1, 0, 30, 30, 2, 0)]
    corpus = corpus_of([Article(id=str(number), text=text) for number, text in enumerate(texts)])
    for tokens in (1, 31, 60, 10_000):
        blocks = list(corpus.tokens.blocks(tokens))
        assert [row for start, end in blocks for row in range(start, end)] == list(range(len(texts)))
        for start, end in blocks:
            part = corpus.tokens.block(start, end)
            assert part.hashes.tolist() == tokenise(texts[start:end]).hashes.tolist()
            assert part.offsets[0] == 0
            assert end == start + 1 or part.offsets[-1] <= tokens


def test_places_of_compared_tokens_count_in_the_whole_text() -> None:
    text = f"Skip to content\n{' '.join(words('c', 30))}.\n(PTI)"
    corpus = corpus_of([Article(id="a", text=text)])
    tokens = corpus.placed_tokens(np.array([0]))
    found = [text[start:end] for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]
    assert found == words("c", 30)


@pytest.mark.parametrize("shown", [False, True])
def test_furniture_goes_or_is_marked(shown: bool) -> None:
    text = f"Skip to content\n{' '.join(words('c', 30))}."
    terms = Terms(Background.empty(4), Settings(furniture=shown))
    tokens = prepare([text], source_hashes(["Herald"]), terms)
    assert len(tokens.hashes) == (33 if shown else 30)
    assert ((tokens.flags & FURNITURE) > 0).tolist() == ([True] * 3 if shown else []) + [False] * 30


def test_published_and_credits_are_columns() -> None:
    story = " ".join(words("c", 30))
    texts = [f"{story}. (PTI)", story, f"{story}. (Reuters)"]
    corpus = corpus_of([Article(id=str(number), text=text) for number, text in enumerate(texts)])
    named = [corpus.agency_names[number] if number >= 0 else None for number in corpus.agencies.tolist()]
    assert named == ["PTI", None, "Reuters"]
    assert corpus.credited.tolist() == [True, False, True]
    assert np.isnat(corpus.published).all()


def test_no_articles_are_a_corpus_too() -> None:
    corpus = corpus_of([])
    assert len(corpus) == 0
    assert list(corpus.tokens.blocks()) == []
    assert corpus.texts(np.zeros(0, np.int64)).to_pylist() == []
    assert isinstance(corpus.ids, pa.Array)
