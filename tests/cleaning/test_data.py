"""The data files beside the rules contain what the code takes for granted."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from dedup.cleaning.agencies import agencies, generic_names, read_data
from dedup.cleaning.credit_lines import credit_lines
from dedup.cleaning.credit_patterns import trigger_words
from dedup.text.tokens import hash_words, tokenise


def test_no_name_means_two_agencies() -> None:
    names = Counter(name for agency in agencies() for name in agency.aliases + agency.strict)
    names.update(generic_names())
    assert [name for name, count in names.items() if count > 1] == []
    assert len({agency.name for agency in agencies()}) == len(agencies())


def test_names_of_two_letters_are_strict() -> None:
    short = re.compile("[A-Z]{1,2}")
    loose = [name for agency in agencies() for name in agency.aliases if short.fullmatch(name)]
    assert loose == []


def test_languages_are_codes() -> None:
    assert all(re.fullmatch("[a-z]{2}", code) for agency in agencies() for code in agency.languages)


@pytest.mark.parametrize("group", ["line", "start", "end", "teaser_end", "block"])
def test_every_phrase_has_words_and_stands_once(group: str) -> None:
    for rules in read_data("furniture.toml")[group]:
        phrases = rules.get("phrases") or rules["headings"]
        assert all(len(hash_words(phrase.replace("{year}", "2000"))) for phrase in phrases)
        assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []


@pytest.mark.parametrize("vocabulary", ["dates", "menus"])
def test_a_vocabulary_holds_single_words(vocabulary: str) -> None:
    words = read_data("furniture.toml")[vocabulary]["words"]
    assert [word for word in words if len(hash_words(word)) != 1] == []
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_disclaimer_has_one_of_its_words() -> None:
    wording = read_data("credits.toml")["disclaimers"]
    examples = [
        "published from a syndicated feed",
        "This report has been generated automatically by PTI news service.",
        "auto-generated from a syndicated source",
        "without any modification to the text",
        "without modifications to the content",
        "has not been edited by our staff and comes from a wire",
        "aus dem Agentur-Ticker",
        "automatisch erstellt mit Material der dpa",
        "publicado automáticamente desde la agencia",
        "सिंडिकेटेड फीड",
    ]
    for example in examples:
        assert any(re.search(pattern, example, re.IGNORECASE) for pattern in wording["patterns"]), example
        tokens = hash_words(example).tolist()
        runs = {tuple(tokens[i : i + n]) for n in (1, 2, 3) for i in range(len(tokens))}
        assert any(tuple(hash_words(words).tolist()) in runs for words in wording["words"]), example


def test_every_name_and_every_word_of_a_disclaimer_is_found_by_itself_and_with_more_behind_it() -> None:
    names = [name for agency in agencies() for name in agency.aliases + agency.strict]
    words = [*names, *generic_names(), *trigger_words()]
    texts = [f"Rain fell.\n{line}" for word in words for line in (word, f"{word} rain")]
    found = credit_lines(tokenise(texts))
    assert set(range(len(texts))) - set(found.article.tolist()) == set()
