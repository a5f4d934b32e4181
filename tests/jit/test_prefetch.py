"""Prefetching changes only the time of a kernel."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.prefetch import prefetch


@nb.njit
def _gathered(values, places, ahead):  # type: ignore[no-untyped-def]
    out = np.empty(len(places), values.dtype)
    for i in range(len(places)):
        prefetch(values, places[i] + ahead)
        out[i] = values[places[i]]
    return out


def test_what_is_read_is_what_was_there_wherever_was_fetched_ahead() -> None:
    values = np.arange(1000, dtype=np.uint16) * np.uint16(7)
    places = np.random.default_rng(1).integers(0, 1000, 200)
    for ahead in (0, 40, -(1 << 40), 1 << 40):
        assert _gathered(values, places, ahead).tolist() == values[places].tolist()
