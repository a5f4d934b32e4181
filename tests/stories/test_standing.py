"""What a newsroom pays for, against a plain count over the same overlaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.alignment.batch import Alignments
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OverlapCode, PassageCode
from dedup.overlaps.repeats import Repeats
from dedup.stories.sharing import NEVER
from dedup.stories.standing import Standing, own_agency, standing_of

WORDS = 50
#: A passage: where it begins in a and in b, its length, its relation.
passages = st.tuples(
    st.integers(0, 20), st.integers(0, 20), st.integers(5, 30), st.sampled_from(list(PassageCode))
)


@st.composite
def collections(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[tuple[int, int, OverlapCode, list]]]:
    count = draw(st.integers(2, 6))
    articles = [
        {
            "source": draw(st.integers(0, 2)),
            "agency": draw(st.integers(-1, 1)),
            "published": draw(st.none() | st.integers(0, 3)),
        }
        for _ in range(count)
    ]
    every = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = sorted(draw(st.sets(st.sampled_from(every))))
    pairs = [
        (a, b, draw(st.sampled_from(list(OverlapCode))), draw(st.lists(passages, min_size=1, max_size=3)))
        for a, b in chosen
    ]
    return articles, pairs


def columns_of(pairs: list[tuple[int, int, OverlapCode, list]]) -> OverlapColumns:
    rows = [(number, *each) for number, (_, _, _, found) in enumerate(pairs) for each in sorted(found)]
    number, a_start, b_start, length, relation = (
        np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else [[]] * 5)
    )
    zero = np.zeros(len(rows), np.int32)
    places = [each.astype(np.int32) for each in (a_start, a_start + length, b_start, b_start + length)]
    found = Alignments(number, *places, length.astype(np.int32), zero, zero, zero, zero, zero != 0)
    a, b = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    nothing, score = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
    return OverlapColumns(
        aligned=AlignedColumns(a, b, score, found, np.zeros(len(rows)), np.zeros(len(rows))),
        offsets=np.concatenate(([0], np.cumsum(np.bincount(number, minlength=len(pairs))))),
        spans=np.zeros((len(rows), 4), np.int64),
        widely_run=np.zeros(len(pairs), np.bool_),
        syndicated=np.zeros(len(pairs), np.bool_),
        agency=np.full(len(pairs), -1, np.int32),
        passage_relation=relation.astype(np.uint8),
        relation=np.array([pair[2] for pair in pairs], np.uint8),
        similarity=score,
        coverage_a=score,
        coverage_b=score,
        words=np.bincount(number, length, minlength=len(pairs)).astype(np.int64),
        quoted_words=nothing,
        longest_run=nothing,
        sentence=np.zeros(len(pairs), np.bool_),
        differing={},
        repeats=Repeats.none(),
    )


def standing(articles: list[dict[str, object]], pairs: list[tuple[int, int, OverlapCode, list]]) -> Standing:
    moments = np.array([NEVER if each["published"] is None else each["published"] for each in articles])
    return standing_of(
        columns_of(pairs),
        lengths=np.full(len(articles), WORDS),
        sources=np.array([each["source"] for each in articles], np.uint32),
        suppliers=np.array([[1 << (each["agency"] + 1)] for each in articles], np.uint64),
        since=moments,
        until=moments,
        ranks=np.arange(len(articles)),
    )


@settings(max_examples=200, deadline=None)
@given(collections())
def test_the_columns_say_what_a_plain_account_says(given_collection) -> None:  # type: ignore[no-untyped-def]
    articles, pairs = given_collection
    found = standing(articles, pairs)
    for number in range(len(articles)):
        copied: set[int] = set()
        quoted: set[int] = set()
        spans = []
        for a, b, relation, aligned in pairs:
            if number not in (a, b):
                continue
            whole = relation in (OverlapCode.COPY, OverlapCode.EXCERPT)
            for a_start, b_start, length, kind in aligned:
                start = a_start if number == a else b_start
                words = set(range(start, start + length))
                taken = kind > PassageCode.QUOTATION and relation > OverlapCode.QUOTATION
                if taken or (kind == PassageCode.QUOTATION and whole):
                    copied |= words
                    spans.append((start, start + length))
                elif kind == PassageCode.QUOTATION:
                    quoted |= words
        assert found.copied[number] == len(copied) / WORDS
        assert abs(found.quoted[number] - len(quoted - copied) / WORDS) < 1e-9
        assert found.passages[number] == distinct_runs(spans)
        shared = found.shared
        parts = slice(shared.part_offsets[number], shared.part_offsets[number + 1])
        assert shared.part_words[parts].sum() == len(copied)


def distinct_runs(spans: list[tuple[int, int]]) -> int:
    runs, reach = 0, -1
    for start, end in sorted(spans):
        runs += start >= reach
        reach = max(reach, end)
    return runs


def test_a_source_that_is_an_agency_is_told_by_its_name() -> None:
    sources = np.array([0, 1, 2], np.uint32)
    assert own_agency(sources, ["Reuters", "Herald", "pti"], ["PTI", None, "Reuters"]).tolist() == [
        True,
        False,
        True,
    ]
    assert own_agency(np.zeros(0, np.uint32), [], []).tolist() == []
