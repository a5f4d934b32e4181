"""The articles of an index as JSON lines, for a new index or another program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from dedup.index.verbs.verification import whole_articles
from dedup.runtime.outputs import written_beside


def write_articles(folder: Path, output: Path | None) -> int:
    """Write the articles of all intact segments, in the order of arrival, and return their number.

    Parameters
    ----------
    folder : Path
        An index, which may be broken.
    output : Path, optional
        Standard output by default.
    """
    encoder = msgspec.json.Encoder()
    count = 0
    with _opened(output) as stream:
        for batch in whole_articles(folder):
            stream.write(encoder.encode_lines(batch.to_pylist()))
            count += batch.num_rows
    return count


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None or str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with written_beside([output]) as (beside,), beside.open("wb") as stream:
        yield stream
