"""The background: counts against plain dictionaries, merging, files, and the rules that depend on it."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from strategies import word, word_lists

from dedup.background.tables import Background, source_hashes
from dedup.errors import BackgroundError
from dedup.lsh.minhash import shingle_hashes
from dedup.settings import Settings
from dedup.text.tokens import hash_words, tokenise

Documents = list[tuple[str, str]]
WIDTH = 3

#: Texts of some sentences each, drawn from a few sentences, of two sources.
DOCUMENTS: st.SearchStrategy[Documents] = st.lists(
    st.tuples(
        st.sampled_from(["Herald", "Courier"]),
        st.lists(word_lists(8, 5).map(" ".join), max_size=5).map(". ".join),
    ),
    max_size=8,
)


def learned(documents: Documents, background: Background | None = None) -> Background:
    tokens = tokenise([text for _, text in documents])
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, WIDTH)
    sources = source_hashes([source for source, _ in documents])
    return (background or Background.empty(WIDTH)).learn(tokens, shingles, sources)


def standing_words(background: Background, document: tuple[str, str], rule: Settings) -> list[str]:
    source, text = document
    tokens = tokenise([text], places=True)
    mask = background.standing(tokens, source_hashes([source]), rule)
    places = zip(tokens.starts[mask].tolist(), tokens.ends[mask].tolist(), strict=True)
    return [text[start:end] for start, end in places]


@given(DOCUMENTS)
def test_words_are_weighed_by_the_articles_that_have_them(documents: Documents) -> None:
    background = learned(documents)
    seen = Counter(name for _, text in documents for name in set(text.replace(".", "").split()))
    vocabulary = [word(number) for number in range(6)]
    found = background.rarity(hash_words(" ".join(vocabulary)))
    expected = [np.log((1 + len(documents)) / (1 + seen[name])) + 1 for name in vocabulary]
    assert background.articles == len(documents)
    assert found == pytest.approx(expected, rel=1e-6)


def test_rarity_is_the_idf_of_scikit_learn() -> None:
    texts = ["moscow grain pact", "moscow talks talks", "grain price", "moscow"]
    background = learned([("Herald", text) for text in texts])
    vectorizer = TfidfVectorizer().fit(texts)
    names = vectorizer.get_feature_names_out().tolist()
    assert background.rarity(hash_words(" ".join(names))) == pytest.approx(vectorizer.idf_, rel=1e-6)


@given(DOCUMENTS, st.integers(1, 6), st.sampled_from([0.0, 0.5, 1.0]))
def test_common_shingles_stand_more_often_than_both_limits(
    documents: Documents, least: int, share: float
) -> None:
    tokens = tokenise([text for _, text in documents])
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, WIDTH)
    counts: Counter[int] = Counter()
    for hashes in tokens:
        counts.update(oracles.shingles(hashes.tolist(), WIDTH))
    asked = np.array(sorted(counts) or [1], np.uint32)
    rule = Settings(common_articles=least, common_share=share)
    limit = max(least, int(share * len(documents)))
    background = learned(documents)
    assert background.common(asked, rule).tolist() == [counts[each] > limit for each in asked.tolist()]
    assert len(background.common(shingles[:0], rule)) == 0


@given(DOCUMENTS, st.integers(2, 4), st.sampled_from([0.0, 0.5, 1.0]))
def test_sentences_that_a_source_repeats_stand(documents: Documents, least: int, share: float) -> None:
    rule = Settings(standing_articles=least, standing_share=share)
    background = learned(documents)
    found = [oracles.tokens(text) for _, text in documents]
    counts: Counter[tuple[str, ...]] = Counter()
    for (source, _), words in zip(documents, found, strict=True):
        counts.update({(source, *(w.word for w in words[i:j])) for i, j in oracles.sentences(words)})
    articles = Counter(source for source, _ in documents)
    for document, words in zip(documents, found, strict=True):
        source, text = document
        limit = max(least, share * articles[source])
        expected: list[str] = []
        for i, j in oracles.sentences(words):
            long_enough = j - i >= 4 or (i, j) == (0, len(words))
            if long_enough and counts[(source, *(w.word for w in words[i:j]))] >= limit:
                expected += [text[w.start : w.end] for w in words[i:j]]
        if 2 * len(expected) > len(words):
            expected = []
        assert standing_words(background, document, rule) == expected


STORY = "Rain fell on the valley for nine days and the river rose above the old bridge at last."


def test_a_standing_line_is_of_its_source_alone() -> None:
    herald = [("Herald", f"{STORY} {word(n)}.\nMore news") for n in range(5)]
    courier = [("Courier", f"{STORY} {word(n)}.\nMore news") for n in range(4)]
    background = learned(herald + courier)
    rule = Settings(standing_articles=5)
    # The story itself is repeated too; only the whole line of two words is short enough to be removed.
    text = f"{word(80)} {word(81)} {word(82)} {word(83)} {word(84)}\nMore news"
    assert standing_words(background, ("Herald", text), rule) == ["More", "news"]
    assert standing_words(background, ("Courier", text), rule) == []


def test_a_repeated_article_is_left_whole() -> None:
    background = learned([("Herald", STORY)] * 9)
    assert standing_words(background, ("Herald", STORY), Settings()) == []


def test_fifty_articles_are_enough_for_any_source() -> None:
    line = "sign up for our morning letter"
    texts = [f"{line}. {word(2 * n)} {word(2 * n + 1)} and {STORY}" for n in range(50)]
    others = [f"{word(n)} {word(n + 500)} {word(n + 999)} {word(n + 7)}" for n in range(400)]
    few = learned([("Herald", text) for text in texts[:49] + others])
    many = learned([("Herald", text) for text in texts + others])
    article = ("Herald", f"{line}. {' '.join(word(7000 + n) for n in range(12))}")
    assert standing_words(few, article, Settings()) == []
    assert standing_words(many, article, Settings()) == line.split()


def test_what_a_sentence_gets_from_others_in_its_slot_makes_it_no_furniture() -> None:
    """As in a corpus of millions: every slot counts about five sentences of other sources."""
    line = "sign up for our morning letter"
    article = ("Herald", f"{line}. {STORY}")
    texts = [f"{line}. {word(2 * n)} {word(2 * n + 1)} and {word(n + 200)} {STORY}" for n in range(9)]
    background = learned([("Herald", text) for text in texts])
    full = replace(
        background,
        sentences=background.sentences + np.random.default_rng(1).poisson(5, 1 << 22).astype(np.uint16),
        sentence_count=background.sentence_count + 5 * (1 << 22),
    )
    rule = Settings(standing_articles=5)
    assert standing_words(full, article, rule) == line.split()
    unheard = ("Herald", ". ".join(" ".join(word(7 * n + k) for k in range(7)) for n in range(2000)))
    assert len(standing_words(full, unheard, rule)) < 0.01 * 7 * 2000


@settings(max_examples=6)
@given(DOCUMENTS, st.lists(st.integers(0, 8), max_size=3), st.data())
def test_parts_learned_apart_in_any_order_merge_to_the_whole(
    documents: Documents, cuts: list[int], data: st.DataObject
) -> None:
    bounds = [0, *sorted(min(cut, len(documents)) for cut in cuts), len(documents)]
    parts = data.draw(st.permutations([learned(documents[start:end]) for start, end in pairwise(bounds)]))
    merged = Background.empty(WIDTH)
    for part in parts:
        merged = merged.merge(part)
    step_by_step = Background.empty(WIDTH)
    for document in reversed(documents):
        step_by_step = learned([document], step_by_step)
    assert merged.fingerprint == step_by_step.fingerprint == learned(documents).fingerprint
    assert merged.articles == len(documents)


def test_counts_that_are_full_stay_full() -> None:
    one = learned([("Herald", "one two three four")] * 3)
    for _ in range(16):  # 3 * 2**16 articles
        one = one.merge(one)
    shingles = hash_shingles("one two three four")
    assert one.common(shingles, Settings(common_articles=65_000, common_share=0)).all()


def hash_shingles(text: str) -> np.ndarray:
    return np.array(oracles.shingles(hash_words(text).tolist(), WIDTH), np.uint32)


def test_backgrounds_of_different_shingles_do_not_merge() -> None:
    with pytest.raises(BackgroundError, match="4-word shingles cannot be merged into one of 3-word"):
        Background.empty(3).merge(Background.empty(4))


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    background = learned([("Herald", STORY), ("Courier", "Rain fell on the valley.")])
    background.save(tmp_path / "b.npz")
    loaded = Background.load(tmp_path / "b.npz")
    assert loaded.fingerprint == background.fingerprint
    assert (loaded.articles, loaded.shingle_words) == (2, WIDTH)
    words = hash_words(STORY)
    assert loaded.rarity(words).tolist() == background.rarity(words).tolist()
    assert [file.name for file in tmp_path.iterdir()] == ["b.npz"]
    assert learned([("Herald", "more words here")], loaded).articles == 3


def test_the_fingerprint_names_the_contents() -> None:
    one = learned([("Herald", STORY)])
    names = {one.fingerprint, learned([("Courier", STORY)]).fingerprint, Background.empty(3).fingerprint}
    assert len(names | {Background.empty(4).fingerprint}) == 4
    assert one.fingerprint == learned([("Herald", STORY)]).fingerprint
    assert len(one.fingerprint) == 16


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "background.npz"
    learned([("Herald", STORY)]).save(path)
    return path


@pytest.mark.parametrize("content", [b"", b"not a background", b"PK\x03\x04 broken"])
def test_a_foreign_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.bin"
    path.write_bytes(content)
    with pytest.raises(BackgroundError, match=r"foreign\.bin is not a background file .*-o FILE` makes one"):
        Background.load(path)


def test_a_missing_file_and_another_archive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BackgroundError, match="is not a background file"):
        Background.load(tmp_path / "none")
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    with pytest.raises(BackgroundError, match="is not a background file"):
        Background.load(tmp_path / "other.npz")
    np.save(tmp_path / "array.npy", np.arange(3))
    with pytest.raises(BackgroundError, match="is not a background file"):
        Background.load(tmp_path / "array.npy")


def test_a_file_cut_short_or_damaged_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    for damaged in (content[: len(content) // 2], content[:300] + b"\xff" * 40 + content[340:]):
        saved.write_bytes(damaged)
        with pytest.raises(BackgroundError):
            Background.load(saved)


def rewritten(path: Path, **changes: object) -> None:
    """Change something in the file, which stays a well-formed archive."""
    with np.load(io.BytesIO(path.read_bytes())) as stored:
        arrays = {name: stored[name] for name in stored.files}
    head = json.loads(str(arrays["head"]))
    for name, change in changes.items():
        if name in head:
            head[name] = change
        else:
            arrays[name] = np.asarray(change, arrays[name].dtype)
    arrays["head"] = np.array(json.dumps(head))
    np.savez_compressed(path, **arrays)


def test_a_changed_file_is_refused(saved: Path) -> None:
    rewritten(saved, articles=7)
    with pytest.raises(BackgroundError, match="has changed since it was written"):
        Background.load(saved)


def test_a_file_of_another_format_is_refused_with_the_mend(saved: Path) -> None:
    rewritten(saved, format=99)
    with pytest.raises(BackgroundError, match=r"of format 99; this version reads .* learn it anew"):
        Background.load(saved)


@pytest.mark.parametrize("counts", [[], [1], [0, 1]])
def test_tables_of_another_size_are_refused(saved: Path, counts: list[int]) -> None:
    rewritten(saved, words=counts)
    with pytest.raises(BackgroundError):
        Background.load(saved)


def test_sources_have_the_same_hash_everywhere() -> None:
    found = source_hashes(["Herald", "Courier", "Herald"])
    assert found[0] == found[2] != found[1]
    assert found.tolist() == [int(found[0]), int(source_hashes(["Courier"])[0]), int(found[0])]
    assert len(source_hashes([])) == 0
