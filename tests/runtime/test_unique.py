"""Distinct values against a set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime.unique import distinct


@pytest.mark.parametrize("kind", [np.uint64, np.int64])
@given(values=st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 3)))
def test_each_value_comes_once_and_in_order(kind: type[np.integer], values: list[int]) -> None:
    found = distinct(np.array(values, kind))
    assert found.dtype == kind
    assert found.tolist() == sorted(set(values))
