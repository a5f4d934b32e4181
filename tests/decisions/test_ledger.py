"""Which pairs are answered by decisions: judged by the text of the passages, not by ids."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.decisions import files
from dedup.decisions.ledger import Ledger, decided_sentences
from dedup.decisions.record import KINDS, Decision, decision_of, new_id
from dedup.decisions.sentences import sentence_bounds, sentences_in, text_digest
from dedup.detector import compare
from dedup.errors import InputError
from dedup.results import Overlap

NOW = datetime(2024, 5, 3, 12, tzinfo=UTC)
TEXT = (
    "The mill at the upper bridge will be turned into flats, its new owner told the council on Monday. Forty "
    "families are to move in within three years. The wheel, which last turned in 1951, stays where it is. "
    "A museum of grain was promised for the ground floor, with a bakery that is open on Sundays."
)


def _pair(a: Article, b: Article) -> tuple[Overlap, Any]:
    known = {a.id: a, b.id: b}
    overlap = compare(*sorted((a, b), key=lambda each: each.id))
    assert overlap is not None
    return overlap, known.__getitem__


def _decided(kind: str, overlap: Overlap, article: Any, **more: Any) -> Decision:
    return decision_of(
        {
            "id": new_id(),
            "at": NOW.isoformat(),
            "kind": kind,
            "a": overlap.a,
            "b": overlap.b,
            "a_source": overlap.a_source,
            "b_source": overlap.b_source,
            "sentences": list(decided_sentences(overlap, article)),
            **more,
        }
    )


OURS = Article(id="a", source="Mill News", text=TEXT)
THEIRS = Article(id="b", source="Bridge Post", text=f"News. {TEXT}")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "undo"])
def test_a_decision_answers_its_own_pair(kind: str) -> None:
    overlap, article = _pair(OURS, THEIRS)
    answer = Ledger([_decided(kind, overlap, article)], NOW).answer(overlap, article)
    assert answer.state == ("waiting" if kind == "chase" else "closed")
    assert answer.decision is not None
    assert answer.decision.kind == kind


@pytest.mark.parametrize(
    ("kind", "holds"), [("permitted", True), ("not_copy", True), ("ignore_passage", True), ("chase", False)]
)
def test_the_same_text_at_the_next_outlet(kind: str, holds: bool) -> None:
    ledger = Ledger([_decided(kind, *_pair(OURS, THEIRS))], NOW)
    quoted = TEXT.upper().replace(",", " –")
    other = _pair(OURS, Article(id="c", source="Far Times", text=quoted))
    assert (ledger.answer(*other).state != "open") == holds


def test_other_text_is_not_answered() -> None:
    ledger = Ledger([_decided("not_copy", *_pair(OURS, THEIRS))], NOW)
    more = TEXT + " The council will vote on the plan in June, after the neighbours have been heard twice."
    longer = _pair(replace(OURS, text=more), replace(THEIRS, id="c", source="Far Times", text=more))
    assert ledger.answer(*longer).state == "open"


def test_a_changed_text_raises_the_case_again_and_says_what_was_decided() -> None:
    ledger = Ledger([_decided("not_copy", *_pair(OURS, THEIRS))], NOW)
    changed = THEIRS.text.replace("Forty families", "Fifty large families").replace("A museum", "Some museum")
    answer = ledger.answer(*_pair(OURS, replace(THEIRS, text=changed)))
    assert answer.state == "open"
    assert answer.decision is not None


def test_until_a_day_and_until_it_is_taken_back() -> None:
    overlap, article = _pair(OURS, THEIRS)
    made = _decided("permitted", overlap, article, until=(NOW + timedelta(days=1)).isoformat())
    assert Ledger([made], NOW).answer(overlap, article).state == "closed"
    assert Ledger([made], NOW + timedelta(days=2)).answer(overlap, article).state == "open"
    undo = decision_of({"id": new_id(), "at": NOW.isoformat(), "kind": "undo", "undoes": made.id})
    assert Ledger([made, undo], NOW).answer(overlap, article).state == "open"
    again = decision_of({"id": new_id(), "at": NOW.isoformat(), "kind": "undo", "undoes": undo.id})
    assert Ledger([made, undo, again], NOW).answer(overlap, article).state == "closed"


def test_a_passage_is_ignored_wherever_it_is() -> None:
    overlap, article = _pair(OURS, THEIRS)
    ledger = Ledger([_decided("ignore_passage", overlap, article)], NOW)
    assert ledger.ignores(Article(id="z", text=TEXT), 0, len(TEXT))
    assert not ledger.ignores(Article(id="z", text="Something else was told."), 0, 24)


@given(st.text(max_size=200))
def test_sentences_cover_every_text(text: str) -> None:
    bounds = sentence_bounds(text)
    assert "".join(text[start:end] for start, end in bounds) == text
    assert all(start < end for start, end in bounds)


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_letters_of_a_span_are_those_of_its_sentences(text: str, start: int, end: int) -> None:
    found = list(sentences_in(text, start, end))
    assert all(each.letters > 0 and len(each.whole) == len(each.part) == 16 for each in found)
    assert text_digest(text) == text_digest(text.swapcase().swapcase())


@given(
    st.builds(
        Decision,
        id=st.uuids().map(lambda each: each.hex),
        at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        by=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
        kind=st.sampled_from([kind for kind in KINDS if kind != "undo"]),
        a=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
        note=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
        sentences=st.lists(st.text("0123456789abcdef", min_size=16, max_size=16), max_size=3).map(tuple),
    )
)
def test_files_give_back_what_was_written(decision: Decision) -> None:
    for form in ("jsonl", "csv"):
        (read,) = files.read(files.written([decision], form), form)  # type: ignore[arg-type]
        assert read == decision


def test_a_cell_of_csv_is_not_a_formula() -> None:
    made = decision_of({"id": "0f", "at": NOW.isoformat(), "kind": "chase", "note": "=1+1"})
    assert ",'=1+1," in files.written([made], "csv")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "x"}', "kind is None"),
        ('{"id": "x", "kind": "chase"}', "at is missing"),
        ('{"id": "x", "kind": "chase", "at": "soon"}', "at is 'soon'"),
        ('{"kind": "chase", "at": "2024-05-03"}', "id is missing"),
        ('{"id": "x", "kind": "undo", "at": "2024-05-03"}', "must name the decision"),
        ("{", "broken JSON"),
    ],
)
def test_what_is_not_a_decision_is_told_with_its_line(line: str, told: str) -> None:
    good = json.dumps({"id": "0f", "at": "2024-05-03", "kind": "chase"})
    with pytest.raises(InputError, match=f"log.jsonl:2: .*{told}"):
        files.read(f"{good}\n{line}\n", "log.jsonl")
