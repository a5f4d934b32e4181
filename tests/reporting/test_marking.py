"""Texts cut into runs, compared with a plain loop over the characters."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Span
from dedup.reporting.marking import mark


@st.composite
def marked_texts(draw):
    text = draw(st.text(alphabet="ab é'. \nक\u0947", max_size=40))
    places = st.integers(0, len(text))
    passages = [Span(*sorted(draw(st.tuples(places, places)))) for _ in range(draw(st.integers(0, 3)))]
    agreeing = []
    for passage in passages:
        words = [Span(*found.span()) for found in re.finditer(r"[abéक\u0947]+", passage.of(text))]
        kept = [word for word in words if draw(st.booleans())]
        agreeing.append([Span(passage.start + start, passage.start + end) for start, end in kept])
    return text, passages, agreeing


def owner(position: int, passages: list[Span]) -> int:
    return next((n for n, each in enumerate(passages, 1) if each.start <= position < each.end), 0)


@given(marked_texts(), st.booleans())
def test_every_character_keeps_its_place_and_its_passage(case, known):
    text, passages, agreeing = case
    runs = list(mark(text, passages, agreeing if known else None))
    assert "".join(run.text for run in runs) == text
    assert all(run.text for run in runs)
    characters = [(run.passage, run.agrees) for run in runs for _ in run.text]
    for position, (number, agrees) in enumerate(characters):
        assert number == owner(position, passages)
        if not number or not known:
            assert agrees is None
        elif text[position].isalnum():
            assert agrees is any(start <= position < end for start, end in agreeing[number - 1])
    assert sorted(run.passage for run in runs if run.opens) == sorted({run.passage for run in runs} - {0})


def test_words_that_agree_join_over_spaces_and_stand_off_from_those_that_differ():
    text = "He is the Pakistani premier, they said."
    words = [Span(0, 2), Span(3, 5), Span(6, 9), Span(20, 27), Span(29, 33)]
    runs = list(mark(text, [Span(0, 33)], [words]))
    assert [(run.text, run.agrees) for run in runs] == [
        ("He is the", True),
        (" ", None),
        ("Pakistani", False),
        (" ", None),
        ("premier, they", True),
        (" said.", None),
    ]


def test_a_vowel_sign_is_not_torn_off_its_letter():
    text = "के साथी"
    runs = list(mark(text, [Span(0, len(text))], [[Span(0, 2)]]))
    assert [run.text for run in runs] == ["के", " ", "साथी"]


def test_furniture_is_known_outside_passages():
    runs = list(mark("Menu. Text.", [Span(6, 10)], None, [Span(0, 5)]))
    assert [(run.text, run.passage, run.furniture) for run in runs] == [
        ("Menu.", 0, True),
        (" ", 0, False),
        ("Text", 1, False),
        (".", 0, False),
    ]
