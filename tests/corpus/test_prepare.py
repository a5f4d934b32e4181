"""Texts to compared tokens: in one way for every caller."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import words

from dedup.article import Article
from dedup.background.tables import Background, source_hashes
from dedup.corpus.first_pass import Corpus, read_corpus
from dedup.corpus.inspect import sign_articles
from dedup.corpus.prepare import ComparedTokens, compared_tokens, prepare, whole_tokens
from dedup.corpus.protocols import Terms
from dedup.corpus.second_pass import sketch
from dedup.reading.batches import to_batches
from dedup.runtime.progress import silent
from dedup.runtime.scratch import Scratch
from dedup.settings import Settings
from dedup.text.flags import FURNITURE

#: A sentence that one source prints under every article, and stories of its own.
MOTTO = "All the towns of the valley read us every single morning at breakfast."


def articles(count: int) -> list[Article]:
    return [
        Article(
            id=f"{number:02}",
            source="Herald",
            text=f"Skip to content\n{' '.join(words(f's{number}x', 40))}.\n{MOTTO}",
        )
        for number in range(count)
    ]


def corpus_of(given: list[Article]) -> Corpus:
    return read_corpus(
        to_batches(given, rows=3),
        Settings(),
        background=None,
        scratch=Scratch(),
        threads=2,
        progress=silent,
    )


def hashes_of(tokens: ComparedTokens) -> list[list[int]]:
    return [hashes.tolist() for hashes in tokens]


def test_scan_and_inspection_compare_the_same_tokens() -> None:
    given = articles(30)
    corpus = corpus_of(given)
    every = np.arange(len(given))
    again = hashes_of(corpus.placed_tokens(every))
    signed = sign_articles(given, Settings(), background=corpus.background)
    compared, _ = sketch(corpus, every.astype(np.uint32), threads=2, progress=silent)
    assert hashes_of(compared) == again == hashes_of(signed.tokens)
    assert compared.lengths.tolist() == [40] * len(given), "neither the menu nor the motto is compared"


def test_places_slice_the_whole_text() -> None:
    (article,) = articles(1)
    tokens = prepare(
        [article.text], source_hashes(["Herald"]), Terms(Background.empty(3), Settings()), places=True
    )
    first, last = int(tokens.starts[0]), int(tokens.ends[39])
    assert article.text[first:last] == " ".join(words("s0x", 40))


def test_furniture_that_is_asked_for_stays_marked() -> None:
    whole = whole_tokens([each.text for each in articles(2)], Settings())
    sources = source_hashes(["Herald", "Herald"])
    shown = compared_tokens(whole, sources, Terms(Background.empty(3), Settings(furniture=True)))
    hidden = compared_tokens(whole, sources, Terms(Background.empty(3), Settings()))
    assert shown.offsets.tolist() == whole.offsets.tolist()
    story = shown.flags & FURNITURE == 0
    assert shown.hashes[story].tolist() == hidden.hashes.tolist()
    assert np.count_nonzero(~story) == 6


def test_parts_are_put_together_in_their_order() -> None:
    terms, sources = Terms(Background.empty(3), Settings()), source_hashes(["Herald"])
    parts = [prepare([each.text], sources, terms, places=True) for each in articles(3)]
    together = ComparedTokens.concat(parts)
    assert hashes_of(together) == [hashes for part in parts for hashes in hashes_of(part)]
    assert (len(together), len(together.starts)) == (3, 0)
    assert len(ComparedTokens.concat([])) == 0


def test_whole_tokens_are_gone_when_compared_ones_have_their_place() -> None:
    corpus = corpus_of(articles(4))
    assert len(corpus.tokens.block(0, 4)) == 4
    compared, _ = sketch(corpus, np.arange(4, dtype=np.uint32), threads=1, progress=silent)
    before = hashes_of(compared)
    with pytest.raises(ValueError, match="replaced"):
        corpus.tokens.block(0, 1)
    corpus.tokens.remove()
    assert hashes_of(compared) == before, "what was read stays readable when its column is removed"
