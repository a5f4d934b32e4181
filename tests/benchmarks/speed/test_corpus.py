"""The synthetic corpus: the same seed gives the same bytes, and the truth about a text is correct."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq
import pytest
from corpus import write
from press import Press
from stories import plan
from typecase import SHARED_SENTENCE

ARTICLES = 3000


def make(
    folder: Path, articles: int = ARTICLES, seed: int = 1, **odd: Any
) -> tuple[dict[str, Any], list, list]:
    parquet = odd.pop("parquet", False)
    summary = write(Press(plan(articles, seed, **odd)), folder, parquet=parquet)
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    return summary, [json.loads(line) for line in lines], pq.read_table(folder / "truth.parquet").to_pylist()


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’]+", text.lower().replace("’", "'"))


@pytest.fixture(scope="module")
def corpus(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, Any], dict[str, Any], dict[int, list]]:
    summary, articles, truth = make(tmp_path_factory.mktemp("corpus"))
    stories = defaultdict(list)
    for row in truth:
        stories[row["story"]].append(row)
    return summary, {article["id"]: article for article in articles}, stories


def passage(articles: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return words(articles[row["id"]]["text"][row["start"] : row["end"]])


def test_same_seed_same_bytes(corpus, tmp_path):
    summary, _, _ = corpus
    again, _, _ = make(tmp_path / "again")
    other, _, _ = make(tmp_path / "other", seed=2)
    assert again["articles_blake2b"] == summary["articles_blake2b"]
    assert again["truth_blake2b"] == summary["truth_blake2b"]
    assert other["articles_blake2b"] != summary["articles_blake2b"]


def test_a_corpus_begins_alike_whatever_comes_later(corpus):
    """Measurements of different days are comparable only as long as the generator prints the same texts."""
    summary, _, _ = corpus
    assert summary["articles_blake2b"] == "948712eaea6685bd776237424a5baa9c"


def test_the_parquet_file_holds_the_same_articles(tmp_path):
    _, articles, _ = make(tmp_path, 600, parquet=True)
    table = pq.read_table(tmp_path / "articles.parquet")
    for name in ("id", "source", "title", "text"):
        assert table[name].to_pylist() == [article[name] for article in articles]
    moments = [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in table["published"].to_pylist()]
    assert moments == [article["published"] for article in articles]


def test_articles_look_like_news(corpus):
    summary, articles, _ = corpus
    assert summary["articles"] == len(articles) == ARTICLES
    assert 380 < sum(len(words(article["text"])) for article in articles.values()) / ARTICLES < 460
    standing = sum(" | " in article["text"].split("\n", 1)[0] for article in articles.values())
    assert 0.28 < standing / ARTICLES < 0.39
    texts = "".join(article["text"] for article in articles.values())
    assert all(
        mark in texts for mark in ('"', "“", "”", "–", "\n\n", "Subscribe to our newsletter", "PTI reported")
    )


def test_a_fifth_of_the_articles_share_text_with_other_sources(corpus):
    summary, articles, stories = corpus
    assert summary["planted"] == sum(map(len, stories.values())) == ARTICLES // 5
    for rows in stories.values():
        assert len(rows) > 1
        assert len({articles[row["id"]]["source"] for row in rows}) == len(rows)


def test_unedited_passages_of_a_story_are_equal(corpus):
    _, articles, stories = corpus
    for rows in stories.values():
        texts = {tuple(passage(articles, row)) for row in rows if row["edited"] == 0}
        assert len(texts) == 1


def test_edited_passages_differ_in_the_stated_share_of_words(corpus):
    _, articles, stories = corpus
    checked = 0
    for rows in stories.values():
        source = next(passage(articles, row) for row in rows if row["edited"] == 0)
        for row in (row for row in rows if row["edited"] > 0 and checked < 60):
            text = passage(articles, row)
            blocks = SequenceMatcher(None, source, text, autojunk=False).get_matching_blocks()
            changed = max(len(source), len(text)) - sum(block.size for block in blocks)
            assert changed <= row["edited"] * len(source) + 2
            assert changed >= 0.6 * row["edited"] * len(source) - 2
            checked += 1
    assert checked > 30


def test_counts_and_shares_follow_from_the_texts(corpus):
    _, articles, stories = corpus
    shares = defaultdict(list)
    for row in (row for rows in stories.values() for row in rows):
        assert row["words"] == len(passage(articles, row))
        shares[row["kind"]].append(row["share"])
    assert set(shares["whole"]) == {1.0}
    assert 0.18 < median(shares["partial"]) < 0.27
    assert 0.05 < median(shares["small"]) < 0.12


def test_copies_of_one_story(tmp_path):
    _, articles, truth = make(tmp_path, 500, copies_of_one=300)
    assert len(articles) == 500
    assert sum(row["story"] == 0 for row in truth) == 300


def test_identical_texts(tmp_path):
    _, articles, truth = make(tmp_path, 600, identical=True)
    assert len({article["text"] for article in articles}) == 1
    assert len({article["id"] for article in articles}) == len(truth) == 600


def test_one_sentence_everywhere(tmp_path):
    _, articles, _ = make(tmp_path, 600, everywhere=True)
    assert all(SHARED_SENTENCE in article["text"] for article in articles)
    assert len({article["text"] for article in articles}) > 550
