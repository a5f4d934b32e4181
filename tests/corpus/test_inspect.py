"""What articles are cut into: places, furniture, and signatures that other programs can use."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.background.tables import Background
from dedup.corpus.inspect import sign_articles, signature_schema, signature_table
from dedup.lsh.bands import NO_KEY
from dedup.settings import Settings

TEXT = " ".join(f"word{number}" for number in range(60))


def test_windows_cover_the_text_and_start_every_half() -> None:
    signed = sign_articles([Article(id="a", text=TEXT)], Settings(passage_words=24, shingle_words=4))
    spans = signed.spans()
    assert (spans[0].start, spans[-1].end) == (0, len(TEXT))
    assert [TEXT[: span.start].count(" ") for span in spans] == [12 * number for number in range(len(spans))]
    assert {len(span.of(TEXT).split()) for span in spans[:-1]} == {27}


def test_signatures_equal_those_of_datasketch() -> None:
    settings = Settings()
    signed = sign_articles([Article(id="a", text=TEXT)], settings)
    width = settings.shingle_words
    for number, (start, end) in enumerate(zip(signed.windows.starts, signed.windows.ends, strict=True)):
        theirs = MinHash(
            num_perm=settings.bands * settings.rows,
            seed=settings.seed,
            scheme="affine32",
            hashfunc=lambda value: value,
        )
        theirs.update_batch(signed.shingles[start : end - width + 1].tolist())
        assert signed.signatures[number].tolist() == theirs.hashvalues.tolist()


def test_furniture_is_out_and_counted() -> None:
    text = "Skip to content\n" + TEXT
    signed = sign_articles([Article(id="a", text=text)], Settings())
    assert (signed.words, signed.furniture_words()) == (63, 3)
    assert signed.spans()[0].start == text.index("word0")


def test_furniture_is_marked_and_counted_where_the_settings_keep_it() -> None:
    signed = sign_articles([Article(id="a", text="Skip to content\n" + TEXT)], Settings(furniture=True))
    assert (signed.words, signed.furniture_words(), len(signed.tokens.hashes)) == (63, 3, 63)


def test_the_vocabulary_holds_each_shingle_once() -> None:
    signed = sign_articles(
        [Article(id="a", text="to be or not to be or not to be")], Settings(shingle_words=2)
    )
    assert len(signed.vocabulary()) == 4


@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_texts_make_a_table(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    settings = Settings(shingle_words=1, passage_words=8)
    table = signature_table(articles, settings)
    assert table.schema.equals(signature_schema(settings), check_metadata=True)
    for row in table.to_pylist():
        text = texts[int(row["id"])]
        assert 0 <= row["start"] < row["end"] <= len(text)
        assert len(row["signature"]) == settings.bands * settings.rows


def test_the_schema_says_under_what_signatures_compare() -> None:
    settings, background = Settings(seed=7), Background.empty(4)
    about = signature_schema(settings, background).metadata
    assert about[b"seed"] == b"7"
    assert about[b"settings"] == settings.fingerprint().encode()
    assert about[b"background"] == background.fingerprint.encode()
    assert signature_schema(settings).metadata[b"background"] == b""


def test_equal_texts_share_every_bucket() -> None:
    one, two = (sign_articles([Article(id=name, text=TEXT)], Settings()) for name in "ab")
    assert np.array_equal(one.keys, two.keys)
    assert (one.keys != NO_KEY).any()


@pytest.mark.parametrize("text", ["", "Two words"])
def test_no_shingle_no_passage(text: str) -> None:
    settings = Settings()
    signed = sign_articles([Article(id="a", text=text)], settings)
    assert (signed.spans(), len(signed.vocabulary())) == ([], 0)
    assert signed.signatures.shape == (0, settings.bands * settings.rows)
    assert signature_table([Article(id="a", text=text)], Settings()).num_rows == 0
    assert pa.types.is_fixed_size_list(signature_schema(Settings()).field("signature").type)
