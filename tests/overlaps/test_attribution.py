"""Words that both articles give as somebody's: counted in plain Python, and seen through a scan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Article
from dedup.alignment.batch import Alignments
from dedup.corpus.prepare import ComparedTokens
from dedup.detector import find_overlaps
from dedup.overlaps.attribution import attributed_words, attributing_words
from dedup.settings import Settings
from dedup.text.flags import LINE, QUOTED, SENTENCE

WORDS = (
    "we have decided to close the old mill at the end of the year because nobody buys its flour any more and "
    "we will help all who work there to find another place"
)
OWN = (
    "It rained all night over the valley and the road to the pass was shut until noon.",
    "A choir from the coast sang in the square while the bakers sold bread to visitors.",
)


def relation(one: str, two: str):
    texts = [f"{OWN[0]}\n\n{one}", f"{OWN[1]}\n\n{two}"]
    articles = [Article(id=str(n), source=str(n), text=text) for n, text in enumerate(texts)]
    (overlap,) = find_overlaps(articles).overlaps
    return overlap


@pytest.mark.parametrize(
    ("one", "two", "wanted"),
    [
        ("“{}”, she said.", "“{}”, she said.", "quotation"),
        ("“{}.”", "The owner said: {}.", "quotation"),
        ("“{}.”", "According to the owner, {}.", "quotation"),
        ("“{}.”", "{}, the owner said on Monday.", "quotation"),
        ("„{}“, sagte sie.", "Wie sie erklärte, {}.", "quotation"),
        ("« {} », a-t-elle dit.", "Selon elle, {}.", "quotation"),
        ("“{}.”", "Now it is known that {}.", "partial"),
        ("In a statement: {}.", "She wrote: {}.", "quotation"),
        ("Jane Roe: {}.", "The owner's statement: {}.", "quotation"),
        ("Here is what will come: {}.", "What is known so far: {}.", "partial"),
        ("She wrote: {}.", "So {}.", "partial"),
    ],
)
def test_a_quotation_is_marked_on_one_side_and_marked_or_attributed_on_the_other(one, two, wanted) -> None:
    found = relation(one.format(WORDS), two.format(WORDS))
    back = relation(two.format(WORDS), one.format(WORDS))
    assert {found.relation, back.relation} - {"copy", "excerpt"} <= {wanted}
    quotations = [each.relation == "quotation" for each in (found, back)]
    assert quotations == [wanted == "quotation"] * 2


def test_quotes_that_were_taken_without_marks_stay_countable() -> None:
    found = relation(f"“{WORDS}.”", f"Now it is known that {WORDS}.")
    assert found.relation != "quotation"
    assert found.quoted_words == len(WORDS.split())


def test_a_statement_ends_with_its_paragraph() -> None:
    tail = (
        "the council had asked for three more months and offered to pay the wages of the last winter itself "
        "but the owner turned that down and sent letters to everybody before the week was over"
    )
    both = relation(f"She wrote: {WORDS}.\n\n{tail}.", f"She wrote: {WORDS}.\n\n{tail}.")
    assert both.relation != "quotation"


# A sentence is a list of words, of which number 1 attributes; a text is some sentences; each word is quoted
# or not.
sentences = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=8), min_size=1, max_size=5
)


def tokens_of(text: list[list[tuple[int, bool]]]) -> tuple[list[int], list[int]]:
    attributing = int(attributing_words()[0])
    hashes, flags = [], []
    for sentence in text:
        for number, (word, quoted) in enumerate(sentence):
            hashes.append(attributing if word == 1 else 1000 + 4 * word)
            flags.append((int(SENTENCE) if number == 0 else 0) | (int(QUOTED) if quoted else 0))
    if flags:
        flags[0] |= int(LINE)
    return hashes, flags


@settings(max_examples=150, deadline=None)
@given(sentences, st.data())
def test_the_count_is_that_of_a_plain_account(text, data) -> None:
    """Both articles have the same words, so all words agree; only quotation marks and sentences differ."""
    hashes, flags = tokens_of(text)
    other = [
        data.draw(st.sampled_from([0, int(QUOTED), int(SENTENCE), int(QUOTED | SENTENCE)])) for _ in flags
    ]
    other[0] |= int(SENTENCE | LINE)
    row = [0, 0, len(hashes), 0, len(hashes), len(hashes), len(hashes), 0, 0, 0, 0]
    found = Alignments.from_rows(np.array([row], np.int32))
    tokens = ComparedTokens(
        np.array(hashes * 2, np.uint32),
        np.array(flags + other, np.uint8),
        np.array([0, len(hashes), 2 * len(hashes)]),
    )
    stated = np.zeros((1, 2), np.bool_)
    (count,) = attributed_words(tokens, np.array([0]), np.array([1]), found, stated, Settings())

    def attributed(marks: list[int]) -> list[bool]:
        said, begun = [], [n for n, mark in enumerate(marks) if mark & int(SENTENCE)] + [len(marks)]
        for low, high in pairwise(begun):
            said += [int(attributing_words()[0]) in hashes[low:high]] * (high - low)
        return said

    quoted = [[bool(mark & int(QUOTED)) for mark in marks] for marks in (flags, other)]
    held = [attributed(flags), attributed(other)]
    assert count == sum(
        (quoted[0][n] and (quoted[1][n] or held[1][n])) or (quoted[1][n] and held[0][n])
        for n in range(len(hashes))
    )
