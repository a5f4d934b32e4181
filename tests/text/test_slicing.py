"""Spans of texts cut out of Arrow arrays, against plain slicing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.slicing import cut_out
from dedup.text.tokens import utf8_of

#: Characters of one to four bytes; long enough that several marks are passed.
TEXTS = st.lists(st.text(st.sampled_from("ab é€ह🙂\n"), max_size=300), min_size=1, max_size=4)


@given(TEXTS, st.data(), st.sampled_from([pa.string(), pa.large_string()]))
def test_the_spans_are_those_that_slicing_gives(
    texts: list[str], data: st.DataObject, kind: pa.DataType
) -> None:
    wanted = data.draw(
        st.lists(
            st.integers(0, len(texts) - 1).flatmap(
                lambda row: st.tuples(
                    st.just(row), st.integers(0, len(texts[row])), st.integers(0, len(texts[row]))
                )
            ),
            max_size=12,
        )
    )
    spans = np.array([(row, min(one, two), max(one, two)) for row, one, two in wanted], np.int64).reshape(
        -1, 3
    )
    found = cut_out(*utf8_of(pa.array(texts, kind)), *np.ascontiguousarray(spans.T))
    assert found.to_pylist() == [texts[row][start:end] for row, start, end in spans.tolist()]


@pytest.mark.parametrize("length", [63, 64, 65, 127, 128, 129])
def test_a_span_may_end_where_the_text_ends(length: int) -> None:
    text = "é" * length
    whole = cut_out(*utf8_of(["x", text]), np.array([1]), np.array([0]), np.array([length]))
    assert whole.to_pylist() == [text]


def test_a_slice_of_an_array_is_read_where_it_lies() -> None:
    texts = pa.array(["first", "sécond", "third"]).slice(1, 2)
    found = cut_out(*utf8_of(texts), np.array([0, 1]), np.array([1, 0]), np.array([3, 5]))
    assert found.to_pylist() == ["éc", "third"]
