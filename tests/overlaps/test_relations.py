"""Relations: every kind by hand, in the order in which they are tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dedup.alignment.batch import Alignments
from dedup.overlaps.relations import (
    OVERLAP_RELATIONS,
    PASSAGE_RELATIONS,
    overlap_relations,
    passage_relations,
    reason_column,
)
from dedup.settings import Settings


def passage(*, a: int = 20, b: int = 20, words: int = 20, quoted: int = 0, furniture: int = 0) -> str:
    """Return the relation of spans of `a` and `b` words, of which `words` agree."""
    row = np.array([[0, 0, a, 0, b, words, words, quoted, furniture, words, 0]], np.int32)
    return PASSAGE_RELATIONS[passage_relations(Alignments.from_rows(row))[0]]


def pair(
    *,
    words: int = 100,
    quoted: int = 0,
    coverage: tuple[float, float] = (0.2, 0.2),
    furniture: bool = False,
    **knobs: float,
) -> str:
    code = overlap_relations(
        furniture=np.array([furniture]),
        words=np.array([words]),
        quoted_words=np.array([quoted]),
        coverage_a=np.array([coverage[0]]),
        coverage_b=np.array([coverage[1]]),
        settings=Settings(**knobs),  # type: ignore[arg-type]
    )
    return OVERLAP_RELATIONS[code[0]]


def test_a_passage_without_a_change_is_verbatim_and_any_change_is_edited() -> None:
    assert passage() == "verbatim"
    assert passage(a=21) == "edited"
    assert passage(b=21) == "edited"


def test_a_passage_quoted_in_more_than_three_fifths_is_a_quotation() -> None:
    assert passage(quoted=12) == "verbatim"
    assert passage(quoted=13) == "quotation"
    assert passage(a=25, quoted=12) == "edited"


def test_a_passage_with_more_than_half_furniture_is_furniture_quoted_or_not() -> None:
    assert passage(furniture=10) == "verbatim"
    assert passage(furniture=11) == "furniture"
    assert passage(furniture=11, quoted=20) == "furniture"


def test_many_passages_are_asked_at_once_and_none_is_none() -> None:
    assert len(passage_relations(Alignments.empty())) == 0


@pytest.mark.parametrize(
    ("coverage", "relation"),
    [
        ((0.65, 0.65), "copy"),
        ((1.0, 0.64), "excerpt"),
        ((0.1, 0.65), "excerpt"),
        ((0.64, 0.64), "partial"),
        ((0.0, 0.01), "partial"),
    ],
)
def test_the_coverage_tells_copy_excerpt_and_partial(coverage: tuple[float, float], relation: str) -> None:
    assert pair(coverage=coverage) == relation


def test_the_share_that_is_most_of_an_article_is_a_setting() -> None:
    assert pair(coverage=(0.8, 0.8), most_share=0.9) == "partial"


def test_shared_quotes_with_a_little_around_them_are_a_quotation() -> None:
    assert pair(words=40, quoted=31) == "quotation"  # 9 words without quotes
    assert pair(words=12, quoted=3) == "quotation"
    assert pair(words=60, quoted=43) == "quotation"  # 17 around 43 quoted
    assert pair(words=60, quoted=42) == "partial"  # seven in ten are not enough
    assert pair(words=110, quoted=80) == "partial"  # 30 words of narration are too many
    assert pair(words=110, quoted=81) == "quotation"
    assert pair(words=9, quoted=0) == "partial"
    assert pair(words=40, quoted=31, min_unquoted_words=0) == "partial"


def test_furniture_comes_before_quotation_before_copy() -> None:
    assert pair(furniture=True, quoted=100, coverage=(1, 1)) == "furniture"
    assert pair(quoted=100, coverage=(1, 1)) == "quotation"


def told(relation: str, **changes: Any) -> tuple[str, ...]:
    given: dict[str, Any] = {
        "coverage_a": 0.624,
        "coverage_b": 1.0,
        "words": 40,
        "quoted_words": 31,
        "widely_run": False,
        "credited": False,
    }
    agency = pa.array([changes.pop("agency", None)], pa.string())
    columns = {name: np.array([value]) for name, value in (given | changes).items()}
    codes = np.array([OVERLAP_RELATIONS.index(relation)], np.uint8)
    (said,) = reason_column(codes, agency=agency, **columns).to_pylist()
    return tuple(said)


def test_the_reasons_say_what_led_to_the_relation() -> None:
    assert told("furniture") == ("all shared passages are site furniture",)
    assert told("quotation") == ("31 of 40 words that agree are within quotation marks",)
    for relation in ("copy", "excerpt", "partial"):
        assert told(relation) == ("the passages cover 62 % of a and 100 % of b",)


def test_the_reasons_say_what_makes_it_syndicated() -> None:
    assert told("copy", agency="PTI", credited=True)[1:] == ("a credit names PTI",)
    assert told("copy", credited=True)[1:] == ("a credit names a syndicated feed",)
    assert told("copy", widely_run=True)[1:] == ("three or more sources run the same passage",)
    assert len(told("copy", agency="PTI", credited=True, widely_run=True)) == 3
