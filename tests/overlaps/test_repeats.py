"""Text that occurs twice in one article counts twice; the runs are those of a plain search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup import Article
from dedup.detector import find_overlaps
from dedup.overlaps.repeats import Repeats, RunsOf, again, repeated_runs
from dedup.thresholds import REPEATED_WORDS

STORY = (
    "The harbour board voted on Monday to close the east pier for repairs that will take most of the summer, "
    "and the two ferries that land there will move to the fish market until the work is done. Fishermen said "
    "they had not been asked, and that the market has room for one ferry at best."
)
OWN = "A choir from the coast sang in the square while the bakers sold bread and plum cake to the visitors."


def scanned(one: str, two: str):
    return find_overlaps(
        [Article(id="a", source="Herald", text=one), Article(id="b", source="Gazette", text=two)]
    )


@pytest.mark.parametrize(("one", "two"), [(2, 1), (1, 2), (4, 3), (3, 3), (5, 1)])
def test_a_text_that_was_pasted_several_times_is_covered_wholly(one: int, two: int) -> None:
    report = scanned("\n\n".join([STORY] * one), "\n\n".join([STORY] * two))
    (overlap,) = report.overlaps
    assert (overlap.coverage_a, overlap.coverage_b, overlap.relation) == (1.0, 1.0, "copy")
    assert [each.copied for each in report.articles] == [1.0, 1.0]
    assert [each.own for each in report.articles] == [0.0, 0.0]


def test_what_is_own_stays_own() -> None:
    report = scanned(f"{STORY}\n\n{OWN}\n\n{STORY}", STORY)
    words, own = len(STORY.split()), len(OWN.split())
    (overlap,) = report.overlaps
    assert overlap.coverage_a == pytest.approx(2 * words / (2 * words + own), abs=1e-4)
    assert report.articles[0].own == pytest.approx(own / (2 * words + own), abs=1e-4)


def test_a_verdict_counts_it_too(tmp_path) -> None:
    from dedup.index import Index
    from dedup.index.filter.filtering import Filter
    from dedup.reading.batches import to_batches

    articles = [
        Article(id="b", source="b", text=STORY),
        Article(id="a", source="a", text=f"{STORY}\n{STORY}"),
    ]
    with Index.create(tmp_path / "seen") as index:
        judged = Filter(index, policy="drop").judge(next(to_batches(articles)))
    assert (judged[1].verdict.verdict, judged[1].verdict.coverage) == ("copy", 1.0)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=8), st.integers(1, 14))
@example([1, 1, 1, 1, 0, 1, 0], 5)  # what begins within a run occurs again behind it
def test_the_runs_are_those_of_a_plain_search(blocks: list[int], size: int) -> None:
    """In a text of blocks, each run equals what it repeats, and all earlier occurrences are in a run."""
    words = [10 * block + word % size + 100 * (word // size) for block in blocks for word in range(size)]
    found = repeated_runs(np.array(words, np.uint32), np.array([0, len(words)]), np.array([5]))
    held = np.zeros(len(words), bool)
    for article, start, end, source in zip(*(column.tolist() for column in found), strict=True):
        assert article == 5
        assert end - start >= REPEATED_WORDS
        assert source + end - start <= start
        assert words[start:end] == words[source : source + end - start]
        assert not held[start:end].any()
        held[start:end] = True
    for place in range(len(words) - REPEATED_WORDS + 1):
        run = words[place : place + REPEATED_WORDS]
        if not held[place : place + REPEATED_WORDS].any():
            earlier = [words[at : at + REPEATED_WORDS] for at in range(place - REPEATED_WORDS + 1)]
            assert run not in earlier


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(5, 25), st.integers(0, 12)), max_size=8),
    st.integers(0, 120),
    st.integers(1, 60),
)
def test_words_occur_again_where_a_run_leads(
    drawn: list[tuple[int, int, int]], start: int, length: int
) -> None:
    """Compared with a search of every run, in the order of the runs."""
    runs, place = [], 30
    for source, size, gap in drawn:
        runs.append((place + gap, min(source, place + gap), size))
        place += gap + size
    columns = np.array(runs, np.int64).reshape(-1, 3).T
    repeats = Repeats(np.full(len(runs), 3), columns[0], columns[0] + columns[2], columns[1])
    found = again(start, start + length, RunsOf(repeats, 3))
    least, most = REPEATED_WORDS // 2, 32
    expected: list[tuple[int, int, int]] = []
    todo, seen = [(start, start + length, start)], {(start, start + length)}
    while todo and len(expected) < most:
        low, high, at = todo.pop()
        for one, two, size in runs:
            for here, there in ((one, two), (two, one)):
                left, right = max(low, here), min(high, here + size)
                span = there + left - here, there + right - here
                inside = span[0] >= start and span[1] <= start + length
                if right - left >= least and span not in seen and not inside:
                    seen.add(span)
                    expected.append((*span, at + left - low))
                    todo.append((*span, at + left - low))
    assert found == expected
