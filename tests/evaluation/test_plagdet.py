from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.evaluation.plagdet import plagdet, plagdet_scores

Row = tuple[int, int, int, int, int]


def touches(x: Row, y: Row) -> bool:
    return x[0] == y[0] and x[1] < y[2] and y[1] < x[2] and x[3] < y[4] and y[3] < x[4]


def characters(x: Row) -> set[tuple[str, int]]:
    return {("a", c) for c in range(x[1], x[2])} | {("b", c) for c in range(x[3], x[4])}


def oracle_recall(cases: set[Row], detections: set[Row]) -> float:
    if not cases or not detections:
        return float(not cases and not detections)
    shares = []
    for case in cases:
        hit = set().union(*(characters(case) & characters(d) for d in detections if touches(case, d)))
        shares.append(len(hit) / len(characters(case)))
    return math.fsum(shares) / len(shares)


def oracle_granularity(cases: set[Row], detections: set[Row]) -> float:
    counts = [sum(touches(case, d) for d in detections) for case in cases]
    found = [count for count in counts if count]
    return sum(found) / len(found) if found else 1.0


def marked(rows: set[Row], documents: list[tuple[int, int]]) -> set[tuple[str, int, int]]:
    return {(side, documents[r[0]][side == "b"], c) for r in rows for side, c in characters(r)}


def oracle_micro(
    cases: set[Row], detections: set[Row], documents: list[tuple[int, int]]
) -> tuple[float, float]:
    if not cases or not detections:
        both = float(not cases and not detections)
        return both, both
    hits = {
        (c[0], max(c[1], d[1]), min(c[2], d[2]), max(c[3], d[3]), min(c[4], d[4]))
        for c in cases
        for d in detections
        if touches(c, d)
    }
    true = len(marked(hits, documents))
    return true / len(marked(detections, documents)), true / len(marked(cases, documents))


@st.composite
def row(draw: st.DrawFn) -> Row:
    pair = draw(st.integers(0, 2))
    a, b = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    return pair, a, a + draw(st.integers(1, 12)), b, b + draw(st.integers(1, 12))


DOCUMENTS = [(0, 0), (0, 1), (1, 1)]


@given(st.sets(row(), max_size=8), st.sets(row(), max_size=8))
def test_scores_equal_a_plain_reading_of_the_definitions(cases: set[Row], detections: set[Row]) -> None:
    scores = plagdet_scores(sorted(cases), sorted(detections), documents=DOCUMENTS)
    assert scores.recall == pytest.approx(oracle_recall(cases, detections))
    assert scores.precision == pytest.approx(oracle_recall(detections, cases))
    assert scores.granularity == pytest.approx(oracle_granularity(cases, detections))
    micro = oracle_micro(cases, detections, DOCUMENTS)
    assert (scores.micro_precision, scores.micro_recall) == pytest.approx(micro)
    f1 = 2 * scores.precision * scores.recall / ((scores.precision + scores.recall) or 1)
    assert scores.plagdet == pytest.approx(f1 / math.log2(1 + scores.granularity))


@given(st.sets(row(), max_size=6), st.sets(row(), max_size=6), st.randoms())
def test_the_order_of_rows_does_not_matter(cases: set[Row], found: set[Row], random: object) -> None:
    shuffled = sorted(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plagdet_scores(sorted(cases), shuffled) == plagdet_scores(sorted(cases), sorted(found))


@given(st.sets(row(), min_size=1, max_size=6), st.sets(row(), max_size=6))
def test_mirrored_sides_score_the_same(cases: set[Row], found: set[Row]) -> None:
    def mirror(rows: set[Row]) -> list[Row]:
        return [(p, b, e, a, c) for p, a, c, b, e in sorted(rows)]

    straight = plagdet_scores(sorted(cases), sorted(found))
    mirrored = plagdet_scores(mirror(cases), mirror(found))
    assert straight.plagdet == pytest.approx(mirrored.plagdet)
    assert straight.micro_plagdet == pytest.approx(mirrored.micro_plagdet)


CASE = (0, 0, 100, 0, 100)


@pytest.mark.parametrize(
    ("cases", "detections", "precision", "recall", "granularity"),
    [
        ([], [], 1, 1, 1),
        ([CASE], [], 0, 0, 1),
        ([], [CASE], 0, 0, 1),
        ([CASE], [CASE, CASE], 1, 1, 1),
        ([CASE], [(0, 0, 200, 0, 200)], 0.5, 1, 1),
        ([CASE], [(1, 0, 100, 0, 100)], 0, 0, 1),
        # A match on one side alone is not a detection.
        ([CASE], [(0, 0, 100, 100, 200)], 0, 0, 1),
        ([CASE, (1, 0, 100, 0, 100)], [CASE], 1, 0.5, 1),
        ([CASE], [(0, 0, 60, 0, 60), (0, 40, 100, 40, 100)], 1, 1, 2),
    ],
)
def test_known_values(
    cases: list[Row], detections: list[Row], precision: float, recall: float, granularity: float
) -> None:
    scores = plagdet_scores(cases, detections)
    assert (scores.precision, scores.recall, scores.granularity) == (precision, recall, granularity)


def test_plagdet_known_values() -> None:
    assert plagdet(0, 0, 1) == 0
    assert plagdet(1, 1, 2) == pytest.approx(0.63092975)
    assert plagdet(0.75, 0.25, 2) == pytest.approx(0.23659865)


def test_a_detection_in_an_optional_passage_counts_neither_way() -> None:
    spare = (0, 200, 300, 200, 300)
    inside = (0, 205, 290, 205, 290)
    assert plagdet_scores([CASE], [CASE, inside], optional=[spare]) == plagdet_scores([CASE], [CASE])
    assert plagdet_scores([CASE], [CASE, inside]).precision == 0.5


def test_characters_in_an_optional_passage_do_not_count_in_a_longer_detection() -> None:
    spare = (0, 100, 150, 100, 150)
    scores = plagdet_scores([CASE], [(0, 0, 150, 0, 150)], optional=[spare])
    assert scores.precision == scores.micro_precision == 1
    assert plagdet_scores([CASE], [(0, 0, 175, 0, 175)], optional=[spare]).precision == pytest.approx(0.8)


@pytest.mark.parametrize("bad", [[(0, 5, 5, 0, 9)], [(0, -1, 5, 0, 9)], [(0, 1, 2, 3)]])
def test_bad_rows_are_refused(bad: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="cases has"):
        plagdet_scores(bad, [CASE])


def test_a_hundred_thousand_cases_take_seconds() -> None:
    rng = np.random.default_rng(1)
    n = 100_000
    start = rng.integers(0, 10_000_000, size=(n, 2))
    cases = np.column_stack([np.zeros(n, int), start[:, 0], start[:, 0] + 80, start[:, 1], start[:, 1] + 80])
    found = cases + np.array([0, 5, 5, 5, 5])
    began = time.perf_counter()
    scores = plagdet_scores(cases, found)
    assert time.perf_counter() - began < 20
    assert scores.recall == pytest.approx(75 / 80, abs=0.01)
