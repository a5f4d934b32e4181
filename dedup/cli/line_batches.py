"""Lines of standard input in batches, without waiting for a full batch when no more comes."""

from __future__ import annotations

import io
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import BinaryIO

_CHUNK = 1 << 20
#: Seconds without input after which the lines in hand are passed on.
_IDLE = 0.1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LineBatches:
    """Whole lines, without their ends.

    Iterate it, in any thread, for lists of at most `size` lines. Within `until_told` SIGTERM ends the input:
    the whole lines that were read are given once more, and the iteration ends.

    Attributes
    ----------
    stopped : bool
        Whether SIGTERM came.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._lines: list[bytes] = []
        self._rest = b""
        self._first = True
        self.stopped = False
        self._left = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Take no more input; a handler of signals."""
        self.stopped = True

    @contextmanager
    def until_told(self) -> Iterator[None]:
        """Take input within the block, until SIGTERM comes."""
        before = signal.signal(signal.SIGTERM, self.stop)
        try:
            yield
        finally:
            self._left = True
            signal.signal(signal.SIGTERM, before)

    def __iter__(self) -> Iterator[list[bytes]]:
        for chunk in self._chunks():
            if chunk:
                self._take(chunk)
            while len(self._lines) >= self._size:
                yield self._cut(self._size)
            if not chunk and self._lines:
                yield self._cut(self._size)
        if self._rest and not self.stopped:
            self._lines.append(self._rest)
        while self._lines:
            yield self._cut(self._size)

    def _cut(self, count: int) -> list[bytes]:
        batch, self._lines = self._lines[:count], self._lines[count:]
        return batch

    def _take(self, chunk: bytes) -> None:
        if self._first:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
            self._first = False
        *lines, rest = chunk.split(b"\n")
        if lines:
            lines[0] = self._rest + lines[0]
            self._rest = rest
        else:
            self._rest += rest
        self._lines += lines

    def _chunks(self) -> Iterator[bytes]:
        """What comes in; empty when nothing did for a while."""
        try:
            handle = self._stream.fileno()
        except (io.UnsupportedOperation, AttributeError):
            while chunk := self._stream.read(_CHUNK):
                yield chunk
            return
        while not self.stopped and not self._left:
            ready, _, _ = select.select([handle], [], [], _IDLE)
            chunk = os.read(handle, _CHUNK) if ready else b""
            if ready and not chunk:
                return
            yield chunk
