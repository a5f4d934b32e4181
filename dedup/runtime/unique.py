"""Sorted values, each once."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.integer)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The values in ascending order, each once, as `numpy.unique` gives them.

    Since 2.3 numpy hashes them instead: nine million random 64-bit numbers took it 14 seconds, and to sort
    them 0.2 (numpy 2.4.6).

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
