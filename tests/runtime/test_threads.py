"""Threads: results in order, few items in progress, errors passed on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from dedup.runtime.threads import available_threads, map_in_order

THREADS = pytest.mark.parametrize("threads", [1, 2, 5])


@THREADS
def test_results_come_in_the_order_of_the_items(threads: int) -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item % 4 == 0 else 0)
        return item * item

    assert list(map_in_order(slow_first, range(20), threads)) == [item * item for item in range(20)]
    assert list(map_in_order(slow_first, [], threads)) == []


@THREADS
def test_few_items_are_taken_before_their_results_are_asked_for(threads: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = map_in_order(lambda item: item, items(), threads)
    for number in range(30):
        assert next(results) == number
        assert len(taken) <= number + 1 + threads + 1
    results.close()  # type: ignore[attr-defined]


def test_items_are_worked_on_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=30)
    assert list(map_in_order(lambda _: meeting.wait() >= 0, range(2), 2)) == [True, True]


@THREADS
def test_an_error_of_the_work_comes_out_in_its_place_and_the_rest_is_left(threads: int) -> None:
    started: list[int] = []

    def work(item: int) -> int:
        started.append(item)
        if item == 3:
            raise ValueError("the fourth")
        return item

    results = map_in_order(work, range(1000), threads)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="the fourth"):
        next(results)
    assert len(started) <= 4 + threads + 1


@THREADS
def test_an_error_of_the_items_comes_out(threads: int) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("broken input")

    with pytest.raises(KeyError, match="broken input"):
        list(map_in_order(lambda item: item, items(), threads))


def test_no_thread_stays_behind() -> None:
    before = threading.active_count()
    results = map_in_order(lambda item: item, range(100), 4)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system pins no processors")
def test_only_processors_that_the_process_may_use_are_counted() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert available_threads() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert available_threads() == len(allowed)
