"""The table of the index' benchmark; the other stores find pairs that share a bucket."""

from __future__ import annotations

import pytest
from index import FIELDS, table_of
from index_stores import STORES, missing

from dedup.article import Article
from dedup.corpus.inspect import sign_articles
from dedup.settings import Settings

TEXT = (
    "The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    "and oil south until the harvest of next year is brought in."
)
OTHER = "Rain fell on the valley for a week, the river rose, and nobody in the village slept before dawn."


@pytest.mark.parametrize("name", STORES)
def test_a_store_finds_a_copy_and_nothing_else(name: str) -> None:
    if reason := missing(name):
        pytest.skip(reason)
    settings = Settings()
    store = STORES[name](settings)
    articles = [Article(id=str(number), text=text) for number, text in enumerate([TEXT, OTHER, TEXT])]
    try:
        assert store.add(sign_articles(articles[:2], settings), 0) == 0
        assert store.add(sign_articles(articles[2:], settings), 2) == 1
        assert store.query(sign_articles([articles[1]], settings)) == {1}
        assert store.query(sign_articles([articles[0]], settings)) == {0, 2}
    finally:
        store.close()


def test_what_was_not_measured_says_why() -> None:
    figures = dict.fromkeys(FIELDS, 1234.5) | {"filter": None}
    _, _, measured, absent = table_of({"one": figures, "two": "no server"}).splitlines()
    assert measured.startswith("| one | 1,234.5 |")
    assert " - |" in measured
    assert "not measured: no server" in absent
