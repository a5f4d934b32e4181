"""Distinct values by sorting."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.integer)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Return the distinct values in ascending order, as `numpy.unique` does.

    Since 2.3 `numpy.unique` hashes instead of sorting: nine million random 64-bit numbers took 14 seconds
    (numpy 2.4.6), whereas sorting them takes 0.2.

    Parameters
    ----------
    values : ndarray of shape (n,), of integers

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    new = np.ones(len(ordered), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]
