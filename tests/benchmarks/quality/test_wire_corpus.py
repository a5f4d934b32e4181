from __future__ import annotations

import doctest
import importlib
import json
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

# The generator is run as a script; its modules are not part of the package.
import wire
from wirecopy.corpus import Corpus, make_corpus
from wirecopy.furniture import BOILERPLATE
from wirecopy.grammar import languages, read_grammar
from wirecopy.inflection import AMERICAN
from wirecopy.style import HouseStyle, in_style
from wirecopy.treatments import cut_from_end, edit_words, merge_and_split, move_paragraphs, weave, words_in
from wirecopy.truth import MAX_GAP, lay_out, true_passages
from wirecopy.words import Word, plain, stamped


@pytest.fixture(scope="module")
def english() -> Corpus:
    return make_corpus(3, 24, only=["en"])


@pytest.fixture(scope="module")
def mixed() -> Corpus:
    return make_corpus(4, 12, rates=[0.0, 0.2], only=[code for code in languages() if code != "en"])


def text_of(corpus: Corpus) -> dict[str, str]:
    return {article.id: article.text for article in corpus.articles}


def shingles(words: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = [wire.write_corpus(make_corpus(5, 3), tmp_path / str(run)) for run in range(2)]
    assert digests[0] == digests[1] != wire.write_corpus(make_corpus(6, 3), tmp_path / "other")
    assert (tmp_path / "0/gold.jsonl").read_bytes() == (tmp_path / "1/gold.jsonl").read_bytes()


def test_the_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wire.main(["--seed", "2", "--stories", "6", "--rates", "0.1", "-o", str(tmp_path / "out")]) == 0
    assert "digest" in capsys.readouterr().out
    articles = [json.loads(line) for line in _lines(tmp_path / "out/articles.jsonl")]
    assert {"id", "source", "title", "published", "language", "text"} == set(articles[0])
    kinds = {json.loads(line)["kind"] for line in _lines(tmp_path / "out/gold.jsonl")}
    assert {"overlap", "negative", "article"} <= kinds


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("which", ["english", "mixed"])
def test_passages_begin_and_end_with_words_that_agree(which: str, request: pytest.FixtureRequest) -> None:
    corpus: Corpus = request.getfixturevalue(which)
    places = {
        article.id: ({w.start: w.folded for w in article.words}, {w.end: w.folded for w in article.words})
        for article in corpus.articles
    }
    for overlap in corpus.overlaps:
        (a_first, a_last), (b_first, b_last) = places[overlap["a"]], places[overlap["b"]]
        for passage in overlap["passages"]:
            if passage["words"]:
                assert a_first[passage["a_start"]] == b_first[passage["b_start"]]
                assert a_last[passage["a_end"]] == b_last[passage["b_end"]]


@pytest.mark.parametrize("which", ["english", "mixed"])
def test_verbatim_passages_hold_the_same_words(which: str, request: pytest.FixtureRequest) -> None:
    corpus: Corpus = request.getfixturevalue(which)
    words = {article.id: article.words for article in corpus.articles}
    checked = 0
    for overlap in corpus.overlaps:
        for passage in overlap["passages"]:
            if passage["relation"] == "verbatim":
                sides = [
                    [
                        w.folded
                        for w in words[overlap[x]]
                        if passage[f"{x}_start"] <= w.start < passage[f"{x}_end"]
                    ]
                    for x in "ab"
                ]
                assert sides[0] == sides[1]
                checked += 1
    assert checked


def test_no_word_is_copied_twice_into_one_article(english: Corpus, mixed: Corpus) -> None:
    for article in (*english.articles, *mixed.articles):
        origins = [word.origin for word in article.words if word.origin is not None]
        assert len(origins) == len(set(origins))


def test_words_slice_back_to_the_text(english: Corpus, mixed: Corpus) -> None:
    for article in (*english.articles, *mixed.articles):
        assert all(article.text[w.start : w.end].casefold() == w.folded for w in article.words)


def test_long_shared_runs_are_in_the_truth(english: Corpus) -> None:
    """Text that two tellings share word for word, beyond a phrase, is in a passage of the truth."""
    groups: dict[int, list[Any]] = {}
    for article in english.articles:
        groups.setdefault(article.group, []).append(article)
    gold = {(overlap["a"], overlap["b"]): overlap["passages"] for overlap in english.overlaps}
    for members in groups.values():
        for a, b in combinations(members, 2):
            if a.kind.startswith("shared"):
                continue
            elsewhere = shingles([w.folded for w in b.words], 12)
            for start in range(len(a.words) - 11):
                run = a.words[start : start + 12]
                if tuple(w.folded for w in run) in elsewhere:
                    spans = [(p["a_start"], p["a_end"]) for p in gold.get((a.id, b.id), [])]
                    assert any(low <= run[0].start and run[-1].end <= high for low, high in spans)


def test_independent_stories_hardly_share_a_shingle(english: Corpus) -> None:
    rng = random.Random(1)
    sets = {a.id: shingles([w.folded for w in a.words], 5) for a in english.articles}
    free = [a for a in english.articles if not a.kind.startswith("shared")]
    shares = []
    for _ in range(3000):
        a, b = rng.sample(free, 2)
        if a.group != b.group:
            shares.append(len(sets[a.id] & sets[b.id]) / min(len(sets[a.id]), len(sets[b.id])))
    # Real stories of one wire on different subjects share more than this.
    assert sum(shares) / len(shares) < 0.001


def test_independent_tellings_of_one_event_share_no_long_run(english: Corpus) -> None:
    sets = {a.id: shingles([w.folded for w in a.words], 12) for a in english.articles}
    same_event = [n for n in english.negatives if n["treatment"] == "same event"]
    assert len(same_event) >= 5
    assert not any(sets[n["a"]] & sets[n["b"]] for n in same_event)


def test_edit_rates_come_out_as_asked() -> None:
    light = ("whole", "cut", "restructured", "own lead", "own paragraphs")
    for rate in (0.0, 0.1, 0.3):
        corpus = make_corpus(8, 15, rates=[rate], only=["en"])
        kinds = {article.id: article.kind for article in corpus.articles}
        found = [
            overlap["edit_rate"]
            for overlap in corpus.overlaps
            if "wire" in (kinds[overlap["a"]], kinds[overlap["b"]]) and overlap["treatment"] in light
        ]
        assert len(found) > 5
        # House styles change a few words more; ends trimmed to words that agree, a few less.
        assert rate - 0.04 < sum(found) / len(found) < rate + 0.05


def test_every_kind_is_there(english: Corpus) -> None:
    negatives = {negative["treatment"] for negative in english.negatives}
    assert {f"shared {kind}" for kind in BOILERPLATE} <= negatives
    assert {"shared furniture", "same event"} <= negatives
    assert {"copy", "excerpt", "partial", "quotation"} == {o["relation"] for o in english.overlaps}
    assert all(text.strip() for text in text_of(english).values())


def test_quotations_stand_within_quotation_marks(english: Corpus) -> None:
    marks = {"“": "”", '"': '"', "‘": "’", "«": "»"}
    texts = text_of(english)
    quoted = [o for o in english.overlaps if o["treatment"] == "quotations" and o["relation"] == "quotation"]
    assert quoted
    for overlap in quoted:
        for passage in overlap["passages"]:
            if passage["words"] and passage["quoted_words"] == passage["words"]:
                before = texts[overlap["a"]][: passage["a_start"]]
                assert any(mark in before[-400:] for mark in marks)


@pytest.mark.parametrize("language", languages())
def test_no_slot_is_left_in_a_text(language: str, mixed: Corpus, english: Corpus) -> None:
    texts = [a.text for a in (*mixed.articles, *english.articles) if a.language == language]
    assert texts
    assert not any(mark in text for text in texts for mark in "{}_")


def story(count: int, text: int = 1) -> list[list[list[Word]]]:
    return [
        [stamped(plain(f"w{n}a w{n}b w{n}c w{n}d w{n}e w{n}f w{n}g w{n}h"), text, n)] for n in range(count)
    ]


def spans(a: list[list[list[Word]]], b: list[list[list[Word]]]) -> list[tuple[int, bool]]:
    passages = true_passages(lay_out(a)[1], lay_out(b)[1])
    return [(passage.words, passage.optional) for passage in passages]


def test_an_insertion_beyond_the_gap_breaks_a_passage() -> None:
    wire_text = story(6)
    short, long = ([[plain("x " * size)]] for size in (MAX_GAP, MAX_GAP + 1))
    assert spans(wire_text, wire_text[:3] + short + wire_text[3:]) == [(48, False)]
    assert spans(wire_text, wire_text[:3] + long + wire_text[3:]) == [(24, False), (24, False)]


def test_moved_paragraphs_are_passages_of_their_own() -> None:
    wire_text = story(8)
    assert spans(wire_text, wire_text[4:] + wire_text[:4]) == [(32, False), (32, False)]


def test_short_passages_are_optional() -> None:
    assert spans(story(1), story(1)) == [(8, True)]


def test_treatments_keep_what_they_say() -> None:
    rng, wire_text = random.Random(1), story(20)
    assert words_in(cut_from_end(wire_text, 0.5)) == 80
    flat = [w for p in merge_and_split(wire_text, rng) for s in p for w in s]
    assert flat == [w for p in wire_text for s in p for w in s]
    moved = move_paragraphs(wire_text, rng)
    assert moved != wire_text
    assert sorted(moved, key=str) == sorted(wire_text, key=str)
    second = story(5, text=2)
    woven = weave(wire_text, second, rng)
    assert [p for p in woven if p in second] == second
    assert [p for p in woven if p in wire_text] == wire_text


def test_edits_change_the_share_of_words_that_was_asked_for() -> None:
    grammar, rng = read_grammar("en"), random.Random(2)
    text = [[stamped(grammar.sentence("body", rng, "trade", _facts()), 1, n)] for n in range(40)]
    edited = edit_words(text, 0.2, grammar, "trade", rng)
    same = {w.origin: w.text for p in text for s in p for w in s}.items()
    kept = {w.origin: w.text for p in edited for s in p for w in s if w.origin}.items()
    inserted = sum(w.origin is None for p in edited for s in p for w in s)
    assert 0.8 * 0.2 < (len(same - kept) + inserted) / len(same) < 1.05 * 0.2


def _facts() -> dict[str, str]:
    names = ("P1", "P1S", "P1R", "P2", "P2S", "P2R", "ORG", "CITY", "COUNTRY", "NAT", "NEIGHBOUR", "DAY")
    return dict.fromkeys((*names, "N1", "PCT", "MONEY"), "Lima")


def test_house_style_changes_marks_numbers_and_spelling() -> None:
    style = HouseStyle(("«", "»"), "--", True, "%", "", 2, True)
    line = plain("“The programme grew 12 per cent on Monday to 1,200 in three years” – he said")
    text = lay_out(in_style([[line]], style, 24))[0]
    assert text == "«The program grew 12% on Monday (24) to 1200 in 3 years» -- he said"


def test_spelling_pairs_are_two_spellings() -> None:
    assert not AMERICAN.keys() & set(AMERICAN.values())


@pytest.mark.parametrize("module", ["words", "grammar", "inflection"])
def test_examples_in_docstrings(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"wirecopy.{module}")).failed == 0
