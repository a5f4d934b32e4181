"""Lines in batches: who leaves the block is not waited for by a thread that still reads."""

from __future__ import annotations

import os
import threading

from dedup.cli.line_batches import LineBatches


def test_the_input_ends_when_the_block_is_left() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb"):
        lines = LineBatches(stream, 10)
        taken = threading.Thread(target=lambda: list(lines), daemon=True)
        with lines.until_told():
            taken.start()
            taken.join(0.5)
            assert taken.is_alive(), "the pipe is open"
        taken.join(30)
        assert not taken.is_alive()
    assert not lines.stopped
