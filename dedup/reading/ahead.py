"""Reading ahead: the next item is made in a background thread while the caller processes the current one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterable[Item], *, depth: int = 1) -> Generator[Item]:
    """Yield the items in their order, with up to `depth` of them made in advance.

    An exception raised while an item is made is raised here. Closing the iterator early stops the thread
    after its current item.

    Examples
    --------
    >>> list(read_ahead(range(3)))
    [0, 1, 2]
    """
    ready: queue.Queue[Callable[[], Item] | None] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: Callable[[], Item] | None) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put(lambda item=item: item):  # type: ignore[misc]
                    return
            put(None)
        except BaseException as error:
            put(lambda error=error: _raise(error))  # type: ignore[misc]

    thread = threading.Thread(target=make, name="dedup-reading", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            yield item()
    finally:
        stopped.set()
        # A thread that waits for standard input cannot be woken; it ends with the program.
        thread.join(timeout=1.0)


def _raise(error: BaseException) -> Item:  # type: ignore[type-var]
    raise error
